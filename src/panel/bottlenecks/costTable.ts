import { html, type TemplateResult } from 'lit'
import { formatBytes, formatChange, formatCount, formatSeconds } from '../../base/format'
import type { PanelCost, PanelDetail, PanelHolds } from '../../protocol/panelAdvice'
import type { Shown } from '../app'
import { shownCost } from './widths'
import { changeText } from './words'

/** The costs of a layer as written and at r, and the widths up to which each pays. It is the curve's data, too. */
export function costTable({ model }: Shown, detail: PanelDetail, r: number | null): TemplateResult {
  const { before, after } = shownCost(detail, r)
  const { device, curve } = detail
  const perMac = model.unit === 'FLOPs' ? 2 : 1
  const count = (factor: number) => (value: number) => formatCount(value * factor)
  const bytes = (value: number): string => formatBytes(value * device.bytesPerElement)
  const pays = (end: number | null): string => (r === null ? '–' : end === null ? 'never' : `r ≤ ${end}`)
  const { breakEven } = curve!
  const line = (
    name: string,
    of: keyof PanelCost,
    text: (value: number) => string,
    last: string,
  ): TemplateResult => html`
    <tr>
      <th scope="row">${name}</th>
      <td>${text(before[of])}</td>
      <td>${after ? text(after[of]) : '–'}</td>
      <td class="changed ${after && after[of] > before[of] ? 'loss-text' : ''}">
        ${after ? changeText(before[of], after[of]) : '–'}
      </td>
      <td class="pays">${last}</td>
    </tr>
  `
  const added = after ? after.kernels - before.kernels : 0
  return html`
    <table class="costs" id="curve-costs">
      <thead>
        <tr>
          <td></td>
          <th scope="col">as written</th>
          <th scope="col">${r === null ? 'separable' : `r = ${r}`}</th>
          <th scope="col">change</th>
          <th scope="col" class="pays">pays while</th>
        </tr>
      </thead>
      <tbody>
        ${line(model.unit, 'macs', count(perMac), pays(breakEven.macs))}
        ${line('params', 'params', count(1), pays(breakEven.params))}
        ${line(`traffic, ${device.precision}`, 'traffic', bytes, pays(breakEven.traffic))}
        ${line(`least time, ${shortName(device)}`, 'time', formatSeconds, pays(breakEven.time))}
        ${line(`activations, ${device.precision}`, 'activations', bytes, '–')}
        <tr>
          <th scope="row">kernels</th>
          <td>${before.kernels}</td>
          <td>${after?.kernels ?? '–'}</td>
          <td class="changed">${added > 0 ? `+${added}` : '='}</td>
          <td class="pays">${device.launch > 0 ? `${formatSeconds(device.launch).replace('.0 ', ' ')} each` : '–'}</td>
        </tr>
      </tbody>
    </table>
  `
}

/** `T4` of `T4 fp16`: the row above says the precision. */
const shortName = ({ name, precision }: PanelDetail['device']): string => name.replace(` ${precision}`, '')

/** What it comes to for the model. */
export function modelSentence({ model }: Shown, { model: { before, after } }: PanelHolds): string {
  const perMac = model.unit === 'FLOPs' ? 2 : 1
  const change = (name: string, from: string, to: string, text: string): string =>
    from === to ? `${name} ${from}` : `${name} ${from} → ${to} (${text})`
  return `The model: ${[
    change(
      model.unit,
      formatCount(before.macs * perMac),
      formatCount(after.macs * perMac),
      formatChange(before.macs, after.macs),
    ),
    change('params', formatCount(before.params), formatCount(after.params), formatChange(before.params, after.params)),
    change('least time', formatSeconds(before.time), formatSeconds(after.time), formatChange(before.time, after.time)),
  ].join(', ')}.`
}
