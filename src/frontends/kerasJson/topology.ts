import type { Span } from '../../base/text'
import { elementsOf, type JsonNode, member, members, textOf } from './json'

/** A layer as the file lists it. */
export interface LayerEntry {
  readonly node: JsonNode
  readonly name: string
  /** The class as the file spells it. */
  readonly type: string
  readonly typeNode: JsonNode | undefined
  /** Where Keras 3 has the class: `keras.layers`, `keras.src.ops.numpy`. */
  readonly module: string
  readonly config: JsonNode | undefined
  /** Its calls; empty for inputs and in a list that runs in order. */
  readonly calls: readonly CallEntry[]
  /** A model inside the model. */
  readonly model: ModelEntry | null
}

/** One call of a layer: the tensors it takes, by the layers that give them. */
export interface CallEntry {
  readonly node: JsonNode
  readonly inputs: readonly TensorReference[]
  /** Other arguments of the call, where they are plain. */
  readonly named: ReadonlyMap<string, JsonNode>
}

export interface TensorReference {
  readonly node: JsonNode
  readonly layer: string
  readonly call: number
  readonly output: number
  /** The argument that it was given as, where that has a name. */
  readonly argument?: string
  /** The place of the argument that it stands in, where it has no name. */
  readonly place?: number
  /** As the file says it, the batch included. */
  readonly shape?: readonly (number | null)[]
}

export interface ModelEntry {
  readonly node: JsonNode
  readonly name: string
  /** Layers run in order, or as they name each other. */
  readonly sequential: boolean
  readonly layers: readonly LayerEntry[]
  readonly inputs: readonly TensorReference[]
  readonly outputs: readonly TensorReference[]
  /** `build_input_shape` of a Sequential. */
  readonly buildShape: JsonNode | undefined
  readonly span: Span
}

/** Classes of models; in older files a functional one is called Model, in the oldest Graph. */
const MODELS: ReadonlySet<string> = new Set(['Sequential', 'Model', 'Functional', 'Graph'])

export const isModel = (type: string): boolean => MODELS.has(type)

/** The model of a file: Keras' to_json, or the topology of TensorFlow.js beside its list of weights. */
export function modelOf(root: JsonNode | null): ModelEntry | null {
  let node: JsonNode | undefined = root ?? undefined
  for (const key of ['modelTopology', 'model_config']) node = member(node, key) ?? node
  const type = textOf(member(node, 'class_name'))
  if (!node || type === undefined || !isModel(type)) return null
  return modelEntry(node, type, 0)
}

/** Models in models deeper than this are no models. */
const MOST_MODELS = 20

function modelEntry(node: JsonNode, type: string, depth: number): ModelEntry {
  const config = member(node, 'config')
  const listed = config?.type === 'array' ? config : member(config, 'layers')
  const entries = elementsOf(listed)
    .filter(item => item.type === 'object')
    .map((item, i) => layerEntry(item, i, depth))
  const { layers, outputs } = renumbered(entries, references(member(config, 'output_layers')))
  return {
    node,
    name:
      textOf(member(config, 'name')) ??
      textOf(member(node, 'name')) ??
      (type === 'Sequential' ? 'sequential' : 'model'),
    sequential: type === 'Sequential',
    layers,
    inputs: references(member(config, 'input_layers')),
    outputs,
    buildShape: member(config, 'build_input_shape'),
    span: { start: node.offset, end: node.offset },
  }
}

function layerEntry(node: JsonNode, index: number, depth: number): LayerEntry {
  const typeNode = member(node, 'class_name')
  const type = textOf(typeNode) ?? ''
  const config = member(node, 'config')
  const name = textOf(member(node, 'name')) ?? textOf(member(config, 'name')) ?? `${type || 'layer'}_${index}`
  return {
    node,
    name,
    type,
    typeNode,
    module: textOf(member(node, 'module')) ?? '',
    config,
    calls: elementsOf(member(node, 'inbound_nodes')).map(callEntry),
    model: isModel(type) && depth < MOST_MODELS ? modelEntry(node, type, depth + 1) : null,
  }
}

/**
 * The first call of a model inside is the one that made it: Keras 2 counts it, Keras 3 counts it where it lists the
 * outputs of a functional model and nowhere else (functional.py, get_config and get_tensor). Here no call counts it.
 */
