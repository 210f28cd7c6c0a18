import type { Shape } from '../../../core/shape'
import { refuse } from '../interpreter/run'
import type { PyTensor } from './tensor'

/**
 * How the elements of a tensor lie in memory, as far as it is sure: `plain` in the order of its axes, or as those of a
 * plain tensor whose axes were permuted. Null where it is not known.
 */
export type Memory = 'plain' | { readonly order: readonly number[] } | null

/** What an op gives in the order of its axes where all that it gets lies so. */
export const keepsOrder = (op: string): boolean => PLAIN.test(op)

const PLAIN =
  /^(?:conv|max_pool|avg_pool|adaptive|batch_norm|group_norm|layer_norm|linear|activation|elementwise|dropout|identity|concat|pad$|interpolate|embedding|softmax|reshape|flatten|unsqueeze|squeeze)/

/** The memory of a tensor after its axes are permuted. */
export function permutedMemory({ memory, shape }: PyTensor, order: readonly number[]): Memory {
  if (memory === null || shape === null) return null
  const axes = order.map(axis => (axis < 0 ? axis + shape.length : axis))
  return { order: memory === 'plain' ? axes : axes.map(axis => memory.order[axis]!) }
}

/**
 * Refuses a view that would need a copy, as PyTorch does: axes that are joined must lie behind each other in memory
 * (documentation of torch.Tensor.view). `batch` is what N is; nothing is refused that a batch of 1 allows where it is open.
 */
export function checkView(x: PyTensor, sizes: Shape, batch: number | null): void {
  const { memory, shape } = x
  if (memory === null || memory === 'plain' || shape === null) return
  const known = numbers(shape, batch)
  const wanted = known && withoutRest(numbers(sizes, batch), known)
  if (!wanted || fits(known, stridesOf(known, memory.order), wanted)) return
  refuse('RuntimeError', "view size is not compatible with input tensor's size and stride", {
    code: 'bad-argument',
    message: who => `${who} expects axes that lie in order in memory and gets permuted ones; reshape takes them.`,
    name: 'order',
  })
}

/** Sizes as numbers, with the batch put in; null where one is not known. */
function numbers(shape: Shape, batch: number | null): number[] | null {
  const known = shape.map(dim =>
    dim === null || typeof dim === 'number' ? dim : dim.coefficient * (batch ?? 1) ** dim.symbols.length,
  )
  return known.every(n => n !== null) ? (known as number[]) : null
}

/** Sizes with the number for a −1; null where they hold another number of elements. */
function withoutRest(sizes: readonly number[] | null, given: readonly number[]): readonly number[] | null {
  if (!sizes) return null
  const product = (list: readonly number[]): number => list.reduce((a, b) => a * b, 1)
  const rest = product(given) / product(sizes.filter(n => n !== -1))
  const whole = sizes.map(n => (n === -1 ? rest : n))
  return product(whole) === product(given) ? whole : null
}

/** How far the elements of each axis lie apart; `order` names the axis in memory that each is. */
function stridesOf(sizes: readonly number[], order: readonly number[]): number[] {
  const inMemory = order.map((_, at) => sizes[order.indexOf(at)]!)
  return order.map(axis => inMemory.slice(axis + 1).reduce((a, b) => a * b, 1))
}

/** Whether axes of other sizes can be laid over the same memory: those that lie behind each other are divided anew. */
function fits(sizes: readonly number[], strides: readonly number[], wanted: readonly number[]): boolean {
  const left = wanted.filter(n => n !== 1)
  const axes = sizes.map((size, i) => ({ size, stride: strides[i]! })).filter(axis => axis.size !== 1)
  while (axes.length > 0) {
    let { size: together, stride } = axes.pop()!
    while (axes.length > 0 && axes.at(-1)!.stride === stride * together) together *= axes.pop()!.size
    while (left.length > 0 && together > 1) {
      if (together % left.at(-1)! !== 0) return false
      together /= left.pop()!
    }
    if (together > 1) return false
  }
  return left.length === 0
}
