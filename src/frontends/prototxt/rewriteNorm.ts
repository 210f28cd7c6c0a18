import { freshName, lineEndAt } from '../rewriteRows'
import { messageOf, scalarOf, textOf } from './fields'
import type { LayerText, Network } from './network'
import { copied, indentOf, type LayerCopy } from './rewriteText'
import { flag } from './values'

/**
 * BatchNorm, Scale and ReLU behind a new layer, in place: like those of the file where it has them, else as Caffe's
 * documentation writes them.
 */
export function normLayers(network: Network, beside: LayerText, blob: string, taken: Set<string>): string[] {
  return (['BatchNorm', 'Scale', 'ReLU'] as const).map(type => {
    const name = freshName(blob, SUFFIX[type], taken)
    taken.add(name)
    const model = network.layers.find(layer => layer.type === type && isModel(layer))
    return model ? like(network, model, name, blob) : plain(network, beside, type, name, blob)
  })
}

const SUFFIX = { BatchNorm: 'bn', Scale: 'scale', ReLU: 'relu' } as const

/** In the whole network, with one bottom, sharing nothing; a Scale that shifts. */
function isModel({ message, bottoms, tops, type }: LayerText): boolean {
  const shares = message.fields.some(({ name }) => name === 'include' || name === 'exclude')
  const named = textOf(messageOf(message, 'param'), 'name') !== ''
  if (shares || named || bottoms.length !== 1 || tops.length !== 1 || !scalarOf(message, 'name')) return false
  const param = messageOf(message, 'scale_param')
  if (type !== 'Scale') return true
  return flag(param, 'bias_term', false) && !scalarOf(param, 'axis') && !scalarOf(param, 'num_axes')
}

function like({ text }: Network, layer: LayerText, name: string, blob: string): string {
  const copy: LayerCopy = { text, layer, edits: [] }
  const quote = (start: number, to: string): string => (text[start] === "'" ? `'${to}'` : `"${to}"`)
  const put = (span: { start: number; end: number }, to: string): void =>
    void copy.edits.push({ span, newText: quote(span.start, to) })
  put(scalarOf(layer.message, 'name')!.span, name)
  put(layer.bottoms[0]!.span, blob)
  put(layer.tops[0]!.span, blob)
  return copied(copy)
}

function plain(
  { text }: Network,
  { header }: LayerText,
  type: keyof typeof SUFFIX,
  name: string,
  blob: string,
): string {
  const own = indentOf(text, header.start)
  const inner = `${own}${/\n([ \t]+)\w/.exec(text.slice(header.end))?.[1]?.slice(own.length) || '  '}`
  const fields = [`name: "${name}"`, `type: "${type}"`, `bottom: "${blob}"`, `top: "${blob}"`]
  if (type === 'Scale') fields.push('scale_param { bias_term: true }')
  return ['layer {', ...fields.map(field => inner + field), `${own}}`].join(lineEndAt(text, header.start))
}
