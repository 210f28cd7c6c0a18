import { html, nothing, svg, type TemplateResult } from 'lit'
import type { PanelCompared, PanelTotalChange } from '../../protocol/panelCompare'
import { spoken } from '../words'

/** Totals side by side: `15.5G → 8.09G −48%`, with A as an outline and B as a bar in it. */
export const totalsStrip = ({ totals }: PanelCompared): TemplateResult => html`
  <dl class="totals" aria-label="Totals of A and B">
    ${totals.map(
      total => html`
        <div class="total">
          <dt>${total.label}</dt>
          <dd aria-label=${spokenTotal(total)}>
            ${
              total.change === '='
                ? html`<strong>${total.a}</strong> <span class="quiet">=</span>`
                : html`${total.a} → <strong>${total.b}</strong>
                    <strong class="${total.direction}-text">${total.change}</strong>`
            }
          </dd>
          ${total.shares ? bar(total, total.shares) : nothing}
        </div>
      `,
    )}
  </dl>
`

/** `15.5 billion to 8.09 billion, minus 48 percent` */
const spokenTotal = ({ a, b, change }: PanelTotalChange): string =>
  change === '=' ? `${spoken(a)}, no change` : spoken(`${a}→${b}, ${change.replace('+', 'plus ')}`)

function bar({ direction }: PanelTotalChange, { a, b }: { readonly a: number; readonly b: number }): TemplateResult {
  const length = (share: number): number => Math.max(1, share * (WIDTH - 1))
  return html`
    <svg class="total-bar" width=${WIDTH} height="9" aria-hidden="true">
      ${svg`
        <rect class="total-b ${direction}" x="0.5" y="2" width=${length(b)} height="5"></rect>
        <rect class="outline" x="0.5" y="0.5" width=${length(a)} height="8"></rect>
      `}
    </svg>
  `
}

const WIDTH = 128
