import type { Convention } from './convention'
import { darknet } from './darknet'
import { flopCounter } from './flopCounter'
import { fvcore } from './fvcore'
import { keras } from './keras'
import { netscope } from './netscope'
import { ptflops } from './ptflops'
import { thop } from './thop'
import { torchinfo } from './torchinfo'
import { ultralytics } from './ultralytics'

export { type Convention, type ConventionTotals, countBy } from './convention'

/** How other tools count, by the name that `--convention` takes. */
export const conventions: readonly Convention[] = [
  fvcore,
  torchinfo,
  ptflops,
  thop,
  ultralytics,
  flopCounter,
  keras,
  netscope,
  darknet,
]
