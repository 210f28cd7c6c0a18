import type { Shown } from '../app'
import type { TextTable } from '../textTable'
import { KIND_NAMES } from '../words'

/** Every layer of the roofline with exact numbers: bytes of ideal traffic, seconds of arithmetic and of memory. */
export function rooflineTable({ model }: Shown): TextTable {
  const { layers, unit, roofline } = model
  const { device } = roofline
  const rows = layers.flatMap(({ id, kind, work, intensity }, i) => {
    const traffic = roofline.traffic[i]
    if (!work || !traffic || intensity === null) return []
    const bytes = traffic * device.bytesPerElement
    const [arithmetic, memory] = [(work * (unit === 'FLOPs' ? 1 : 2)) / device.peak, bytes / device.bandwidth]
    const least = Math.max(arithmetic, memory) + device.launch
    return [[id, KIND_NAMES[kind], work, bytes, intensity, arithmetic, memory, least]]
  })
  const head = ['layer', 'kind', unit, 'bytes', 'FLOP/B', 'arithmetic s', 'memory s', `least s, ${device.name}`]
  return [head, ...rows]
}
