import type { Candidate } from '../advisor/candidates'
import type { Device } from '../advisor/devices'
import { formatBytes, formatSeconds, formatShare } from '../base/format'
import type { Node } from '../core/graph'
import type { Format } from '../frontends/frontend'
import type { Change, PlaceCost } from './proposals'

/** What to know before an edit is made: a warning where it costs something, else information. */
export interface Caution {
  readonly severity: 'warning' | 'info'
  /** One sentence, with the number that makes it true. */
  readonly text: string
}

/** Traffic and time that grow; the training that is needed again; the names of weights that change. */
export function cautionsOf(
  { nodes }: Candidate,
  replaced: readonly (readonly Node[])[],
  { before, after }: Change<PlaceCost>,
  device: Device,
  format: Format,
): Caution[] {
  const cautions: Caution[] = []
  const bytes = (elements: number): string => formatBytes(elements * device.bytesPerElement)
  if (after.traffic > before.traffic) {
    const text = `Traffic grows by ${growth(before.traffic, after.traffic)}, from ${bytes(before.traffic)} to ${bytes(after.traffic)}: the new maps are written and read.`
    cautions.push({ severity: 'warning', text })
  }
  if (after.time > before.time) {
    const text = `Least time on ${device.name} grows by ${growth(before.time, after.time)}, from ${formatSeconds(before.time)} to ${formatSeconds(after.time)}.`
    cautions.push({ severity: 'warning', text })
  }
  cautions.push({ severity: 'info', text: RETRAIN })
  const renamed = renaming(nodes[0]!, replaced[0]!)
  if (renamed && NAMED.has(format)) cautions.push({ severity: 'info', text: renamed })
  return cautions
}

const growth = (before: number, after: number): string => formatShare(after / before - 1)

const RETRAIN =
  'The layers compute another function than the one they replace: train again, or start from a factorization of its weights.'

/** Formats whose weights are stored under the names of layers. */
const NAMED: ReadonlySet<Format> = new Set(['pytorch', 'keras', 'tensorflow', 'ultralytics', 'prototxt', 'keras-json'])

function renaming(was: Node, replaced: readonly Node[]): string | null {
  const paths = replaced.filter(({ cost }) => cost.macs).map(({ origin }) => origin.path)
  const { path } = was.origin
  if (!path || paths.every(p => p === path)) return null
  return `Stored weights have other names: ${path} becomes ${paths.join(', ')}.`
}
