import { resolveAxis } from '../../core/shape'
import { BadConfig, type Config, flag, whole, wholes } from './config'
import { type LayerKind, sizeAt } from './define'
import { weightParameters } from './parts'

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
    // The moving mean and variance are params that are not trained: Keras counts them.
    draw: (config, [x], draw) => {
      const axis = only(config)
      const rank = x?.shape?.length
      if (rank !== undefined && resolveAxis(axis, rank) === null)
        throw new BadConfig(`axis ${axis} is not among the ${rank} dimensions of its input`, 'axis')
      const attributes = {
        channels: sizeAt(x, axis),
        axis,
        scale: flag(config, 'scale'),
        shift: flag(config, 'center'),
        statistics: 'frozen' as const,
      }
      return [draw.part('', 'batch_norm', attributes, [x!])]
    },
  },
  {
    name: 'LayerNormalization',
    parameters: { axis: -1, epsilon: 1e-3, center: true, scale: true, ...weightParameters('beta', 'gamma') },
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
      ...weightParameters('beta', 'gamma'),
    },
    draw: (config, [x], draw) => {
      const axis = only(config)
      const channels = sizeAt(x, axis)
      const groups = whole(config, 'groups')
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
    draw: (_, [x], draw) => [draw.op('activation', { function: 'unit_normalization' }, [x!])],
  },
]

/** The one axis that is named, also as a list of one. */
function only(config: Config): number {
  const axes = wholes(config, 'axis')
  if (axes.length !== 1) throw new BadConfig(`axis expects one axis and gets ${axes.length}`, 'axis')
  return axes[0]!
}

function layerNorm(
  config: Config,
  x: Parameters<LayerKind['draw']>[1][number],
  draw: Parameters<LayerKind['draw']>[2],
  scale: boolean,
  shift: boolean,
  rms: boolean,
) {
  const given = wholes(config, 'axis')
  const rank = x.shape?.length
  if (rank === undefined) return draw.unknown('the shape of its input is not known', [x])[0]!
  const axes = given.map(axis => resolveAxis(axis, rank)).sort((a, b) => (a ?? 0) - (b ?? 0))
  const outside = axes.indexOf(null)
  if (outside >= 0)
    throw new BadConfig(`axis ${given.join(', ')} lies outside the ${rank} dimensions of its input`, 'axis')
  const last = axes.every((axis, i) => axis === rank - axes.length + i)
  if (last) {
    const shape = axes.map(axis => sizeAt(x, axis!))
    return draw.part('', 'layer_norm', { shape, scale, shift, ...(rms ? { rms } : {}) }, [x])
  }
  if (axes.length !== 1) return draw.unknown('it normalizes over axes that are not the last', [x], [x.shape])[0]!
  const attributes = { channels: sizeAt(x, axes[0]!), axis: axes[0]!, scale, shift, statistics: 'none' as const }
  return draw.part('', 'instance_norm', attributes, [x])
}
