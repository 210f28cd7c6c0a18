import type { OutlineItem } from '../frontend'
import { messagesOf, scalarsOf } from './fields'
import type { LayerText, Network } from './network'
import type { Message } from './parse'
import { shorten } from './spelling'

/** One entry a layer: `conv1` with `Convolution 7×7 64 /2`. */
export const outlineOf = ({ layers }: Network): readonly OutlineItem[] =>
  layers.map(layer => ({
    name: shorten(layer.name) || layer.type || layer.field.name,
    detail: [layer.type, ...detailsOf(layer)].filter(part => part !== '').join(' '),
    kind: 'layer',
    span: layer.field.span,
    nameSpan: layer.header,
    children: [],
  }))

function detailsOf({ message }: LayerText): readonly string[] {
  const param = message.fields.find(({ name, value }) => WITH_SIZES.has(name) && value.kind === 'message')
  const shape = messagesOf(
    message.fields.find(({ name }) => name === 'input_param')?.value as Message | undefined,
    'shape',
  )[0]
  if (shape) return [numbers(shape, 'dim').join('×')]
  if (!param) return []
  const sizes = param.value as Message
  const text = (key: string): string => numbers(sizes, key)[0] ?? ''
  const [size, height, width] = ['kernel_size', 'kernel_h', 'kernel_w'].map(text)
  return [
    numbers(sizes, 'pool')[0] ?? '',
    size ? `${size}×${numbers(sizes, 'kernel_size')[1] ?? size}` : height && width ? `${height}×${width}` : '',
    text('num_output'),
    text('stride') && text('stride') !== '1' ? `/${text('stride')}` : '',
  ]
}

const numbers = (message: Message, key: string): string[] =>
  scalarsOf(message, key)
    .slice(0, 8)
    .map(({ text }) => shorten(text))

const WITH_SIZES: ReadonlySet<string> = new Set(['convolution_param', 'pooling_param', 'inner_product_param'])
