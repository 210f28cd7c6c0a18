import { FORM_NAMES } from '../advisor/forms'
import { planOf } from '../advisor/plan'
import { convolutionOf, isConvolution } from '../analysis/kind'
import { formatDim } from '../core/dim'
import type { Graph, Node, Value } from '../core/graph'
import type { Shape } from '../core/shape'
import type { PanelForm } from '../protocol/panel'
import type { PanelFormStep, PanelGeometry, PanelMap, PanelPicture, PanelValues } from '../protocol/panelPicture'
import { valuesOf } from './panelValues'

/** Shapes of the layers whose calls are `nodes`, in that order, and the maps between them. */
export function panelPicture(graph: Graph, nodes: readonly Node[]): PanelPicture {
  const geometries: PanelGeometry[] = []
  const known = new Map<string, number>()
  const geometryOf = nodes.map(node => {
    const geometry = geometryOfNode(node)
    if (!geometry) return null
    const key = JSON.stringify(geometry)
    let index = known.get(key)
    if (index === undefined) {
      index = geometries.push(geometry) - 1
      known.set(key, index)
    }
    return index
  })
  const values: Record<number, PanelValues> = {}
  nodes.forEach((node, i) => {
    const numbers = geometryOf[i] === null ? null : valuesOf(node)
    if (numbers) values[i] = numbers
  })
  return { forms, geometries, geometryOf, maps: mapsOf(graph, nodes), values }
}

const forms = Object.fromEntries(
  FORM_NAMES.map(form => [
    form,
    planOf(form, 'nothing').map(
      ({ kind, depthwise, from, to }): PanelFormStep => ({ spatial: kind === 'spatial', depthwise, from, to }),
    ),
  ]),
) as unknown as Record<PanelForm, PanelFormStep[]>

/** Null where a size is unknown, or the layer has no kernel that slides over maps. */
function geometryOfNode(node: Node): PanelGeometry | null {
  const { macs, traffic } = node.cost
  const [input, output] = [node.inputs[0]?.shape, node.outputs[0]?.shape]
  if (!macs || traffic === null || !input || !output || node.unknown !== null) return null
  const geometry = isConvolution(node)
    ? sliding(node, input, output)
    : node.op === 'linear' || node.op === 'matmul'
      ? positionwise(node, input)
      : null
  if (!geometry) return null
  const whole = { ...geometry, weights: weightsOf(geometry), macs, traffic }
  const places = whole.op === 'transposed' ? whole.input : whole.output
  // What is folded into the batch, or counted in another way, is not what the drawing would say.
  return whole.weights * product(places) === macs ? whole : null
}

type Sizes = Omit<PanelGeometry, 'weights' | 'macs' | 'traffic'>

function sliding(node: Node, input: Shape, output: Shape): Sizes | null {
  const { kernel, stride, dilation, padding, groups, inChannels, outChannels, bias, channelsLast } = convolutionOf(node)
  const [from, to] = [spatialOf(input, kernel.length, channelsLast), spatialOf(output, kernel.length, channelsLast)]
  if (!inChannels || !outChannels || !from || !to || inChannels % groups || outChannels % groups) return null
  return {
    op: node.op.startsWith('conv_transpose') ? 'transposed' : 'convolution',
    kernel,
    stride,
    dilation,
    padding: padding === 'same' ? null : padding.map(([before]) => before),
    groups,
    cin: inChannels,
    cout: outChannels,
    input: from,
    output: to,
    bias: bias ? outChannels : 0,
  }
}

/** A linear layer, and a product with a matrix that no layer made, is a 1×1 on each position. */
function positionwise(node: Node, input: Shape): Sizes | null {
  const features = node.op === 'matmul' ? matrixOf(node) : node.attributes
  const { inFeatures, outFeatures, bias } = (features ?? {}) as Readonly<Record<string, unknown>>
  if (typeof inFeatures !== 'number' || typeof outFeatures !== 'number' || !inFeatures || !outFeatures) return null
  // A product has no batch but one that is not a number.
  const between = numbers(input.slice(node.op === 'matmul' && typeof input[0] === 'number' ? 0 : 1, -1))
  if (!between) return null
  const places = between.length > 2 ? [product(between)] : between.length ? between : [1, 1]
  const ones = places.map(() => 1)
  return {
    op: 'linear',
    kernel: ones,
    stride: ones,
    dilation: ones,
    padding: places.map(() => 0),
    groups: 1,
    cin: inFeatures,
    cout: outFeatures,
    input: places,
    output: places,
    bias: bias === true ? outFeatures : 0,
  }
}

