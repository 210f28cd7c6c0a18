/**
 * Two models side by side, as a table for a terminal, Markdown, comma-separated values and JSON:
 *
 *   A  resnet.py@HEAD: resnet50, input 3×224×224
 *   B  resnet.py: resnet50, input 3×224×224
 *
 *                              A        B  B − A
 *   MACs                   4.09G    2.44G   −40%
 *   params                 25.6M    15.8M   −38%
 *
 *      layer             what                        A, MACs  B, MACs    B − A  params, B − A  line
 *   +  layer1.0.conv2.0  Conv2d 1×1 reduces 64→16          –    3.2M    +3.2M          +1.0k   129
 *   ~  layer1.0.conv2.1  Conv2d 3×3 64→64 ⇒ 16→16       116M    7.2M    −108M         −34.6k   129
 *      159 calls without change
 */
import type { Device } from '../analysis/advice'
import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import { type Call, mainNode } from '../analysis/calls'
import {
  type Compared,
  type ComparedTotal,
  compareCalls,
  compareTotals,
  type Mark,
  type Total,
} from '../analysis/compare'
import { describeNode, isConvolution } from '../analysis/kind'
import { atLeast, formatBytes, formatChange, formatCount, formatSeconds, plural } from '../base/format'
import type { Site } from '../core/graph'
import { lineNumber, placeIn } from './lines'
import { quote } from './reportCsv'
import { type JsonShape, type JsonTotals, jsonShape, jsonTotals } from './reportJson'
import { escapeMarkdown } from './reportMarkdown'
import { align, type Paint, plain } from './reportTable'
import { inputText } from './reportWords'

/** One of two models, and what it is called: a file, a file at a revision. */
export interface Side {
  readonly label: string
  readonly analysis: Analysis
  readonly model: ModelAnalysis
}

/** What `compare --format json` gives. */
export interface JsonComparison {
  readonly schemaVersion: 1
  readonly a: JsonSide
  readonly b: JsonSide
  readonly layers: readonly { readonly a: JsonCall | null; readonly b: JsonCall | null }[]
}

export interface JsonSide {
  readonly file: string
  readonly model: string
  readonly totals: JsonTotals
}

/** Null params or MACs are unknown. */
export interface JsonCall {
  readonly path: string
  readonly cell?: number
  readonly line: number
  /** One shape, or a list of them where the call gives several. */
  readonly output: JsonShape | readonly JsonShape[]
  readonly params: number | null
  readonly macs: number | null
}

export function compareJson(a: Side, b: Side): JsonComparison {
  return {
    schemaVersion: 1,
    a: jsonSide(a),
    b: jsonSide(b),
    layers: compareCalls(a.model, b.model).map(pair => ({
      a: pair.a && jsonCall(pair.a, a),
      b: pair.b && jsonCall(pair.b, b),
    })),
  }
}

const jsonSide = ({ label, model }: Side): JsonSide => ({
  file: label,
  model: model.name,
  totals: jsonTotals(model.totals),
})

function jsonCall(call: Call, side: Side): JsonCall {
  const shapes = outputsOf(call).map(value => jsonShape(value.shape))
  const { cell, line } = lineOf(call, side)
  return {
    path: call.path,
    ...(cell === undefined ? {} : { cell }),
    line,
    output: shapes.length === 1 ? shapes[0]! : shapes,
    params: call.params,
    macs: call.macs,
  }
}

const outputsOf = ({ scope, nodes }: Call) => scope?.outputs ?? nodes.at(-1)!.outputs

/** Where the call expression starts, in the file where it stands. */
function lineOf({ scope, nodes }: Call, { analysis }: Side): { readonly cell?: number; readonly line: number } {
  const origin = scope?.origin ?? nodes[0]!.origin
  const site: Site = origin.called ?? origin.site
  if (site.line !== undefined) return { line: site.line + 1 }
  const { cell, line } = placeIn(analysis, site.span.start)
  return cell === undefined ? { line } : { cell, line }
}

/** For a terminal: totals, then every call that differs. Ends without a line end. */
export function compareTable(a: Side, b: Side, device: Device, paint: Paint = plain): string {
  const totals = align([['', 'A', 'B', 'B − A'], ...totalRows(a, b, device)], new Set([1, 2, 3]))
  const calls = callRows(a, b)
  const { rows } = calls
  const [head, ...body] = align([HEAD, ...rows], new Set([3, 4, 5, 6, 7]))
  return [
    ...sideLines(a, b).map(([name, text]) => `${paint.bold(name)}  ${text}`),
    '',
    paint.dim(totals[0]!),
    ...totals.slice(1),
    '',
    ...(rows.length ? [paint.dim(head!), ...body] : []),
    othersText(calls),
  ].join('\n')
}