function renumbered(entries: readonly LayerEntry[], outputs: readonly TensorReference[]) {
  const inside = new Map(entries.filter(entry => entry.model).map(entry => [entry.name, entry]))
  if (inside.size === 0) return { layers: entries, outputs }
  const taken = entries.flatMap(entry => entry.calls.flatMap(call => call.inputs))
  const numbers = (of: readonly TensorReference[], name: string): number[] =>
    of.filter(reference => reference.layer === name).map(reference => reference.call)
  const shifts = (of: readonly TensorReference[]): ReadonlyMap<string, number> =>
    new Map(
      [...inside].map(([name, { calls }]) => {
        const used = numbers(of, name)
        const counted = used.some(call => call >= calls.length) && !used.includes(0)
        return [name, counted ? 1 : 0]
      }),
    )
  const isNew = taken.some(reference => reference.shape) || entries.some(entry => entry.module !== '')
  const [among, last] = isNew ? [shifts(taken), inOutputs(inside)] : [shifts([...taken, ...outputs]), null]
  const shifted = (by: ReadonlyMap<string, number>) => (reference: TensorReference) => {
    const shift = by.get(reference.layer) ?? 0
    return shift === 0 || reference.call < shift ? reference : { ...reference, call: reference.call - shift }
  }
  const move = shifted(among)
  return {
    layers: entries.map(entry => ({
      ...entry,
      calls: entry.calls.map(call => ({ ...call, inputs: call.inputs.map(move) })),
    })),
    outputs: outputs.map(last ? shifted(last) : move),
  }
}

/** A Sequential of Keras 3 has no call of its own. */
const inOutputs = (inside: ReadonlyMap<string, LayerEntry>): ReadonlyMap<string, number> =>
  new Map([...inside].map(([name, { type }]) => [name, type === 'Sequential' ? 0 : 1]))

/**
 * Keras 1 and 2: a list of `[layer, call, output, {other arguments}]`, or one such entry alone. Keras 3: positional and
 * named arguments, in which tensors say where they come from (`keras_history`).
 */
function callEntry(node: JsonNode): CallEntry {
  const named = new Map<string, JsonNode>()
  const inputs: TensorReference[] = []
  if (node.type === 'object') {
    // Keras 2 names the tensors of a layer that takes a mapping.
    const plain = members(node).filter(([, value]) => isReference(value))
    for (const [, value] of plain) inputs.push(referenceOf(value)!)
    for (const [place, item] of elementsOf(member(node, 'args')).entries()) {
      const before = inputs.length
      collect(item, inputs)
      for (let i = before; i < inputs.length; i++) inputs[i] = { ...inputs[i]!, place }
    }
    for (const [key, value] of members(member(node, 'kwargs'))) {
      const before = inputs.length
      collect(value, inputs, key)
      if (inputs.length === before) named.set(key, value)
    }
    return { node, inputs, named }
  }
  const entries = isReference(node) ? [node] : elementsOf(node)
  for (const entry of entries) {
    const reference = referenceOf(entry)
    if (!reference) continue
    inputs.push(reference)
    for (const [key, value] of members(elementsOf(entry)[3])) {
      if (isReference(value)) inputs.push({ ...referenceOf(value)!, argument: key })
      else if (elementsOf(value).length > 0 && elementsOf(value).every(isReference))
        inputs.push(...elementsOf(value).map(item => ({ ...referenceOf(item)!, argument: key })))
      else named.set(key, value)
    }
  }
  return { node, inputs, named }
}

/** Tensors in the arguments of a Keras 3 call, in order. */
function collect(node: JsonNode | undefined, into: TensorReference[], argument?: string): void {
  if (!node) return
  if (node.type === 'array') for (const item of elementsOf(node)) collect(item, into, argument)
  if (node.type !== 'object') return
  const config = member(node, 'config')
  const history = member(config, 'keras_history')
  const reference = history && referenceOf(history)
  if (reference) {
    const shape = shapeOf(member(config, 'shape'))
    into.push({
      ...reference,
      node: history,
      ...(argument === undefined ? {} : { argument }),
      ...(shape ? { shape } : {}),
    })
  } else if (textOf(member(node, 'class_name')) === undefined)
    for (const [, value] of members(node)) collect(value, into, argument)
}

/** Sizes, null where one is open; undefined for anything else. */
function shapeOf(node: JsonNode | undefined): (number | null)[] | undefined {
  const sizes = elementsOf(node).map(item => item.value as unknown)
  if (node?.type !== 'array' || sizes.length > 32) return undefined
  return sizes.every(size => size === null || (typeof size === 'number' && Number.isInteger(size) && size >= 0))
    ? (sizes as (number | null)[])
    : undefined
}

/** `["conv", 0, 0]`, several of them in a list, or named. */
function references(node: JsonNode | undefined): TensorReference[] {
  if (!node) return []
  if (isReference(node)) return [referenceOf(node)!]
  const parts = node.type === 'object' ? members(node).map(([, value]) => value) : elementsOf(node)
  return parts.flatMap(references)
}

export const isReference = (node: JsonNode): boolean => {
  const [name, call, output] = elementsOf(node)
  return name?.type === 'string' && call?.type === 'number' && output?.type === 'number'
}

function referenceOf(node: JsonNode): TensorReference | null {
  if (!isReference(node)) return null
  const [layer, call, output] = elementsOf(node).map(item => item.value as unknown)
  return { node, layer: layer as string, call: call as number, output: output as number }
}
