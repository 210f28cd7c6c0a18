import { distance } from 'fastest-levenshtein'
import type { Value } from '../../core/graph'
import type { Padding } from '../../core/window'
import { argument, BadConfig, type Config, eachOf, InnerLayer, oneOf, spell, word } from './config'
import type { Drawing, LayerKind } from './define'

/** Arguments of initializers, regularizers and constraints: they change neither shapes nor counts. */
export const weightParameters = (...names: readonly string[]): LayerKind['parameters'] =>
  Object.fromEntries([
    ...names.map(name => [`${name}_initializer`, null]),
    ...names.map(name => [`${name}_regularizer`, null]),
    ['activity_regularizer', null],
    ...names.map(name => [`${name}_constraint`, null]),
  ])

/** True unless the arguments ask for channels first. */
export function isChannelsLast(config: Config): boolean {
  if (word(config, 'data_format') === null) return true
  return oneOf(config, 'data_format', ['channels_last', 'channels_first']) === 'channels_last'
}

/** `channelsLast` for ops that take channels first otherwise. */
export const layoutOf = (config: Config): { channelsLast?: true } =>
  isChannelsLast(config) ? { channelsLast: true } : {}

/** Index of the channels in a shape with a batch. */
export const channelsAt = (config: Config): number => (isChannelsLast(config) ? -1 : 1)

/** `valid` has no padding; `same` and, where a layer takes it, `causal` as Keras says (keras.ops.conv). */
export function paddingOf(
  config: Config,
  kernel: readonly number[],
  dilation: readonly number[],
  causal = false,
): Padding {
  const words = causal ? (['valid', 'same', 'causal'] as const) : (['valid', 'same'] as const)
  const padding = oneOf(config, 'padding', words)
  if (padding === 'same') return 'same'
  return kernel.map((k, i) => [padding === 'causal' ? dilation[i]! * (k - 1) : 0, 0] as const)
}

/** Numbers from 1 up, one an axis. */
export function positive(config: Config, name: string, rank: number): number[] {
  const numbers = eachOf(config, name, rank, FLOATS.has(name))
  const wrong = numbers.find(n => n < 1)
  if (wrong !== undefined) throw new BadConfig(`${name} expects numbers above 0 and gets ${wrong}`, name)
  return numbers
}

const FLOATS: ReadonlySet<string> = new Set(['strides', 'dilation_rate', 'pool_size'])

/** Whether an activation is asked for that does something. */
export function hasActivation(config: Config): boolean {
  const value = config.activation
  return value !== null && value !== undefined && value !== 'linear'
}

/** The activation that a layer applies to its result (`activation='relu'`); the value itself without one. */
export function activated(config: Config, value: Value, draw: Drawing, name = 'activation'): Value {
  const activation = argument(config, name)
  if (activation === null || activation === undefined) return value
  if (activation instanceof InnerLayer) return activation.call([value], draw.inside('activation'))[0] ?? value
  const known = nameOfFunction(activation)
  if (known === null)
    throw new BadConfig(`${name} expects the name of an activation and gets ${spell(activation)}`, name)
  return applied(known, value, draw)
}

/** Refuses a misspelled name of an activation that is counted elsewhere: that of a recurrent layer. */
export function knownActivation(config: Config, name: string): void {
  const given = config[name]
  if (typeof given === 'string') refuseMisspelled(given, name)
}

function refuseMisspelled(name: string, argument: string): void {
  const meant = KNOWN.has(name) ? undefined : [...KNOWN].find(known => distance(known, name) <= 2)
  if (meant !== undefined) throw new BadConfig(`${argument} "${name}" is not known; "${meant}" is`, argument)
}

/** An activation by its name. */
export function applied(name: string, value: Value, draw: Drawing, axis = -1): Value {
  refuseMisspelled(name, 'activation')
  if (name === 'linear') return value
  if (name === 'softmax' || name === 'log_softmax') return draw.op('softmax', { axis }, [value])
  if (name === 'glu') return draw.op('activation', { function: 'glu', halves: axis }, [value])
  return draw.op('activation', { function: name }, [value])
}

/** keras.activations; others may be registered by a program, so that only what is close to one of these is wrong. */
const KNOWN = new Set(
  `relu leaky_relu relu6 softmax celu elu selu softplus softsign squareplus soft_shrink sparse_plus silu swish gelu glu tanh tanh_shrink
  threshold sigmoid sparse_sigmoid exponential hard_sigmoid hard_silu hard_swish hard_tanh hard_shrink linear mish log_softmax log_sigmoid
  sparsemax prelu thresholded_relu`.split(/\s+/),
)

/** Keras 3 writes functions as objects into JSON: `{class_name: 'function', config: 'relu'}`. */
function nameOfFunction(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return null
  const { config, class_name: type } = value as { readonly config?: unknown; readonly class_name?: unknown }
  if (typeof config === 'string') return config
  return typeof type === 'string' ? type.toLowerCase() : null
}
