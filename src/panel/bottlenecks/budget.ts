import { html, type TemplateResult } from 'lit'
import { parseCount } from '../../base/parse'
import type { AdviceAnswer } from '../../protocol/panelAdvice'
import type { App, Shown } from '../app'
import { select } from '../parts'
import { type Choice, rowsOf } from './picks'

/** `Bring under [3G] [MACs v] [Tick]`: ticks the cheapest set of edits that does. */
export function budgetField({ app, state, model }: Shown): TemplateResult {
  const { budget } = state
  const ask = (): void => {
    const most = parseCount(budget.text)
    if (most === null) {
      const said = `${budget.text ? `${budget.text} is no number` : 'Type a number'}: 3G, 600M or 25.6M.`
      app.update({ budget: { ...budget, said }, said })
      return
    }
    const perMac = budget.of === 'macs' && model.unit === 'FLOPs' ? 2 : 1
    app.update({ budget: { ...budget, said: '', asking: true } })
    const params = {
      of: budget.of,
      most: most / perMac,
      device: model.device,
      unit: model.unit,
      multiple: state.multiple,
    }
    app.send({ type: 'budget', key: JSON.stringify([model.uri, model.version, params]), params })
  }
  const units = [
    { value: 'macs', label: model.unit },
    { value: 'params', label: 'params' },
  ]
  return html`
    <form
      class="budget"
      role="group"
      aria-label="Bring the model under a budget"
      @submit=${(event: Event) => {
        event.preventDefault()
        ask()
      }}
    >
      <label class="chip">
        <span class="chip-prefix">bring under</span>
        <input
          type="text"
          class="budget-text"
          size="5"
          placeholder="3G"
          aria-label="Budget"
          .value=${budget.text}
          @input=${(event: Event) =>
            app.update({ budget: { ...app.state.budget, text: (event.target as HTMLInputElement).value.trim() } })}
        />
      </label>
      ${select('Budget of', '', units, budget.of, of => app.update({ budget: { ...budget, of: of as 'macs' | 'params', said: '' } }))}
      <button type="submit" class="secondary" ?disabled=${budget.asking}>Tick</button>
    </form>
  `
}

/** Ticks what the server found, with its forms and widths. */
export function receiveBudget(app: App, { budget: answer }: AdviceAnswer & { type: 'budget' }): void {
  const { state } = app
  const { model } = state
  const said = answer?.text ?? 'The analysis failed; the output channel ConvLens says why.'
  const budget = { ...state.budget, said, asking: false }
  if (model?.state !== 'network' || !answer?.met || answer.version !== model.version) {
    app.update({ budget, said })
    return
  }
  const rows = rowsOf(model)
  const choices: Record<string, Choice> = {}
  const ticks: string[] = []
  for (const { place, name, form, ratio } of answer.picks) {
    const row = rows.find(({ at, group }) => at === place && (name === undefined || group === name))
    if (!row) continue
    ticks.push(row.id)
    const choice: Choice = {
      ...(form === state.form ? {} : { form }),
      ...(ratio === undefined || ratio === state.ratio ? {} : { ratio }),
    }
    if (Object.keys(choice).length) choices[row.id] = choice
  }
  app.update({ budget, said, ticks, choices })
}
