import { type Totals, totals } from '../../../src/core/cost'
import { formatDim } from '../../../src/core/dim'
import type { Node } from '../../../src/core/graph'
import type { Problem } from '../../../src/core/problem'
import type { BuiltModel, InputShape, ModelFile } from '../../../src/frontends/frontend'
import { prototxt } from '../../../src/frontends/prototxt'

/** A prototxt, opened and built. */
export interface Opened extends BuiltModel {
  readonly file: ModelFile
  readonly totals: Totals
  readonly problems: readonly Problem[]
  /** The last node of a layer, by its name. */
  layer(name: string): Node
}

export interface How {
  readonly model?: string
  readonly inputs?: readonly InputShape[]
  readonly assumed?: boolean
}

export function openNet(text: string, { model, inputs = [], assumed }: How = {}): Opened {
  const file = prototxt.open({ uri: 'file:///net.prototxt', name: 'net.prototxt', text })
  const choice = file.models.find(({ name, aliases }) => model === name || aliases.includes(model ?? ''))
  const options = { model: choice?.name ?? file.defaultModel ?? '', inputs, ...(assumed ? { assumed } : {}) }
  const built = file.build(options)
  const problems = [...file.problems, ...built.graph.problems]
  const layer = (name: string): Node => built.graph.nodes.findLast(({ origin }) => origin.path.split('.')[0] === name)!
  return { ...built, file, totals: totals(built.graph), problems, layer }
}

/** An input of some sizes, the batch first. */
export const input = (name: string, ...sizes: readonly number[]): string =>
  `layer { name: "${name}" type: "Input" top: "${name}" input_param { shape { ${sizes.map(n => `dim: ${n}`).join(' ')} } } }\n`

/** One layer on a line: its name and top, its type, what it reads, and its parameters. */
export const layer = (name: string, type: string, bottoms: string, params = '', top = name): string =>
  [
    `layer { name: "${name}" type: "${type}"`,
    ...bottoms.split(' ').flatMap(bottom => (bottom ? [`bottom: "${bottom}"`] : [])),
    ...top.split(' ').flatMap(blob => (blob ? [`top: "${blob}"`] : [])),
    params,
    '}\n',
  ].join(' ')

/** The sizes of what a layer gives, the batch as N. */
export const sizesOf = ({ outputs }: Node, at = 0): unknown[] | null =>
  outputs[at]?.shape?.map(dim => (typeof dim === 'object' && dim !== null ? formatDim(dim) : dim)) ?? null

export const messages = ({ problems }: Opened): string[] => problems.map(({ code, message }) => `${code}: ${message}`)
