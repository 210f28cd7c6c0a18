/**
 * The Compare tab: totals of both, then the layers of both in groups.
 *
 *   MACs            params                 block1  2 layers, no change       1.94G       =       =
 *   15.5G → 8.09G −48%   138M → 132M −4.6%     block3                        4.62G   1.36G  −3.26G
 *   [████      ]    [█████████ ]           +  conv3_2_reduce  1×1 256→64         –   51.4M  +51.4M  ▪
 *                                          ~  conv3_2  3×3 256→256 ⇒ 64→64   1.85G    116M  −1.73G  [▪        ]
 */
import { type Device, deviceById } from '../analysis/advice'
import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import { type Compared, type ComparedTotal, compareLayers, compareTotals } from '../analysis/compare'
import { describeNode, kindOf } from '../analysis/kind'
import { blocksOf, type Stage, stagesOf } from '../analysis/stages'
import { type CostLayer, costTree, layersOf } from '../analysis/tree'
import { formatCount } from '../base/format'
import type { PanelUnit } from '../protocol/panel'
import type {
  PanelCompareCost,
  PanelCompared,
  PanelCompareGroup,
  PanelCompareRow,
  PanelCompareSum,
  PanelTotalChange,
} from '../protocol/panelCompare'
import { placeOf } from './panelCost'
import { changedText, changeText, type Side, totalName, totalText } from './reportCompare'
import { inputText } from './totals'

export interface PanelCompareOptions {
  readonly unit?: PanelUnit
  readonly device?: Device
  /** The document and model that the rest of the panel shows: rows of it can be selected. */
  readonly shown?: { readonly analysis: Analysis; readonly model: ModelAnalysis }
}

export function panelCompare(
  a: Side,
  b: Side,
  { unit = 'MACs', device = deviceById(undefined), shown }: PanelCompareOptions,
): PanelCompared {
  const perMac = unit === 'FLOPs' ? 2 : 1
  const [of, and] = [stagedOf(a.model), stagedOf(b.model)]
  const pairs = compareLayers([...of.stageOf.keys()], [...and.stageOf.keys()])
  const isShown = ({ analysis, model }: Side): boolean => analysis === shown?.analysis && model === shown.model
  const context: Context = {
    perMac,
    shown: isShown(b) ? { side: 'b', analysis: b.analysis } : isShown(a) ? { side: 'a', analysis: a.analysis } : null,
  }
  const groups = groupsOf(pairs, of, and, context)
  const rows = groups.flatMap(group => group.rows)
  const count = (mark: string): number => pairs.filter(pair => pair.mark === mark).length
  return {
    state: 'compared',
    a: modelOf(a),
    b: modelOf(b),
    unit,
    totals: compareTotals(a.model, b.model, device)
      .filter(total => SHOWN_TOTALS.has(total.of))
      .map(total => totalChange(total, device, unit)),
    groups,
    largest: rows.reduce((most, row) => Math.max(most, row.a?.work ?? 0, row.b?.work ?? 0), 0),
    counts: { equal: count('='), changed: count('~'), added: count('+'), removed: count('−') },
  }
}

const modelOf = ({ label, model }: Side) => ({ label, model: model.name, input: inputText(model) })

/** Weights are params in bytes: the page has room for one of them. */
const SHOWN_TOTALS: ReadonlySet<ComparedTotal['of']> = new Set([
  'macs',
  'params',
  'traffic',
  'time',
  'peakActivations',
  'field',
])

function totalChange({ of, a, b }: ComparedTotal, device: Device, unit: PanelUnit): PanelTotalChange {
  const perMac = of === 'macs' && unit === 'FLOPs' ? 2 : 1
  const text = (total: typeof a): string => totalText(of, total && { ...total, value: total.value * perMac })
  const change = changeText(a, b)
  const known = change !== '?' && a !== null && b !== null
  const most = known ? Math.max(a.value, b.value) : 0
  return {
    id: of,
    label: of === 'macs' ? unit : totalName(of, device),
    a: text(a),
    b: text(b),
    change,
    // A wider field is neither better nor worse.
    direction: !known
      ? 'unknown'
      : a.value === b.value || of === 'field'
        ? 'same'
        : b.value < a.value
          ? 'gain'
          : 'loss',
    shares: most > 0 && known ? { a: a.value / most, b: b.value / most } : null,
  }
}

/** The layers of a model in order, each with its stage, and the params of stages that belong to none of their layers. */
interface Staged {
  readonly stages: readonly Stage[]
  readonly stageOf: ReadonlyMap<CostLayer, Stage>
  /** Norms, mostly. */
  readonly rests: ReadonlyMap<Stage, Rest>
  readonly model: ModelAnalysis
}

