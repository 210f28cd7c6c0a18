import { html, nothing, type TemplateResult } from 'lit'
import type { PanelBanner } from '../protocol/panel'
import type { Shown } from './app'
import { icon, link } from './parts'
import { lineName } from './words'

const ICONS = { info: 'info', warning: 'warning', error: 'error' } as const

/** What must be known before the numbers: what does not parse, does not fit, or is not counted. */
export function banners(shown: Shown): TemplateResult[] {
  const failure: PanelBanner[] = shown.state.failure
    ? [{ severity: 'error', title: '', text: shown.state.failure, line: null, list: [], more: 0 }]
    : []
  return [...failure, ...shown.model.banners].map(item => banner(shown, item))
}

function banner(
  { app, model }: Shown,
  { severity, title, text, line, list, more, report }: PanelBanner,
): TemplateResult {
  const goTo =
    (at: number): (() => void) =>
    () =>
      app.send({ type: 'reveal', place: { line: at, endLine: at } })
  return html`
    <div class="banner ${severity}" role=${severity === 'error' ? 'alert' : 'note'}>
      ${icon(ICONS[severity])}
      <div>
        ${title ? html`<strong>${title}</strong> ` : nothing}${text}
        ${line === null ? nothing : link(`Go to ${lineName(model, line)}`, goTo(line))}
      </div>
    </div>
    ${
      list.length
        ? html`
            <ul class="banner-list">
              ${list.map(
                entry => html`
                  <li>${entry.line === null ? nothing : link(lineName(model, entry.line), goTo(entry.line))} ${entry.text}</li>
                `,
              )}
              ${more ? html`<li class="quiet">… ${more} more</li>` : nothing}
            </ul>
          `
        : nothing
    }
    ${
      report
        ? html`
            <p class="banner-report">
              ${link('Copy a report', () => app.send({ type: 'copyText', text: report, said: 'Report copied' }))}
              <span class="quiet">nothing is sent by itself</span>
            </p>
          `
        : nothing
    }
  `
}
