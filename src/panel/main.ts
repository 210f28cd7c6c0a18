import { render } from 'lit'
import type { FromPanel, PanelPlace, ToPanel } from '../protocol/panel'
import type { App } from './app'
import { receiveBudget } from './bottlenecks/budget'
import { afterEdit } from './bottlenecks/footer'
import { stillThere } from './bottlenecks/picks'
import { questions } from './bottlenecks/questions'
import { compareQuestions } from './compare/questions'
import { textMeasure } from './measure'
import {
  initialState,
  type Kept,
  keptOf,
  layersOnLine,
  NO_COMPARISON,
  openRows,
  ROW_LIMIT,
  rowIndex,
  type State,
} from './state'
import { view } from './view'
import './panel.css'

interface VsCodeApi {
  postMessage(message: FromPanel): void
  getState(): Kept | undefined
  setState(state: Kept): void
}
declare function acquireVsCodeApi(): VsCodeApi

/** A line that leads to more layers than this (a block that is used all over) opens no rows. */
const MOST_OPENED = 20
/** Work that takes longer than this is shown to be under way; shorter work changes nothing on the page. */
const PROGRESS_AFTER_MS = 300
/** Work that took longer than this is told to a screen reader when it is done. */
const TELL_AFTER_MS = 1000

start(acquireVsCodeApi(), document.getElementById('root')!)

function start(vscode: VsCodeApi, root: HTMLElement): void {
  let state = initialState(vscode.getState())
  let wantedFocus: string | null = null
  let readingSince = 0
  let readingTimer: ReturnType<typeof setTimeout> | undefined

  const app: App = {
    get state() {
      return state
    },
    measure: textMeasure(),
    update,
    send: message => vscode.postMessage(message),
    select(ids) {
      setSelection(ids)
      vscode.postMessage({ type: 'select', places: placesOf(ids) })
    },
    reveal(place) {
      if (place) vscode.postMessage({ type: 'reveal', place })
    },
    focus(selector) {
      wantedFocus = selector
      draw()
    },
  }

  const advice = questions(app)
  const comparison = compareQuestions(app)

  function update(patch: Partial<State>): void {
    const before = keptOf(state)
    state = { ...state, ...patch }
    const after = keptOf(state)
    if ((Object.keys(after) as (keyof Kept)[]).some(key => after[key] !== before[key])) vscode.setState(after)
    draw()
    advice.sync()
    comparison.sync()
  }

  function draw(): void {
    render(view(app), root)
    root.dataset.width = String(state.width)
    if (wantedFocus === null) return
    const target = document.querySelector<HTMLElement>(wantedFocus)
    wantedFocus = null
    target?.focus()
  }

  /** Selects, and opens the rows above what is selected, unless that is half the table. */
  function setSelection(ids: readonly string[]): void {
    const { model } = state
    if (model?.state !== 'network') return
    const index = rowIndex(model.rows)
    const above = ids.length > MOST_OPENED ? [] : ids.flatMap(id => index.get(id)?.above ?? [])
    const open = openRows(state, model)
    const opened = above.some(id => !open.has(id)) ? [...new Set([...open, ...above])] : state.open
    update({ selection: ids, open: opened })
  }

  function placesOf(ids: readonly string[]): PanelPlace[] {
    const { model } = state
    if (model?.state !== 'network') return []
    const index = rowIndex(model.rows)
    return ids.flatMap(id => index.get(id)?.row.place ?? [])
  }

  function followCursor(line: number | null): void {
    const { model, pinned } = state
    if (line === state.cursor) return
    update({ cursor: line })
    if (line === null || pinned || model?.state !== 'network') return
    const ids = layersOnLine(model, line)
    // One of a line's layers that was chosen here stays chosen when the editor comes to its line.
    const { selection } = state
    if (!ids.length || (selection.length && selection.every(id => ids.includes(id)))) return
    setSelection(ids)
    document.querySelector(`[data-row="${CSS.escape(ids[0]!)}"]`)?.scrollIntoView({ block: 'nearest' })
  }

  function receive(message: ToPanel): void {
    if (message.type === 'model') {
      clearTimeout(readingTimer)
      const took = readingSince ? performance.now() - readingSince : 0
      readingSince = 0
      const sameFile = state.uri === message.model.uri
      const named = message.model.state === 'network' ? message.model.model : message.model.file
      update({
        ...(sameFile ? {} : { selection: [], open: null, rowLimit: ROW_LIMIT, filter: '', compare: NO_COMPARISON }),
        ...stillThere(state, message.model),
        uri: message.model.uri,
        model: message.model,
        reading: null,
        failure: null,
        said: took > TELL_AFTER_MS ? `${named} is analysed` : state.said,
      })
    } else if (message.type === 'reading') {
      readingSince ||= performance.now()
      clearTimeout(readingTimer)
      readingTimer = setTimeout(() => update({ reading: message.file }), PROGRESS_AFTER_MS)
    } else if (message.type === 'failed') {
      clearTimeout(readingTimer)
      readingSince = 0
      update({ reading: null, failure: message.message })
    } else if (message.type === 'cursor') followCursor(message.line)
    else if (message.type === 'show') {
      update({ tab: message.tab, ...(message.compare ? { compare: { ...state.compare, ...message.compare } } : {}) })
    } else if (message.type === 'said') update({ said: message.text })
    else if (message.type === 'edited') afterEdit(app, message)
    else if (message.type === 'budget') receiveBudget(app, message)
    else if (message.type === 'proposal' || message.type === 'applied') advice.receive(message)
    else if (message.type === 'comparison' || message.type === 'compareSide') comparison.receive(message)
  }

  window.addEventListener('message', (event: MessageEvent<ToPanel>) => receive(event.data))
  document.addEventListener('click', () => state.menu && update({ menu: null }))
  // A select closes its list on Escape before the key arrives here, which must not leave the page as well.
  let closesList = false
  const noteList = ({ target }: Event): void => {
    closesList = target instanceof HTMLElement && 'open' in target && target.open === true
  }
  document.addEventListener('keydown', noteList, true)
  document.addEventListener('keydown', event => {
    const typing = event.target instanceof HTMLInputElement
    if (event.key === 'Escape' && !event.defaultPrevented && !state.menu && !closesList)
      vscode.postMessage({ type: 'toEditor' })
    else if (event.key === '?' && !typing) {
      update({ keysShown: true })
      app.focus('.keys button')
    }
  })
  new ResizeObserver(() => {
    if (root.clientWidth !== state.width) update({ width: root.clientWidth })
  }).observe(root)
  state = { ...state, width: root.clientWidth }
  draw()
  const { form, ratio, multiple, paper, pinned } = state
  vscode.postMessage({ type: 'ready', uri: state.uri, form, ratio, multiple, paper, pinned })
}
