import type { YamlFile, YamlNode } from '../yamlSource'
import { type Item, readItem } from './items'
import type { LayerList } from './model'

/** Rows that are counted together. */
export interface RowList {
  readonly items: readonly Item[]
  /** A single row that stands where a list may stand: nothing can be put beside it. */
  readonly lone: boolean
}

/** Lists further inside than this are left out. */
const MAX_DEPTH = 60

/** Every list of rows of a file: of the network, of its blocks, of what is composed of rows. Each is there once. */
export function everyList(file: YamlFile, { rows, blocks }: LayerList): readonly RowList[] {
  const found: RowList[] = []
  const seen = new Set<YamlNode>()
  const isBlock = (name: string): boolean => blocks.has(name)
  const read = (nodes: readonly YamlNode[], lone: boolean, depth: number): void => {
    if (depth > MAX_DEPTH || nodes.length === 0 || seen.has(nodes[0]!)) return
    seen.add(nodes[0]!)
    const items = nodes.map((node, i) => readItem(file, node, i, isBlock))
    found.push({ items, lone })
    for (const { settings } of items) {
      for (const key of ['layers', 'residual', 'shortcut', 'branches']) {
        const node = file.resolve(settings.get(key)?.value ?? null)
        if (key !== 'branches') {
          if (node?.kind === 'list') read(node.items, false, depth + 1)
          continue
        }
        const branches = node?.kind === 'list' ? node.items : node?.kind === 'map' ? node.entries.map(e => e.value) : []
        for (const branch of branches) {
          const list = file.resolve(branch)
          if (list?.kind === 'list') read(list.items, false, depth + 1)
          else if (branch && list) read([branch], true, depth + 1)
        }
      }
    }
  }
  read(rows, false, 0)
  for (const block of blocks.values()) read(block.rows, false, 0)
  return found
}
