import type { Weight } from '../../../../core/graph'
import { elements, type Shape } from '../../../../core/shape'
import { bindNative } from '../../interpreter/arguments'
import { findAttribute, setPlain } from '../../interpreter/attributes'
import { type Run, raise, refuse } from '../../interpreter/run'
import { linearize, nativeClass, nativeMethod } from '../../interpreter/types'
import { type Kwargs, type PyClass, PyFloat, PyList, PyTuple, PyUnknown, type PyValue } from '../../interpreter/values'
import { lostTensor, moduleClass, PyNNModule, signatures } from '../module'
import { PyParameter, PyTensor, parameterClass, tensorClass } from '../tensor'
import { traceOf } from '../trace'
import { refuseFloat, tensorsIn, Unknown } from '../values'

/** The arguments of a constructor or a call, by name; undefined where they were left out. */
export type Bound = Readonly<Record<string, PyValue | undefined>>

/** One class of torch.nn as a table says it. */
export interface Layer {
  /** `in_channels, out_channels, kernel_size, stride=`: names with `=` may be left out, `*` starts keyword-only ones. */
  readonly signature: string
  /** Registers parameters and buffers and keeps what the program may read (`self.out_channels`). */
  readonly init?: (run: Run, self: PyNNModule, args: Bound) => void
  /** The call: `forward` with its own signature; absent where the class has none of ours (containers). */
  /** Null where any arguments are taken and passed on. */
  readonly forwardSignature?: string | null
  readonly forward?: (run: Run, self: PyNNModule, args: Bound, all: readonly PyValue[], kwargs: Kwargs) => PyValue
  readonly bases?: readonly PyClass[]
}

/**
 * Makes a class of torch.nn. A constructor whose arguments are not known gives a module whose parts are unknown; a call
 * with unknown arguments gives an unknown tensor; neither throws.
 */
export function layerClass(name: string, layer: Layer, module = 'torch.nn'): PyClass {
  const cls = nativeClass(name, layer.bases ?? [moduleClass], module)
  cls.mro = linearize(cls)!
  const { init, forward } = layer
  if (init || !layer.bases) {
    signatures.set(cls, layer.signature)
    const initializer = nativeMethod('__init__', (run, [self, ...args], kwargs) => {
      if (!(self instanceof PyNNModule)) return null
      const bound = bindNative(name, layer.signature, args, kwargs)
      for (const argument of WHOLE) refuseFloats(argument, bound[argument])
      try {
        init?.(run, self, bound)
      } catch (error) {
        if (!(error instanceof Unknown)) throw error
        self.unknownParts.push(error.message)
      }
      return null
    })
    initializer.signature = layer.signature
    cls.dict.set('__init__', initializer)
  }
  if (forward) {
    cls.dict.set(
      'forward',
      nativeMethod('forward', (run, [self, ...args], kwargs) => {
        if (!(self instanceof PyNNModule)) return new PyUnknown(`${name} of something that is not known`)
        const { forwardSignature: signature = 'input' } = layer
        const bound = signature === null ? {} : bindNative(`${name}.forward`, signature, args, kwargs)
        for (const required of signature?.split(', ') ?? []) {
          const given = bound[required]
          if (given instanceof PyUnknown) bound[required] = lostTensor(run, given)
        }
        return guarded(run, name, args, kwargs, () => {
          if (self.unknownParts.length > 0) throw new Unknown(self.unknownParts[0])
          return forward(run, self, bound, args, kwargs)
        })
      }),
    )
  }
  return cls
}

/**
 * Arguments that PyTorch takes as whole numbers alone, as it builds the layer or as it calls it (measured on 1.13). The
 * features of an InstanceNorm without weights are not looked at, and a float is as wrong there.
 */
const WHOLE = (
  'in_channels out_channels in_features out_features num_features num_channels num_groups groups kernel_size stride padding ' +
  'dilation output_padding num_embeddings embedding_dim input_size hidden_size embed_dim d_model upscale_factor'
).split(' ')

function refuseFloats(name: string, value: PyValue | undefined): void {
  if (value instanceof PyFloat) refuseFloat(value, name)
  if (value instanceof PyTuple || value instanceof PyList) for (const item of value.items) refuseFloats(name, item)
}

