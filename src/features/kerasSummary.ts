/**
 * The table that `model.summary()` of Keras 3 prints:
 *
 *   Model: "sequential"
 *   ┏━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┓
 *   ┃ Layer (type)     ┃ Output Shape              ┃         Param # ┃
 *   ┡━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━┩
 *   │ conv2d (Conv2D)  │ (None, 256, 256, 512)     │          14,336 │
 *   └──────────────────┴───────────────────────────┴─────────────────┘
 *    Total params: 14,336 (56.00 KB)
 *
 * Rules: keras/src/utils/summary_utils.py, and the widths that rich.table gives its columns.
 */
import type { ModelAnalysis } from '../analysis/analyze'
import { formatExact } from '../base/format'
import { type Dim, N } from '../core/dim'
import type { Graph, Layer, Weight } from '../core/graph'
import { boxTable } from './boxTable'
import { type Connection, type SummaryLayer, summaryLayers } from './kerasLayerList'

/** Characters across; Keras takes these where the terminal is wide enough, else what the terminal has. */
const ACROSS = 88
const ACROSS_WITH_CONNECTIONS = 108

/** The summary of one model, ending without a line end. `across` is the most characters that a line may have. */
export function kerasSummary(model: ModelAnalysis, across = Number.POSITIVE_INFINITY): string {
  const { graph, keras } = model
  const { layers, connected } = summaryLayers(keras?.asDeclared?.() ?? graph, keras?.kind)
  const counts = countsByLayer(graph.layers, new Set(layers.map(layer => layer.name)))
  const rows = layers.map(layer => {
    const cells = [
      `${layer.name} (${layer.type})`,
      shapeText(layer, keras?.batch ?? null),
      paramsText(counts.get(layer.name)),
    ]
    return connected ? [...cells, connectionText(layer.from)] : cells
  })
  const width = Math.min(across, connected ? ACROSS_WITH_CONNECTIONS : ACROSS)
  const table = boxTable(
    [
      { title: 'Layer (type)', until: connected ? 0.3 : 0.45 },
      { title: 'Output Shape', until: connected ? 0.56 : 0.8 },
      { title: 'Param #', until: connected ? 0.74 : 1, right: true },
      ...(connected ? [{ title: 'Connected to', until: 1 }] : []),
    ],
    rows,
    width,
  )
  const { trainable, others } = sums(graph.layers)
  const least = knowsAllWeights(graph) ? '' : '≥ '
  const line = (what: string, { count, bytes }: Sum): string =>
    ` ${what} params: ${least}${formatExact(count)} (${memoryText(bytes)})`
  return [
    `Model: "${keras?.name ?? model.name}"`,
    ...table,
    line('Total', { count: trainable.count + others.count, bytes: trainable.bytes + others.bytes }),
    line('Trainable', trainable),
    line('Non-trainable', others),
  ].join('\n')
}

/** `(None, 256, 256, 512)`, of several outputs a list of them, `?` where the rank is not known. */
function shapeText({ outputs }: SummaryLayer, batch: number | null): string {
  const size = (dim: Dim): string => (typeof dim === 'number' ? String(dim) : String((dim === N && batch) || 'None'))
  const texts = outputs.map(shape => (shape === null ? '?' : `(${shape.map(size).join(', ')})`))
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`
}

const paramsText = (count: number | null | undefined): string => (count === null ? '?' : formatExact(count ?? 0))

const connectionText = (from: readonly Connection[]): string =>
  from.map(({ name, call, output }) => `${name}[${call}][${output}]`).join(', ') || '-'

/** `56.00 KB`: powers of 1024, as Keras writes them: what lies between two hundredths goes to the even one (73.12). */
export function memoryText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let size = bytes
  let at = 0
  while (size >= 1024 && at < units.length - 1) {
    size /= 1024
    at++
  }
  const halfway = Number.isInteger(size * 8) && (size * 8) % 2 === 1
  const hundredths = Math.floor(size * 100)
  const text = halfway ? ((hundredths + (hundredths % 2)) / 100).toFixed(2) : size.toFixed(2)
  return `${text} ${units[at]}`
}

/** Operations may have unknown costs, and known layers maps of unknown sizes: only weights count here. */
const knowsAllWeights = ({ stopped, nodes, layers }: Graph): boolean =>
  stopped === null &&
  nodes.every(node => node.unknown === null) &&
  layers.every(({ weights }) => weights.every(w => w.elements !== null))

/** Keras counts the statistics of norms among the params that are not trained, PyTorch's own among the buffers. */
const isCounted = (weight: Weight, { op }: Layer): boolean => weight.kind !== 'buffer' || op === 'batch_norm'

interface Sum {
  count: number
  bytes: number
}

function sums(layers: readonly Layer[]): { trainable: Sum; others: Sum } {
  const seen = new Set<Weight>()
  const result = { trainable: { count: 0, bytes: 0 }, others: { count: 0, bytes: 0 } }
  for (const layer of layers) {
    for (const weight of layer.weights) {
      if (seen.has(weight) || !isCounted(weight, layer)) continue
      seen.add(weight)
      const sum = result[weight.kind === 'trainable' ? 'trainable' : 'others']
      const elements = weight.elements ?? 0
      sum.count += elements
      sum.bytes += elements * (isImageCount(weight, layer) ? 8 : 4)
    }
  }
  return result
}

/** How many images a Normalization was adapted to: the one weight that is no float32 but a whole number of 64 bits. */
const isImageCount = ({ kind, shape }: Weight, { origin }: Layer): boolean =>
  kind === 'frozen' && shape.length === 0 && origin.type === 'Normalization' && origin.path.endsWith('.count')

/** Params of each layer of the model, with those of what is inside it; null where one is not known. */
function countsByLayer(layers: readonly Layer[], names: ReadonlySet<string>): Map<string, number | null> {
  const weights = new Map<string, Set<Weight>>()
  for (const layer of layers) {
    const name = topOf(layer.origin.path, names)
    const own = weights.get(name) ?? new Set()
    for (const weight of layer.weights) if (isCounted(weight, layer)) own.add(weight)
    weights.set(name, own)
  }
  return new Map(
    [...weights].map(([name, own]) => [
      name,
      [...own].reduce<number | null>((a, w) => (a === null || w.elements === null ? null : a + w.elements), 0),
    ]),
  )
}

/** The layer of the model that a path leads into. Names of layers may have dots of their own. */
function topOf(path: string, names: ReadonlySet<string>): string {
  if (names.has(path)) return path
  for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1))
    if (names.has(path.slice(0, end))) return path.slice(0, end)
  return path
}
