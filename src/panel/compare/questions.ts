/** Asks the extension to compare whenever what the tab shows is another: its sides, the model, the ticks. */
import type { CompareAnswer } from '../../protocol/panelCompare'
import type { App } from '../app'
import { tickedPicks } from '../bottlenecks/picks'

export interface CompareQuestions {
  /** Called after every change of the state. */
  sync(): void
  receive(answer: CompareAnswer): void
}

export function compareQuestions(app: App): CompareQuestions {
  let asked = ''
  return {
    sync() {
      const { state } = app
      const { model, compare, multiple } = state
      if (model?.state !== 'network' || state.tab !== 'compare') return
      const picks = tickedPicks(state, model)
      const { a, b } = compare
      const shown = [model.uri, model.version, model.model, model.input, model.unit, model.device]
      const key = JSON.stringify([shown, multiple, a, b, picks])
      if (key === asked) return
      asked = key
      app.send({ type: 'compare', key, a, b, picks, multiple })
    },
    receive(answer) {
      const { state } = app
      if (answer.type === 'compareSide') {
        app.update({ compare: { ...state.compare, [answer.side]: answer.choice } })
      } else if (answer.key === asked && state.model) {
        app.update({ comparison: { ...answer, uri: state.model.uri } })
      }
    },
  }
}
