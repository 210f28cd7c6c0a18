/** The numbers of a layer in words and formulas; what tooltips and hovers are made of. */
import { describeNode, kindOf } from '../analysis/kind'
import type { SiteCall } from '../analysis/sites'
import { formatExact } from '../base/format'
import { formatDim } from '../core/dim'
import type { Layer, Node, Value } from '../core/graph'
import { evaluate, type Formula } from '../core/op'
import { ops } from '../core/ops'
import type { Shape } from '../core/shape'

/** Text that Markdown shows as it is. */
export const escapeMarkdown = (text: string): string => text.replace(/[\\`*_{}[\]()#+!|<>~&]/g, '\\$&')

/** Code in Markdown, whatever characters it holds. */
export const code = (text: string): string => `\`${text.replaceAll('`', "'").replace(/\s+/g, ' ')}\``

/** The product behind a node's MACs; null where there is none or it is not known. */
export function macsFormula(node: Node): Formula | null {
  if (node.op === 'unknown') return null
  const shapes = (values: readonly Value[]): (Shape | null)[] => values.map(value => value.shape)
  return ops[node.op].macs?.(node.attributes as never, shapes(node.inputs), shapes(node.outputs)) ?? null
}

/** `k² · Cin · Cout · H′ · W′ = 9 · 64 · 64 · 56 · 56 = 115,605,504`. */
export function formatFormula(formula: Formula): string {
  const value = evaluate(formula)
  const factors = formula.values.map(String).join(' · ')
  const result = value === null || formula.values.length < 2 ? '' : ` = ${formatExact(value)}`
  return `${formula.names.join(' · ')} = ${factors}${result}`
}

/** `weight 64×3×7×7 = 9,408, bias 64`: what a layer stores. */
export function formatWeights(layer: Layer): string {
  return layer.weights
    .filter(weight => weight.kind !== 'buffer')
    .map(({ name, shape, elements }) => {
      const dims = shape.map(formatDim).join('×')
      const size = elements === null ? '?' : formatExact(elements)
      return shape.length > 1 ? `${name} ${dims} = ${size}` : `${name} ${size}`
    })
    .join(', ')
}

/** Tooltip of a shape: its dimensions spelled. */
export function shapeText(calls: readonly SiteCall[]): string {
  const call = calls[0]
  const shape = call?.outputs[0]?.shape
  if (!call || !shape) return 'The shape is not known.'
  const channelsLast = call.nodes.some(node => node.attributes.channelsLast === true)
  const text = spellShape(shape, channelsLast)
  const more = calls.length > 1 ? ` This is the first of ${calls.length} calls.` : ''
  return `Output: ${text}.${more}`
}

/** `batch N, 64 channels, height 112, width 112`. */
export function spellShape(shape: Shape, channelsLast = false): string {
  const dims = shape.map(formatDim)
  const names = AXES[shape.length]
  if (!names || typeof shape[0] === 'number') return dims.join(' by ')
  const order = channelsLast && shape.length > 2 ? [names[0]!, ...names.slice(2), names[1]!] : names
  return dims
    .map((dim, i) => (order[i] === 'channels' || order[i] === 'features' ? `${dim} ${order[i]}` : `${order[i]} ${dim}`))
    .join(', ')
}

/** Tooltip of params: what is stored, exactly. */
export function paramsText(calls: readonly SiteCall[]): string {
  const layers = [...new Set(calls.flatMap(call => call.nodes.map(node => node.layer)))].filter(hasWeights)
  const lines = layers.slice(0, MOST_LINES).map(layer => {
    const own = layers.length > 1 ? `${code(layer.origin.path)}: ` : ''
    return `${own}${escapeMarkdown(formatWeights(layer))}`
  })
  return [...lines, ...more(layers.length)].join('  \n')
}

/** Tooltip of MACs: the formula of the layer, or of the largest ones inside it. */
export function workText(calls: readonly SiteCall[]): string {
  const nodes = calls.flatMap(call => call.nodes).filter(node => node.cost.macs !== 0)
  if (calls.length > 1 && nodes.length === calls.length) {
    const first = formulaLine(nodes[0]!, false)
    return `${first}  \nThis is the first of ${calls.length} calls; the hint adds them up.`
  }
  const sorted = nodes.length > MOST_LINES ? nodes.toSorted((a, b) => (b.cost.macs ?? 0) - (a.cost.macs ?? 0)) : nodes
  const lines = sorted.slice(0, MOST_LINES).map(node => formulaLine(node, nodes.length > 1))
  return [...lines, ...more(nodes.length)].join('  \n')
}

/** Tooltip of a kind: what it does to the channels. */
export function kindText(calls: readonly SiteCall[]): string | null {
  const node = calls.flatMap(call => call.nodes).find(n => kindOf(n) !== 'other')
  if (!node) return null
  const kind = kindOf(node)
  const what = escapeMarkdown(describeNode(node))
  if (kind === 'depthwise') return `${what}: every channel is filtered alone; a 1×1 beside it mixes them.`
  if (kind === 'grouped') return `${what}: each group of channels is filtered without the others.`
  return `${what}: at every position, each output channel is a weighted sum of all input channels.`
}

/** The node at which a call's shape or cost was lost; null where nothing is missing. */
export function causeOf(calls: readonly SiteCall[]): Node | null {
  for (const call of calls) {
    const own = call.nodes.find(node => node.unknown !== null)
    if (own) return own
    for (const value of [...call.outputs, ...call.inputs]) if (value.cause) return value.cause
  }
  return null
}

/** Why something is not known: the cause, and how it comes to this line. */
export function unknownText(cause: Node, calls: readonly SiteCall[]): string {
  const name = escapeMarkdown(cause.origin.site.name)
  const reason = escapeMarkdown(cause.unknown ?? 'its size cannot be told')
  const here = calls.some(call => call.nodes.includes(cause))
  return here ? `Not known: ${reason}.` : `Not known, because of ${name}: ${reason}.`
}

/** More lines than this make a tooltip a page. */
const MOST_LINES = 6

const AXES: Readonly<Record<number, readonly string[]>> = {
  2: ['batch', 'features'],
  3: ['batch', 'channels', 'length'],
  4: ['batch', 'channels', 'height', 'width'],
  5: ['batch', 'channels', 'depth', 'height', 'width'],
}

const hasWeights = (layer: Layer | null): layer is Layer =>
  layer?.weights.some(weight => weight.kind !== 'buffer') === true

const more = (count: number): string[] => (count > MOST_LINES ? [`… ${count - MOST_LINES} more`] : [])

function formulaLine(node: Node, named: boolean): string {
  const formula = macsFormula(node)
  const own = named ? `${code(node.origin.path)}: ` : ''
  return `${own}${formula ? `MACs = ${formatFormula(formula)}` : 'MACs are not known'}`
}
