/** A network in the columns of a paper's table, as text. */
import type { PaperRow, PaperTable } from '../analysis/paper'
import type { Branch, BranchColumn } from '../analysis/paperBranches'
import type { PaperSum } from '../analysis/paperSum'
import { atLeast } from '../base/format'
import type { PaperBiases, PaperChoice } from '../protocol/paper'

//   layer  type            patch/stride  output      depth  #1×1  #3×3 reduce  #3×3  …  params  ops
//   conv1  convolution     7×7/2         112×112×64      1                                9.5K  118M
//          max pool        3×3/2         56×56×64        0
//   3a     inception (3a)                28×28×256       2    64           96   128  …    164K  128M

/** How papers differ in what they count. K is that of the params; ops are always decimal. */
export interface PaperOptions extends PaperChoice {
  readonly unit: 'MACs' | 'FLOPs'
}

export const PAPER_BIASES: readonly PaperBiases[] = ['none', 'params', 'both']

export const PAPER_DEFAULTS: PaperOptions = { kilo: 1000, biases: 'params', unit: 'MACs' }

export interface PaperCells {
  readonly head: readonly string[]
  /** Columns that hold numbers. */
  readonly right: ReadonlySet<number>
  readonly rows: readonly (readonly string[])[]
  readonly total: readonly string[]
  /** A sentence that says what is counted. */
  readonly note: string
}

/** Columns without a use are left out. With `exact` counts are whole numbers, for other programs. */
export function paperCells(table: PaperTable, options: PaperOptions, exact = false): PaperCells {
  const columns = columnsOf(table)
  const paper = poolBranches(table).every(isPlainPool)
  const write = (short: (value: number) => string) => (value: number) =>
    exact ? String(value) : value === 0 ? '' : short(value)
  const writeParams = write(value => paperParams(value, options.kilo))
  const params = (sum: PaperSum): string => countText(paramsOf(sum, options), sum.paramsExact, writeParams)
  const ops = (sum: PaperSum): string => countText(opsOf(sum, options), sum.macsExact, write(paperOps))
  const words = wordsOf(options)
  const head = [
    'layer',
    'type',
    'patch size/stride',
    'output size',
    'depth',
    ...columns.map(column => column.head),
    exact ? words.params : 'params',
    exact ? words.ops : 'ops',
  ]
  const cells = (row: PaperRow): string[] => [
    row.name,
    row.type,
    row.patch,
    row.output?.join('×') ?? (row.kind === 'never called' ? '' : '?'),
    row.kind === 'never called' ? '' : String(row.depth),
    ...columns.map(column => column.cell(row, paper)),
    params(row.sum),
    ops(row.sum),
  ]
  const { total, depth } = table
  return {
    head,
    right: new Set(head.map((_, i) => i).filter(i => i >= 4 && head[i] !== 'others')),
    rows: table.rows.map(cells),
    total: ['total', '', '', '', String(depth), ...columns.map(() => ''), params(total), ops(total)],
    note: exact ? '' : noteOf(options),
  }
}

/** Params as the options count them. */
export const paramsOf = ({ weights, params }: PaperSum, { biases }: PaperOptions): number =>
  biases === 'none' ? weights : params

/** Operations as the options count them. */
export const opsOf = ({ macs, biasOps }: PaperSum, { biases, unit }: PaperOptions): number =>
  (unit === 'FLOPs' ? 2 : 1) * macs + (biases === 'both' ? biasOps : 0)

/**
 * 163,696 params as 164K, 1,588,464 as 1.6M; 128,049,152 ops as 128M. Thousands are whole where that is within 5 %,
 * which is how the tables of GoogLeNet and FaceNet are rounded (2.7K, 9K). With K = 1024 there is no larger suffix.
 */
export function paperParams(value: number, kilo: 1000 | 1024): string {
  if (value < kilo) return String(value)
  if (kilo === 1024 || value < 999_500) return `${wholeIfNear(value / kilo)}K`
  return value < 999_500_000 ? `${oneDecimal(value / 1e6)}M` : `${oneDecimal(value / 1e9)}B`
}

/** Operations in millions: whole from 10M, one decimal below. */
export function paperOps(value: number): string {
  if (value >= 999_500_000) return `${oneDecimal(value / 1e9)}B`
  if (value >= 9_950_000) return `${Math.round(value / 1e6)}M`
  if (value >= 95_000) return `${Number((value / 1e6).toFixed(1))}M`
  return value < 1000 ? String(value) : `${wholeIfNear(value / 1e3)}K`
}

