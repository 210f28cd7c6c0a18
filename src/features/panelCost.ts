import type { ModelAnalysis } from '../analysis/analyze'
import { describeNode, kindOf } from '../analysis/kind'
import { blocksOf, type Stage, stagesOf } from '../analysis/stages'
import { type CostItem, type CostLayer, costTree, layersOf, outputOf, type Sum, sumOf } from '../analysis/tree'
import { plural } from '../base/format'
import { positionAt } from '../base/text'
import type { Graph, Layer, Node, Origin, Site } from '../core/graph'
import type { Reach } from '../core/reach'
import { formatShape } from '../core/shape'
import type { PanelGroup, PanelLayer, PanelNetwork, PanelPlace, PanelRow } from '../protocol/panel'

export interface CostOptions {
  /** 1 for MACs, 2 for FLOPs. */
  readonly perMac: number
  readonly bytesPerElement: number
  readonly lineStarts: readonly number[]
}

export interface PanelCost extends Pick<PanelNetwork, 'layers' | 'blocks' | 'stages' | 'rows'> {
  readonly sum: Sum
  /** The call that each of `layers` is of. */
  readonly nodes: readonly Node[]
  /** The layer that a call belongs to, by its id. */
  readonly idOf: ReadonlyMap<Node, string>
}

/** Where the cost of a model lies: by layer, block and stage, and as the tree of the table. Groups add up to the totals. */
export function panelCost(model: ModelAnalysis, options: CostOptions): PanelCost {
  const root = costTree(model.graph)
  const uncalled = neverCalled(model.graph)
  const totals = { macs: root.sum.macs, params: root.sum.params + uncalled.params }
  const toGroup = groupMaker(options, totals)
  const layers: PanelLayer[] = []
  const blocks: PanelGroup[] = []
  const stages: PanelGroup[] = []
  const rows: PanelRow[] = []
  const indexes = new Map<CostLayer, number>()
  const calls: Node[] = []
  for (const stage of stagesOf(root)) {
    const stageFirst = layers.length
    for (const block of blocksOf(stage)) {
      const blockFirst = layers.length
      for (const layer of layersOf(block)) {
        indexes.set(layer, layers.length)
        calls.push(layer.node)
        layers.push(panelLayer(layer, blocks.length, stages.length, options, totals.macs))
      }
      blocks.push(toGroup(block.id, blockName(stage, block), blockFirst, layers.length, block.sum))
    }
    stages.push(toGroup(stageId(stage, stages.length), stage.name, stageFirst, layers.length, stage.sum))
    rows.push(...stageRows(stage, stages.length - 1, { indexes, options, total: totals.macs }))
  }
  if (uncalled.layers.length) rows.push(uncalledRow(uncalled, options))
  const sum = { ...root.sum, params: totals.params, paramsExact: root.sum.paramsExact && uncalled.exact }
  const idOf = new Map([...indexes.keys()].flatMap(({ id, nodes }) => nodes.map(node => [node, id] as const)))
  return { layers, blocks, stages, rows, sum, nodes: calls, idOf }
}

/** 1-based lines of a place in the analysed text; null for a place in another file. */
export function placeOf(site: Site, lineStarts: readonly number[]): PanelPlace | null {
  if (site.uri !== undefined) return null
  const line = positionAt(lineStarts, site.span.start).line + 1
  return {
    line,
    endLine: Math.max(line, positionAt(lineStarts, Math.max(site.span.start, site.span.end - 1)).line + 1),
  }
}

interface RowContext {
  readonly indexes: ReadonlyMap<CostLayer, number>
  readonly options: CostOptions
  readonly total: number
}

function panelLayer(layer: CostLayer, block: number, stage: number, options: CostOptions, total: number): PanelLayer {
  const { node, sum } = layer
  const work = sum.macsExact ? sum.macs * options.perMac : null
  const { traffic } = node.cost
  return {
    id: layer.id,
    kind: kindOf(node),
    what: describeNode(node),
    input: node.inputs.map(v => formatShape(v.shape)).join(', ') || '–',
    output: node.outputs.map(v => formatShape(v.shape)).join(', '),
    params: sum.paramsExact ? sum.params : null,
    work,
    share: work === null || total === 0 ? null : sum.macs / total,
    intensity: node.cost.macs === null || !traffic ? null : (2 * node.cost.macs) / (traffic * options.bytesPerElement),
    field: fieldText(node.outputs[0]?.reach ?? null),
    place: placeOf(layer.site, options.lineStarts),
    places: placesOf(layer, options.lineStarts),
    unknown: node.unknown,
    block,
    stage,
  }
}

const groupMaker =
  ({ perMac }: CostOptions, totals: { macs: number; params: number }) =>
  (id: string, name: string, first: number, last: number, sum: Sum): PanelGroup => ({
    id,
    name,
    first,
    last,
    work: sum.macs * perMac,
    params: sum.params,
    share: ratio(sum.macs, totals.macs),
    paramShare: ratio(sum.params, totals.params),
    atLeast: !sum.macsExact,
    paramsAtLeast: !sum.paramsExact,
  })

/** A container of the file's is its own row; layers of one size are put under one; stem and head stand by themselves. */
function stageRows(stage: Stage, index: number, context: RowContext): PanelRow[] {
  const items = stage.items.map(item => itemRow(item, context, stage.by === 'box'))
  const rest = restRow(stage.rest, stageId(stage, index), context.options)
  if (stage.by !== 'size' || stage.items.length < 2) return [...items, ...rest]
  const row = sumRow(stageId(stage, index), stage.name, plural(items.length, noun(stage.items)), stage.sum, context)
  const output = outputOf(stage.items.at(-1)!)
  return [{ ...row, output: output ? formatShape(output.shape) : '', children: [...items, ...rest] }]
}

