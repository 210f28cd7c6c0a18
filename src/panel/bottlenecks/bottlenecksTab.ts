/**
 * What a 1×1 bottleneck in place of each k×k convolution would save, best first, with the detail of one at the right:
 *
 *   [form bottleneck v] [width C/4 v] [by time saved v] [bring under 3G]       after ●━━○ before  ▶ grows
 *     layer     through                MACs       1.85G   traffic   19.3 MB   least time    78 µs │ conv4_2
 *   v Pays in MACs, traffic and time 6                                                            │
 *   ✓ conv4_2  3×3 512→128→512 28²   ●━━━━━━○   −88%    ●━○       −53%      ●━━━○         −59%    │ (detail.ts)
 *   > Not proposed 4: conv1_1 has 3 input channels; fc6 to fc8 are linear                         │
 *   1 of 12 ticked   (footer.ts)
 */
import { html, nothing, type TemplateResult } from 'lit'
import type { PanelForm, PanelRatio } from '../../protocol/panel'
import { isSide, type Shown } from '../app'
import { select } from '../parts'
import type { ProposalOrder } from '../state'
import { budgetField } from './budget'
import { detailOfRow } from './detail'
import { footer } from './footer'
import { FORM_TEXT, FORMS } from './forms'
import { openRow } from './picks'
import { presentBars } from './present'
import { detailWidth, listWidth } from './proposalColumns'
import { proposalList } from './proposalList'
import './bottlenecks.css'

export function bottlenecksTab(shown: Shown): TemplateResult {
  const { app, state, model } = shown
  const { bottlenecks } = model
  const ask = (form: PanelForm, ratio: PanelRatio): void => {
    app.update({ form, ratio })
    app.send({ type: 'options', form, ratio, multiple: state.multiple })
  }
  const any = bottlenecks.groups.some(group => group.proposals.length > 0)
  const beside = isSide(state) ? openRow(state, model, true) : undefined
  return html`
    <section role="tabpanel" id="view-bottlenecks" aria-labelledby="tab-bottlenecks">
      <div class="controls">
        ${select('Form', 'form', FORMS, state.form, form => ask(form as PanelForm, state.ratio))}
        ${select('Width', 'width', RATIOS, String(state.ratio), ratio => ask(state.form, Number(ratio) as PanelRatio))}
        ${
          any
            ? select('Order by', 'by', orders(model.unit), state.order, order =>
                app.update({ order: order as ProposalOrder }),
              )
            : nothing
        }
        ${budgetField(shown)}
        <span class="spacer"></span>
        ${any ? dumbbellLegend : nothing}
      </div>
      <p class="note-line">
        ${state.budget.said || listSentence(shown)}
      </p>
      ${any ? nothing : nothingToInsert(shown)}
      <div class="list-and-detail" .style=${`--list: ${listWidth(state)}px` as never}>
        <div>${proposalList(shown)} ${any ? presentBars(shown) : nothing}</div>
        ${beside ? html`<div class="beside">${detailOfRow(shown, beside, detailWidth(state))}</div>` : nothing}
      </div>
      ${footer(shown)}
    </section>
  `
}

/** What the list shows: the form of its rows, how many of them pay, and which were set otherwise. */
function listSentence({ state, model }: Shown): string {
  const { form, groups, paying, deviceName } = model.bottlenecks
  const ids = groups.flatMap(({ proposals }) => proposals.map(({ id }) => id))
  const own = ids.filter(id => state.choices[id]).length
  if (!ids.length) return FORM_TEXT[form]
  const which = paying === ids.length ? (paying === 1 ? 'It pays' : `All ${paying} pay`) : pays(paying, ids.length)
  const set = own === 0 ? '' : own === 1 ? ' One row is set by hand.' : ` ${own} rows are set by hand.`
  return `${FORM_TEXT[form]}${set} ${which} in least time on ${deviceName}, a bound: nothing was run.`
}

const pays = (paying: number, all: number): string =>
  paying === 0
    ? all === 1
      ? 'It does not pay'
      : `None of ${all} pays`
    : `${paying} of ${all} ${paying === 1 ? 'pays' : 'pay'}`

const RATIOS = [2, 4, 8, 16].map(ratio => ({ value: String(ratio), label: `C/${ratio}` }))
const orders = (unit: string): { value: ProposalOrder; label: string }[] => [
  { value: 'time', label: 'time saved' },
  { value: 'work', label: `${unit} saved` },
  { value: 'traffic', label: 'traffic saved' },
  { value: 'order', label: 'depth' },
]

const dumbbellLegend = html`
  <p class="legend" aria-hidden="true">
    <svg width="34" height="12">
      <rect class="gain" x="4" y="4.5" width="22" height="3"></rect>
      <circle class="gain" cx="5" cy="6" r="4"></circle>
      <circle class="before" cx="28" cy="6" r="3.2"></circle>
    </svg>
    after ● ○ before
    <svg width="10" height="12"><path class="loss" d="M1 1.5L9 6L1 10.5Z"></path></svg>
    grows
  </p>
`

function nothingToInsert(shown: Shown): TemplateResult {
  const { present } = shown.model.bottlenecks
  return html`
    <p class="nothing">
      <strong>Nothing to insert.</strong> ${present ? present.text : shown.model.bottlenecks.refusedSummary}
    </p>
    ${presentBars(shown)}
  `
}
