import { html, type TemplateResult } from 'lit'
import type { Shown } from '../app'

export function rooflineTab(_shown: Shown): TemplateResult {
  return html`<section role="tabpanel" id="view-roofline" aria-labelledby="tab-roofline"></section>`
}
