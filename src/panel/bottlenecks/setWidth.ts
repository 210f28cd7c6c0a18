import type { PanelDetail } from '../../protocol/panelAdvice'
import type { Shown } from '../app'
import { type Choice, type Row, widthOf } from './picks'

/** Sets r of a layer by hand; where it is what the list's width comes to, nothing is set. */
export function setWidth(
  { app }: Shown,
  { id }: Row,
  { curve }: PanelDetail,
  r: number,
  { dragging = false, released = false }: { dragging?: boolean; released?: boolean } = {},
): void {
  const { choices, ratio, multiple } = app.state
  const { width: _, ratio: __, ...rest } = choices[id] ?? {}
  const isUsual = !curve || widthOf(curve.cin, ratio, multiple) === r
  setChoice(app, id, isUsual ? rest : { ...rest, width: r }, { dragging, released })
}

/** Keeps a choice, or takes it back where it says nothing. */
export function setChoice(
  app: Shown['app'],
  id: string,
  choice: Choice,
  more: { dragging?: boolean; released?: boolean } = {},
): void {
  const { [id]: _, ...others } = app.state.choices
  const isEmpty = Object.values(choice).every(value => value === undefined)
  app.update({ choices: isEmpty ? others : { ...others, [id]: choice }, dragging: false, released: false, ...more })
}

/** The width of a layer that is shown: as set by hand, else as the server took it. */
export function shownWidth({ state }: Shown, { id }: Row, detail: PanelDetail): number {
  const { width, ratio = state.ratio } = state.choices[id] ?? {}
  return width ?? (detail.curve ? widthOf(detail.curve.cin, ratio, state.multiple) : 0)
}
