import { html, type TemplateResult } from 'lit'
import type { App } from './app'

const KEYS: readonly (readonly [string, string])[] = [
  ['←  →', 'the next layer of a chart; close and open a row'],
  ['Shift ←  →', 'the next block of a chart'],
  ['↑  ↓', 'the next row of a table; the level of the icicle; more and less work in the roofline'],
  ['↑ above the first row', 'the heads of the table: ← → along them, Enter sorts'],
  ['Home  End', 'the first, the last'],
  ['letters', 'filter the table; Backspace takes back'],
  ['Enter', 'go to the line in the editor'],
  ['Space', 'hold the readout of a chart; tick a proposal'],
  ['←  →  of r', 'one multiple; with Shift 1; PageUp and PageDown double and halve'],
  ['Home  End  b', 'of r: the smallest, the largest that pays, the next break-even'],
  ['Esc', 'back to the editor'],
  ['?', 'these keys'],
]

/** The list of keys, over the page until it is closed. */
export function keysDialog(app: App): TemplateResult {
  const close = (): void => app.update({ keysShown: false })
  return html`
    <div
      class="keys"
      role="dialog"
      aria-modal="true"
      aria-label="Keys"
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        close()
      }}
    >
      <h2>Keys</h2>
      <dl>
        ${KEYS.map(([keys, what]) => html`<div><dt>${keys}</dt><dd>${what}</dd></div>`)}
      </dl>
      <button type="button" class="plain" @click=${close}>Close</button>
    </div>
  `
}
