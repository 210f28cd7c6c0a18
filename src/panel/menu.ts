import { html, type TemplateResult } from 'lit'
import { icon } from './parts'

export interface MenuItem {
  readonly label: string
  /** Marks one of a group of alternatives. */
  readonly checked?: boolean
  run(): void
}

/** A menu under its button: arrows move, Enter runs, Escape closes. Groups are divided by rules. */
export function menu(label: string, groups: readonly (readonly MenuItem[])[], close: () => void): TemplateResult {
  const keys = (event: KeyboardEvent): void => {
    const items = [...(event.currentTarget as HTMLElement).querySelectorAll('button')]
    const at = items.indexOf(document.activeElement as HTMLButtonElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      items[(to + items.length) % items.length]!.focus()
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      event.stopPropagation()
      close()
    }
  }
  return html`
    <div class="menu" role="menu" aria-label=${label} @keydown=${keys}>
      ${groups.map(
        group => html`
          <div role="group" class="menu-group">
            ${group.map(
              item => html`
                <button
                  type="button"
                  role=${item.checked === undefined ? 'menuitem' : 'menuitemradio'}
                  aria-checked=${item.checked === undefined ? 'false' : String(item.checked)}
                  tabindex="-1"
                  @click=${() => {
                    close()
                    item.run()
                  }}
                >
                  <span class="menu-mark">${item.checked ? icon('check') : ''}</span>${item.label}
                </button>
              `,
            )}
          </div>
        `,
      )}
    </div>
  `
}
