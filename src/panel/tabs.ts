import { html, nothing, type TemplateResult } from 'lit'
import type { PanelTab } from '../protocol/panel'
import type { Shown } from './app'
import '@vscode-elements/elements/dist/vscode-badge/index.js'

const TABS: readonly { readonly id: PanelTab; readonly name: string }[] = [
  { id: 'cost', name: 'Cost' },
  { id: 'bottlenecks', name: 'Bottlenecks' },
  { id: 'picture', name: 'Picture' },
  { id: 'compare', name: 'Compare' },
  { id: 'roofline', name: 'Roofline' },
]

/** The row of tabs. Arrows choose; one of them is reached by Tab. */
export function tabs({ app, state, model }: Shown): TemplateResult {
  const { paying, deviceName } = model.bottlenecks
  const keys = (event: KeyboardEvent): void => {
    const at = TABS.findIndex(tab => tab.id === state.tab)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: TABS.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const { id } = TABS[(to + TABS.length) % TABS.length]!
    app.update({ tab: id })
    app.focus(`#tab-${id}`)
  }
  return html`
    <div class="tabs" role="tablist" aria-label="Views" @keydown=${keys}>
      ${TABS.map(
        ({ id, name }) => html`
          <button
            type="button"
            role="tab"
            id="tab-${id}"
            aria-selected=${String(id === state.tab)}
            aria-controls="view-${id}"
            tabindex=${id === state.tab ? 0 : -1}
            @click=${() => app.update({ tab: id })}
          >
            ${name}
            ${
              id === 'bottlenecks' && paying > 0
                ? html`<vscode-badge variant="counter" title="${paying} pay in time on ${deviceName}">${paying}</vscode-badge>`
                : nothing
            }
          </button>
        `,
      )}
    </div>
  `
}
