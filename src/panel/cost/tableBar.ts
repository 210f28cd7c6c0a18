import { html, nothing, svg, type TemplateResult } from 'lit'
import type { PanelKind } from '../../protocol/panel'
import { kindClass } from '../parts'

/** What the longest bar of a kind of row stands for. */
export interface BarScale {
  readonly params: number
  readonly work: number
}

/** A bar of a table cell, `width` pixels at the scale's end; what is there is at least a hair line. */
export function bar(value: number, largest: number, kind: PanelKind, width: number): TemplateResult | typeof nothing {
  if (value <= 0) return nothing
  const length = Math.max(1, (value / largest) * width)
  const inset = kind === 'expand' || kind === 'project' || kind === 'depthwise' || kind === 'grouped' ? 0.5 : 0
  const inner = Math.max(0.5, length - 2 * inset)
  return html`<svg class="table-bar" width=${width} height="8" aria-hidden="true">
    ${svg`<rect class="bar ${kindClass(kind)}" x=${inset} y=${inset} width=${inner} height=${8 - 2 * inset}></rect>`}
  </svg>`
}