function matrixOf({ inputs }: Node): { inFeatures: unknown; outFeatures: unknown } | null {
  const [, matrix] = inputs
  if (!matrix || matrix.producer || matrix.shape?.length !== 2) return null
  return { inFeatures: matrix.shape[0], outFeatures: matrix.shape[1] }
}

const weightsOf = ({ kernel, cin, cout, groups }: Sizes): number => (product(kernel) * cin * cout) / groups

const spatialOf = (shape: Shape, rank: number, channelsLast = false): number[] | null =>
  numbers(channelsLast ? shape.slice(-rank - 1, -1) : shape.slice(-rank))

function numbers(dims: Shape): number[] | null {
  return dims.every(dim => typeof dim === 'number') ? [...dims] : null
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1)

/** A map that is on its way: pooled or not since it was made, channels first or last. */
interface Carried {
  readonly map: number
  readonly last: boolean
  readonly pooled: boolean
}

/**
 * What each layer reads and what maps are joined from, in the order of execution. Norms, activations, pooling and
 * whatever else keeps channels and size pass a map on; what changes them makes a new one that is moved, not computed.
 */
function mapsOf(graph: Graph, nodes: readonly Node[]): PanelMap[] {
  const layers = new Map(nodes.map((node, i) => [node, i]))
  const maps: PanelMap[] = []
  const carried = new Map<Value, Carried>()
  const carry = (value: Value): Carried | undefined => {
    let found = carried.get(value)
    if (!found && !value.producer && graph.inputs.includes(value)) {
      maps.push({ layer: null, by: 'input', ...seen(value, false), from: [] })
      found = { map: maps.length - 1, last: false, pooled: false }
      carried.set(value, found)
    }
    return found
  }
  for (const node of graph.nodes) {
    const sources = node.inputs.flatMap(value => carry(value) ?? [])
    const [first] = sources
    const layer = layers.get(node) ?? null
    const from = [...new Set(sources.map(({ map }) => map))]
    for (const value of node.outputs) {
      const last = layer === null ? first?.last === true : node.op === 'linear' || node.attributes.channelsLast === true
      const look = seen(value, last)
      const by = layer === null ? makerOf(node, from, first && maps[first.map], look) : null
      if (layer === null && by === null) {
        if (first) carried.set(value, { ...first, last, pooled: first.pooled || node.op.includes('pool') })
        continue
      }
      const pooled = sources.some(source => source.pooled)
      maps.push({ layer, by, ...look, from, ...(pooled ? { pooled } : {}) })
      carried.set(value, { map: maps.length - 1, last, pooled: false })
    }
  }
  return maps
}

/** How an op that is no layer makes a map of its own; null where it passes on the one it reads. */
function makerOf(
  { op }: Node,
  from: readonly number[],
  source: PanelMap | undefined,
  look: Pick<PanelMap, 'channels' | 'size'>,
): PanelMap['by'] {
  if (from.length > 1) return op === 'concat' ? 'concat' : op === 'elementwise' ? 'add' : 'move'
  if (!source) return null
  const sameChannels = look.channels === null || source.channels === null || look.channels === source.channels
  return sameChannels && look.size === source.size ? null : 'move'
}

function seen({ shape }: Value, last: boolean): Pick<PanelMap, 'channels' | 'size'> {
  if (!shape) return { channels: null, size: '?' }
  const rest = shape.slice(1)
  const channels = last ? rest.at(-1) : rest[0]
  const places = last ? rest.slice(0, -1) : rest.slice(1)
  return { channels: typeof channels === 'number' ? channels : null, size: places.map(formatDim).join('×') }
}
