import type { Value } from '../../core/graph'
import { resolveAxis } from '../../core/shape'
import { BadConfig, type Config, flag, Misfit, numberOf, whole, wholes } from './config'
import { type Drawing, type LayerKind, sizeAt } from './define'

const WEIGHTS: LayerKind['parameters'] = {
  beta_initializer: null,
  gamma_initializer: null,
  beta_regularizer: null,
  gamma_regularizer: null,
  beta_constraint: null,
  gamma_constraint: null,
}

/** Normalization of Keras (keras/src/layers/normalization). */
export const norms: readonly LayerKind[] = [
  {
    name: 'BatchNormalization',
    parameters: {
      axis: -1,
      momentum: 0.99,
      epsilon: 1e-3,
      center: true,
      scale: true,
      beta_initializer: null,
      gamma_initializer: null,
      moving_mean_initializer: null,
      moving_variance_initializer: null,
      beta_regularizer: null,
      gamma_regularizer: null,
      beta_constraint: null,
      gamma_constraint: null,
      renorm: false,
      renorm_clipping: null,
      renorm_momentum: 0.99,
      synchronized: false,
    },
    composite: config => flag(config, 'renorm'),
    caution: config =>
      Array.isArray(config.axis)
        ? new BadConfig('Keras 3 expects axis to be one number and gets a list', 'axis')
        : null,
    // The moving mean and variance are params that are not trained: Keras counts them.
    draw: (config, [x], draw) => {
      // Keras converts a float.
      const axis = Array.isArray(config.axis) ? only(config) : (numberOf(config.axis) ?? only(config))
      const rank = x?.shape?.length
      if (rank !== undefined && resolveAxis(axis, rank) === null)
        throw new Misfit(`axis ${axis} is not among the ${rank} dimensions of its input`, 'axis')
      if (rank !== undefined) notTheBatch(x!, [resolveAxis(axis, rank)])
      const attributes = {
        channels: sizeAt(x, axis),
        axis,
        scale: flag(config, 'scale'),
        shift: flag(config, 'center'),
        statistics: 'frozen' as const,
      }
      // Batch renormalization keeps a moving deviation, and a mean and deviation of its own for training.
      if (flag(config, 'renorm'))
        draw.part('renorm', 'parameter', { shape: [3, attributes.channels], kind: 'frozen' }, [])
      return [draw.part('', 'batch_norm', attributes, [x!])]
    },
  },
  {
    name: 'LayerNormalization',
    parameters: { axis: -1, epsilon: 1e-3, center: true, scale: true, ...WEIGHTS },
    composite: hasAxes,
    draw: (config, [x], draw) => {
      const rms = flag(config, 'rms_scaling')
      const scale = flag(config, 'scale') || rms
      const shift = flag(config, 'center') && !rms
      return [layerNorm(config, x!, draw, scale, shift, rms)]
    },
  },
  {
    name: 'RMSNormalization',
    parameters: { axis: -1, epsilon: 1e-6 },
    composite: hasAxes,
    draw: (config, [x], draw) => [layerNorm(config, x!, draw, true, false, true)],
  },
  {
    name: 'GroupNormalization',
    parameters: {
      groups: 32,
      axis: -1,
      epsilon: 1e-3,
      center: true,
      scale: true,
      ...WEIGHTS,
    },
    draw: (config, [x], draw) => {
      const axis = only(config)
      const rank = x?.shape?.length
      if (rank !== undefined && resolveAxis(axis, rank) === null)
        throw new Misfit(`axis ${axis} is not among the ${rank} dimensions of its input`, 'axis')
      const channels = sizeAt(x, axis)
      const groups = whole(config, 'groups')
      if (groups < 1 && groups !== -1)
        throw new BadConfig(`groups expects a number above 0, or -1, and gets ${groups}`, 'groups')
      if (channels !== null && groups > channels)
        throw new Misfit(`groups ${groups} are more than the ${channels} channels of its input`, 'groups')
      const attributes = {
        channels,
        axis,
        // -1 is a group a channel.
        groups: groups === -1 ? (channels ?? 1) : groups,
        scale: flag(config, 'scale'),
        shift: flag(config, 'center'),
        statistics: 'none' as const,
      }
      return [draw.part('', 'group_norm', attributes, [x!])]
    },
  },
  {
    name: 'UnitNormalization',
    parameters: { axis: -1 },
    draw: (config, [x], draw) => {
      axesOf(config, x!)
      return [draw.op('activation', { function: 'unit_normalization' }, [x!])]
    },
  },
]

/** The one axis that is named, also as a list of one. */
function only(config: Config): number {
  const axes = wholes(config, 'axis')
  if (axes.length !== 1) throw new BadConfig(`axis expects one axis and gets ${axes.length}`, 'axis')
  return axes[0]!
}

function layerNorm(config: Config, x: Value, draw: Drawing, scale: boolean, shift: boolean, rms: boolean): Value {
  const axes = axesOf(config, x)
  const rank = x.shape?.length
  if (axes === null || rank === undefined) return draw.unknown('the shape of its input is not known', [x])[0]!
  if (scale || shift) notTheBatch(x, axes)
  const last = axes.every((axis, i) => axis === rank - axes.length + i)
  const shape = axes.map(axis => sizeAt(x, axis))
  if (last) return draw.part('', 'layer_norm', { shape, scale, shift, ...(rms ? { rms } : {}) }, [x])
  if (axes.length === 1) {
    const attributes = { channels: shape[0]!, axis: axes[0]!, scale, shift, statistics: 'none' as const }
    return draw.part('', 'instance_norm', attributes, [x])
  }
  const weights = [...(scale ? ['gamma'] : []), ...(shift ? ['beta'] : [])]
  const stored = weights.map(name => draw.part(name, 'parameter', { shape, kind: 'trainable' }, []))
  return draw.op('elementwise', { function: 'normalize', keepsFirst: true }, [x, ...stored])
}

/** Weights as long as the batch cannot be made: its size is open. */
function notTheBatch({ shape }: Value, axes: readonly (number | null)[]): void {
  for (const axis of axes) {
    const size = axis === null ? null : (shape?.[axis] ?? null)
    if (typeof size === 'object' && size !== null)
      throw new Misfit(`axis ${axis} of its input is the batch, whose size is open`, 'axis')
  }
}

/** The axes that are named, from the first; null where those of the input are not known. */
function axesOf(config: Config, x: Value): readonly number[] | null {
  const given = wholes(config, 'axis')
  const rank = x.shape?.length
  if (rank === undefined) return null
  const axes = given.map(axis => resolveAxis(axis, rank))
  if (axes.includes(null))
    throw new Misfit(`axis ${given.join(', ')} lies outside the ${rank} dimensions of its input`, 'axis')
  if (new Set(axes).size < axes.length) throw new BadConfig(`axis names one axis twice: ${given.join(', ')}`, 'axis')
  return (axes as number[]).sort((a, b) => a - b)
}

/** Several axes that are not the last have weights of their own shape, drawn as parts. */
function hasAxes(config: Config): boolean {
  return Array.isArray(config.axis) && config.axis.length > 1
}