/** Runs a call of ours; where an argument that decides is not known, the result is an unknown tensor with that reason. */
export function guarded(
  run: Run,
  what: string,
  args: readonly PyValue[],
  kwargs: Kwargs,
  body: () => PyValue,
): PyValue {
  try {
    return body()
  } catch (error) {
    if (!(error instanceof Unknown)) throw error
    const tensors = tensorsIn([...args, ...kwargs.values()])
    return tensors.length > 0
      ? traceOf(run).unknown(run, what, error.message, tensors)[0]!
      : new PyUnknown(error.message)
  }
}

/** Keeps constructor arguments where the program reads them. */
export function keep(run: Run, self: PyNNModule, values: Bound): void {
  for (const [name, value] of Object.entries(values)) if (value !== undefined) setPlain(run, self, name, value)
}

/** A constructor that keeps its arguments under their names, and `defaults` for those that are left out. */
export const keeps =
  (defaults: Bound = {}): NonNullable<Layer['init']> =>
  (run, self, args) =>
    keep(run, self, { ...defaults, ...args })

/** What a module keeps, as it is now: programs change layers that are built. Names are separated by blanks. */
export function kept(run: Run, self: PyNNModule, names: string): Bound {
  const bound: Record<string, PyValue | undefined> = {}
  for (const name of names.split(' ')) bound[name] = findAttribute(run, self, name)
  return bound
}

/** A new learnable parameter, registered under a name. */
export function addParameter(run: Run, self: PyNNModule, name: string, shape: Shape | null): PyParameter {
  const parameter = newParameter(run, name, shape)
  self.parameters.set(name, parameter)
  return parameter
}

/** Says that a layer has no such parameter (bias=None). */
export const noParameter = (self: PyNNModule, name: string): void => void self.parameters.set(name, null)

/** A new buffer. Integer ones (num_batches_tracked) are left out of the counts, as in the frameworks' summaries. */
export function addBuffer(run: Run, self: PyNNModule, name: string, shape: Shape): void {
  self.buffers.set(name, newParameter(run, name, shape, 'buffer'))
}

export function newParameter(
  run: Run,
  name: string,
  shape: Shape | null,
  kind: Weight['kind'] = 'trainable',
): PyParameter {
  const weight: Weight = { name, shape: shape ?? [null], kind, elements: elements(shape) }
  const cls = kind === 'buffer' ? tensorClass : parameterClass
  return new PyParameter(traceOf(run).builder.given(shape, name), weight, 'float32', cls)
}

/** The first tensor of a call; unknown inputs make the call unknown. */
export function input(bound: Bound, name = 'input'): PyTensor {
  const value = bound[name]
  if (value instanceof PyTensor) return value
  if (value instanceof PyUnknown) throw new Unknown(value.reason)
  const got = whatItIs(value)
  if (got === null) raise('TypeError', `expected a tensor as ${name}`)
  return refuse('TypeError', `expected a tensor as ${name}`, {
    code: 'bad-argument',
    message: who => `${who} expects a tensor and gets ${got}.`,
    ...(value instanceof PyTuple && tensorsIn([value.items[0]!]).length > 0 ? { name: 'tuple' } : {}),
  })
}

/** What surely is no tensor, in words; null where it might be one. */
function whatItIs(value: PyValue | undefined): string | null {
  if (value === null) return 'None'
  if (value instanceof PyTuple) return `a tuple of ${value.items.length}`
  if (value instanceof PyList) return `a list of ${value.items.length}`
  if (value instanceof PyNNModule) return `the module ${value.cls.name} itself`
  return null
}

/** Says whether weights are learned: `requires_grad`. Buffers never are. */
export function setLearned(parameter: PyParameter, learned: boolean): void {
  const weight = parameter.weight as { kind: Weight['kind'] }
  if (weight.kind !== 'buffer') weight.kind = learned ? 'trainable' : 'frozen'
}

/** Stops a module's own weights from being learned. */
export function freeze(self: PyNNModule): void {
  for (const parameter of self.parameters.values()) if (parameter) setLearned(parameter, false)
}
