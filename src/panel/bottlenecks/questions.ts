/** Asks the server for what the tab shows and does not have yet. Answers to what is no longer asked are dropped. */
import type { AdviceAnswer } from '../../protocol/panelAdvice'
import { type App, isSide } from '../app'
import { type Answered, openRow, questionOf, type Row, rowsOf, tickedPicks } from './picks'

export interface Questions {
  /** Called after every change of the state. */
  sync(): void
  receive(answer: AdviceAnswer): void
}

/** How long a width rests before it is asked for: until then the closed formulas speak. */
export const REST_MS = 400
/** Ticks follow each other faster than their sum can be analysed. */
const TICK_REST_MS = 120

export function questions(app: App): Questions {
  const asked = new Map<string, string>()
  let askedTicks = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  let tickTimer: ReturnType<typeof setTimeout> | undefined

  function syncDetails(): void {
    clearTimeout(timer)
    const { state } = app
    const { model } = state
    if (model?.state !== 'network' || !SHOWS_ADVICE.has(state.tab)) return
    const open = openRow(state, model, isSide(state))
    const chosen = rowsOf(model).filter(row => row !== open && state.choices[row.id])
    for (const row of open ? [open, ...chosen] : chosen) {
      const { base, key, pick } = questionOf(state, model, row)
      const answered = state.details[row.id]
      if (answered?.key === key || asked.get(row.id) === key) continue
      const ask = (): void => {
        asked.set(row.id, key)
        const { device } = model
        app.send({ type: 'proposal', key, params: { pick, device, multiple: state.multiple } })
      }
      // Only the width is another: the curve says it, until it rests.
      if (answered?.base === base) timer = setTimeout(ask, state.dragging ? REST_MS : state.released ? 0 : REST_MS)
      else ask()
    }
  }

  function syncTicks(): void {
    const { state } = app
    const { model } = state
    if (model?.state !== 'network' || !state.ticks.length) return
    const picks = tickedPicks(state, model)
    const key = JSON.stringify([
      model.uri,
      model.version,
      model.model,
      model.input,
      model.device,
      state.multiple,
      picks,
    ])
    if (!picks.length || askedTicks === key) return
    clearTimeout(tickTimer)
    askedTicks = key
    if (state.applied?.key === key) return
    const send = (): void =>
      app.send({ type: 'applied', key, params: { picks, device: model.device, multiple: state.multiple } })
    tickTimer = setTimeout(send, state.dragging ? REST_MS : TICK_REST_MS)
  }

  return {
    sync() {
      syncDetails()
      syncTicks()
    },
    receive(answer) {
      const { state } = app
      const { model } = state
      if (model?.state !== 'network') return
      if (answer.type === 'proposal') {
        const row = rowsOf(model).find(({ id }) => asked.get(id) === answer.key)
        if (!row) return
        asked.delete(row.id)
        const { base, key } = questionOf(state, model, row)
        if (key === answer.key) app.update({ details: kept(app, row, { base, key, detail: answer.detail }) })
      } else if (answer.type === 'applied') {
        if (answer.key !== askedTicks) return
        app.update({ applied: answer.applied && { key: answer.key, ...answer.applied } })
      }
    },
  }
}

/** Charts of other tabs draw the same proposal. */
const SHOWS_ADVICE: ReadonlySet<string> = new Set(['bottlenecks', 'picture', 'roofline'])

/** Details of rows that were set by hand stay; of the others only the last one. */
function kept({ state }: App, { id }: Row, answered: Answered): Record<string, Answered> {
  const others = Object.entries(state.details).filter(([other]) => state.choices[other])
  return { ...Object.fromEntries(others), [id]: answered }
}
