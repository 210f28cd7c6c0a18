/** Small pieces that every part of the page uses. */
import { html, nothing, type TemplateResult } from 'lit'
import '@vscode-elements/elements/dist/vscode-single-select/index.js'
import '@vscode-elements/elements/dist/vscode-option/index.js'
import type { PanelKind } from '../protocol/panel'

export const icon = (name: string): TemplateResult =>
  html`<span class="codicon codicon-${name}" aria-hidden="true"></span>`

export const iconButton = (
  name: string,
  label: string,
  onClick: (event: Event) => void,
  more: { pressed?: boolean; popup?: boolean; expanded?: boolean; id?: string } = {},
): TemplateResult => html`
  <button
    type="button"
    class="icon-button"
    id=${more.id ?? nothing}
    title=${label}
    aria-label=${label}
    aria-pressed=${more.pressed === undefined ? nothing : String(more.pressed)}
    aria-haspopup=${more.popup ? 'menu' : nothing}
    aria-expanded=${more.popup ? String(more.expanded === true) : nothing}
    @click=${onClick}
  >
    ${icon(name)}
  </button>
`

export interface Option {
  readonly value: string
  readonly label: string
}

/** A select with a quiet word before its value: `count in MACs`. */
export function select(
  label: string,
  prefix: string,
  options: readonly Option[],
  value: string,
  choose: (value: string) => void,
): TemplateResult {
  const changed = (event: Event): void => {
    const chosen = (event.target as HTMLElement & { value: string }).value
    if (chosen !== value) choose(chosen)
  }
  return html`
    <span class="chip">
      ${prefix ? html`<span class="chip-prefix" aria-hidden="true">${prefix}</span>` : nothing}
      <vscode-single-select label=${label} aria-label=${label} .value=${value} @change=${changed}>
        ${options.map(
          option =>
            html`<vscode-option value=${option.value} ?selected=${option.value === value}>${option.label}</vscode-option>`,
        )}
      </vscode-single-select>
    </span>
  `
}

/** A choice of a few drawn as one control; arrows choose, as in every radio group. */
export function segmented(
  label: string,
  options: readonly Option[],
  value: string,
  choose: (value: string) => void,
): TemplateResult {
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const at = options.findIndex(option => option.value === value)
    const next = (at + step + options.length) % options.length
    choose(options[next]!.value)
    const group = event.currentTarget as HTMLElement
    queueMicrotask(() => group.querySelectorAll('button')[next]?.focus())
  }
  return html`
    <div class="segmented" role="radiogroup" aria-label=${label} @keydown=${move}>
      ${options.map(
        option => html`
          <button
            type="button"
            role="radio"
            aria-checked=${String(option.value === value)}
            tabindex=${option.value === value ? 0 : -1}
            @click=${() => choose(option.value)}
          >
            ${option.label}
          </button>
        `,
      )}
    </div>
  `
}

export const link = (text: string, onClick: () => void): TemplateResult =>
  html`<button type="button" class="link" @click=${onClick}>${text}</button>`

/** The class that gives a mark the colour and fill of its kind. */
export const kindClass = (kind: PanelKind): string => `kind-${kind}`
