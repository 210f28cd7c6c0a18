import { frontEnds } from '../frontends'
import type { Format, NameGroup } from '../frontends/frontend'

/** What one format's reader understands. */
export interface Supported {
  readonly format: Format
  readonly groups: readonly NameGroup[]
}

/** What is understood in every format; groups without names are left out. */
export function supported(): Supported[] {
  const byFormat = new Map<Format, NameGroup[]>()
  for (const { format: own, supported } of frontEnds) {
    for (const { title, names, format } of supported()) {
      const groups = byFormat.get(format ?? own) ?? []
      byFormat.set(format ?? own, groups)
      if (names.length > 0) groups.push({ title, names })
    }
  }
  return [...byFormat].map(([format, groups]) => ({ format, groups }))
}
