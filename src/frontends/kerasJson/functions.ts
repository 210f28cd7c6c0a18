import type { ConfigValue } from '../kerasLayers'
import { applied, type Config, type LayerKind } from '../kerasLayers'
import type { CallEntry } from './topology'

/** Arithmetic by the names that TensorFlow's and Keras 3's functions have as layers. */
const ARITHMETIC: Readonly<Record<string, string>> = {
  add: 'add',
  addv2: 'add',
  add_v2: 'add',
  biasadd: 'add',
  sub: 'sub',
  subtract: 'sub',
  mul: 'mul',
  multiply: 'mul',
  div: 'div',
  divide: 'div',
  realdiv: 'div',
  truediv: 'div',
  truedivide: 'div',
  pow: 'pow',
  power: 'pow',
  maximum: 'max',
  minimum: 'min',
  greater: 'compare',
  greaterequal: 'compare',
  less: 'compare',
  lessequal: 'compare',
  equal: 'compare',
  notequal: 'compare',
  logicaland: 'and',
  logicalor: 'or',
  where: 'select',
}

const ACTIVATIONS: ReadonlySet<string> = new Set(
  'relu relu6 sigmoid tanh softmax silu swish gelu elu selu softplus softsign leakyrelu leaky_relu hardsigmoid hard_sigmoid hardsilu exp sqrt rsqrt square abs negative cast identity stop_gradient clip_by_value'.split(
    ' ',
  ),
)

/**
 * A function that was called on the tensors of a functional model: `TFOpLambda` (`math.add`), `TensorFlowOpLayer` and the
 * operations of Keras 3, which are listed among the layers. Undefined for what is not modelled.
 */
export function functionLayer(type: string, config: Config, call: CallEntry | undefined): LayerKind | undefined {
  const name = functionName(type, config)
  if (name === null || call === undefined) return undefined
  const short = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  if (Object.hasOwn(ARITHMETIC, short))
    return kind(type, (inputs, draw) => [draw.op('elementwise', { function: ARITHMETIC[short]! }, inputs)])
  if (ACTIVATIONS.has(short)) return kind(type, ([x], draw) => [applied(short, x!, draw)])
  return undefined
}

/** Whether a function is arithmetic of one element with another. */
export const isArithmetic = (name: string): boolean => Object.hasOwn(ARITHMETIC, name.toLowerCase())

const kind = (
  name: string,
  draw: (
    ...args: [Parameters<LayerKind['draw']>[1], Parameters<LayerKind['draw']>[2]]
  ) => ReturnType<LayerKind['draw']>,
): LayerKind => ({ name, parameters: {}, many: true, draw: (_, inputs, drawing) => draw(inputs, drawing) })

function functionName(type: string, config: Config): string | null {
  if (type === 'TFOpLambda') return typeof config.function === 'string' ? config.function : null
  if (type === 'TensorFlowOpLayer') {
    const definition = config.node_def
    const text = typeof definition === 'string' ? definition : JSON.stringify(definition as ConfigValue)
    return /"?op"?\s*:\s*"(\w+)"/.exec(text ?? '')?.[1] ?? null
  }
  return type
}
