import { scaleLinear } from 'd3-scale'
import { html, nothing, svg, type TemplateResult } from 'lit'
import { formatChange } from '../../base/format'
import type { PanelChange } from '../../protocol/panel'

const HEIGHT = 16
const MARGIN = 6

/**
 * A ring before, a dot after, on a scale from 0 shared by a column; growth is an arrow. Without a
 * width the percentage stands alone. The text beside it is what is read aloud.
 */
export function dumbbell(
  { before, after }: PanelChange,
  largest: number,
  width: number,
  spoken: string,
): TemplateResult {
  const x = scaleLinear([0, largest || 1], [MARGIN, width - MARGIN]).clamp(true)
  const [from, to] = [x(before), x(after)]
  const grows = after > before
  const y = HEIGHT / 2
  const mark = grows
    ? svg`
        <rect class="loss" x=${from} y=${y - 1.5} width=${Math.max(0, to - from - 4)} height="3"></rect>
        <circle class="before" cx=${from} cy=${y} r="3.2"></circle>
        <path class="loss" d="M${to - 4} ${y - 4.5}L${to + 4} ${y}L${to - 4} ${y + 4.5}Z"></path>
      `
    : svg`
        <rect class="gain" x=${to} y=${y - 1.5} width=${Math.max(0, from - to - 3)} height="3"></rect>
        <circle class="before" cx=${from} cy=${y} r="3.2"></circle>
        <circle class="gain" cx=${to} cy=${y} r="4"></circle>
      `
  const drawing = html`
    <svg width=${width} height=${HEIGHT} aria-hidden="true">
      <line class="track" x1=${MARGIN} x2=${width - MARGIN} y1=${y} y2=${y}></line>
      ${mark}
    </svg>
  `
  return html`
    <span class="dumbbell">
      ${width > 0 ? drawing : nothing}
      <span class="change ${grows ? 'loss-text' : ''}" aria-hidden="true">${formatChange(before, after)}</span>
      <span class="hidden-data">${spoken}</span>
    </span>
  `
}