interface Rest {
  readonly params: number
  readonly exact: boolean
}

function stagedOf(model: ModelAnalysis): Staged {
  const stages = stagesOf(costTree(model.graph))
  const stageOf = new Map<CostLayer, Stage>()
  const rests = new Map<Stage, Rest>()
  for (const stage of stages) {
    const layers = blocksOf(stage).flatMap(layersOf)
    for (const layer of layers) stageOf.set(layer, stage)
    const own = layers.reduce((total, layer) => total + layer.sum.params, 0)
    const exact = stage.sum.paramsExact || layers.some(layer => !layer.sum.paramsExact)
    rests.set(stage, { params: stage.sum.params - own, exact })
  }
  return { stages, stageOf, rests, model }
}

interface Context {
  readonly perMac: number
  /** The side whose layers the rest of the panel shows. */
  readonly shown: { readonly side: 'a' | 'b'; readonly analysis: Analysis } | null
}

interface Draft {
  readonly name: string
  readonly pairs: Compared<CostLayer>[]
  readonly stages: { readonly a: Set<Stage>; readonly b: Set<Stage> }
}

/** Runs of layers of one stage: B's, or A's for layers that B lacks. What belongs to no layer goes with its stage. */
function groupsOf(pairs: readonly Compared<CostLayer>[], a: Staged, b: Staged, context: Context): PanelCompareGroup[] {
  const drafts: Draft[] = []
  let last: Stage | null = null
  const takenA = new Set<Stage>()
  for (const pair of pairs) {
    const stageB: Stage | undefined = pair.b ? b.stageOf.get(pair.b) : undefined
    const stageA = pair.a ? a.stageOf.get(pair.a) : undefined
    const before = drafts.at(-1)
    const name = (stageB ?? stageA)?.name ?? ''
    const goesOn: boolean =
      before !== undefined &&
      (stageB ? stageB === last || (last === null && before.name === name) : staysIn(before, pair.a!, name))
    const draft: Draft = goesOn ? before! : { name, pairs: [], stages: { a: new Set(), b: new Set() } }
    if (!goesOn) {
      drafts.push(draft)
      last = null
    }
    if (stageB) {
      last = stageB
      draft.stages.b.add(stageB)
    }
    // A stage of A stands with its first layer, so that what belongs to none of its layers counts once.
    if (stageA && !takenA.has(stageA)) {
      takenA.add(stageA)
      draft.stages.a.add(stageA)
    }
    draft.pairs.push(pair)
  }
  for (const stage of a.stages) if (!takenA.has(stage)) addStage(drafts, 'a', stage)
  const withLayers = new Set(b.stageOf.values())
  for (const stage of b.stages) if (!withLayers.has(stage)) addStage(drafts, 'b', stage)
  const names = new Map<string, number>()
  const groups = drafts.map(draft => {
    const times = (names.get(draft.name) ?? 0) + 1
    names.set(draft.name, times)
    return group(times === 1 ? draft.name : `${draft.name}#${times}`, draft, a, b, context)
  })
  return [...groups, ...uncalled(a, b)]
}

/** Whether a layer that B lacks stands in a group of B's: A may divide its own layers in another way. */
const staysIn = ({ name }: Draft, { id }: CostLayer, stage: string): boolean =>
  name === stage || id.startsWith(`${name}.`)

/** A stage without layers: its norms count all the same. */
function addStage(drafts: Draft[], side: 'a' | 'b', stage: Stage): void {
  let draft = drafts.find(({ name }) => name === stage.name)
  if (!draft) {
    draft = { name: stage.name, pairs: [], stages: { a: new Set(), b: new Set() } }
    drafts.push(draft)
  }
  draft.stages[side].add(stage)
}

function group(id: string, draft: Draft, a: Staged, b: Staged, context: Context): PanelCompareGroup {
  const layers = (side: 'a' | 'b'): CostLayer[] => draft.pairs.flatMap(pair => pair[side] ?? [])
  const rests = {
    a: restOf(draft.stages.a, a),
    b: restOf(draft.stages.b, b),
  }
  const sum = (side: 'a' | 'b'): PanelCompareSum | null => {
    const own = layers(side)
    const rest = rests[side]
    if (!own.length && rest.params === 0) return null
    return {
      work: own.reduce((total, layer) => total + layer.sum.macs, 0) * context.perMac,
      params: own.reduce((total, layer) => total + layer.sum.params, 0) + rest.params,
      atLeast: own.some(layer => !layer.sum.macsExact),
      paramsAtLeast: !rest.exact || own.some(layer => !layer.sum.paramsExact),
    }
  }
  const prefix = commonPath(draft.pairs.map(pair => (pair.b ?? pair.a)!.id)) ?? `${draft.name}.`
  const rows = draft.pairs.map(pair => row(pair, prefix, context))
  return { id, name: draft.name, a: sum('a'), b: sum('b'), rows: [...rows, ...restRow(id, rests.a, rests.b)] }
}

