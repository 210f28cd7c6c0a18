import type { Span } from '../../base/text'
import type { Site } from '../../core/graph'
import type * as ast from './syntax/ast'

/**
 * Where a layer's construction gives whole numbers, by the attribute of ours that they are: what a fix may change.
 * `signature` is the constructor's, as the table of layers has it. Nothing for what is no call.
 */
export function numbersGiven(at: Span, signature: string): NonNullable<Site['attributes']> {
  const given: Record<string, { span: Span; spelled: string }> = {}
  const call = at as Partial<ast.Call>
  if (call.kind !== 'Call' || !call.args) return given
  const names = signature.split(', ').map(name => name.replace(/=$/, ''))
  let position: number | null = 0
  for (const { name, star, value } of call.args) {
    if (star !== 0) {
      // What follows an unpacked sequence stands at a place that the text does not tell.
      position = star === 1 ? null : position
      continue
    }
    const parameter: string | null | undefined = name ?? (position === null ? null : names[position++])
    const attribute = parameter ? ATTRIBUTES[parameter] : undefined
    if (!attribute || value.kind !== 'Number' || value.float || value.imaginary) continue
    given[attribute] = { span: { start: value.start, end: value.end }, spelled: parameter! }
  }
  return given
}

/** Arguments of torch.nn's and Keras' constructors and what the ops of the graph call them. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  in_channels: 'inChannels',
  out_channels: 'outChannels',
  in_features: 'inFeatures',
  out_features: 'outFeatures',
  num_features: 'channels',
  num_channels: 'channels',
  num_groups: 'groups',
  groups: 'groups',
  normalized_shape: 'shape',
  input_size: 'inputSize',
  kernel_size: 'kernel',
  stride: 'stride',
  filters: 'outChannels',
  units: 'outFeatures',
  pool_size: 'kernel',
  strides: 'stride',
}
