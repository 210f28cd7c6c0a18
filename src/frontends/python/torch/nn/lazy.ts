import { call } from '../../interpreter/call'
import { fromDim } from '../../interpreter/operators'
import type { Run } from '../../interpreter/run'
import { lookup, nativeMethod } from '../../interpreter/types'
import { type Kwargs, type PyClass, PyUnknown, type PyValue } from '../../interpreter/values'
import { PyNNModule } from '../module'
import { PyTensor } from '../tensor'
import { convolutions, transposedConvolutions } from './convolutions'
import { layerClass } from './define'
import { linear } from './linears'
import { norms } from './norms'

/** What a lazy layer was built with, until its first input says the rest. */
const waiting = new WeakMap<PyNNModule, { readonly args: readonly PyValue[]; readonly kwargs: Kwargs }>()

/** A layer that takes its channels, or features, from its first input, and is the plain layer from then on. */
function lazy(plain: PyClass, axisOf: (rank: number) => number): PyClass {
  const cls = layerClass(`Lazy${plain.name}`, { signature: '', bases: [plain] })
  cls.dict.set(
    '__init__',
    nativeMethod('__init__', (_, [self, ...args], kwargs) => {
      if (self instanceof PyNNModule) {
        waiting.set(self, { args, kwargs })
        self.unknownParts.push(NEVER_CALLED)
      }
      return null
    }),
  )
  cls.dict.set(
    'forward',
    nativeMethod('forward', (run, [self, ...args], kwargs) => {
      if (!(self instanceof PyNNModule)) return new PyUnknown('a module that is not known')
      complete(run, self, plain, args[0], axisOf)
      return call(run, lookup(plain, 'forward')!, [self, ...args], kwargs)
    }),
  )
  return cls
}

const NEVER_CALLED = 'it has no size before its first call'

function complete(
  run: Run,
  self: PyNNModule,
  plain: PyClass,
  given: PyValue | undefined,
  axisOf: (rank: number) => number,
): void {
  const late = waiting.get(self)
  if (!late) return
  waiting.delete(self)
  self.unknownParts.splice(self.unknownParts.indexOf(NEVER_CALLED), 1)
  const shape = given instanceof PyTensor ? given.shape : null
  const size = shape ? fromDim(shape.at(axisOf(shape.length)) ?? null) : new PyUnknown('the input is not known')
  call(run, lookup(plain, '__init__')!, [self, size, ...late.args], late.kwargs)
  if (self.cls.native) self.cls = plain
}

const channels = (spatial: number) => (rank: number) => Math.max(0, rank - spatial - 1)
const named = (name: string): PyClass => norms.find(c => c.name === name)!

/** Lazy layers of torch.nn (torch/nn/modules/lazy.py and the files of the plain layers). */
export const lazyLayers: readonly PyClass[] = [
  lazy(linear, rank => rank - 1),
  ...convolutions.map((cls, i) => lazy(cls, channels(i + 1))),
  ...transposedConvolutions.map((cls, i) => lazy(cls, channels(i + 1))),
  ...[1, 2, 3].map(i => lazy(named(`BatchNorm${i}d`), () => 1)),
  ...[1, 2, 3].map(i => lazy(named(`InstanceNorm${i}d`), channels(i))),
]
