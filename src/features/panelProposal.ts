/**
 * One layer and one form, as the right side of the Bottlenecks tab shows it:
 *
 *   conv3_2  3×3, 256→256 on 56×56 · 12%
 *   1×1 256→64, 3×3 64→64, 1×1 64→256
 *   the curve over r, the costs as written and at r, what to know before
 */

import { directOf, widthFor } from '../advisor/candidates'
import type { Device } from '../advisor/devices'
import { type FormName, kernelWork, stepsOf } from '../advisor/forms'
import { deviceById, type Group } from '../analysis/advice'
import type { Analysis } from '../analysis/analyze'
import { type Curve, curveOf } from '../analysis/curve'
import { convolutionOf } from '../analysis/kind'
import { type Pick, type PickOptions, proposeAt } from '../analysis/picks'
import { candidatesOf, placeOf } from '../analysis/proposals'
import { formatExact } from '../base/format'
import type { Node } from '../core/graph'
import type { Linear } from '../core/ops/linear'
import type { PanelCurve, PanelDetail, PanelDevice, PanelStep, ProposalParams } from '../protocol/panelAdvice'
import { placeOf as linesOf } from './panelCost'

/** Null where the text defines no network, or has no layer at the place any more. */
export function panelProposal(
  analysis: Analysis | undefined,
  { pick, device: id, multiple }: ProposalParams,
  version: number,
  own: readonly Device[] = [],
): PanelDetail | null {
  const model = analysis?.model()
  if (!analysis || !model) return null
  const device = deviceById(id, own)
  const options: PickOptions = { device, ...(multiple === undefined ? {} : { multiple }) }
  const { candidates, held } = candidatesOf(model, { ...options, ...pick })
  const isIt = (group: Group): boolean =>
    placeOf(analysis, group) === pick.place && (pick.name === undefined || group.name === pick.name)
  const group = candidates.find(isIt) ?? held.find(isIt)
  if (!group) return null
  const reason = held.find(isIt)?.reason
  // What is held back for its width alone is still drawn, so that another width can be chosen.
  const curve = reason === undefined || reason === 'no-gain' ? curveOf(group, pick.form, device) : null
  const made = proposeAt(analysis, model, pick, options)
  const width = curve && pick.form !== 'separable' ? widthAt(group, pick, options) : null
  return {
    version,
    pick,
    ...described(group, model.totals.macs),
    place: linesOf(group.site, analysis.lineStarts),
    width,
    curve: curve && panelCurve(curve, group),
    steps: curve ? stepsAt(group.lead, pick.form, width ?? 0) : [],
    device: deviceOf(device),
    outcome:
      typeof made === 'string'
        ? { holds: false, refused: reason === 'linear' ? linearSentence(group.lead) : made }
        : {
            holds: true,
            spelled: made.width,
            between: made.between,
            ...made.cost,
            model: made.model,
            cautions: made.cautions,
          },
  }
}

const deviceOf = ({ name, precision, peak, bandwidth, launch, bytesPerElement }: Device): PanelDevice => ({
  name,
  precision,
  peak,
  bandwidth,
  launch,
  bytesPerElement,
})

/** What a bottleneck of a linear layer would be, which is no convolution and is not proposed. */
function linearSentence(node: Node): string {
  const { inFeatures: from, outFeatures: to } = featuresOf(node)
  const what = 'A linear layer sees one position and has no window to narrow.'
  if (from === null || to === null) return what
  const widest = Math.ceil((from * to) / (from + to)) - 1
  const chain = `${formatExact(from)}→r→${formatExact(to)}`
  return `${what} Two in its place, ${chain}, have fewer weights while r ≤ ${formatExact(widest)}; only convolutions are rewritten here.`
}

function featuresOf(node: Node): { inFeatures: number | null; outFeatures: number | null } {
  const { inFeatures, outFeatures } = node.attributes as Partial<Linear>
  return { inFeatures: inFeatures ?? null, outFeatures: outFeatures ?? null }
}

const widthAt = ({ lead }: Group, { ratio, width }: Pick, { multiple }: PickOptions): number =>
  widthFor(convolutionOf(lead).inChannels!, {
    ...(ratio === undefined ? {} : { ratio }),
    ...(width === undefined ? {} : { width }),
    ...(multiple === undefined ? {} : { multiple }),
  })

type Description = Omit<PanelDetail, 'version' | 'pick' | 'place' | 'width' | 'curve' | 'steps' | 'device' | 'outcome'>

function described({ name, nodes, lead: node }: Group, total: number): Description {
  const macs = nodes.reduce((sum, { cost }) => sum + (cost.macs ?? 0), 0)
  const share = total === 0 ? 0 : macs / total
  if (!node.op.startsWith('conv')) {
    const { inFeatures, outFeatures } = featuresOf(node)
    const channels = inFeatures === null ? '' : `${inFeatures}→${outFeatures ?? '?'}`
    return { name, count: nodes.length, kernel: node.op, channels, size: '', share }
  }
  const { kernel } = convolutionOf(node)
  const sides = nodes.map(convolutionOf)
  const ends = (of: 'inChannels' | 'outChannels'): string => {
    const all = sides.map(side => String(side[of] ?? '?'))
    return all.every(text => text === all[0]) ? all[0]! : `${all[0]}…${all.at(-1)}`
  }
  const sizes = nodes.map(call => textOf(sizeOf(call, 'outputs')))
  return {
    name,
    count: nodes.length,
    kernel: kernel.join('×'),
    channels: `${ends('inChannels')}→${ends('outChannels')}`,
    size: sizes.every(size => size === sizes[0]) ? sizes[0]! : `${sizes[0]}…${sizes.at(-1)}`,
    share,
  }
}

function panelCurve(curve: Curve, { nodes, lead }: Group): PanelCurve {
  const channels = nodes.map(node => convolutionOf(node).inChannels!)
  return { ...curve, mixed: channels.some(count => count !== channels[0]), cin: convolutionOf(lead).inChannels! }
}

/** The layers of a form at one call. */
function stepsAt(node: Node, form: FormName, width: number): PanelStep[] {
  const direct = directOf(node)!
  const work = kernelWork(form, direct, width)
  const { kernel } = convolutionOf(node)
  const [input, output] = [sizeOf(node, 'inputs'), sizeOf(node, 'outputs')]
  const sizes = (positions: number) => (positions === direct.input ? input : output)
  return stepsOf(form, direct).map((step, i) => {
    const pointwise = step.window === 1
    const channels = (of: number | 'r'): number => (of === 'r' ? width : of)
    const spelled = (pointwise ? kernel.map(() => 1) : kernel).join('×')
    return {
      kernel: step.depthwise ? `depthwise ${spelled}` : spelled,
      pointwise,
      from: channels(step.from),
      to: channels(step.to),
      narrow: { from: step.from === 'r', to: step.to === 'r' },
      input: sizes(step.input),
      output: sizes(step.output),
      macs: work[i]!.macs,
      params: work[i]!.params,
    }
  })
}

/** The spatial sizes of what a convolution reads or writes first. */
function sizeOf(node: Node, side: 'inputs' | 'outputs'): (number | null)[] {
  const { kernel, channelsLast } = convolutionOf(node)
  const shape = node[side][0]?.shape
  if (!shape) return kernel.map(() => null)
  const sizes = channelsLast ? shape.slice(-kernel.length - 1, -1) : shape.slice(-kernel.length)
  return sizes.map(size => (typeof size === 'number' ? size : null))
}

const textOf = (sizes: readonly (number | null)[]): string => sizes.map(size => size ?? '?').join('×')
