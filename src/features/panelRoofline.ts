import { arithmeticTime, memoryTime } from '../advisor/bound'
import { type Device, devices, leastTimeOf } from '../analysis/advice'
import type { ModelAnalysis } from '../analysis/analyze'
import { kindOf } from '../analysis/kind'
import { formatSeconds } from '../base/format'
import type { Node } from '../core/graph'
import type { PanelKind } from '../protocol/panel'
import type { PanelRoofline, PanelRooflineDevice, PanelRooflineKind } from '../protocol/panelRoofline'

/** Where the least time of a model goes on a device, for the layers whose calls are `nodes`. */
export function panelRoofline(
  model: ModelAnalysis,
  nodes: readonly Node[],
  device: Device,
  own: readonly Device[],
): PanelRoofline {
  const { seconds, arithmetic, memory, launches, exact } = leastTimeOf(model, device)
  const { name, precision, peak, bandwidth, launch, bytesPerElement } = device
  return {
    device: { name, precision, peak, bandwidth, launch, bytesPerElement, texts: textsOf(device) },
    deviceTexts: Object.fromEntries([...own, ...devices].map(each => [each.id, deviceText(each)])),
    traffic: nodes.map(({ cost }) => (cost.macs ? cost.traffic : null)),
    time: { seconds, arithmetic, memory, launches, exact },
    kinds: kindsOf(nodes, device, seconds),
  }
}

/** `T4 fp16: 65 TFLOP/s, 320 GB/s, 5 µs` */
function deviceText(device: Device): string {
  const { peak, bandwidth, launch } = textsOf(device)
  return `${device.name}: ${[peak, bandwidth, launch].filter(Boolean).join(', ')}`
}

const textsOf = ({ peak, bandwidth, launch }: Device): PanelRooflineDevice['texts'] => ({
  peak: inUnits(peak, 'FLOP/s'),
  bandwidth: inUnits(bandwidth, 'B/s'),
  launch: launch ? formatSeconds(launch).replace('.0 ', ' ') : '',
})

/** `65 TFLOP/s`, `8.1 TFLOP/s`, `68.2 GB/s`: as data sheets give them. */
function inUnits(value: number, unit: string): string {
  const [size, prefix] = value >= 1e12 ? [1e12, 'T'] : value >= 1e9 ? [1e9, 'G'] : [1e6, 'M']
  return `${Number((value / size).toPrecision(4))} ${prefix}${unit}`
}

const ORDER: readonly PanelKind[] = ['spatial', 'reduce', 'expand', 'project', 'depthwise', 'grouped', 'dense', 'other']

function kindsOf(nodes: readonly Node[], device: Device, total: number): PanelRooflineKind[] {
  const sums = new Map<PanelKind, { layers: number; macs: number; time: number; waits: number }>()
  let macs = 0
  for (const node of nodes) {
    const { cost, unknown } = node
    if (unknown !== null || !cost.macs || cost.traffic === null) continue
    const [work, wait] = [arithmeticTime(cost.macs, device), memoryTime(cost.traffic, device)]
    const sum = sums.get(kindOf(node)) ?? { layers: 0, macs: 0, time: 0, waits: 0 }
    sums.set(kindOf(node), sum)
    macs += cost.macs
    sum.layers++
    sum.macs += cost.macs
    sum.time += Math.max(work, wait) + device.launch
    if (work <= wait) sum.waits++
  }
  return ORDER.flatMap(kind => {
    const sum = sums.get(kind)
    if (!sum) return []
    const { layers, waits } = sum
    return [{ kind, layers, waits, share: sum.macs / macs, timeShare: total === 0 ? 0 : sum.time / total }]
  })
}