export function compareMarkdown(a: Side, b: Side, device: Device): string {
  const calls = callRows(a, b)
  const { rows } = calls
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`
  return [
    ...sideLines(a, b).map(([name, text]) => `- **${name}**: ${escapeMarkdown(text)}`),
    '',
    '| | A | B | B − A |',
    '|---|---:|---:|---:|',
    ...totalRows(a, b, device).map(line),
    '',
    ...(rows.length ? [line(HEAD), '|---|---|---|---:|---:|---:|---:|---:|', ...rows.map(line), ''] : []),
    othersText(calls),
  ].join('\n')
}

/** Every call of either, in whole numbers; `?` is unknown, empty where a side lacks the call. */
export function compareCsv(a: Side, b: Side): string {
  const head = 'mark,path_a,path_b,line_a,line_b,output_a,output_b,params_a,params_b,macs_a,macs_b'.split(',')
  const cells = (call: Call | null, side: Side) => {
    if (!call) return { path: '', line: '', output: '', params: '', macs: '' }
    const output = outputsOf(call)
      .map(({ shape }) => (shape === null ? '?' : jsonShape(shape) === '?' ? '?' : [...jsonShape(shape)].join('x')))
      .join(' ')
    const { path, params, macs } = call
    return { path, line: lineNumber(lineOf(call, side)), output, params: params ?? '?', macs: macs ?? '?' }
  }
  const rows = compareCalls(a.model, b.model).map(pair => {
    const [x, y] = [cells(pair.a, a), cells(pair.b, b)]
    return [WORDS[pair.mark], ...(['path', 'line', 'output', 'params', 'macs'] as const).flatMap(of => [x[of], y[of]])]
  })
  return [head, ...rows].map(row => `${row.map(quote).join(',')}\r\n`).join('')
}

/** `−36%`, `=`, `?` where a side is a lower bound or has no such total. */
export function changeText(a: Total | null, b: Total | null): string {
  if (!a || !b || !a.exact || !b.exact) return '?'
  return formatChange(a.value, b.value)
}

/** A count that was added or taken away: `+51.4M`, `−1.73G`, `=`; `?` where one of the two is unknown. */
export function differenceText(a: number | null, b: number | null): string {
  if (a === null || b === null) return '?'
  if (a === b) return '='
  return (b < a ? '−' : '+') + formatCount(Math.abs(b - a))
}

/** A total with its unit, as the design writes it; `–` for none. */
export function totalText(of: ComparedTotal['of'], total: Total | null): string {
  if (!total) return '–'
  const text = {
    macs: formatCount,
    params: formatCount,
    traffic: formatBytes,
    time: formatSeconds,
    peakActivations: formatBytes,
    weights: formatBytes,
    field: (value: number) => `${value} px`,
  }[of](total.value)
  return total.exact ? text : atLeast + text
}

export const totalName = (of: ComparedTotal['of'], { name, precision }: Device): string =>
  ({
    macs: 'MACs',
    params: 'params',
    traffic: `traffic, ${precision}`,
    time: `least time, ${name}`,
    peakActivations: `peak activations, ${precision}`,
    weights: `weights, ${precision}`,
    field: 'receptive field',
  })[of]

/** What a layer was and is: `3×3 256→256 ⇒ 64→64`, `3×3 64→64`. */
export function changedText(a: string | undefined, b: string | undefined): string {
  if (a === undefined || b === undefined || a === b) return b ?? a ?? ''
  const words = a.split(' ')
  const head = words.slice(0, -1).join(' ')
  return head !== '' && b.startsWith(`${head} `) ? `${a} ⇒ ${b.slice(head.length + 1)}` : `${a} ⇒ ${b}`
}

const HEAD = ['', 'layer', 'what', 'A, MACs', 'B, MACs', 'B − A', 'params, B − A', 'line']

const WORDS: Readonly<Record<Mark, string>> = { '=': 'equal', '~': 'changed', '+': 'added', '−': 'removed' }

const sideLines = (a: Side, b: Side): [string, string][] =>
  (
    [
      ['A', a],
      ['B', b],
    ] as const
  ).map(([name, { label, model }]) => [name, `${label}: ${model.name}, input ${inputText(model)}`])

const totalRows = (a: Side, b: Side, device: Device): string[][] =>
  compareTotals(a.model, b.model, device).map(total => [
    totalName(total.of, device),
    totalText(total.of, total.a),
    totalText(total.of, total.b),
    changeText(total.a, total.b),
  ])

interface CallRows {
  readonly rows: string[][]
  /** How many calls are the same, and how many differ that cost neither params nor MACs. */
  readonly equal: number
  readonly free: number
}

function callRows(a: Side, b: Side): CallRows {
  const pairs = compareCalls(a.model, b.model)
  const changed = pairs.filter(({ mark }) => mark !== '=')
  const costs = (call: Call | null): boolean => call !== null && (call.params !== 0 || call.macs !== 0)
  const costly = changed.filter(pair => costs(pair.a) || costs(pair.b))
  return {
    rows: costly.map(pair => callRow(pair, a, b)),
    equal: pairs.length - changed.length,
    free: changed.length - costly.length,
  }
}

function callRow({ mark, a: x, b: y }: Compared<Call>, a: Side, b: Side): string[] {
  const macs = (call: Call | null): string => (!call ? '–' : call.macs === null ? '?' : formatCount(call.macs))
  const difference = (of: 'macs' | 'params'): string => differenceText(x ? x[of] : 0, y ? y[of] : 0)
  const from = x && (!y || x.path === y.path) ? '' : x ? `${x.path} → ` : ''
  return [
    mark,
    from + (y ?? x)!.path,
    changedText(x ? whatOf(x) : undefined, y ? whatOf(y) : undefined),
    macs(x),
    macs(y),
    difference('macs'),
    difference('params'),
    y ? lineNumber(lineOf(y, b)) : lineNumber(lineOf(x!, a)),
  ]
}

/** `Conv2d 3×3 64→64`, `ReLU`. */
function whatOf(call: Call): string {
  const node = mainNode(call)
  const costly = isConvolution(node) || node.op === 'linear'
  return costly ? `${call.type} ${describeNode(node).replace(/^linear /, '')}` : call.type
}

/** What the table leaves out. */
function othersText({ rows, equal, free }: CallRows): string {
  if (rows.length + free === 0) return `No difference in ${plural(equal, 'call')}.`
  const others =
    free > 0 ? `; ${plural(free, 'other')} differ${free === 1 ? 's' : ''} and cost${free === 1 ? 's' : ''} nothing` : ''
  return `${plural(equal, 'call')} without change${others}.`
}
