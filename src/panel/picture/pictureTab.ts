import { html, type TemplateResult } from 'lit'
import type { Shown } from '../app'

export function pictureTab(_shown: Shown): TemplateResult {
  return html`<section role="tabpanel" id="view-picture" aria-labelledby="tab-picture"></section>`
}
