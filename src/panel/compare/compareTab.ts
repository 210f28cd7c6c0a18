import { html, type TemplateResult } from 'lit'
import type { Shown } from '../app'

export function compareTab(_shown: Shown): TemplateResult {
  return html`<section role="tabpanel" id="view-compare" aria-labelledby="tab-compare"></section>`
}
