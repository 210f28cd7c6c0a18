import type { Value } from '../../core/graph'
import { resolveAxis } from '../../core/shape'
import { argument, BadConfig, type Config, Misfit, REQUIRED, UnknownConfig, whole, wholes } from './config'
import { type LayerKind, sizeAt } from './define'
import { isChannelsLast, layoutOf } from './parts'

/** Layers that prepare data (keras/src/layers/preprocessing). Random ones do nothing in inference. */
export const preprocessing: readonly LayerKind[] = [
  {
    name: 'Rescaling',
    parameters: { scale: REQUIRED, offset: 0 },
    draw: (_, [x], draw) => [draw.op('activation', { function: 'rescaling' }, [x!])],
  },
  {
    name: 'Normalization',
    parameters: { axis: -1, mean: null, variance: null, invert: false },
    composite: () => true,
    // Adapted to data it stores mean, variance and how many images it has seen (one number); given both, nothing.
    draw: (config, [x], draw) => {
      const given = (name: string): boolean => argument(config, name) !== null
      if (given('mean') !== given('variance')) throw new BadConfig('mean and variance are given together or not at all')
      const axes = argument(config, 'axis') === null ? [] : wholes(config, 'axis')
      const rank = x!.shape?.length
      const outside = rank === undefined ? undefined : axes.find(axis => resolveAxis(axis, rank) === null)
      if (outside !== undefined)
        throw new Misfit(`axis ${outside} is not among the ${rank} dimensions of its input`, 'axis')
      if (given('mean')) return [draw.op('activation', { function: 'normalization' }, [x!])]
      const shape = axes.map(at => sizeAt(x, at))
      const stored = [
        draw.part('mean', 'parameter', { shape, kind: 'frozen' }, []),
        draw.part('variance', 'parameter', { shape, kind: 'frozen' }, []),
        draw.part('count', 'parameter', { shape: [], kind: 'frozen' }, []),
      ]
      return [draw.op('elementwise', { function: 'normalize', keepsFirst: true }, [x!, ...stored])]
    },
  },
  {
    name: 'Resizing',
    parameters: {
      height: REQUIRED,
      width: REQUIRED,
      interpolation: 'bilinear',
      crop_to_aspect_ratio: false,
      pad_to_aspect_ratio: false,
      fill_mode: 'constant',
      fill_value: 0,
      antialias: false,
      data_format: null,
    },
    draw: (config, [x], draw) => {
      const rank = imageRank(x!)
      const [height, width] = [sizeOf(config, 'height'), sizeOf(config, 'width')]
      if (rank === 4) {
        const mode = String(argument(config, 'interpolation') ?? 'bilinear')
        return [draw.op('interpolate', { size: [height, width], mode, ...layoutOf(config) }, [x!])]
      }
      // Of three dimensions the first is a picture's own, not a batch.
      const at = isChannelsLast(config) ? 0 : 1
      const shape = x!.shape!.map((dim, i) => (i === at ? height : i === at + 1 ? width : dim))
      return [draw.op('compute', { function: 'resize', shapes: [shape] }, [x!])]
    },
  },
  ...(['CenterCrop', 'RandomCrop'] as const).map(
    (name): LayerKind => ({
      name,
      parameters: {
        height: REQUIRED,
        width: REQUIRED,
        ...(name === 'RandomCrop' ? { seed: null, data_format: null, name: null } : { data_format: null }),
      },
      draw: (config, [x], draw) => {
        const rank = imageRank(x!, name === 'RandomCrop')
        const at = isChannelsLast(config) ? rank - 3 : rank - 2
        const [height, width] = [sizeOf(config, 'height'), sizeOf(config, 'width')]
        const shape = x!.shape!.map((dim, i) => (i === at ? height : i === at + 1 ? width : dim))
        return [draw.op('compute', { function: 'crop', shapes: [shape] }, [x!])]
      },
    }),
  ),
]

/** One picture, or several: three dimensions or four, or also `more`. */
function imageRank({ shape }: Value, more = false): number {
  if (!shape) throw new UnknownConfig('the shape of its input is not known')
  if (shape.length < 3 || (shape.length > 4 && !more))
    throw new Misfit(`it expects 3 or 4 dimensions and gets ${shape.length}`)
  return shape.length
}

function sizeOf(config: Config, name: string): number {
  const size = whole(config, name)
  if (size < 1) throw new BadConfig(`${name} expects a number above 0 and gets ${size}`, name)
  return size
}
