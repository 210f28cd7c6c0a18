import { frontEnds } from '../frontends'
import type { Format, NameGroup } from '../frontends/frontend'

/** What one format's reader understands. */
export interface Supported {
  readonly format: Format
  readonly groups: readonly NameGroup[]
}

/** What is understood in every format; groups without names are left out. */
export const supported = (): Supported[] =>
  frontEnds.map(({ format, supported }) => ({ format, groups: supported().filter(({ names }) => names.length > 0) }))
