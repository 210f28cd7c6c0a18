import type { Analysis, Binding, ModelAnalysis } from '../analysis/analyze'
import { addUp, type Call, callsOf, mainNode } from '../analysis/calls'
import type { Span } from '../base/text'
import type { Dim } from '../core/dim'
import { formatDim } from '../core/dim'
import type { Graph, Node, Site, Value } from '../core/graph'
import type { Problem } from '../core/problem'
import type { Reach } from '../core/reach'
import type { Shape } from '../core/shape'
import { placeIn } from './lines'

/** A number, or a string where it is symbolic (`N`) or unknown (`?`). */
export type JsonDim = number | string
/** `?` alone where even the rank is unknown. */
export type JsonShape = readonly JsonDim[] | '?'

export interface JsonTensor {
  readonly name: string
  readonly shape: JsonShape
}

/** One call of a leaf layer; null is unknown. */
export interface JsonLayer {
  readonly path: string
  readonly type: string
  readonly op: string
  readonly cell?: number
  readonly line: number
  readonly declaredCell?: number
  readonly declaredLine: number
  /** Only where that is not the analysed file. */
  readonly file?: string
  readonly declaredFile?: string
  readonly inputs: readonly JsonShape[]
  readonly outputs: readonly JsonShape[]
  readonly params: number | null
  readonly macs: number | null
  /** One number where all axes agree; `all` when a position sees the whole input. */
  readonly stride: number | readonly number[] | null
  readonly receptiveField: number | readonly number[] | 'all' | null
}

export interface JsonRow {
  readonly index: number
  readonly line: number
  readonly type: string
  readonly params: number | null
  readonly macs: number | null
  /** One shape, or a list of them where the row gives several. */
  readonly output: JsonShape | readonly JsonShape[]
}

export interface JsonTotals {
  readonly params: number
  readonly trainableParams: number
  readonly buffers: number
  readonly macs: number
  readonly flops: number
  readonly otherOps: number
  readonly activations: number
  readonly peakActivations: number
  readonly completeness: 'exact' | 'atLeast'
}

export interface JsonModel {
  readonly name: string
  readonly cell?: number
  readonly line: number
  readonly inputs: readonly JsonTensor[]
  readonly outputs: readonly JsonTensor[]
  readonly totals: JsonTotals
  readonly layers: readonly JsonLayer[]
  readonly uncounted: readonly {
    readonly cell?: number
    readonly line: number
    readonly what: string
    readonly reason: string
  }[]
  readonly bindings?: readonly JsonBinding[]
  readonly rows?: readonly JsonRow[]
}

/** A name of forward code: its distinct shapes in the order first seen, each with its count. */
export interface JsonBinding {
  readonly cell?: number
  readonly line: number
  readonly name: string
  readonly shapes: readonly (readonly [JsonShape | readonly JsonShape[], number])[]
}

/**
 * Lines and columns are counted from 1; the end is exclusive. In a notebook lines are those of a code cell, which are
 * counted from 1, and `fileLine` is the line of the file itself.
 */
export interface JsonProblem {
  readonly code: string
  readonly severity: string
  readonly cell?: number
  readonly fileLine?: number
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  readonly message: string
}

export interface JsonFile {
  readonly file: string
  readonly format: string
  readonly models: readonly JsonModel[]
  readonly problems: readonly JsonProblem[]
}

export interface JsonReport {
  readonly schemaVersion: 1
  readonly files: readonly JsonFile[]
}

/** One file with the models that were asked for. Problems that several models share are given once. */
export function jsonFile(file: string, analysis: Analysis, models: readonly ModelAnalysis[]): JsonFile {
  return {
    file,
    format: analysis.format,
    models: models.map(model => jsonModel(analysis, model)),
    problems: jsonProblems(analysis, models.length ? models.flatMap(m => m.problems) : analysis.file.problems),
  }
}

export function jsonModel(analysis: Analysis, model: ModelAnalysis): JsonModel {
  const { graph, totals } = model
  const at = ({ start }: Span): LineOf => {
    const { cell, line } = placeIn(analysis, start)
    return cell === undefined ? { line } : { cell, line }
  }
  const lineOf = (site: Site): LineOf => (site.line === undefined ? at(site.span) : { line: site.line + 1 })
  return {
    name: model.name,
    ...at(model.choice.span),
    inputs: graph.inputs.map(tensor('input')),
    outputs: graph.outputs.map(tensor('output')),
    totals: jsonTotals(totals),
    layers: jsonLayers(graph, lineOf),
    uncounted: model.uncounted.map(({ node, what, reason }) => ({ ...lineOf(node.origin.site), what, reason })),
    ...(model.bindings ? { bindings: model.bindings.map(binding => jsonBinding(binding, lineOf)) } : {}),
    ...(model.rows ? { rows: model.rows.map(row => jsonRow(row, model, at)) } : {}),
  }
}

