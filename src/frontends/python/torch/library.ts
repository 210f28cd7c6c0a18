import { pyModule } from '../interpreter/types'
import { type PyModule, PyUnknown, type PyValue } from '../interpreter/values'
import { deviceClass } from './devices'
import { dtypeClass, dtypeMembers } from './dtypes'
import { einopsModules } from './einops'
import { isMisspelled, OTHER_FUNCTIONS } from './names'
import { plainModules, torchMembers } from './namespaces/modules'
import { aoModules, quantizedModule } from './namespaces/quantized'
import { visionOperations } from './namespaces/vision'
import { nnLibrary } from './nn/library'
import { numpyModule } from './numpy'
import { operations } from './operations'
import { nativeOf } from './operations/define'
import './derived'
import './operators'
import { sizeClass, tensorClass } from './tensor'

const notModelled =
  (path: string) =>
  (name: string): PyValue | undefined =>
    name.startsWith('__') ? undefined : new PyUnknown(`${path}.${name} is not modelled`)

const members = (place: 'torch' | 'functional'): [string, PyValue][] =>
  operations.filter(o => o.places.includes(place)).map(o => [o.name, nativeOf(o, false)])

for (const operation of operations) {
  if (operation.places.includes('method')) tensorClass.dict.set(operation.name, nativeOf(operation, true))
}
const FUNCTIONS: ReadonlySet<string> = new Set(members('functional').map(([name]) => name))
export const functionalModule = pyModule('torch.nn.functional', members('functional'), name =>
  isMisspelled(name, FUNCTIONS, OTHER_FUNCTIONS) ? undefined : notModelled('F')(name),
)
/** torch.linalg's functions that torch has under the same name. */
const LINALG = new Set('matmul norm cross det matrix_exp matrix_power cholesky'.split(' '))
const nnModules = nnLibrary(functionalModule)
const linalgModule = pyModule(
  'torch.linalg',
  [...members('torch')].filter(([name]) => LINALG.has(name)),
  notModelled('torch.linalg'),
)
nnModules[0]!.dict.set('quantized', quantizedModule)
const quantization = nnModules.find(m => m.name === 'torch.ao.quantization')!
const ao = aoModules(quantization)
const opsModule = pyModule(
  'torch.ops',
  [['torchvision', pyModule('torch.ops.torchvision', visionOperations, notModelled('torch.ops.torchvision'))]],
  notModelled('torch.ops'),
)
// The types of tensors on a device are made as those elsewhere.
const cuda = plainModules.find(m => m.name === 'torch.cuda')!
for (const [name, make] of members('torch')) if (name.endsWith('Tensor')) cuda.dict.set(name, make)
const torchModule = pyModule(
  'torch',
  [
    ...members('torch'),
    ...dtypeMembers,
    ...torchMembers,
    ['nn', nnModules[0]!],
    ['linalg', linalgModule],
    ['ao', ao[0]!],
    ['quantization', nnModules.find(m => m.name === 'torch.quantization')!],
    ['ops', opsModule],
    ['Tensor', tensorClass],
    ['Size', sizeClass],
    ['device', deviceClass],
    ['dtype', dtypeClass],
  ],
  notModelled('torch'),
)

/** The modules of PyTorch by dotted name; undefined for those that are not its own. */
export const torchModules: ReadonlyMap<string, PyModule> = new Map<string, PyModule>([
  ['torch', torchModule],
  ['torch.linalg', linalgModule],
  ...ao.map((module): [string, PyModule] => [module.name, module]),
  ['torch.ops', opsModule],
  ...plainModules.map((module): [string, PyModule] => [module.name, module]),
  ...nnModules.map((module): [string, PyModule] => [module.name, module]),
  ...einopsModules.map((module): [string, PyModule] => [module.name, module]),
  ['numpy', numpyModule],
])

/** Packages that belong to the framework's side: found here or nowhere. */
export function torchLibrary(name: string): PyValue | undefined {
  const known = torchModules.get(name)
  if (known) return known
  const parent = torchModules.get(name.slice(0, name.lastIndexOf('.')))
  const member = parent?.dict.get(name.slice(name.lastIndexOf('.') + 1)) ?? parent?.missing?.(name.split('.').at(-1)!)
  if (member instanceof PyUnknown) return member
  return name.startsWith('torch.') ? new PyUnknown(`${name} is not modelled`) : undefined
}