const restOf = (stages: ReadonlySet<Stage>, { rests }: Staged): Rest => ({
  params: [...stages].reduce((total, stage) => total + rests.get(stage)!.params, 0),
  exact: [...stages].every(stage => rests.get(stage)!.exact),
})

function restRow(id: string, a: Rest, b: Rest): PanelCompareRow[] {
  if (a.params === b.params && a.exact === b.exact) return []
  return [paramsRow(`${id}/rest`, 'norms and others', a, b)]
}

/** Layers that own params and that no call uses. */
function uncalled(a: Staged, b: Staged): PanelCompareGroup[] {
  const left = ({ stages, model }: Staged): Rest => ({
    params: model.totals.params - stages.reduce((total, stage) => total + stage.sum.params, 0),
    exact: true,
  })
  const [of, and] = [left(a), left(b)]
  if (of.params === and.params) return []
  const sum = ({ params }: Rest): PanelCompareSum => ({ work: 0, params, atLeast: false, paramsAtLeast: false })
  const name = 'never called'
  return [{ id: `${name}/`, name, a: sum(of), b: sum(and), rows: [paramsRow(`${name}/rest`, 'layers', of, and)] }]
}

const paramsRow = (id: string, name: string, a: Rest, b: Rest): PanelCompareRow => ({
  id,
  mark: a.params === 0 ? '+' : b.params === 0 ? '−' : '~',
  name,
  title: name,
  what: '',
  kind: 'rest',
  a: a.params === 0 ? null : { work: 0, params: a.exact ? a.params : null },
  b: b.params === 0 ? null : { work: 0, params: b.exact ? b.params : null },
  layer: null,
  place: null,
})

function row({ mark, a, b }: Compared<CostLayer>, prefix: string, { perMac, shown }: Context): PanelCompareRow {
  const one = (b ?? a)!
  const own = shown && (shown.side === 'b' ? b : a)
  return {
    id: `${a?.id ?? ''} ${b?.id ?? ''}`,
    mark,
    name: one.id.startsWith(prefix) ? one.id.slice(prefix.length) : one.id,
    title: a && b && a.id !== b.id ? `${a.id} → ${b.id}` : one.id,
    what: changedText(a ? describeNode(a.node) : undefined, b ? describeNode(b.node) : undefined),
    kind: kindOf(one.node),
    a: a && costOf(a, perMac),
    b: b && costOf(b, perMac),
    layer: own?.id ?? null,
    place: own ? placeOf(own.site, shown.analysis.lineStarts) : null,
  }
}

/** `backbone.stages.8.`, the modules that all of several layers are in; null for one. */
function commonPath(ids: readonly string[]): string | null {
  const [first = '', ...others] = ids
  if (!others.length) return null
  let length = 0
  while (length < first.length && others.every(id => id[length] === first[length])) length++
  return first.slice(0, first.lastIndexOf('.', length - 1) + 1)
}

const costOf = ({ sum }: CostLayer, perMac: number): PanelCompareCost => ({
  work: sum.macsExact ? sum.macs * perMac : null,
  params: sum.paramsExact ? sum.params : null,
})

/**
 * What changed between two versions of a model, for a lens: `−36% MACs`, or params where the MACs are equal. Null where
 * nothing did, or where a total is a lower bound.
 */
export function sinceText(before: ModelAnalysis, now: ModelAnalysis, unit: PanelUnit): string | null {
  const [a, b] = [before.totals, now.totals]
  if (a.completeness !== 'exact' || b.completeness !== 'exact') return null
  if (a.macs !== b.macs) return `${change(a.macs, b.macs, unit === 'FLOPs' ? 2 : 1)} ${unit}`
  return a.params === b.params ? null : `${change(a.params, b.params, 1)} params`
}

/** A percentage, or the count itself where there was nothing before or hardly anything changed. */
function change(a: number, b: number, factor: number): string {
  const text = changeText({ value: a, exact: true }, { value: b, exact: true })
  if (a !== 0 && !text.endsWith('<0.1%')) return text
  return (b < a ? '−' : '+') + formatCount(Math.abs(b - a) * factor)
}
