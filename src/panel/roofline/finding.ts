import { formatRatio, formatShare } from '../../base/format'
import type { PanelNetwork } from '../../protocol/panel'

/** `48 of 54 layers wait for memory on T4 fp16, left of 203 FLOP/B; 3.7% of the least time is arithmetic.` */
export function rooflineFinding({ roofline: { device, kinds, time } }: PanelNetwork, short = false): string {
  const [layers, waits] = [sum(kinds, kind => kind.layers), sum(kinds, kind => kind.waits)]
  const share = time.seconds === 0 ? 0 : time.arithmetic / time.seconds
  const waiting = `${waits} of ${layers} layers wait for memory`
  if (short) return waiting
  const ridge = formatRatio(device.peak / device.bandwidth)
  return `${waiting} on ${device.name}, left of ${ridge} FLOP/B; ${formatShare(share)} of the least time is arithmetic.`
}

const sum = <T>(list: readonly T[], of: (item: T) => number): number =>
  list.reduce((total, item) => total + of(item), 0)
