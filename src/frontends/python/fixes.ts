import type { Span } from '../../base/text'
import type { Graph, Node } from '../../core/graph'
import type { Fix, Problem } from '../../core/problem'
import { elements } from '../../core/shape'
import type * as ast from './syntax/ast'

/** Adds what a reader of Python may do where a linear layer gets a map: flatten it first. */
export function withFixes(graph: Graph, module: ast.Module, text: string): Graph {
  if (!graph.problems.some(isMismatch)) return graph
  const problems = graph.problems.map(problem => {
    const node = isMismatch(problem) ? linearOf(graph, problem) : undefined
    return node ? { ...problem, fixes: flattenFixes(node, problem, module, text) } : problem
  })
  return { ...graph, problems }
}

const isMismatch = ({ code }: Problem): boolean => code === 'shape-mismatch'

/** The linear layer that a problem speaks of, where its input is a map. */
const linearOf = (graph: Graph, { span }: Problem): Node | undefined =>
  graph.nodes.find(({ op, origin, inputs, attributes }) => {
    const { site, called } = origin
    const shape = inputs[0]?.shape
    return (
      op === 'linear' &&
      (called?.span === span || site.span === span || site.attributes?.inFeatures?.span === span) &&
      shape !== null &&
      shape !== undefined &&
      shape.length > 3 &&
      shape.at(-1) !== attributes.inFeatures
    )
  })

/** Alone where the flattened map fits; else with the number that it would then have. What fits the last axis is no fix. */
function flattenFixes(node: Node, { span }: Problem, module: ast.Module, text: string): Fix[] {
  const { site } = node.origin
  const flattened = elements(node.inputs[0]!.shape!.slice(1))
  const insertion = insideSequential(site.span, module, text) ?? aroundArgument(span, module, text)
  if (!insertion || flattened === null) return []
  const { what, edits } = insertion
  if (flattened === node.attributes.inFeatures) return [{ title: `Insert ${what}`, edits, preferred: true }]
  const given = site.attributes?.inFeatures
  if (!given) return []
  return [
    {
      title: `Insert ${what} and set in_features of ${site.name} to ${flattened}`,
      edits: [...edits, { span: given.span, newText: String(flattened) }],
    },
  ]
}

interface Insertion {
  readonly what: string
  readonly edits: Fix['edits']
}

/** `self.fc(x)` becomes `self.fc(torch.flatten(x, 1))`. */
function aroundArgument(span: Span, module: ast.Module, text: string): Insertion | null {
  const call = pathTo(module, span).at(-1)
  const argument = call?.kind === 'Call' ? (call as ast.Call).args[0] : undefined
  if (argument?.star !== 0 || (call as ast.Call).args.length !== 1) return null
  const { start, end } = argument.value
  const importsTorch = module.body.some(s => s.kind === 'Import' && s.names.some(n => n.name === 'torch' && !n.alias))
  const simple = ['Name', 'Attribute', 'Call'].includes(argument.value.kind)
  if (!importsTorch && !simple) return null
  const [before, after] = importsTorch ? ['torch.flatten(', ', 1)'] : ['', '.flatten(1)']
  return {
    what: `${before}${end - start > LONGEST ? '…' : text.slice(start, end)}${after}`,
    edits: [
      { span: { start, end: start }, newText: before },
      { span: { start: end, end }, newText: after },
    ].filter(edit => edit.newText !== ''),
  }
}

/** `nn.Flatten(1)` before a layer that is listed in an nn.Sequential. */
function insideSequential(span: Span, module: ast.Module, text: string): Insertion | null {
  const path = pathTo(module, span)
  const layer = path.at(-1) as ast.Call | undefined
  const holder = path.findLast(n => n !== layer && (n.kind === 'Call' || n.kind === 'List' || n.kind === 'Tuple'))
  if (layer?.kind !== 'Call' || layer.func.kind !== 'Attribute' || !holder) return null
  const lists =
    holder.kind === 'List' ||
    (holder.kind === 'Call' && /(?:^|\.)Sequential$/.test(textOf((holder as ast.Call).func, text)))
  const items =
    holder.kind === 'List'
      ? (holder as ast.Sequence).items
      : ((holder as Partial<ast.Call>).args ?? []).map(a => a.value)
  if (!lists || !items.includes(layer as ast.Expression)) return null
  const what = `${textOf(layer.func.value, text)}.Flatten(1)`
  const indent = /(?:^|\n)([ \t]*)$/.exec(text.slice(0, layer.start))?.[1]
  const at = { start: layer.start, end: layer.start }
  return { what, edits: [{ span: at, newText: `${what},${indent === undefined ? ' ' : `\n${indent}`}` }] }
}

const textOf = ({ start, end }: Span, text: string): string => text.slice(start, end)

type Found = Span & { readonly kind: string }

/** The nodes of the tree around a place, outermost first; the last has just this place, where there is one. */
function pathTo(module: ast.Module, { start, end }: Span): Found[] {
  const path: Found[] = []
  let exact = false
  const visit = (node: unknown): void => {
    if (exact || node === null || typeof node !== 'object') return
    if (Array.isArray(node)) {
      for (const item of node) visit(item)
      return
    }
    const at = node as Partial<Found>
    if (typeof at.start === 'number' && typeof at.end === 'number') {
      if (at.start > start || at.end < end) return
      if (typeof at.kind === 'string') {
        path.push(at as Found)
        exact = at.start === start && at.end === end
      }
    }
    for (const value of Object.values(node)) if (typeof value === 'object') visit(value)
  }
  visit(module.body)
  return exact ? path : []
}

/** A longer argument is not repeated in a title. */
const LONGEST = 24
