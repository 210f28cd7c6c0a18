import type { PanelForm, PanelModel, PanelNetwork, PanelPlace, PanelRatio, PanelRow, PanelTab } from '../protocol/panel'
import type { PanelApplied } from '../protocol/panelAdvice'
import type { CompareAnswer, CompareSides } from '../protocol/panelCompare'
import type { PaperChoice } from '../protocol/paper'
import type { Answered, Choice } from './bottlenecks/picks'
import type { CompareView } from './compare/compareRows'

export type CostView = 'depth' | 'icicle' | 'paper'
export type Level = 'layers' | 'blocks' | 'stages'
export type SortKey = 'order' | 'params' | 'work' | 'share' | 'intensity' | 'field' | 'line'
export type ProposalOrder = 'time' | 'work' | 'traffic' | 'order'

export interface PictureState {
  /** What a form would put in place is drawn beside what is written. */
  readonly beside: boolean
  /** The block or stage whose channels are drawn; null for the one around the layer. */
  readonly profile: string | null
}

/** What the Compare tab compares, null for the usual side, and how it shows that. */
export interface CompareState extends CompareSides, CompareView {}

/** The last answer, and the document that it is of. */
export type Comparison = CompareAnswer & { readonly type: 'comparison'; readonly uri: string }

/** What survives a reload of the window. */
export interface Kept {
  readonly tab: PanelTab
  /** The document that the selection and the open rows are of. */
  readonly uri: string | null
  readonly model: PanelModel | null
  readonly view: CostView
  readonly level: Level
  /** Ids of rows: layers, or one container. */
  readonly selection: readonly string[]
  readonly sort: { readonly key: SortKey; readonly down: boolean }
  /** Rows that were opened by hand; null while nobody has. */
  readonly open: readonly string[] | null
  /** Groups of proposals; null while nobody has opened or closed one. */
  readonly closedGroups: readonly string[] | null
  readonly form: PanelForm
  readonly ratio: PanelRatio
  /** What widths are rounded to. */
  readonly multiple: number
  /** What the paper table counts. */
  readonly paper: PaperChoice
  readonly order: ProposalOrder
  /** Ids of proposals that are to be written. */
  readonly ticks: readonly string[]
  /** Forms and widths that were set by hand, by the proposal's id. */
  readonly choices: Readonly<Record<string, Choice>>
  readonly picture: PictureState
  readonly compare: CompareState
  readonly pinned: boolean
}

export interface State extends Kept {
  /** Under the pointer; shown in the readout and nowhere kept. */
  readonly hover: string | null
  /** The readout stays with the selection whatever the pointer is over. */
  readonly held: boolean
  /** The one element of each composite that Tab reaches, by its id. */
  readonly focus: { readonly chart: string | null; readonly table: string | null; readonly list: string | null }
  /** Level of the icicle that the keyboard is in. */
  readonly icicleLevel: number
  readonly filter: string
  readonly menu: 'export' | 'more' | null
  readonly keysShown: boolean
  /** The file being read, once that takes long enough to say so. */
  readonly reading: string | null
  readonly failure: string | null
  /** 1-based line under the editor's cursor. */
  readonly cursor: number | null
  readonly said: string
  /** Width of the page's content in pixels. */
  readonly width: number
  readonly rowLimit: number
  readonly comparison: Comparison | null
  /** The row of the comparison that Tab reaches. */
  readonly compareFocus: string | null
  /** What the server said of proposals, by their id. */
  readonly details: Readonly<Record<string, Answered>>
  /** What the ticked proposals come to together, with the question it answers. */
  readonly applied: (PanelApplied & { readonly key: string }) | null
  /** A width is being dragged; it was let go. */
  readonly dragging: boolean
  readonly released: boolean
  readonly budget: BudgetState
  /** Edits were asked for and are not answered yet. */
  readonly writing: boolean
  /** What became of them. */
  readonly edited: string
}

