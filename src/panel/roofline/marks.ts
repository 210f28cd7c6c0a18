import { svg, type TemplateResult } from 'lit'
import type { PanelKind } from '../../protocol/panel'
import { kindClass } from '../parts'

/** The shape of a kind around a point: told apart without hue. */
export function markShape(kind: PanelKind, x: number, y: number, size: number, more = ''): TemplateResult {
  const className = `mark ${kindClass(kind)} ${more}`
  const h = size / 2
  switch (kind) {
    case 'spatial':
      return svg`<rect class=${className} x=${x - h} y=${y - h} width=${size} height=${size}></rect>`
    case 'reduce':
      return svg`<path class=${className} d="M${x - h} ${y - h}H${x + h}L${x} ${y + h}Z"></path>`
    case 'expand':
      return svg`<path class=${className} d="M${x - h} ${y + h}H${x + h}L${x} ${y - h}Z"></path>`
    case 'dense':
    case 'depthwise':
    case 'grouped':
      return svg`<path class=${className} d="M${x} ${y - h}L${x + h} ${y}L${x} ${y + h}L${x - h} ${y}Z"></path>`
    default:
      return svg`<circle class=${className} cx=${x} cy=${y} r=${h}></circle>`
  }
}

/** Where the number of equal layers stands in a mark: triangles are widest at one end. */
export const countAt = (kind: PanelKind, y: number, size: number): number =>
  y + 3.5 + (kind === 'reduce' ? -size * 0.14 : kind === 'expand' ? size * 0.16 : 0)
