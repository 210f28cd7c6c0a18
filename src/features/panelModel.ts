import { adviceFor, type Device, deviceById, devices, leastTimeOf } from '../analysis/advice'
import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import { type Behind, sentence } from '../analysis/damage'
import { widestField } from '../analysis/field'
import { atLeast, formatBytes, formatCount, formatSeconds } from '../base/format'
import { formatShape } from '../core/shape'
import type { PanelFigure, PanelModel, PanelNetwork, PanelParams, PanelPlace } from '../protocol/panel'
import { isBroken, panelBanners } from './panelBanners'
import { panelBottlenecks } from './panelBottlenecks'
import { type PanelCost, panelCost } from './panelCost'
import { panelPaper } from './panelPaper'
import { panelPicture } from './panelPicture'
import { panelRoofline } from './panelRoofline'

/**
 * Everything that the panel shows of a document: figures, the layers with their cost, what bottlenecks would save.
 * `analysis` is undefined where no front end takes the text for a network; `own` are devices of the reader's settings.
 */
export function panelModel(
  analysis: Analysis | undefined,
  params: PanelParams,
  own: readonly Device[] = [],
): PanelModel {
  const model = analysis?.model()
  if (!analysis || !model) {
    return { state: 'empty', uri: params.uri, file: analysis?.source.name ?? baseName(params.uri) }
  }
  const unit = params.unit ?? 'MACs'
  const perMac = unit === 'FLOPs' ? 2 : 1
  const device = deviceById(params.device, own)
  const form = params.form ?? 'bottleneck'
  const ratio = params.ratio ?? 4
  const multiple = params.multiple ?? 8
  const { lineStarts } = analysis
  const broken = isBroken(model)
  const { sum, idOf, nodes, ...cost } = panelCost(model, {
    perMac,
    bytesPerElement: device.bytesPerElement,
    lineStarts,
  })
  const partial = broken || model.graph.stopped !== null
  const exact = { work: sum.macsExact && !partial, params: sum.paramsExact && !partial }
  const network: PanelNetwork = {
    state: 'network',
    uri: params.uri,
    version: params.version ?? 0,
    file: analysis.source.name,
    cells: analysis.source.cells?.map(({ line }) => line + 1) ?? null,
    // A call that was asked for by name is none of the file's.
    models: [...new Set([...analysis.models.map(choice => choice.name), model.name])],
    model: model.name,
    input: model.inputs
      .map(({ name, shape }) => (model.inputs.length > 1 && name ? `${name} ` : '') + formatShape(shape))
      .join(', '),
    inputAssumed: model.inputAssumed,
    unit,
    device: device.id,
    devices: [...own, ...devices].map(({ id, name }) => ({ id, name })),
    figures: figures(model, sum, exact, unit, device),
    banners: panelBanners(analysis, model),
    broken: broken || analysis.behind !== undefined,
    behind: analysis.behind ? sentence(analysis.behind) : null,
    atLeast: !exact.work || !exact.params,
    work: sum.macs * perMac,
    params: sum.params,
    ...cost,
    bottlenecks: panelBottlenecks(adviceFor(model, { form, ratio, device, multiple }), {
      form,
      ratio,
      multiple,
      perMac,
      lineStarts,
      idOf,
    }),
    picture: panelPicture(model.graph, nodes),
    roofline: panelRoofline(model, nodes, device, own),
    paper: panelPaper(model.graph, params.paper, unit, idOf, lineStarts),
  }
  return analysis.behind ? placedNow(network, analysis.behind) : network
}

/** The places of a text that has gone on, as its lines stand now; its banners have them already. */
function placedNow({ banners, ...network }: PanelNetwork, { lineNow }: Behind): PanelNetwork {
  const isPlace = (value: object): value is PanelPlace => 'endLine' in value
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved)
    if (typeof value !== 'object' || value === null) return value
    if (isPlace(value)) return { line: lineNow(value.line - 1) + 1, endLine: lineNow(value.endLine - 1) + 1 }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, moved(inner)]))
  }
  const cells = network.cells?.map(first => lineNow(first - 1) + 1) ?? null
  return { ...(moved(network) as Omit<PanelNetwork, 'banners'>), cells, banners }
}

/** The numbers of the head, in the order of the design: work, params, memory, what a position sees, the bound on time. */
function figures(
  model: ModelAnalysis,
  sum: PanelCost['sum'],
  exact: { work: boolean; params: boolean },
  unit: string,
  device: Device,
): PanelFigure[] {
  const whole = exact.work && exact.params && model.uncounted.length === 0
  const mark = (isExact: boolean): string => (isExact ? '' : atLeast)
  const perMac = unit === 'FLOPs' ? 2 : 1
  const { precision, bytesPerElement } = device
  const field = fieldText(model)
  const time = leastTimeOf(model, device)
  const figure = (value: string, label: string, shortLabel = label): PanelFigure => ({ value, label, shortLabel })
  return [
    figure(mark(exact.work) + formatCount(sum.macs * perMac), unit),
    figure(mark(exact.params) + formatCount(sum.params), 'params'),
    figure(
      mark(whole) + formatBytes(model.totals.peakActivations * bytesPerElement),
      `peak activations, ${precision}`,
      `peak act., ${precision}`,
    ),
    figure(mark(exact.params) + formatBytes(sum.params * bytesPerElement), `weights, ${precision}`),
    ...(field === null ? [] : [figure(`${mark(whole)}${field} px`, 'receptive field')]),
    figure(mark(whole && time.exact) + formatSeconds(time.seconds), `least time, ${device.name}`),
  ]
}

/** `427`, `31×15` where axes differ. */
function fieldText(model: ModelAnalysis): string | null {
  const sizes = widestField(model)
  if (sizes === null) return null
  return sizes.every(size => size === sizes[0]) ? String(sizes[0]) : sizes.join('×')
}

const baseName = (uri: string): string => decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1))
