import type { FromPanel, PanelNetwork, PanelPlace } from '../protocol/panel'
import type { Measure } from './measure'
import type { State } from './state'

/** What every part of the page is given: the state, and the ways to change it. */
export interface App {
  readonly state: State
  readonly measure: Measure
  update(patch: Partial<State>): void
  send(message: FromPanel): void
  /** Selects rows everywhere and shows their lines in the editor. */
  select(ids: readonly string[]): void
  /** Goes to the line in the editor. */
  reveal(place: PanelPlace | null): void
  /** Puts the keyboard's focus on an element once the page is drawn. */
  focus(selector: string): void
}

/** The same with a network to show. */
export interface Shown {
  readonly app: App
  readonly state: State
  readonly model: PanelNetwork
}

/** Below this width of the content the page is narrow: fewer figures, fewer columns. */
export const NARROW = 720
/** From this width of the page on a detail stands beside its list. */
const SIDE = 880
export const isSide = (state: State): boolean => state.width >= SIDE
export const isNarrow = (state: State): boolean => state.width < NARROW
