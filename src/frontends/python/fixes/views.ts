import { type Conflict, nameOf } from '../../../core/faults'
import type { Graph } from '../../../core/graph'
import { elements, type Shape } from '../../../core/shape'
import type { Correction } from '../../frontend'
import type * as ast from '../syntax/ast'
import { argumentOf, builtAt } from './layers'
import { numberChanges } from './numbers'
import { callAt, lastName, pathTo, type Text } from './tree'

/**
 * The one size of a view that may be another number so that it holds what it is given; with the linear layer behind it
 * where that takes as many.
 */
export function reshapeChanges(conflict: Conflict, graph: Graph, file: Text): Correction[] {
  const { inputs, attributes, origin } = conflict
  const call = origin.site.uri ? null : callAt(file, origin.site.span)
  const sizes = call && ['view', 'reshape'].includes(lastName(call.func) ?? '') ? sizesGiven(call) : []
  const shape = attributes.shape as Shape | undefined
  const total = elements(inputs[0]?.shape ?? null)
  if (total === null || !shape || sizes.length !== shape.length) return []
  const node = graph.nodes.find(n => n.origin === origin && n.inputs[0] === inputs[0])
  return sizes.flatMap((size, i) => {
    const now = shape[i]
    const others = elements(shape.filter((dim, at) => at !== i && dim !== -1))
    if (typeof now !== 'number' || now < 1 || others === null || others < 1 || total % others !== 0) return []
    const name = `the ${now} of ${origin.type}`
    const changes = numberChanges(file, size, name, now, total / others, 'size')
    const behind = graph.nodes.find(
      n => n.op === 'linear' && n.attributes.inFeatures === now && node?.outputs.some(o => n.inputs.includes(o)),
    )
    const built = behind && builtAt(behind.origin.site, behind.origin.type, file)
    const taking = built ? argumentOf(built, 'inFeatures') : null
    if (!taking?.value) return changes
    const both = numberChanges(file, taking.value, `in_features of ${nameOf(behind!.origin)}`, now, total / others, '')
    const together = changes.flatMap(({ title, edits }) =>
      both.map(other => ({
        title: `${title}, and ${other.title.slice(4).replace(/ to \d+$/, '')}`,
        edits: [...edits, ...other.edits],
        preferred: true,
        only: 'sizes',
      })),
    )
    return [...changes, ...together]
  })
}

/** `q @ q` where the second is the first turned: its last two axes are exchanged. */
export function productChanges({ fault, inputs, origin }: Conflict, file: Text): Correction[] {
  const [a, b] = inputs.map(v => v.shape)
  if (!a || !b || a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-1) || !PRODUCTS.has(origin.type)) return []
  const node = origin.site.uri || fault.attribute ? undefined : pathTo(file.module, origin.site.span).at(-1)
  const second = node && secondOperand(node as unknown as ast.Expression)
  if (!second || !['Name', 'Attribute', 'Call', 'Subscript'].includes(second.kind)) return []
  const at = { start: second.end, end: second.end }
  const newText = '.transpose(-2, -1)'
  return [{ title: `Insert ${newText} at the second`, edits: [{ span: at, newText }], preferred: true }]
}

const PRODUCTS = new Set(['matmul', 'bmm', 'mm', '@'])

function secondOperand(e: ast.Expression): ast.Expression | null {
  if (e.kind === 'Binary' && e.operator === '@') return e.right
  if (e.kind !== 'Call') return null
  const values = e.args.map(a => a.value)
  return values.at(-1) ?? null
}

function sizesGiven({ args, func }: ast.Call): readonly ast.Expression[] {
  if (args.some(a => a.star !== 0 || a.name !== null)) return []
  const values = args.map(a => a.value)
  const own =
    lastName(func) === 'reshape' && func.kind === 'Attribute' && lastName(func.value) === 'torch'
      ? values.slice(1)
      : values
  const [first] = own
  return own.length === 1 && (first?.kind === 'Tuple' || first?.kind === 'List') ? first.items : own
}
