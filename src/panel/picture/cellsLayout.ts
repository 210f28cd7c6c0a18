/** Small constant tensors as cells with their numbers: a grid a channel, input, filters and output after one another. */
import type { PanelGeometry, PanelTensor, PanelValues } from '../../protocol/panelPicture'
import type { Measure } from '../measure'

export interface Cell {
  readonly text: string
  readonly row: number
  readonly column: number
  /** Takes part in the output value that is explained. */
  readonly lit: boolean
}

export interface Grid {
  readonly part: 'input' | 'filter' | 'output'
  readonly title: string
  readonly x: number
  readonly y: number
  readonly rows: number
  readonly columns: number
  readonly cells: readonly Cell[]
}

export interface CellsLayout {
  readonly width: number
  readonly height: number
  readonly cell: { readonly width: number; readonly height: number }
  readonly grids: readonly Grid[]
  /** How one output value comes about: `1·1 + 2·2 = 5`. */
  readonly formula: string
}

const HEIGHT = 22
const TITLE = 16
const BETWEEN = 14
const PARTS = 34

/** Channel by channel, on as many lines as the width asks for. */
export function cellsLayout(
  values: PanelValues,
  geometry: PanelGeometry,
  width: number,
  measure: Measure,
): CellsLayout {
  const { input, filter, output } = values
  const numbers = [input, filter, output].flatMap(({ data }) => data)
  const cellWidth = Math.max(26, ...numbers.map(value => measure(text(value), 11) + 12))
  const lit = litCells(values, geometry)
  const drafts = [
    ...channels('input', input).map((grid, c) => ({ ...grid, title: `input, channel ${c + 1}`, lit: lit.input })),
    ...filters(filter).map(grid => ({ ...grid, lit: lit.filter(grid.index) })),
    ...channels('output', output).map((grid, c) => ({
      ...grid,
      title: `output, channel ${c + 1}`,
      lit: (row: number, column: number) => c === 0 && lit.output(row, column),
    })),
  ]
  let [x, y, line] = [0, 0, 0]
  const grids: Grid[] = []
  drafts.forEach(({ part, title, rows, columns, at, lit: isLit }, i) => {
    const wide = Math.max(columns * cellWidth, measure(title))
    const gap = i === 0 ? 0 : drafts[i - 1]!.part === part ? BETWEEN : PARTS
    if (x > 0 && x + gap + wide > width) {
      x = 0
      y += line + BETWEEN
      line = 0
    } else x += gap
    const cells: Cell[] = []
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        cells.push({ text: text(at(row, column)), row, column, lit: isLit(row, column) })
    grids.push({ part, title, x, y: y + TITLE, rows, columns, cells })
    x += wide
    line = Math.max(line, TITLE + rows * HEIGHT)
  })
  return {
    width,
    height: y + line + 30,
    cell: { width: cellWidth, height: HEIGHT },
    grids,
    formula: formulaOf(values, geometry),
  }
}

interface Draft {
  readonly part: Grid['part']
  readonly rows: number
  readonly columns: number
  at(row: number, column: number): number
}

/** The grids of a map, one a channel. */
function channels(part: 'input' | 'output', tensor: PanelTensor): Draft[] {
  const { rows, columns, depth } = planeOf(tensor.shape)
  return Array.from({ length: depth }, (_, c) => ({
    part,
    rows,
    columns,
    at: (row: number, column: number) => tensor.data[(row * columns + column) * depth + c]!,
  }))
}

/** The grids of all filters, one a filter and channel. */
function filters({ shape, data }: PanelTensor): (Draft & { title: string; index: number })[] {
  const [count = 1, ...rest] = shape
  const { rows, columns, depth } = planeOf(rest)
  const grids: (Draft & { title: string; index: number })[] = []
  for (let f = 0; f < count; f++)
    for (let c = 0; c < depth; c++)
      grids.push({
        part: 'filter',
        title: count > 1 ? `filter ${f + 1}, channel ${c + 1}` : `filter, channel ${c + 1}`,
        index: f,
        rows,
        columns,
        at: (row, column) => data[((f * rows + row) * columns + column) * depth + c]!,
      })
  return grids
}

/** Which cells make the first output value: the first filter, at the first position that lies inside the input. */
function litCells({ input }: PanelValues, geometry: PanelGeometry) {
  const { rows, columns } = planeOf(input.shape)
  const window = windowOf(geometry)
  const inside = (row: number, column: number): boolean =>
    row >= window.top &&
    (row - window.top) % window.down === 0 &&
    row < Math.min(rows, window.top + window.rows * window.down) &&
    column >= window.left &&
    (column - window.left) % window.across === 0 &&
    column < Math.min(columns, window.left + window.columns * window.across)
  return {
    input: inside,
    filter: (index: number) => () => index === 0,
    output: (row: number, column: number) => row === 0 && column === 0,
  }
}

function windowOf({ kernel, dilation, padding }: PanelGeometry) {
  const at = (list: readonly number[] | null, axis: number, fill: number): number =>
    list === null ? fill : (list[list.length - axis] ?? fill)
  return {
    rows: at(kernel, 2, 1),
    columns: at(kernel, 1, 1),
    down: at(dilation, 2, 1),
    across: at(dilation, 1, 1),
    top: -at(padding, 2, 0),
    left: -at(padding, 1, 0),
  }
}

/** More products than this are not written out. */
const MOST_TERMS = 9

/** The products that the first output value is the sum of; empty where they are many, or it is not their sum. */
function formulaOf({ input, filter, output }: PanelValues, geometry: PanelGeometry): string {
  const plane = planeOf(input.shape)
  const [, ...rest] = filter.shape
  const kernel = planeOf(rest)
  const window = windowOf(geometry)
  const terms: [number, number][] = []
  for (let row = 0; row < kernel.rows; row++)
    for (let column = 0; column < kernel.columns; column++)
      for (let c = 0; c < kernel.depth; c++) {
        const [y, x] = [window.top + row * window.down, window.left + column * window.across]
        if (y < 0 || x < 0 || y >= plane.rows || x >= plane.columns) continue
        const weight = filter.data[(row * kernel.columns + column) * kernel.depth + c]!
        terms.push([input.data[(y * plane.columns + x) * plane.depth + c]!, weight])
      }
  const sum = terms.reduce((total, [a, b]) => total + a * b, 0)
  if (terms.length > MOST_TERMS || Math.abs(sum - output.data[0]!) > 1e-6 * Math.max(1, Math.abs(sum))) return ''
  const factor = (value: number): string => (value < 0 ? `(${text(value)})` : text(value))
  return `${terms.map(([a, b]) => `${factor(a)}·${factor(b)}`).join(' + ')} = ${text(output.data[0]!)}`
}

/** Height, width and channels; a sequence has one row. */
function planeOf(shape: readonly number[]): { rows: number; columns: number; depth: number } {
  const [depth = 1, columns = 1, rows = 1] = [...shape].reverse()
  return { rows, columns, depth }
}

/** A number as a cell shows it: whole as it is, else four digits. */
const text = (value: number): string =>
  (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)))).replace('-', '−')
