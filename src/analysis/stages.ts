import type { Node } from '../core/graph'
import { isConvolution } from './kind'
import { addSums, type CostBox, type CostItem, type CostLayer, layersOf, type Sum, sumOf } from './tree'

/**
 * A part of a network that is read as one: a top-level container of blocks (`layer1`), or the neighbouring layers of a
 * list whose maps have one resolution (`56×56`), or what stands before and after (`stem`, `head`).
 */
export interface Stage {
  readonly name: string
  /** `box`: a container of the file's own; `size`: found by resolution; `ends`: stem and head. */
  readonly by: 'box' | 'size' | 'ends'
  readonly items: readonly CostItem[]
  /** Norms and the like that belong to none of the items. */
  readonly rest: readonly Node[]
  readonly sum: Sum
}

/** Splits a tree into stages, in the order of execution. Their sums add up to the tree's. */
export function stagesOf(root: CostBox): Stage[] {
  const { items, rest } = expand(root)
  const total = root.sum.macs
  const inBoxes = items.filter(isStageLike).reduce((sum, item) => sum + item.sum.macs, 0)
  const hierarchical = inBoxes > 0 && inBoxes >= total / 2
  const keys = items.map(item =>
    hierarchical && isStageLike(item) ? { by: 'box' as const, name: item.name } : sizeOf(item),
  )
  if (hierarchical) nameEnds(items, keys)
  const drafts: { name: string; by: Stage['by']; items: CostItem[]; rest: Node[] }[] = []
  items.forEach((item, i) => {
    const { by, name } = keys[i]!
    const last = drafts.at(-1)
    if (last && by !== 'box' && last.by === by && last.name === name) last.items.push(item)
    else drafts.push({ name, by, items: [item], rest: [] })
  })
  if (!drafts.length && rest.length) drafts.push({ name: '', by: 'ends', items: [], rest: [] })
  for (const node of rest) stageBefore(drafts, node)?.rest.push(node)
  return drafts.map(draft => ({ ...draft, sum: addSums([...draft.items.map(i => i.sum), sumOf(draft.rest)]) }))
}

/** The blocks of a stage: what a container of blocks holds, else its items. */
export const blocksOf = (stage: Stage): readonly CostItem[] => {
  const [only] = stage.items
  return stage.by === 'box' && only?.kind === 'box' ? only.items : stage.items
}

/** A container with most of the cost says nothing by its name; what is in it takes its place. */
function expand(root: CostBox): { items: CostItem[]; rest: Node[] } {
  let items: CostItem[] = root.items
  const rest = [...root.rest]
  for (;;) {
    const at = items.findIndex(item => item.kind === 'box' && item.sum.macs > DOMINANT * root.sum.macs)
    const dominant = items[at]
    if (dominant?.kind !== 'box' || dominant.items.length < 2) return { items, rest }
    const inner = dominant.items.map(item => ({ ...item, name: `${dominant.name}.${item.name}` }))
    items = [...items.slice(0, at), ...inner, ...items.slice(at + 1)]
    rest.push(...dominant.rest)
  }
}

const DOMINANT = 0.6

/** A named container that holds nothing but containers, or an indexed list: blocks in a row. */
const isStageLike = (item: CostItem): boolean =>
  item.kind === 'box' &&
  !isIndex(lastName(item)) &&
  item.items.every(inner => inner.kind === 'box' || isIndex(inner.name.split('.')[0]!))

const lastName = (item: CostItem): string => item.name.slice(item.name.lastIndexOf('.') + 1)
const isIndex = (name: string): boolean => /^\d+$/.test(name)

interface Key {
  by: Stage['by']
  name: string
}

/** Loose layers before the first container are the stem, after the last one the head; between them they keep their size. */
function nameEnds(items: readonly CostItem[], keys: Key[]): void {
  const first = items.findIndex(isStageLike)
  const last = items.findLastIndex(isStageLike)
  keys.forEach((key, i) => {
    if (i < first) Object.assign(key, { by: 'ends', name: 'stem' })
    if (i > last) Object.assign(key, { by: 'ends', name: 'head' })
  })
}

/** Of an item of a list: the resolution of the map it gives; `head` where there is no map, or several kinds of maps. */
function sizeOf(item: CostItem): Key {
  const sizes = layersOf(item).filter(isMap).map(resolution)
  if (new Set(sizes).size > 2) return { by: 'ends', name: (item.kind === 'box' && item.scope?.origin.type) || 'head' }
  const size = sizes.at(-1) ?? null
  return size === null ? { by: 'ends', name: 'head' } : { by: 'size', name: size }
}

/** Products of matrices have more axes than two as well, and no map. */
const isMap = ({ node }: CostLayer): boolean => node.op !== 'matmul' && node.op !== 'linear'

const UNKNOWN = 'unknown size'

/** `56×56` of a map, `unknown size` where nothing is known of it, null where there is no map: a vector, or one position. */
function resolution({ node }: CostLayer): string | null {
  const shape = node.outputs[0]?.shape
  if (!shape) return UNKNOWN
  const channelsLast = isConvolution(node) && node.attributes.channelsLast === true
  const dims = channelsLast ? shape.slice(1, -1) : shape.slice(2)
  if (shape.length < 4 || dims.every(dim => dim === 1)) return null
  return dims.map(dim => (typeof dim === 'number' ? String(dim) : '?')).join('×')
}

function stageBefore<S extends { items: readonly CostItem[] }>(stages: readonly S[], node: Node): S | undefined {
  let found = stages[0]
  for (const stage of stages) if (stage.items.some(item => layersOf(item)[0]!.node.id <= node.id)) found = stage
  return found
}
