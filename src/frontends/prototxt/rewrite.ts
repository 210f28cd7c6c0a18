import type { Span } from '../../base/text'
import type { TextEdit } from '../../core/problem'
import type { RewriteRequest, RewriteStep, Rewriting } from '../../core/rewrite'
import { channelsOf, freshName, inOrder, lineEndAt, roleOf } from '../rewriteRows'
import { messageOf, messagesOf, scalarOf, scalarsOf, textOf } from './fields'
import type { LayerText, Network } from './network'
import type { Field, Message } from './parse'
import { normLayers } from './rewriteNorm'
import { copied, indentOf, type LayerCopy, lineOf, removal } from './rewriteText'

/**
 * A Convolution as several. New layers stand before it and read what it read; it reads the last of them, and keeps its
 * name and its top, so that whoever reads it reads it still.
 */
export function rewriteLayer(network: Network, request: RewriteRequest): Rewriting {
  const { steps, site } = request
  const layer = network.layers.find(({ header }) => header.start === site.span.start)
  if (!layer) return refused('Its layer is not read.')
  const param = messageOf(layer.message, 'convolution_param')
  const [bottom] = layer.bottoms
  if (layer.type !== 'Convolution' || !param || !bottom) return refused(`It is built by a ${layer.type} layer.`)
  if (layer.bottoms.length > 1) return refused('It reads several blobs.')
  if (namesOf(layer).length > 0) return refused('It shares its weights with other layers.')
  if (layer.oldest) return refused('Layers of its form are read, not written.')
  if (layer.old && steps.some(step => step.normed)) return refused('Layers of this form have no BatchNorm.')
  if (steps.some(step => channelsOf(step.from, request) === null)) return refused('Its channels are not known.')
  const taken = new Set(network.layers.flatMap(({ name, tops }) => [name, ...tops.map(({ text }) => text)]))
  const end = lineEndAt(network.text, layer.header.start)
  const between = end + indentOf(network.text, layer.header.start)
  let reads = bottom.text
  const made: string[] = []
  for (const step of steps.slice(0, -1)) {
    const name = freshName(layer.name || 'conv', roleOf(step), taken)
    taken.add(name)
    made.push(newLayer(network, layer, { step, request, name, reads }))
    if (step.normed) made.push(...normLayers(network, layer, name, taken))
    reads = name
  }
  const start = layer.field.span.start
  const edits: TextEdit[] = [
    { span: { start, end: start }, newText: made.map(text => text + between).join('') },
    { span: bottom.span, newText: quoted(network.text, bottom.span, reads) },
  ]
  if (steps.at(-1)!.kind === 'pointwise') edits.push(...asPointwise(network.text, param))
  const width = steps.some(step => step.to === 'r') ? String(channelsOf('r', request)) : ''
  return [{ edits: inOrder(edits), width }]
}

const refused = (sentence: string): { readonly refused: string } => ({ refused: sentence })

/** Names under which weights are shared, in both forms of a layer. */
const namesOf = ({ message }: LayerText): readonly string[] => [
  ...messagesOf(message, 'param').flatMap(param => textOf(param, 'name') || []),
  ...scalarsOf(message, 'param').map(({ text }) => text),
]

/** Fields that describe a window: a 1×1 in its place has none of them. */
const WINDOW: ReadonlySet<string> = new Set([
  ...['pad', 'stride', 'dilation', 'group'],
  ...['kernel_h', 'kernel_w', 'stride_h', 'stride_w', 'pad_h', 'pad_w'],
])

interface NewLayer {
  readonly step: RewriteStep
  readonly request: RewriteRequest
  readonly name: string
  readonly reads: string
}

/** A layer before the last: the layer that stands there with other numbers and without a bias. */
function newLayer({ text }: Network, layer: LayerText, { step, request, name, reads }: NewLayer): string {
  const param = messageOf(layer.message, 'convolution_param')!
  const copy: LayerCopy = { text, layer, edits: [] }
  rename(copy, name, reads)
  withoutBias(copy, param)
  const width = scalarOf(param, 'num_output')
  if (width) copy.edits.push({ span: width.span, newText: String(channelsOf(step.to, request)) })
  if (step.kind === 'pointwise') copy.edits.push(...asPointwise(text, param))
  else if (step.depthwise) setField(copy, param, 'group', String(channelsOf(step.from, request)))
  setField(copy, param, 'bias_term', 'false')
  return copied(copy)
}

/** The name, the bottom and the top of a copy. */
function rename({ text, layer, edits }: LayerCopy, name: string, reads: string): void {
  const put = (span: Span | undefined, to: string): void => {
    if (span) edits.push({ span, newText: quoted(text, span, to) })
  }
  put(scalarOf(layer.message, 'name')?.span, name)
  put(layer.bottoms[0]?.span, reads)
  put(layer.tops[0]?.span, name)
}

/** What is said of the bias: its first values and, as the second of a list, its learning rate. */
function withoutBias({ text, layer, edits }: LayerCopy, param: Message): void {
  const drop = (field: Field | undefined): void => {
    if (field) edits.push({ span: removal(text, field.span), newText: '' })
  }
  drop(param.fields.find(({ name }) => name === 'bias_filler'))
  for (const list of ['param', 'blobs_lr', 'weight_decay']) {
    for (const field of layer.message.fields.filter(({ name }) => name === list).slice(1)) drop(field)
  }
}

/** Sets a field of the parameters, or puts it behind the number of outputs. */
function setField({ text, edits }: LayerCopy, param: Message, name: string, value: string): void {
  const known = scalarOf(param, name)
  if (known) {
    edits.push({ span: known.span, newText: value })
    return
  }
  const after = param.fields.find(field => field.name === 'num_output')
  if (!after) return
  const at = after.span.end
  const alone = lineOf(text, after.span).start + indentOf(text, after.span.start).length === after.span.start
  const gap = alone ? lineEndAt(text, at) + indentOf(text, after.span.start) : ' '
  edits.push({ span: { start: at, end: at }, newText: `${gap}${name}: ${value}` })
}

/** The parameters as those of a 1×1: what a window is made of goes. */
function asPointwise(text: string, param: Message): TextEdit[] {
  const edits: TextEdit[] = []
  let isSet = false
  const height = param.fields.find(({ name }) => name === 'kernel_h')
  for (const field of param.fields) {
    if (field.name === 'kernel_size' && !isSet) {
      edits.push({ span: field.value.span, newText: '1' })
      isSet = true
    } else if (field === height && !param.fields.some(({ name }) => name === 'kernel_size')) {
      edits.push({ span: field.span, newText: `kernel_size${between(text, field)}1` })
    } else if (WINDOW.has(field.name) || field.name === 'kernel_size') {
      edits.push({ span: removal(text, field.span), newText: '' })
    }
  }
  return edits
}

/** What stands between a name and its value: `: `. */
const between = (text: string, { nameSpan, value }: Field): string => text.slice(nameSpan.end, value.span.start)

/** A name in the quotes of the one that stands there. */
const quoted = (text: string, { start }: Span, name: string): string =>
  text[start] === "'" ? `'${name}'` : `"${name}"`
