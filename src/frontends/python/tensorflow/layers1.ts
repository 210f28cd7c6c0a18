import type { Layer, Value } from '../../../core/graph'
import {
  BadConfig,
  type Config,
  type ConfigValue,
  callLayer,
  declareDetached,
  drawingOn,
  kerasLayer,
  type LayerKind,
  type LayerParts,
  REQUIRED,
  UNKNOWN,
  UnknownConfig,
} from '../../kerasLayers'
import { bindNative } from '../interpreter/arguments'
import { type Run, raise } from '../interpreter/run'
import { native } from '../interpreter/types'
import {
  asNumber,
  asString,
  type Kwargs,
  PyFunction,
  PyList,
  PyNative,
  PyTuple,
  type PyValue,
} from '../interpreter/values'
import { guarded } from '../torch/nn/define'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { Unknown } from '../torch/values'

/** Layers of TensorFlow 1 as functions, and the class of Keras that each of them is. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  conv1d: 'Conv1D',
  conv2d: 'Conv2D',
  conv3d: 'Conv3D',
  conv2d_transpose: 'Conv2DTranspose',
  conv3d_transpose: 'Conv3DTranspose',
  separable_conv1d: 'SeparableConv1D',
  separable_conv2d: 'SeparableConv2D',
  dense: 'Dense',
  flatten: 'Flatten',
  dropout: 'Dropout',
  batch_normalization: 'BatchNormalization',
  max_pooling1d: 'MaxPooling1D',
  max_pooling2d: 'MaxPooling2D',
  max_pooling3d: 'MaxPooling3D',
  average_pooling1d: 'AveragePooling1D',
  average_pooling2d: 'AveragePooling2D',
  average_pooling3d: 'AveragePooling3D',
}

/** tf.layers (tf.compat.v1.layers): a function makes a layer and calls it. */
export const layerFunctions: readonly [string, PyValue][] = Object.entries(FUNCTIONS).map(([name, cls]) => {
  const kind = kerasLayer(cls)!
  return [
    name,
    native(name, (run, args, kwargs) => guarded(run, name, args, kwargs, () => call(run, name, kind, args, kwargs))),
  ]
})

const OTHERS = [
  'training',
  'name',
  'reuse',
  'trainable',
  'fused',
  'renorm',
  'renorm_clipping',
  'renorm_momentum',
  'rate',
  'noise_shape',
]

function call(run: Run, name: string, kind: LayerKind, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  const own = Object.entries(kind.parameters).map(([key, value]) =>
    value === REQUIRED && !(key === 'rate') ? key : `${key}=`,
  )
  const more = OTHERS.filter(key => !Object.hasOwn(kind.parameters, key)).map(key => `${key}=`)
  const signature = ['inputs', ...own, '*', ...more].join(', ')
  const bound = bindNative(name, signature, args, kwargs)
  const { inputs } = bound
  if (!(inputs instanceof PyTensor)) throw new Unknown('its input is not known')
  const config: Record<string, ConfigValue> = { ...(kind.name === 'Dropout' ? { rate: 0.5 } : {}) }
  for (const key of Object.keys(kind.parameters)) {
    const value = bound[key]
    if (value !== undefined) config[key] = plain(value)
  }
  return drawn(run, name, kind, config, inputs)
}

function drawn(run: Run, name: string, kind: LayerKind, config: Config, x: PyTensor): PyTensor {
  const trace = traceOf(run)
  const origin = trace.here(run, name)
  const parts: LayerParts = new Map<string, Layer>()
  const { builder } = trace
  const drawing = drawingOn(builder, parts, origin, declareDetached(true))
  builder.quiet = !trace.certain()
  try {
    const scope = (body: () => readonly Value[]): readonly Value[] => builder.scope(origin, [x.value], body)
    const [value] = callLayer(kind, config, [x.value], drawing, scope)
    for (const layer of parts.values()) builder.adopt(layer)
    return new PyTensor(value!, x.dtype)
  } catch (error) {
    if (error instanceof BadConfig) return raise('ValueError', error.message)
    if (error instanceof UnknownConfig) throw new Unknown(error.message)
    throw error
  }
}

function plain(value: PyValue): ConfigValue {
  if (value === null || typeof value === 'boolean') return value
  const text = asString(value)
  if (text !== null) return text
  const n = asNumber(value)
  if (n !== null) return n
  if (value instanceof PyList || value instanceof PyTuple) return value.items.map(plain)
  // `activation=tf.nn.relu`
  if (value instanceof PyNative) return value.name
  return value instanceof PyFunction ? 'function' : UNKNOWN
}
