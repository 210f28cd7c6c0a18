import { type Dim, sameDim } from '../../../../core/dim'
import { broadcast, type Shape } from '../../../../core/shape'
import { importsPackage } from '../../interpreter/imports'
import { dimOf, sliceRange } from '../../interpreter/operators'
import { type Run, raise } from '../../interpreter/run'
import { ELLIPSIS } from '../../interpreter/types'
import { asInt, isUnknown, PyList, PySlice, PySym, PyTuple, type PyValue } from '../../interpreter/values'
import { PyParameter, PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { Unknown } from '../values'
import { fromValues } from './creation'
import { moved, offset, sizesOf, walk } from './data'
import { selected } from './join'
import { copyOf, shapeOf, unsqueezed } from './shape'

/** `x[index]`: basic indices are views; integer tensors, lists and masks gather (NumPy's rules of advanced indexing). */
export function tensorItem(run: Run, x: PyTensor, index: PyValue): PyTensor {
  const parts = index instanceof PyTuple ? [...index.items] : [index]
  const rank = shapeOf(x).length
  let used = parts.reduce<number>((n, p) => n + axesTaken(p), 0)
  const dots = parts.indexOf(ELLIPSIS)
  if (used > rank) raise('IndexError', `too many indices for tensor of dimension ${rank}`)
  const full = new Array<PyValue>(rank - used).fill(FULL)
  if (dots >= 0) parts.splice(dots, 1, ...full)
  else parts.push(...full)
  used = 0
  let result = x
  let at = 0
  const advanced: { at: number; index: PyTensor }[] = []
  for (const part of parts) {
    if (part === null) {
      result = unsqueezed(run, result, at++)
    } else if (part === FULL) {
      at++
    } else if (part instanceof PySlice) {
      result = slicedTensor(run, result, at++, part)
    } else if (part === true) {
      result = unsqueezed(run, result, at++)
    } else {
      const i = asInt(part)
      if (i !== null) {
        const size = shapeOf(result)[at]
        if (typeof size === 'number' && (i >= size || i < -size))
          raise('IndexError', `index ${i} is out of bounds for dimension ${at} with size ${size}`)
        result = selected(run, result, at, i)
      } else if (part instanceof PySym) {
        throw new Unknown('it depends on the batch size')
      } else {
        const tensor = part instanceof PyTensor ? part : fromValues(run, part)
        if (tensor.shape?.length === 0 && tensor.dtype !== 'bool' && advancedParts(parts) === 1) {
          // A number in a tensor picks one position; which one does not matter for the shape.
          const known = tensor.data?.[0]
          result = selected(run, result, at, known ?? 0)
          if (known === undefined) result.data = null
          continue
        }
        advanced.push({ at, index: tensor })
        at += tensor.dtype === 'bool' || tensor.dtype === 'uint8' ? Math.max(1, tensor.shape?.length ?? 1) : 1
      }
    }
  }
  if (advanced.length > 0) return gathered(run, result, advanced)
  return result === x ? copyOf(x) : result
}

/** Marks an axis that is taken as it is. */
const FULL = new PySlice(ELLIPSIS.cls, null, null, null)

const advancedParts = (parts: readonly PyValue[]): number =>
  parts.filter(p => p instanceof PyTensor || p instanceof PyList || p instanceof PyTuple).length

/** How many axes an index takes up. */
function axesTaken(part: PyValue): number {
  if (part === null || part === ELLIPSIS || part === true) return 0
  if (isUnknown(part)) throw new Unknown(part.reason)
  if (part instanceof PyTensor && (part.dtype === 'bool' || part.dtype === 'uint8')) {
    if (part.shape === null) throw new Unknown('the rank of this mask is not known')
    return part.shape.length
  }
  return 1
}

function slicedTensor(run: Run, x: PyTensor, at: number, slice: PySlice): PyTensor {
  const size = shapeOf(x)[at]!
  const trace = traceOf(run)
  const { start, stop, step } = slice
  const to = stop === null ? undefined : dimOf(stop)
  const whole = (start === null || start === 0) && (step === null || step === 1)
  if (whole && (stop === null || (to !== undefined && sameDim(to, size) === true))) return copyOf(x)
  const withSize = (dim: Dim): PyTensor => {
    const shape = shapeOf(x).map((d, i) => (i === at ? dim : d))
    return trace.op(run, 'view', { function: 'slice', shape }, [x], 'slice')
  }
  if (typeof size !== 'number') {
    // A batch has at least one image.
    if (whole && asInt(stop) === 1) return withSize(1)
    if (whole && to !== undefined && typeof to === 'object') return withSize(to)
    return withSize(null)
  }
  const range = sliceRange(start, stop, step, size)
  if (range === null) return withSize(null)
  if (range.step < 0) {
    // Arrays and tensors of TensorFlow are read backwards, too.
    if (!x.constant && importsPackage(run.frame.module, 'torch'))
      return raise('ValueError', 'step must be greater than zero')
    const back = withSize(Math.max(0, Math.ceil((range.start - range.stop) / -range.step)))
    back.data = moved(x, back.shape, c => c.map((v, i) => (i === at ? range.start + v * range.step : v)))
    return back
  }
  const result = trace.op(
    run,
    'slice',
    { axis: at, start: range.start, end: range.stop, step: range.step },
    [x],
    'slice',
  )
  result.data = moved(x, result.shape, c => c.map((v, i) => (i === at ? range.start + v * range.step : v)))
  return result
}

/** Index tensors are broadcast; the axes they take are replaced at their place, or at the front where they stand apart. */
function gathered(run: Run, x: PyTensor, advanced: readonly { at: number; index: PyTensor }[]): PyTensor {
  const shape = shapeOf(x)
  const taken = new Set<number>()
  const shapes: (Shape | null)[] = []
  for (const { at, index } of advanced) {
    const mask = index.dtype === 'bool' || index.dtype === 'uint8'
    const rank = mask ? shapeOf(index).length : 1
    for (let i = 0; i < rank; i++) taken.add(at + i)
    const chosen = mask && index.data ? index.data.filter(n => n !== 0).length : null
    shapes.push(mask ? [chosen] : index.shape)
  }
  const joined = broadcast(shapes)
  if (joined.conflict !== undefined)
    raise('IndexError', 'shape mismatch: indexing tensors could not be broadcast together')
  const positions = [...taken].sort((a, b) => a - b)
  const first = positions[0] ?? advanced[0]!.at
  const together = positions.every((p, i) => p === first + i)
  const rest = shape.filter((_, i) => !taken.has(i))
  const place = together ? first : 0
  const out = joined.shape === null ? null : [...rest.slice(0, place), ...joined.shape, ...rest.slice(place)]
  const result = traceOf(run).op(
    run,
    'compute',
    { function: 'index', shapes: [out] },
    [x, ...advanced.map(a => a.index)],
    'index',
  )
  result.dtype = x.dtype
  const only = advanced[0]!
  if (advanced.length === 1 && out !== null && only.index.dtype !== 'bool' && only.index.data && x.data) {
    const sizes = sizesOf(only.index.shape)
    const length = shape[only.at]
    if (sizes && typeof length === 'number') {
      result.data = moved(x, out, c => {
        const i = only.index.data![offset(c.slice(place, place + sizes.length), sizes)]!
        return [...c.slice(0, place), i < 0 ? i + length : i, ...c.slice(place + sizes.length)]
      })
    }
  }
  return result
}

/** `x[index] = value`: the shape stays; what is written flows into the tensor. */
export function setTensorItem(run: Run, x: PyTensor, index: PyValue, value: PyValue): void {
  if (x instanceof PyParameter) return
  const data = written(run, x, index, value)
  const inputs = value instanceof PyTensor ? [x, value] : [x]
  if (value instanceof PyTensor && !(value.constant && x.constant)) {
    const { dtype } = x
    x.become(traceOf(run).op(run, 'compute', { function: 'index_put', shapes: [x.shape] }, inputs, 'index_put'))
    x.dtype = dtype
  }
  x.data = data
}

/** The numbers after small constants were written to; null where they are not known. */
function written(run: Run, x: PyTensor, index: PyValue, value: PyValue): number[] | null {
  const sizes = sizesOf(x.shape)
  if (x.data === null || sizes === null || !x.constant) return null
  const source = value instanceof PyTensor ? value : isUnknown(value) ? null : fromValues(run, value)
  const from = source && sizesOf(source.shape)
  if (!source?.data || !from) return null
  // The places that the index picks are found by indexing a tensor of places.
  const places = traceOf(run).constant(
    x.shape,
    'int64',
    x.data.map((_, i) => i),
  )
  const picked = tensorItem(run, places, index)
  const shape = sizesOf(picked.shape)
  if (picked.data === null || shape === null) return null
  const data = [...x.data]
  walk(shape, (at, i) => {
    data[picked.data![i]!] = source.data![offset(at, from)]!
  })
  return data
}
