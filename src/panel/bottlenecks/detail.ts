/**
 * One layer and what may stand in its place:
 *
 *   conv3_2  3×3, 256→256 on 56×56 · 12%                         vgg16.yaml:99
 *   [reduce | bottleneck | expand | separable]
 *   1×1 256→64, 3×3 64→64, 1×1 64→256
 *   the curve over r with its slider
 *                   as written   r = 64   change   pays while
 *   MACs                 1.85G     218M    ÷ 8.5   r ≤ 229
 *   [between nothing v] [multiple of 8 v] [device T4 fp16 v]
 *   ! Traffic grows by 13%, from 4.39 MB to 4.96 MB: the new maps are written and read.
 */
import { html, nothing, type TemplateResult } from 'lit'
import { formatShare } from '../../base/format'
import type { PanelForm } from '../../protocol/panel'
import type { PanelBetween, PanelDetail } from '../../protocol/panelAdvice'
import type { Shown } from '../app'
import { icon, link, segmented, select } from '../parts'
import { placeText } from '../words'
import { costTable, modelSentence } from './costTable'
import { curveChart } from './curveChart'
import { FORMS } from './forms'
import { detailOf, pickOf, questionOf, type Row } from './picks'
import { setChoice, shownWidth } from './setWidth'

export function detailOfRow(shown: Shown, row: Row, width: number): TemplateResult {
  const { app, state, model } = shown
  const { form, between } = pickOf(state, row)
  const detail = detailOf(state, model, row)
  const failed = !detail && state.details[row.id]?.key === questionOf(state, model, row).key
  const choice = state.choices[row.id] ?? {}
  const chooseForm = (next: string): void => {
    const { form: _, width: __, ratio: ___, ...rest } = choice
    const forms = next === state.form ? {} : { form: next as PanelForm }
    // A width stays when only the form is another.
    setChoice(app, row.id, { ...rest, ...forms, ...(choice.width === undefined ? {} : { width: choice.width }) })
  }
  return html`
    <div class="detail" role="group" aria-label="What may stand in place of ${row.name}">
      <div class="detail-head">
        <div class="detail-title"><strong>${row.name}</strong> ${detail ? whatItIs(detail) : nothing}</div>
        ${row.place ? link(placeText(model, row.place), () => app.reveal(row.place)) : nothing}
      </div>
      ${segmented(`Form of ${row.name}`, FORMS, form, chooseForm)}
      ${detail ? body(shown, row, detail, width, between) : failed ? html`<p class="nothing">${FAILED}</p>` : html`<div class="detail-waits" aria-hidden="true"></div>`}
    </div>
  `
}

const whatItIs = ({ kernel, channels, size, share, count }: PanelDetail): TemplateResult => html`
  <span class="quiet">
    ${kernel}${channels ? `, ${channels}` : ''}${size ? ` on ${size}` : ''}${count > 1 ? ` ×${count}` : ''} · ${formatShare(share)}
  </span>
`

function body(
  shown: Shown,
  row: Row,
  detail: PanelDetail,
  width: number,
  between: PanelBetween | undefined,
): TemplateResult {
  const { app, state, model } = shown
  const { outcome, curve } = detail
  if (!curve) return html`<p class="nothing">${outcome.holds ? nothing : outcome.refused}</p>`
  const r = curve.widest === null ? null : shownWidth(shown, row, detail)
  const choice = state.choices[row.id] ?? {}
  const isCurrent = r === null || detail.width === r
  const devices = model.devices.map(({ id, name }) => ({ value: id, label: name }))
  return html`
    <p class="chain-words">${chain(detail, r)}</p>
    ${r === null ? nothing : curveChart(shown, row, detail, r, width)} ${costTable(shown, detail, r)}
    <div class="detail-options">
      ${select(
        'Between the new layers',
        'between',
        BETWEEN,
        between ?? (outcome.holds ? outcome.between : 'nothing'),
        next => setChoice(app, row.id, { ...choice, between: next as PanelBetween }),
      )}
      ${select('Multiple that widths are rounded to', 'multiple of', MULTIPLES, String(state.multiple), next => {
        app.update({ multiple: Number(next) })
        app.send({ type: 'options', form: state.form, ratio: state.ratio, multiple: Number(next) })
      })}
      ${select('Device of the least time', 'device', devices, model.device, device => app.send({ type: 'setDevice', device }))}
    </div>
    ${outcome.holds && isCurrent ? html`<p class="model-change">${modelSentence(shown, outcome)}</p>` : nothing}
    <ul class="cautions ${isCurrent ? '' : 'of-other-width'}">
      ${
        outcome.holds
          ? outcome.cautions.map(({ severity, text }) => caution(severity, text))
          : isCurrent
            ? caution('warning', html`<strong>Not written here.</strong> ${outcome.refused}`)
            : nothing
      }
    </ul>
  `
}

const caution = (severity: 'warning' | 'info', text: string | TemplateResult): TemplateResult => html`
  <li class=${severity}>${icon(severity)}<span>${text}</span></li>
`

/** `1×1 256→64, 3×3 64→64, 1×1 64→256`, with r in the colour of 1×1 where it first stands. */
function chain({ steps, curve, outcome, width }: PanelDetail, r: number | null): TemplateResult[] {
  const side = (channels: number, isNarrow: boolean): number => (isNarrow && r !== null ? r : channels)
  const parts = steps.map(({ kernel, from, to, narrow }, i) => {
    const out = side(to, narrow.to)
    const first = narrow.to && !steps.slice(0, i).some(step => step.narrow.to)
    return html`${i ? ', ' : ''}${kernel} ${side(from, narrow.from)}→${first ? html`<b class="width">${out}</b>` : out}`
  })
  const spelled = outcome.holds && r === width && outcome.spelled !== String(r) ? outcome.spelled : ''
  // A number in the text that is another than r is scaled on its way, as the widths of Ultralytics are.
  const written = /^\d+$/.test(spelled) ? 'written' : 'r\u00a0='
  return [
    ...parts,
    ...(curve?.mixed ? [html` <span class="quiet">at its heaviest call</span>`] : []),
    ...(spelled ? [html`<span class="quiet">, ${written}\u00a0<code>${spelled}</code></span>`] : []),
  ]
}

const FAILED = 'Nothing can be said of it: the file changed, or the output channel ConvLens says why.'

const BETWEEN = [
  { value: 'nothing', label: 'nothing' },
  { value: 'norm', label: 'norm, activation' },
]
const MULTIPLES = [1, 4, 8, 16, 32, 64].map(multiple => ({ value: String(multiple), label: String(multiple) }))
