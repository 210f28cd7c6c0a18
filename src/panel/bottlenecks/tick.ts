import { html, type TemplateResult } from 'lit'
import type { Shown } from '../app'
import { icon } from '../parts'
import { isProposal, type Row } from './picks'

/** The cell that ticks a row for writing. */
export function tick(shown: Shown, row: Row): TemplateResult {
  const isOn = shown.state.ticks.includes(row.id)
  return html`
    <div
      class="cell tick-cell"
      role="gridcell"
      @click=${(event: Event) => {
        event.stopPropagation()
        toggleTick(shown, row)
      }}
      @dblclick=${(event: Event) => event.stopPropagation()}
    >
      <span class="tick" role="checkbox" aria-checked=${String(isOn)} aria-label="Write ${row.name}">
        ${isOn ? icon('check') : ''}
      </span>
    </div>
  `
}

export function toggleTick({ app }: Shown, row: Row): void {
  const { ticks, budget } = app.state
  const isOn = ticks.includes(row.id)
  if (!isOn && !isProposal(row)) return
  app.update({
    ticks: isOn ? ticks.filter(id => id !== row.id) : [...ticks, row.id],
    edited: '',
    budget: { ...budget, said: '' },
  })
}
