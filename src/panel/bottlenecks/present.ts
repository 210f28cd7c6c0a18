import { html, nothing, svg, type TemplateResult } from 'lit'
import { formatCount } from '../../base/format'
import { isNarrow, type Shown } from '../app'

/** What the bottlenecks of the network save already: two bars on one scale. */
export function presentBars({ state, model }: Shown): TemplateResult | typeof nothing {
  const { present, groups } = model.bottlenecks
  if (!present) return nothing
  const width = Math.min(440, state.width - 2 * (isNarrow(state) ? 12 : 16))
  const largest = Math.max(present.asWritten, present.direct) || 1
  const bar = (value: number, className: string): TemplateResult => html`
    <svg class="present-bar" width=${width} height="15" aria-hidden="true">
      ${svg`<rect class=${className} x="0.5" y="0.5" height="14" width=${Math.max(1, (value / largest) * (width - 1))}></rect>`}
    </svg>
  `
  return html`
    <div class="present">
      ${groups.some(group => group.proposals.length) ? html`<p class="nothing">${present.text}</p>` : nothing}
      <p>as written: ${formatCount(present.asWritten)} ${model.unit}</p>
      ${bar(present.asWritten, 'gain')}
      <p>${present.directLabel}: ${formatCount(present.direct)} ${model.unit}</p>
      ${bar(present.direct, 'outline')}
    </div>
  `
}
