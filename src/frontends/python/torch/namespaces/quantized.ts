import { call } from '../../interpreter/call'
import { nativeMethod, pyModule } from '../../interpreter/types'
import { type PyModule, PyUnknown, type PyValue } from '../../interpreter/values'
import { PyNNModule } from '../module'
import { layerClass } from '../nn/define'
import { operations } from '../operations'
import { nativeOf } from '../operations/define'

const notModelled =
  (path: string) =>
  (name: string): PyValue | undefined =>
    name.startsWith('__') ? undefined : new PyUnknown(`${path}.${name} is not modelled`)

/** What FloatFunctional calls for its methods (torch/ao/nn/quantized/modules/functional_modules.py). */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  add: ['add'],
  add_scalar: ['add'],
  mul: ['mul'],
  mul_scalar: ['mul'],
  cat: ['cat'],
  matmul: ['matmul'],
  add_relu: ['add', 'relu'],
}
const functions = new Map(operations.filter(o => o.places.includes('torch')).map(o => [o.name, nativeOf(o, false)]))

/** Functions as a module, so that what comes out of them can be observed: without quantization they are the functions. */
const functional = ['FloatFunctional', 'QFunctional'].map((name): [string, PyValue] => {
  const cls = layerClass(name, { signature: '' }, 'torch.ao.nn.quantized')
  for (const [method, [first, ...then]] of Object.entries(CALLS)) {
    cls.dict.set(
      method,
      nativeMethod(method, (run, [self, ...args], kwargs) => {
        if (!(self instanceof PyNNModule)) return new PyUnknown(`${name} of something that is not known`)
        const result = call(run, functions.get(first!)!, args, kwargs)
        return then.reduce<PyValue>((value, f) => call(run, functions.get(f)!, [value]), result)
      }),
    )
  }
  return [name, cls]
})

const named = (name: string): PyModule => pyModule(name, functional, notModelled(name))

/** torch.nn.quantized and torch.ao.nn.quantized: of them what float models use. */
export const quantizedModule = named('torch.nn.quantized')
const inner = named('torch.ao.nn.quantized')

/** torch.ao and its parts; `quantization` is torch.ao.quantization. */
export function aoModules(quantization: PyModule): readonly PyModule[] {
  const nn = pyModule('torch.ao.nn', [['quantized', inner]], notModelled('torch.ao.nn'))
  const ao = pyModule(
    'torch.ao',
    [
      ['nn', nn],
      ['quantization', quantization],
    ],
    notModelled('torch.ao'),
  )
  return [ao, nn, inner, quantizedModule]
}
