import { messageOf, scalarOf } from './fields'
import type { LayerText } from './network'
import type { Field, Message } from './parse'

/**
 * The first form of a layer, `layers { layer { type: "conv" num_output: 96 kernelsize: 11 } bottom: … top: … }`, as the
 * one after it: what stands in one heap goes to the parameters of its type (src/caffe/util/upgrade_proto.cpp
 * UpgradeV0LayerParameter). Values keep their places in the text. Null for other layers.
 */
export function upgraded(message: Message): { readonly message: Message; readonly type: string } | null {
  const inner = messageOf(message, 'layer')
  if (!inner) return null
  const word = scalarOf(inner, 'type')?.text ?? ''
  const [type, param] = TYPES[word] ?? [word, null]
  const own: Field[] = []
  const transform: Field[] = []
  const fields = message.fields.filter(({ name }) => name !== 'layer')
  for (const field of inner.fields) {
    if (OF_LAYERS.has(field.name)) fields.push(field)
    else if (TRANSFORM[field.name]) transform.push({ ...field, name: TRANSFORM[field.name]! })
    else if (field.name !== 'type') own.push({ ...field, name: RENAMED[field.name] ?? field.name })
  }
  if (param && own.length > 0) fields.push(part(param, own, inner))
  if (transform.length > 0 && DATA.has(type)) fields.push(part('transform_param', transform, inner))
  return { message: { ...message, fields }, type }
}

/**
 * Padding was a layer of its own, which the layer that reads it takes over (UpgradeV0PaddingLayers): it reads what the
 * padding read, and pads.
 */
export function withoutPadding(layers: readonly LayerText[]): LayerText[] {
  const paddings = new Map(
    layers.filter(isPadding).flatMap(layer => layer.tops.slice(0, 1).map(({ text }) => [text, layer] as const)),
  )
  if (paddings.size === 0) return [...layers]
  return layers.flatMap((layer): LayerText[] => {
    if (isPadding(layer)) return []
    const [bottom, ...others] = layer.bottoms
    const padding = bottom && paddings.get(bottom.text)
    const [, param] = Object.values(TYPES).find(([type]) => type === layer.type) ?? []
    if (!bottom || !padding?.bottoms[0] || (layer.type !== 'Convolution' && layer.type !== 'Pooling') || !param)
      return [layer]
    const pads = messageOf(messageOf(padding.message, 'layer') ?? padding.message, 'padding_param')?.fields ?? []
    const fields = layer.message.fields.map(field =>
      field.name === param && field.value.kind === 'message'
        ? { ...field, value: { ...field.value, fields: [...field.value.fields, ...pads] } }
        : field,
    )
    const bottoms = [{ span: bottom.span, text: padding.bottoms[0].text }, ...others]
    return [{ ...layer, bottoms, message: { ...layer.message, fields } }]
  })
}

const isPadding = ({ oldest, type }: LayerText): boolean => oldest && type === 'padding'

const part = (name: string, fields: readonly Field[], { span }: Message): Field => ({
  name,
  nameSpan: { start: span.start, end: span.start },
  value: { kind: 'message', fields, span },
  span,
})

/** The words of the form, the types that they became, and where their parameters went. */
const TYPES: Readonly<Record<string, readonly [type: string, param: string | null]>> = {
  accuracy: ['Accuracy', null],
  bnll: ['BNLL', null],
  concat: ['Concat', 'concat_param'],
  conv: ['Convolution', 'convolution_param'],
  data: ['Data', 'data_param'],
  dropout: ['Dropout', 'dropout_param'],
  euclidean_loss: ['EuclideanLoss', null],
  flatten: ['Flatten', null],
  hdf5_data: ['HDF5Data', 'hdf5_data_param'],
  hdf5_output: ['HDF5Output', 'hdf5_output_param'],
  im2col: ['Im2col', 'convolution_param'],
  images: ['ImageData', 'image_data_param'],
  infogain_loss: ['InfogainLoss', 'infogain_loss_param'],
  innerproduct: ['InnerProduct', 'inner_product_param'],
  lrn: ['LRN', 'lrn_param'],
  multinomial_logistic_loss: ['MultinomialLogisticLoss', null],
  padding: ['padding', 'padding_param'],
  pool: ['Pooling', 'pooling_param'],
  relu: ['ReLU', null],
  sigmoid: ['Sigmoid', null],
  softmax: ['Softmax', null],
  softmax_loss: ['SoftmaxWithLoss', null],
  split: ['Split', null],
  tanh: ['TanH', null],
  window_data: ['WindowData', 'window_data_param'],
}

const DATA: ReadonlySet<string> = new Set(['Data', 'ImageData', 'WindowData'])
const OF_LAYERS: ReadonlySet<string> = new Set(['name', 'blobs', 'blobs_lr', 'weight_decay'])
const RENAMED: Readonly<Record<string, string>> = {
  biasterm: 'bias_term',
  kernelsize: 'kernel_size',
  batchsize: 'batch_size',
  shuffle_images: 'shuffle',
}
const TRANSFORM: Readonly<Record<string, string>> = {
  scale: 'scale',
  meanfile: 'mean_file',
  cropsize: 'crop_size',
  mirror: 'mirror',
}
