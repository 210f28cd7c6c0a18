import { type Totals, totals } from '../../../src/core/cost'
import type { Problem } from '../../../src/core/problem'
import { darknet } from '../../../src/frontends/darknet'
import type { BuiltModel, InputShape, ModelFile } from '../../../src/frontends/frontend'

/** A cfg, opened and built. */
export interface Opened extends BuiltModel {
  readonly file: ModelFile
  readonly totals: Totals
  readonly problems: readonly Problem[]
}

export function openCfg(text: string, { input }: { input?: InputShape['shape'] } = {}): Opened {
  const file = darknet.open({ uri: 'file:///net.cfg', name: 'net.cfg', text })
  const built = file.build({ model: file.defaultModel ?? '', inputs: input ? [{ shape: input }] : [] })
  const problems = [...file.problems, ...built.graph.problems]
  return { ...built, file, totals: totals(built.graph), problems }
}

/** What one section makes: its last output without the batch, the floats it stores, its multiply-accumulates. */
export interface Made {
  output: readonly unknown[] | null
  params: number
  stored: number
  macs: number
}

/** By the index of the section, from the paths of the nodes. A cost that is not known makes the sum NaN. */
export function sectionsOf({ graph }: BuiltModel): ReadonlyMap<number, Made> {
  const made = new Map<number, Made>()
  for (const { origin, outputs, cost } of graph.nodes) {
    const index = Number.parseInt(origin.path, 10)
    const section = made.get(index) ?? { output: null, params: 0, stored: 0, macs: 0 }
    made.set(index, section)
    section.output = outputs[0]?.shape?.slice(1) ?? null
    section.params += cost.params ?? Number.NaN
    section.stored += (cost.params ?? Number.NaN) + (cost.buffers ?? Number.NaN)
    section.macs += cost.macs ?? Number.NaN
  }
  return made
}

/** `[net]` of an image, and the sections behind it. */
export const net = (channels: number, height: number, width: number, ...sections: readonly string[]): string =>
  `[net]\nwidth=${width}\nheight=${height}\nchannels=${channels}\n\n${sections.join('\n\n')}\n`