export const jsonTotals = (totals: ModelAnalysis['totals']): JsonTotals => ({
  params: totals.params,
  trainableParams: totals.trainableParams,
  buffers: totals.buffers,
  macs: totals.macs,
  flops: 2 * totals.macs,
  otherOps: totals.otherOps,
  activations: totals.activations,
  peakActivations: totals.peakActivations,
  completeness: totals.completeness,
})

interface LineOf {
  readonly cell?: number
  readonly line: number
}

/** Problems with their places, each once. */
export function jsonProblems(analysis: Analysis, problems: readonly Problem[]): JsonProblem[] {
  const seen = new Set<string>()
  const list: JsonProblem[] = []
  for (const { code, severity, span, message } of problems) {
    const key = `${code} ${span.start} ${span.end} ${message}`
    if (seen.has(key)) continue
    seen.add(key)
    const start = placeIn(analysis, span.start)
    const end = placeIn(analysis, span.end)
    list.push({ code, severity, ...start, endLine: end.line, endColumn: end.column, message })
  }
  return list
}

export const jsonDim = (dim: Dim): JsonDim => (typeof dim === 'number' ? dim : formatDim(dim))
export const jsonShape = (shape: Shape | null): JsonShape => (shape === null ? '?' : shape.map(jsonDim))

/** Every layer call in execution order. A module whose own code uses functions and no other module is one layer. */
const jsonLayers = (graph: Graph, lineOf: (site: Site) => LineOf): JsonLayer[] =>
  callsOf(graph).map(call => jsonCall(call, lineOf))

function jsonCall(call: Call, lineOf: (site: Site) => LineOf): JsonLayer {
  const { scope, path, type, params, macs } = call
  const first = jsonLayer(call.nodes[0]!, lineOf)
  if (!scope) return first
  return {
    ...first,
    path,
    type,
    op: mainNode(call).op,
    ...linesOf(scope.origin.called ?? scope.origin.site, scope.origin.site, lineOf),
    inputs: scope.inputs.map(value => jsonShape(value.shape)),
    outputs: scope.outputs.map(value => jsonShape(value.shape)),
    params,
    macs,
  }
}

function linesOf(
  called: Site,
  declared: Site,
  lineOf: (site: Site) => LineOf,
): Pick<JsonLayer, 'cell' | 'line' | 'declaredCell' | 'declaredLine'> {
  const { cell, line } = lineOf(declared)
  return { ...lineOf(called), ...(cell === undefined ? {} : { declaredCell: cell }), declaredLine: line }
}

function jsonLayer(node: Node, lineOf: (site: Site) => LineOf): JsonLayer {
  const called = node.origin.called ?? node.origin.site
  const declared = node.layer?.origin.site ?? node.origin.site
  const reach = node.outputs[0]?.reach ?? null
  return {
    path: node.origin.path,
    type: node.origin.type,
    op: node.op,
    ...linesOf(called, declared, lineOf),
    ...(called.uri ? { file: called.uri } : {}),
    ...(declared.uri ? { declaredFile: declared.uri } : {}),
    inputs: node.inputs.map(value => jsonShape(value.shape)),
    outputs: node.outputs.map(value => jsonShape(value.shape)),
    params: node.cost.params,
    macs: node.cost.macs,
    stride: reach === null || reach === 'all' ? null : oneOrMany(reach.stride),
    receptiveField: fieldOf(reach),
  }
}

function jsonBinding({ name, site, shapes }: Binding, lineOf: (site: Site) => LineOf): JsonBinding {
  const shown = shapes.map(({ of, count }): [JsonShape | readonly JsonShape[], number] => [
    of.length === 1 ? jsonShape(of[0]!) : of.map(jsonShape),
    count,
  ])
  return { ...lineOf(site), name, shapes: shown }
}

const fieldOf = (reach: Reach): JsonLayer['receptiveField'] =>
  reach === null ? null : reach === 'all' ? 'all' : oneOrMany(reach.field)

const oneOrMany = (values: readonly number[]): number | readonly number[] =>
  values.every(value => value === values[0]) ? values[0]! : values

function jsonRow(
  row: NonNullable<ModelAnalysis['rows']>[number],
  model: ModelAnalysis,
  at: (span: Span) => LineOf,
): JsonRow {
  const nodes = model.graph.nodes.slice(row.first, row.last)
  return {
    index: row.index,
    line: at(row.span).line,
    type: row.type,
    params: addUp(row.layers.flatMap(layer => layer.weights.filter(w => w.kind !== 'buffer').map(w => w.elements))),
    macs: addUp(nodes.map(node => node.cost.macs)),
    output: row.outputs ? row.outputs.map(value => jsonShape(value.shape)) : jsonShape(row.output?.shape ?? null),
  }
}

const tensor =
  (fallback: string) =>
  (value: Value, index: number, all: readonly Value[]): JsonTensor => ({
    name: value.name || (all.length === 1 ? fallback : `${fallback}${index}`),
    shape: jsonShape(value.shape),
  })
