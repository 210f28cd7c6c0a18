/**
 * What is ticked, and what it comes to in the text, analysed again:
 *
 *   5 of 12 ticked   MACs                 params              least time             [Preview edits] [Apply 5]
 *                    15.5G → 8.09G −48%   138M → 132M −4.6%   1.35 → 1.20 ms −11%
 */
import { html, nothing, type TemplateResult } from 'lit'
import { formatChange, formatCount, formatSeconds, plural } from '../../base/format'
import type { AdviceAnswer, PanelTotals } from '../../protocol/panelAdvice'
import type { App, Shown } from '../app'
import { link } from '../parts'
import { proposalsOf, rowsOf, tickedPicks, tickedRows } from './picks'

export function footer(shown: Shown): TemplateResult | typeof nothing {
  const { app, state, model } = shown
  const all = proposalsOf(model).length
  const ticked = tickedRows(state, model)
  const { applied } = state
  if (!all && !ticked.length) return nothing
  // What is shown stays while the next sum is made; the edits themselves are always made anew.
  const known = ticked.length > 0 ? applied : null
  const written = known?.count ?? ticked.length
  const send = (type: 'preview' | 'apply'): void =>
    app.send({
      type,
      version: model.version,
      params: { picks: tickedPicks(state, model), device: model.device, multiple: state.multiple },
    })
  const isOff = written === 0 || state.writing || model.behind !== null
  return html`
    <footer class="footer" aria-label="What is ticked">
      <p class="ticked">
        <strong>${ticked.length} of ${Math.max(all, ticked.length)}</strong> ticked
        ${ticked.length ? link('Clear', () => app.update({ ticks: [] })) : nothing}
      </p>
      <dl class="sums">
        ${known ? sums(known.before, known.after, model.unit).map(sum) : nothing}
      </dl>
      <div class="apply">
        <button type="button" class="secondary" ?disabled=${isOff} @click=${() => send('preview')}>Preview edits</button>
        <button
          type="button"
          class="primary"
          ?disabled=${isOff}
          @click=${() => {
            app.update({ writing: true })
            send('apply')
          }}
        >
          Apply ${written || ''}
        </button>
      </div>
      ${state.edited || known?.dropped.length ? html`<p class="dropped">${state.edited || droppedText(shown)}</p>` : nothing}
    </footer>
  `
}

/** The editor has made the edits, or says why not. What was written is no longer ticked. */
export function afterEdit(app: App, { applied, text }: AdviceAnswer & { type: 'edited' }): void {
  const { state } = app
  if (!applied) {
    app.update({ writing: false, edited: text, said: text })
    return
  }
  const { model } = state
  const before = state.applied?.before
  const after = state.applied?.after
  const unit = model?.state === 'network' ? model.unit : 'MACs'
  const perMac = unit === 'FLOPs' ? 2 : 1
  const change =
    before && after
      ? `: ${formatCount(before.macs * perMac)} to ${formatCount(after.macs * perMac)} ${unit}, ${formatChange(before.macs, after.macs)}`
      : ''
  const made = plural(state.applied?.count ?? state.ticks.length, 'edit')
  const said = `${made} made${change}. Undo in the editor takes them back.`
  const others = Object.entries(state.choices).filter(([id]) => !state.ticks.includes(id))
  app.update({ writing: false, ticks: [], choices: Object.fromEntries(others), applied: null, edited: said, said })
}

interface Sum {
  readonly name: string
  readonly before: string
  readonly after: string
  readonly change: string
  readonly grows: boolean
}

function sums(before: PanelTotals, after: PanelTotals, unit: string): Sum[] {
  const perMac = unit === 'FLOPs' ? 2 : 1
  const of = (name: string, key: keyof PanelTotals, text: (value: number) => string): Sum => ({
    name,
    before: text(before[key]),
    after: text(after[key]),
    change: formatChange(before[key], after[key]),
    grows: after[key] > before[key],
  })
  return [
    of(unit, 'macs', value => formatCount(value * perMac)),
    of('params', 'params', formatCount),
    of('least time', 'time', formatSeconds),
  ]
}

const sum = ({ name, before, after, change, grows }: Sum): TemplateResult => html`
  <div class="sum">
    <dt>${name}</dt>
    <dd>
      <span class="from">${before} →</span> <strong>${after}</strong>
      <span class=${grows ? 'loss-text' : 'gain-text'}>${change}</span>
    </dd>
  </div>
`

/** `conv1 is not written: …` of the first, and how many more. */
function droppedText({ state, model }: Shown): string {
  const [first, ...more] = state.applied?.dropped ?? []
  if (!first) return ''
  const row = rowsOf(model).find(({ at, group }) => at === first.pick.place && group === first.pick.name)
  const others = more.length ? ` ${plural(more.length, 'other')} neither.` : ''
  return `${row?.name ?? first.pick.place} is not written: ${first.reason}${others}`
}
