import type { Graph, Node } from '../../../core/graph'
import type { TextEdit } from '../../../core/problem'
import type { Found } from '../syntax/around'
import type * as ast from '../syntax/ast'
import { bindCall, edited } from './calls'
import { isGlobal, type Names } from './names'
import { functionsAround, type Place, placeOf } from './place'
import type { Spelling } from './spelling'
import { isConstant } from './widths'

/** Writes the layers that follow a new narrow map of so many channels. */
export interface Between {
  write(channels: string): readonly string[]
  /** Imports that they need. */
  readonly edits: readonly TextEdit[]
}

/**
 * The norm and the activation that the network has behind a convolution (or before it, or nearest to it), as the file
 * writes them where that can be read here; then as the framework calls them. The best first.
 */
export function betweens(place: Place, names: Names, spelling: Spelling, node: Node, graph: Graph | null): Between[] {
  const rank = Number(/\d/.exec(node.op)![0])
  const around = graph ? neighbours(node, graph) : { norm: null, activation: null }
  const activation = writtenActivation(place, around.activation) ?? usualActivation(place, names, spelling, around)
  const norms = [
    writtenNorm(place, around.norm, spelling),
    usualNorm(names, spelling.norm(around.norm?.op ?? null, rank)),
    usualNorm(names, spelling.norm(null, rank)),
  ].filter(norm => norm !== null)
  if (activation === null) return []
  return norms
    .map(({ write, edits }) => ({
      write: (channels: string) => [write(channels), activation.text],
      edits: merged(edits, activation.edits),
    }))
    .filter((between, i, all) => all.findIndex(b => b.write('r')[0] === between.write('r')[0]) === i)
}

/** Edits at one place become one: `, BatchNorm2d` and `, ReLU` behind the same import. */
export function merged(...all: readonly (readonly TextEdit[])[]): TextEdit[] {
  const byPlace = new Map<number, TextEdit>()
  for (const edit of all.flat()) {
    const known = byPlace.get(edit.span.start)
    if (!known) byPlace.set(edit.span.start, edit)
    else if (!known.newText.split(', ').includes(edit.newText.replace(/^, /, '')))
      byPlace.set(edit.span.start, { span: edit.span, newText: known.newText + edit.newText })
  }
  return [...byPlace.values()]
}

interface Around {
  readonly norm: Node | null
  readonly activation: Node | null
}

/** What follows a convolution before the next one, else what its input went through, else what comes next in the network. */
function neighbours(node: Node, graph: Graph): Around {
  let norm: Node | null = null
  let activation: Node | null = null
  const take = (found: Node): void => {
    if (NORMS.has(found.op)) norm ??= found
    else if (isActivation(found)) activation ??= found
  }
  let value = node.outputs[0]
  for (let steps = 0; value && steps < MOST_STEPS; steps++) {
    const next: Node | undefined = graph.nodes.slice(node.id + 1, node.id + MOST_NODES).find(n => n.inputs[0] === value)
    if (!next || !(NORMS.has(next.op) || isActivation(next))) break
    take(next)
    value = next.outputs[0]
  }
  let before = node.inputs[0]?.producer ?? null
  for (let steps = 0; before && steps < MOST_STEPS; steps++) {
    if (!NORMS.has(before.op) && !isActivation(before)) break
    take(before)
    before = before.inputs[0]?.producer ?? null
  }
  for (const other of [...graph.nodes.slice(node.id + 1), ...graph.nodes.slice(0, node.id).reverse()]) {
    if (norm && activation) break
    if (isActivation(other)) activation ??= other
  }
  return { norm, activation }
}

const NORMS = new Set(['batch_norm', 'instance_norm', 'group_norm', 'layer_norm'])
/** Gates and the last layer's probabilities are no activations between layers. */
const isActivation = ({ op, attributes }: Node): boolean =>
  op === 'prelu' || (op === 'activation' && !GATES.has(String(attributes.function)))
const GATES = new Set(['sigmoid', 'hardsigmoid', 'tanh', 'glu', 'logsigmoid', 'threshold'])
const MOST_STEPS = 4
const MOST_NODES = 64

interface Written {
  readonly text: string
  readonly edits: readonly TextEdit[]
}

function writtenActivation(place: Place, node: Node | null): Written | null {
  const there = node && constructedAt(place, node)
  if (!there || there.call.args.some(a => !isPlain(a.value))) return null
  return { text: place.text.slice(there.call.start, there.call.end), edits: [] }
}

function usualActivation({ text }: Place, names: Names, spelling: Spelling, { activation }: Around): Written | null {
  const fn = activation?.op === 'prelu' ? 'prelu' : String(activation?.attributes.function ?? 'relu')
  const cls = spelling.activation(fn) ?? spelling.activation('relu')!
  const named = names(cls)
  if (!named) return null
  const inPlace = cls !== 'GELU' && cls !== 'PReLU' && cls !== 'Softplus' && /\binplace=True\b/.test(text)
  return { text: `${named.text}(${inPlace ? 'inplace=True' : ''})`, edits: named.edits }
}

interface WritesNorm {
  readonly write: (channels: string) => string
  readonly edits: readonly TextEdit[]
}

function usualNorm(names: Names, cls: string): WritesNorm | null {
  const named = names(cls)
  return named && { write: channels => `${named.text}(${channels})`, edits: named.edits }
}

/** The norm's own construction with other channels, where all else in it can be read at our place too. */
function writtenNorm(place: Place, node: Node | null, spelling: Spelling): WritesNorm | null {
  const there = node && constructedAt(place, node)
  if (!there) return null
  const { name, position } = spelling.channelsOf(node.origin.type)
  const { call } = there
  const positional = call.args.map((_, i) => (i === position ? name : `#${i}`))
  const bound = bindCall(place.text, call, {
    positional,
    named: new Set(),
    open: true,
    defaults: new Map(),
    roles: {},
  })
  const channels = bound.given.find(g => g.name === name)?.argument
  if (!channels || call.args.some(a => a !== channels && !(isPlain(a.value) || there.near))) return null
  return { write: r => edited(bound, new Map([[name, r]])).replace(/\s*\n\s*/g, ' '), edits: [] }
}

/** The call that constructs a layer of this file, where its name means the same at our place. */
function constructedAt(place: Place, { origin }: Node): { readonly call: ast.Call; readonly near: boolean } | null {
  const { site } = origin
  const there = site.uri ? null : placeOf(place.text, place.module, site.span)
  if (!there || there.call.end - there.call.start > LONGEST) return null
  const near = functionsAround(there)[0] === functionsAround(place)[0]
  let root: ast.Expression = there.call.func
  while (root.kind === 'Attribute') root = root.value
  if (root.kind !== 'Name' || origin.type === 'call') return null
  return near || isGlobal(place.module, root.id) ? { call: there.call, near } : null
}

const isPlain = (e: ast.Expression): boolean =>
  e.kind === 'Singleton' || e.kind === 'String' || isConstant(e as ast.Expression & Found)

/** A longer construction is not repeated. */
const LONGEST = 80
