import { type Dim, divDim, mulDim } from '../dim'
import { type Fault, type Op, wholeNumbers } from '../op'
import { product, type Shape } from '../shape'
import type { Window } from '../window'
import { rankFault, slideAll } from './layout'

/** Every window's content as a column: N×C×H×W becomes N×(C · k²)×(number of windows) (torch.nn.Unfold). */
export const unfold: Op<Window> = {
  name: 'unfold',
  infer: (window, [input]) => {
    const { kernel, stride, dilation } = window
    const bad = wholeNumbers(1, { kernel, stride, dilation })
    if (bad.length || !input) return { shapes: [null], faults: bad }
    const rank = rankFault(input, kernel.length)
    if (rank) return { shapes: [null], faults: [rank] }
    const { dims, faults } = slideAll(input, window)
    const head = input.slice(0, -kernel.length - 1)
    const channels = mulDim(input.at(-kernel.length - 1)!, area(kernel))
    return { shapes: [[...head, channels, product(dims.slice(-kernel.length))]], faults }
  },
  window: window => window,
}

export interface Fold extends Window {
  /** The spatial sizes of what the columns are put together to. */
  readonly size: readonly Dim[]
}

/** The inverse of `unfold`: windows added up where they overlap (torch.nn.Fold). */
export const fold: Op<Fold> = {
  name: 'fold',
  sees: 'resize',
  infer: ({ size, ...window }, [input]) => {
    const { kernel, stride, dilation } = window
    const bad = wholeNumbers(1, { kernel, stride, dilation })
    if (bad.length || !input || input.length < 2) return { shapes: [null], faults: bad }
    const [columns, count] = input.slice(-2) as [Dim, Dim]
    const head = input.slice(0, -2)
    const shapes: Shape[] = [[...head, divDim(columns, area(kernel)), ...size]]
    const positions = product(slideAll([1, 1, ...size], window).dims.slice(2))
    const faults: Fault[] = []
    const conflict = (message: string): void => {
      faults.push({ code: 'shape-mismatch', input: 0, message: ({ who, from }) => `${who} ${message}: ${from(0)}.` })
    }
    if (typeof columns === 'number' && columns % area(kernel) !== 0) {
      conflict(`expects a multiple of ${area(kernel)} in dimension ${head.length} and gets ${columns}`)
    } else if (typeof positions === 'number' && typeof count === 'number' && positions !== count) {
      conflict(`expects ${positions} windows and gets ${count}`)
    }
    return { shapes, faults }
  },
}

const area = (kernel: readonly number[]): number => kernel.reduce((a, b) => a * b, 1)
