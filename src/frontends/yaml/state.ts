import type { Span } from '../../base/text'
import type { GraphBuilder, Origin, Value } from '../../core/graph'
import type { Problem } from '../../core/problem'
import type { YamlFile, YamlNode, YamlScalar } from '../yamlSource'
import type { Item } from './items'
import type { Block } from './model'
import type { Frame } from './references'
import type { Reading, Scope } from './values'

/** A run of a layer list: its rows are executed in order against the builder. */
export interface Run extends Reading {
  readonly blocks: ReadonlyMap<string, Block>
  /** Rows that were read, so that a row which runs many times is one site. */
  readonly items: Map<YamlNode, Item>
  /** Where a problem of a row as a whole is shown, by the row's span. */
  readonly heads: Map<Span, Span>
  /** Named branches, so that each is one site. */
  readonly branches: Map<YamlScalar, Origin['site']>
  steps: number
  /** Told of every layer that runs, with the parameters in force. */
  readonly seen?: (item: Item, scope: Scope) => void
}

/** A run with nothing read yet. */
export function startRun(
  file: YamlFile,
  builder: GraphBuilder,
  blocks: ReadonlyMap<string, Block>,
  told?: Run['seen'],
): Run {
  const seen = new Set<string>()
  return {
    file,
    builder,
    blocks,
    items: new Map(),
    heads: new Map(),
    branches: new Map(),
    steps: 0,
    ...(told ? { seen: told } : {}),
    report: (found: Problem) => {
      const key = `${found.span.start} ${found.span.end} ${found.message}`
      if (seen.size < 2000 && !seen.has(key)) builder.problem(found)
      seen.add(key)
    },
  }
}

/** Where rows run: parameters in force, module path so far, names of the blocks that are open. */
export interface Place {
  readonly scope: Scope
  readonly path: string
  /** Put before the index of rows without a name. */
  readonly prefix: string
  readonly open: readonly string[]
  readonly outer: Frame | null
  readonly inputs: ReadonlyMap<string, Value>
}
