import type { Dim } from '../../core/dim'
import type { RewriteRequest, RewriteStep, Rewriting } from '../../core/rewrite'
import { channelsOf, freshName, roleOf } from '../rewriteRows'
import { dataOf, spanOf } from './json'
import type { LayerEntry, ModelEntry } from './topology'
import { printed } from './write'

/**
 * A convolution of the file as several layers. The last of them keeps the name, so whoever takes its output stays as it
 * is; each of the others takes the one before it (`inbound_nodes`), or stands before it in a list that runs in order.
 */
export function rewriteLayer(request: RewriteRequest, model: ModelEntry, text: string): Rewriting {
  const found = find(model, request.site.span.start)
  if (!found) return refused('Its layer is not read.')
  const { entry, within } = found
  if (!CONVOLUTIONS.test(entry.type)) return refused(`It is built inside ${entry.type}.`)
  if (request.steps.some(step => channelsOf(step.from, request) === null)) return refused('Its channels are not known.')
  const layer = dataOf(entry.node) as Data
  const config = layer.config as Data | null
  if (!isData(config)) return refused('It has no config.')
  const keys = KEYS[config.nb_filter === undefined ? 'now' : 'first']
  if (keys === KEYS.first && request.steps.some(step => step.depthwise))
    return refused('Keras 1 has no depthwise convolution.')
  const taken = new Set(within.layers.map(other => other.name))
  const pieces: Data[] = []
  let before: string | null = null
  let slid = false
  for (const step of request.steps) {
    const name = step.last ? entry.name : freshName(entry.name, roleOf(step), taken)
    taken.add(name)
    pieces.push(
      linked({ ...layer, ...spelled(layer, config, step, name, keys, request) }, before, request, step.from, slid),
    )
    before = name
    slid ||= step.kind === 'spatial'
    if (!step.normed || step.last) continue
    for (const piece of between(layer, config, name, keys, taken)) {
      pieces.push(linked(piece, before, request, step.to, slid))
      before = String((piece.config as Data).name)
    }
  }
  pieces.forEach((piece, i) => {
    // The shapes that layers were built with are found again; the input is that of the first.
    delete piece.build_config
    if (i > 0) for (const key of INPUT) delete (piece.config as Data)[key]
  })
  const newText = printed(pieces, entry.node, text)
  const r = request.steps.some(step => step.to === 'r') ? String(channelsOf('r', request)) : ''
  return [{ edits: [{ span: spanOf(entry.node), newText }], width: r }]
}

type Data = Record<string, unknown>

const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value)

const refused = (sentence: string): { readonly refused: string } => ({ refused: sentence })

const CONVOLUTIONS = /^(?:Conv|Convolution|AtrousConv|AtrousConvolution)[123]D$/

const INPUT = ['batch_input_shape', 'batch_shape', 'input_shape', 'input_dtype']

/** How arguments are called now, and in Keras 1. */
const KEYS = {
  now: { filters: 'filters', strides: 'strides', dilation: 'dilation_rate', bias: 'use_bias' },
  first: { filters: 'nb_filter', strides: 'subsample', dilation: 'atrous_rate', bias: 'bias' },
} as const
type Keys = (typeof KEYS)[keyof typeof KEYS]

/** The layer and the model that lists it, by where its class name stands. */
function find(model: ModelEntry, offset: number): { entry: LayerEntry; within: ModelEntry } | null {
  for (const entry of model.layers) {
    if ((entry.typeNode ?? entry.node).offset === offset) return { entry, within: model }
    const inside = entry.model && find(entry.model, offset)
    if (inside) return inside
  }
  return null
}

/** One of the new convolutions: what a step does not speak of stays as it is in the file. */
function spelled(layer: Data, given: Data, step: RewriteStep, name: string, keys: Keys, request: RewriteRequest): Data {
  const config: Data = { ...given, name, [keys.filters]: channelsOf(step.to, request) }
  if (!step.last) {
    config[keys.bias] = false
    config.activation = 'linear'
  }
  if (step.kind === 'pointwise') {
    const ones = (value: unknown): unknown => (Array.isArray(value) ? value.map(() => 1) : 1)
    for (const key of ['kernel_size', keys.strides, keys.dilation, 'nb_row', 'nb_col', 'filter_length'])
      if (config[key] !== undefined) config[key] = ones(config[key])
    if (config.groups !== undefined) config.groups = 1
  }
  const named = layer.name === undefined ? {} : { name }
  if (!step.depthwise) return { ...named, config }
  const { filters: _, groups: __, ...rest } = config
  const own = Object.entries(rest).map(([key, value]): [string, unknown] => [
    key.replace(/^kernel_(?!size)/, 'depthwise_'),
    value,
  ])
  return { ...named, class_name: 'DepthwiseConv2D', config: { ...Object.fromEntries(own), depth_multiplier: 1 } }
}

/** A norm and an activation, in the form in which the file has its layers. */
function between(layer: Data, config: Data, after: string, keys: Keys, taken: Set<string>): Data[] {
  const first = config.data_format === 'channels_first' || config.dim_ordering === 'th'
  const activation =
    typeof config.activation === 'string' && config.activation !== 'linear' ? config.activation : 'relu'
  const make = (type: string, role: string, own: Data): Data => {
    const name = freshName(after, role, taken)
    taken.add(name)
    const named = layer.name === undefined ? {} : { name }
    return { ...layer, class_name: type, ...named, config: { name, trainable: true, ...own } }
  }
  return [
    make('BatchNormalization', 'bn', { axis: first ? 1 : -1, ...(keys === KEYS.first ? { mode: 0 } : {}) }),
    make('Activation', activation, { activation }),
  ]
}

/**
 * The piece with the one before it as its input, once for each call; the first takes what the layer took. Keras 3 writes
 * the shape of what is taken, too: the channels of the step, at the size before or after the window slid.
 */
function linked(
  piece: Data,
  before: string | null,
  request: RewriteRequest,
  channels: RewriteStep['from'],
  slid: boolean,
): Data {
  const { inbound_nodes: calls } = piece
  if (before === null || !Array.isArray(calls)) return piece
  const inbound = calls.map((call: unknown, i): unknown => {
    if (isData(call)) {
      const node = request.nodes[i] ?? request.nodes[0]!
      const sizes = (slid ? node.outputs : node.inputs)[0]?.shape ?? []
      const at = node.attributes.channelsLast ? sizes.length - 1 : 1
      const shape = sizes.map((size, axis) => (axis === at ? channelsOf(channels, request) : plainSize(size)))
      const tensor = { shape, dtype: 'float32', keras_history: [before, i, 0] }
      return { args: [{ class_name: '__keras_tensor__', config: tensor }], kwargs: {} }
    }
    const [entry] = call as readonly unknown[]
    const flat = typeof entry === 'string'
    const written = (flat ? call : entry) as readonly unknown[]
    const reference = [before, i, 0, ...(written.length > 3 ? [{}] : [])]
    return flat ? reference : [reference]
  })
  return { ...piece, inbound_nodes: inbound }
}

const plainSize = (dim: Dim): number | null => (typeof dim === 'number' ? dim : null)