export interface BudgetState {
  /** As typed. */
  readonly text: string
  readonly of: 'macs' | 'params'
  /** The answer, or what is wrong with the text. */
  readonly said: string
  readonly asking: boolean
}

/** Rows that a table draws at once; more are asked for. */
export const ROW_LIMIT = 400

export const NO_COMPARISON: CompareState = { a: null, b: null, all: false, toggled: [], unfolded: [] }

export function initialState(stored: Partial<Kept> | undefined): State {
  const kept = { ...stored, model: isWhole(stored?.model) ? stored.model : null }
  return {
    tab: 'cost',
    uri: null,
    view: 'depth',
    level: 'layers',
    selection: [],
    sort: { key: 'order', down: false },
    open: null,
    closedGroups: null,
    form: 'bottleneck',
    ratio: 4,
    multiple: 8,
    paper: { kilo: 1000, biases: 'params' },
    order: 'time',
    ticks: [],
    choices: {},
    picture: { beside: true, profile: null },
    compare: NO_COMPARISON,
    pinned: false,
    ...kept,
    hover: null,
    held: false,
    focus: { chart: null, table: null, list: null },
    icicleLevel: 3,
    filter: '',
    menu: null,
    keysShown: false,
    reading: null,
    failure: null,
    cursor: null,
    said: '',
    width: 800,
    rowLimit: ROW_LIMIT,
    comparison: null,
    compareFocus: null,
    details: {},
    applied: null,
    dragging: false,
    released: false,
    budget: { text: '', of: 'macs', said: '', asking: false },
    writing: false,
    edited: '',
  }
}

/** A window may be opened again by a newer version than the one that kept its state. */
const isWhole = (model: PanelModel | null | undefined): model is PanelModel =>
  model != null &&
  (model.state === 'empty' || ('picture' in model && 'roofline' in model && 'paper' in model && 'behind' in model))

/** The part of the state that is kept, without models too large to be stored at every change. */
export function keptOf(state: State): Kept {
  const { tab, uri, model, view, level, selection, sort, open, closedGroups, order, pinned } = state
  const { form, ratio, multiple, paper, ticks, choices, picture, compare } = state
  const small = model?.state === 'network' && model.layers.length > 2000 ? null : model
  const chosen = { form, ratio, multiple, paper, order, ticks, choices, picture, compare, pinned }
  return { tab, uri, model: small, view, level, selection, sort, open, closedGroups, ...chosen }
}

/** Ids of the layers that a line of the text leads to, by the smallest of the places around it. */
export function layersOnLine(model: PanelNetwork, line: number): string[] {
  const size = ({ line: first, endLine }: PanelPlace): number => endLine - first
  let innermost: PanelPlace | undefined
  for (const place of model.layers.flatMap(layer => layer.places)) {
    const inside = place.line <= line && line <= place.endLine
    if (inside && (!innermost || size(place) < size(innermost))) innermost = place
  }
  const isIt = (place: PanelPlace): boolean => place.line === innermost?.line && place.endLine === innermost.endLine
  return model.layers.filter(layer => layer.places.some(isIt)).map(layer => layer.id)
}

/** Rows by id, with the ids of the rows above them. */
export function rowIndex(rows: readonly PanelRow[]): Map<string, { row: PanelRow; above: readonly string[] }> {
  const index = new Map<string, { row: PanelRow; above: readonly string[] }>()
  const walk = (list: readonly PanelRow[], above: readonly string[]): void => {
    for (const row of list) {
      index.set(row.id, { row, above })
      walk(row.children, [...above, row.id])
    }
  }
  walk(rows, [])
  return index
}

/** Rows with children, when so few rows are in all that they are open from the start. */
export function openRows(state: State, model: PanelNetwork): ReadonlySet<string> {
  if (state.open) return new Set(state.open)
  const all = [...rowIndex(model.rows).values()]
  return new Set(all.length <= 40 ? all.filter(({ row }) => row.children.length).map(({ row }) => row.id) : [])
}
