import { pyModule } from '../interpreter/types'
import { type PyModule, PyUnknown, type PyValue } from '../interpreter/values'
import { nnLibrary } from './nn/library'
import { operations } from './operations'
import { nativeOf } from './operations/define'
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
export const functionalModule = pyModule('torch.nn.functional', members('functional'), notModelled('F'))
const nnModules = nnLibrary(functionalModule)
const torchModule = pyModule(
  'torch',
  [['nn', nnModules[0]!], ['Tensor', tensorClass], ['Size', sizeClass], ...members('torch')],
  notModelled('torch'),
)

/** The modules of PyTorch by dotted name; undefined for those that are not its own. */
const MODULES: ReadonlyMap<string, PyModule> = new Map<string, PyModule>([
  ['torch', torchModule],
  ...nnModules.map((module): [string, PyModule] => [module.name, module]),
])

export function torchLibrary(name: string): PyValue | undefined {
  const known = MODULES.get(name)
  if (known) return known
  return name.startsWith('torch.') ? new PyUnknown(`${name} is not modelled`) : undefined
}