const oneDecimal = (value: number): string => (value < 99.95 ? value.toFixed(1) : String(Math.round(value)))
const wholeIfNear = (value: number): string => {
  const whole = Math.round(value)
  return Math.abs(whole - value) <= 0.05 * value ? String(whole) : value.toFixed(1)
}

function countText(value: number, known: boolean, write: (value: number) => string): string {
  if (value === 0) return known ? write(0) : '?'
  return (known ? '' : atLeast) + write(value)
}

const wordsOf = ({ biases, unit }: PaperOptions): { params: string; ops: string } => ({
  params: biases === 'none' ? 'weights' : 'params with biases',
  ops: biases === 'both' ? `${unit} with biases` : `${unit} without biases`,
})

function noteOf({ kilo, biases, unit }: PaperOptions): string {
  const params = biases === 'none' ? 'weights alone, without biases and norms' : 'biases and norms included'
  const ops = unit === 'MACs' ? 'multiply-accumulates (MACs)' : 'FLOPs, 2 for a multiply-accumulate'
  const with_ = biases === 'both' ? 'additions of biases included' : 'biases left out'
  return `Params: K = ${kilo}, ${params}. Ops: ${ops}, M = 10^6, ${with_}.`
}

interface Column {
  readonly head: string
  cell(row: PaperRow, paper: boolean): string
}

/** All of GoogLeNet's columns where one row is such a module; of the others those that are used. */
function columnsOf({ rows }: PaperTable): Column[] {
  const modules = rows.filter(row => row.kind === 'inception' || row.kind === 'fire')
  const branches = modules.flatMap(row => row.branches)
  const all = modules.some(row => row.kind === 'inception') ? GOOGLENET : []
  const isUsed = (column: BranchColumn, part: 'reduce' | 'channels'): boolean =>
    all.includes(column) ||
    branches.some(branch => branch.column === column && (part === 'channels' || branch.reduce !== null))
  return COLUMNS.filter(([, column, part]) => isUsed(column, part)).map(([head, column, part]) => ({
    head,
    cell: (row, paper) => cellOf(row, column, part, paper),
  }))
}

const GOOGLENET: readonly BranchColumn[] = ['n1x1', 'n3x3', 'n5x5', 'pool']

const COLUMNS: readonly (readonly [string, BranchColumn, 'reduce' | 'channels'])[] = [
  ['squeeze #1×1', 'squeeze', 'channels'],
  ['#1×1', 'n1x1', 'channels'],
  ['#3×3 reduce', 'n3x3', 'reduce'],
  ['#3×3', 'n3x3', 'channels'],
  ['double #3×3 reduce', 'double3x3', 'reduce'],
  ['double #3×3', 'double3x3', 'channels'],
  ['#5×5 reduce', 'n5x5', 'reduce'],
  ['#5×5', 'n5x5', 'channels'],
  ['pool proj', 'pool', 'channels'],
  ['others', 'others', 'channels'],
]

/** Several branches of one kind are joined by `+`; a module without such a branch has 0 channels of it. */
function cellOf(row: PaperRow, column: BranchColumn, part: 'reduce' | 'channels', paper: boolean): string {
  const branches = row.branches.filter(branch => branch.column === column)
  if (column === 'others') return branches.map(branch => branch.text).join(' + ')
  if (column === 'pool') return branches.map(branch => poolText(branch, paper)).join(' + ') || zero(row)
  const texts = branches.flatMap(branch => {
    if (part === 'reduce') return branch.reduce === null ? [] : [String(branch.reduce)]
    return [`${branch.channels ?? '?'}${branch.stride > 1 ? `,${branch.stride}` : ''}`]
  })
  return texts.join(' + ') || zero(row)
}

const zero = (row: PaperRow): string => (row.kind === 'inception' ? '0' : '')

const poolBranches = ({ rows }: PaperTable): Branch[] =>
  rows.flatMap(row => row.branches.filter(branch => branch.column === 'pool'))

/** Where every module pools the maximum at stride 1 and projects it, the channels say it all (GoogLeNet). */
const isPlainPool = ({ pool, channels, stride }: Branch): boolean =>
  pool?.kind === 'max' && channels !== null && stride === 1

/** `32`; where poolings differ as FaceNet's table has it: `m, 32p`, `L2, 64p`, `m 3×3,2`. */
function poolText({ pool, channels, stride }: Branch, paper: boolean): string {
  if (paper) return String(channels)
  const kind = pool!.kind === 'max' ? 'm' : pool!.kind
  if (channels !== null) return `${kind}, ${channels}p${stride > 1 ? `,${stride}` : ''}`
  return `${kind} ${pool!.kernel.join('×')}${stride > 1 ? `,${stride}` : ''}`
}
