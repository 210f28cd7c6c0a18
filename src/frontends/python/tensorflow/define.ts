import type { Span } from '../../../base/text'
import { bindNative } from '../interpreter/arguments'
import type { Run } from '../interpreter/run'
import { native } from '../interpreter/types'
import { isUnknown, type Kwargs, PyList, type PyNative, PyRange, PyTuple, type PyValue } from '../interpreter/values'
import { type Bound, guarded } from '../torch/nn/define'
import { operations } from '../torch/operations'
import { fromValues } from '../torch/operations/creation'
import { stacked } from '../torch/operations/join'
import { PyParameter, PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { dim, Unknown } from '../torch/values'
import { asShape } from './shapeTensor'

/** One function of TensorFlow or of keras.ops and keras.backend. */
export interface Row {
  /** Where it is found: `tf.nn.conv2d`, `ops.conv`, `K.conv2d`. */
  readonly names: readonly string[]
  /**
   * As bindNative reads it, with other spellings of a name behind `|`: `x|input_tensor, axis=, keepdims=|keep_dims`.
   * Every function takes `name` beside. Null where any arguments are taken.
   */
  readonly signature: string | null
  readonly body: (run: Run, args: Bound, all: readonly PyValue[], kwargs: Kwargs) => PyValue
}

/** Shorthand for a table's rows; names are separated by blanks. */
export const row = (names: string, signature: string | null, body: Row['body']): Row => ({
  names: names.split(/\s+/),
  signature,
  body,
})

/** What the interpreter calls: arguments bound by name, failures of knowledge turned into unknown tensors. */
export function nativeOfRow({ signature, body }: Row, name: string): PyNative {
  const short = name.slice(name.lastIndexOf('.') + 1)
  const { plain, aliases } = signature === null ? { plain: '', aliases: NONE } : spellings(signature)
  return native(short, (run, args, kwargs) => {
    const named = new Map<string, PyValue>()
    for (const [key, value] of kwargs) if (key !== 'name') named.set(aliases.get(key) ?? key, value)
    const bound = signature === null ? Object.fromEntries(named) : bindNative(short, plain, args, named)
    return guarded(run, short, args, kwargs, () => body(run, bound, args, kwargs))
  })
}

const NONE: ReadonlyMap<string, string> = new Map()

function spellings(signature: string): { plain: string; aliases: ReadonlyMap<string, string> } {
  const aliases = new Map<string, string>()
  const parts = signature.split(', ').map(part => {
    const [first, ...others] = part.split('|')
    for (const other of others) aliases.set(other, first!.replace('=', ''))
    return first!
  })
  return { plain: [...parts, ...(parts.includes('*') ? [] : ['name='])].join(', '), aliases }
}

/** A tensor, or what TensorFlow makes one of: numbers and lists of them. */
export function tensorOf(run: Run, value: PyValue | undefined): PyTensor {
  if (value instanceof PyTensor) return value
  if (value === undefined || value === null) throw new Unknown('its input is not known')
  if (isUnknown(value)) throw new Unknown(value.reason)
  // A list of tensors is stacked.
  if ((value instanceof PyList || value instanceof PyTuple) && value.items.some(isDrawn))
    return stacked(
      run,
      value.items.map(item => tensorOf(run, item)),
      0,
    )
  const made = fromValues(run, value)
  // TensorFlow's own whole numbers are 32 bits wide.
  if (made.dtype === 'int64') made.dtype = 'int32'
  return made
}

const isDrawn = (value: PyValue): boolean => value instanceof PyTensor && !value.constant

/** The sizes in a list, a tuple, a shape or a tensor whose numbers are known; null where how many there are is not. */
export function sizesIn(value: PyValue | undefined) {
  if (value === undefined || value === null) return null
  const shape = asShape(value)
  if (shape) return shape.map(dim)
  if (value instanceof PyList || value instanceof PyTuple || value instanceof PyRange) {
    return [...(value instanceof PyRange ? [] : value.items)].map(item =>
      item instanceof PyTensor ? (item.data?.length === 1 ? item.data[0]! : null) : dim(item),
    )
  }
  if (value instanceof PyTensor) {
    if (value.data && value.shape?.length === 1) return [...value.data]
    const [count] = value.shape?.length === 1 ? value.shape : []
    return typeof count === 'number' && count <= 16 ? Array<null>(count).fill(null) : null
  }
  const one = dim(value)
  return one === null ? null : [one]
}

/** A function of PyTorch's that does the same, by its name there. */
export function likeTorch(run: Run, name: string, args: Bound, all: readonly PyValue[] = []): PyTensor {
  const operation = TORCH.get(name)
  if (!operation) throw new Unknown(`${name} is not modelled`)
  return operation.run(run, args, all) as PyTensor
}

const TORCH = new Map(operations.map(operation => [operation.name, operation]))

/** Outside any model the variables that a script uses are the model's own: they count once, at their first use. */
export function counted(run: Run, result: PyTensor, weights: readonly (PyTensor | null)[]): PyTensor {
  const trace = traceOf(run)
  const layer = result.value.producer?.layer
  if (trace.path.length === 0 && layer && weights.some(w => w instanceof PyParameter)) trace.builder.adopt(layer)
  return result
}

/** Says something about the call that runs now, in the analysed file alone. */
export function remark(run: Run, message: string): void {
  const trace = traceOf(run)
  const { site } = trace.here(run, '')
  if (site.uri || !trace.certain() || trace.builder.quiet) return
  const span: Span = site.span
  trace.builder.problem({ code: 'shape-mismatch', severity: 'info', span, message })
}