function itemRow(item: CostItem, context: RowContext, isStage = false): PanelRow {
  if (item.kind === 'layer') return layerRow(item, context)
  const children = item.items.map(inner => itemRow(inner, context))
  const holdsBoxes = item.items.some(inner => inner.kind === 'box')
  const type = item.scope?.origin.type
  const note = (!(isStage && holdsBoxes) && type) || plural(item.items.length, noun(item.items))
  const output = outputOf(item)
  return {
    ...sumRow(item.id, item.name, note, item.sum, context),
    output: output ? formatShape(output.shape) : '',
    // What a helper of the program builds belongs to the line that asked for it.
    place: item.scope ? placeOf(askedSite(item.scope.origin), context.options.lineStarts) : null,
    children: [...children, ...restRow(item.rest, item.id, context.options)],
  }
}

const noun = (items: readonly CostItem[]): string => (items.some(inner => inner.kind === 'box') ? 'block' : 'layer')

function layerRow(layer: CostLayer, { indexes, options, total }: RowContext): PanelRow {
  const { sum } = layer
  return {
    id: layer.id,
    name: layer.name,
    note: '',
    kind: kindOf(layer.node),
    layer: indexes.get(layer) ?? null,
    what: describeNode(layer.node),
    output: layer.node.outputs.map(v => formatShape(v.shape)).join(', '),
    params: sum.params,
    work: sum.macs * options.perMac,
    share: ratio(sum.macs, total),
    atLeast: !sum.macsExact,
    paramsAtLeast: !sum.paramsExact,
    place: placeOf(layer.site, options.lineStarts),
    children: [],
  }
}

function sumRow(id: string, name: string, note: string, sum: Sum, { options, total }: RowContext): PanelRow {
  return {
    id: `${id}/`,
    name,
    note,
    kind: 'sum',
    layer: null,
    what: '',
    output: '',
    params: sum.params,
    work: sum.macs * options.perMac,
    share: ratio(sum.macs, total),
    atLeast: !sum.macsExact,
    paramsAtLeast: !sum.paramsExact,
    place: null,
    children: [],
  }
}

/** One row for what has params and multiplies nothing: norms, learnable activations. */
function restRow(nodes: readonly Node[], id: string, options: CostOptions): PanelRow[] {
  const [only, ...others] = nodes
  if (!only) return []
  const ops = [...new Set(nodes.map(node => node.op.replaceAll('_', ' ')))]
  const sum = sumOf(nodes)
  const name = others.length
    ? `${nodes.length} ${ops.every(op => op.endsWith('norm')) ? 'norms' : 'others'}`
    : lastName(only)
  return [
    {
      ...sumRow('', name, '', sum, { indexes: new Map(), options, total: 0 }),
      id: `${id}/rest`,
      kind: 'rest',
      what: ops.join(', '),
      place: others.length ? null : placeOf(only.origin.site, options.lineStarts),
    },
  ]
}

interface Uncalled {
  readonly layers: readonly Layer[]
  readonly params: number
  readonly exact: boolean
}

/** Layers that own params and that no call uses; they count in the params. */
function neverCalled(graph: Graph): Uncalled {
  const called = new Set(graph.nodes.map(node => node.layer))
  const layers: Layer[] = []
  let params = 0
  let exact = true
  for (const layer of graph.layers) {
    const weights = called.has(layer) ? [] : layer.weights.filter(weight => weight.kind !== 'buffer')
    if (!weights.length) continue
    layers.push(layer)
    for (const { elements } of weights) {
      params += elements ?? 0
      if (elements === null) exact = false
    }
  }
  return { layers, params, exact }
}

function uncalledRow({ layers, params, exact }: Uncalled, options: CostOptions): PanelRow {
  const sum = { macs: 0, params, macsExact: true, paramsExact: exact }
  const names = layers.slice(0, 3).map(layer => layer.origin.path)
  return {
    ...sumRow('', 'never called', '', sum, { indexes: new Map(), options, total: 0 }),
    id: 'never called/rest',
    kind: 'rest',
    what: names.join(', ') + (layers.length > 3 ? ', …' : ''),
    place: placeOf(layers[0]!.origin.site, options.lineStarts),
  }
}

/** The places of a layer and of every module around it, each once. */
function placesOf({ node, site }: CostLayer, lineStarts: readonly number[]): PanelPlace[] {
  const sites = new Set([site, node.origin.site, askedSite(node.origin)])
  for (let scope = node.scope; scope; scope = scope.parent) {
    sites.add(scope.origin.site)
    sites.add(askedSite(scope.origin))
  }
  return [...sites].flatMap(each => placeOf(each, lineStarts) ?? [])
}

const askedSite = ({ site, asked }: Origin): Site => asked ?? site

function fieldText(reach: Reach): string | null {
  if (reach === null || reach === 'all') return reach
  const sizes = reach.field.map(size => String(Math.round(size)))
  return sizes.every(size => size === sizes[0]) ? sizes[0]! : sizes.join('×')
}

const blockName = (stage: Stage, block: CostItem): string =>
  stage.by === 'box' && stage.items[0] !== block ? `${stage.name}.${block.name}` : block.name
const stageId = (stage: Stage, index: number): string => (stage.by === 'box' ? stage.items[0]!.id : `stage ${index}`)
const lastName = (node: Node): string => node.origin.path.split('.').at(-1)!
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)
