import { argument, InnerLayer, oneOf, REQUIRED, UnknownConfig, whole, wholeOrNull, wholes } from './config'
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
      if (config.mean !== null) return [draw.op('activation', { function: 'normalization' }, [x!])]
      const axis = argument(config, 'axis')
      const axes = axis === null || axis === undefined ? [] : wholes(config, 'axis')
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
      const mode = String(argument(config, 'interpolation') ?? 'bilinear')
      const size = [whole(config, 'height'), whole(config, 'width')]
      return [draw.op('interpolate', { size, mode, ...layoutOf(config) }, [x!])]
    },
  },
  ...['CenterCrop', 'RandomCrop'].map(
    (name): LayerKind => ({
      name,
      parameters: { height: REQUIRED, width: REQUIRED, seed: null, data_format: null },
      draw: (config, [x], draw) => {
        if (!x!.shape) throw new UnknownConfig('the shape of its input is not known')
        const rank = x!.shape.length
        const at = isChannelsLast(config) ? rank - 3 : rank - 2
        const [height, width] = [whole(config, 'height'), whole(config, 'width')]
        const shape = x!.shape.map((dim, i) => (i === at ? height : i === at + 1 ? width : dim))
        return [draw.op('compute', { function: 'crop', shapes: [shape] }, [x!])]
      },
    }),
  ),
  ...[
    'RandomFlip',
    'RandomRotation',
    'RandomZoom',
    'RandomTranslation',
    'RandomContrast',
    'RandomBrightness',
    'RandomHeight',
    'RandomWidth',
    'RandomColorDegeneration',
    'RandomColorJitter',
    'RandomElasticTransform',
    'RandomErasing',
    'RandomGaussianBlur',
    'RandomGrayscale',
    'RandomHue',
    'RandomInvert',
    'RandomPerspective',
    'RandomPosterization',
    'RandomSaturation',
    'RandomSharpness',
    'RandomShear',
    'AutoContrast',
    'AugMix',
    'CutMix',
    'Equalization',
    'MixUp',
    'RandAugment',
    'Solarization',
    'Hashing',
    'Discretization',
  ].map(
    (name): LayerKind => ({
      name,
      // Their arguments decide nothing here; the first is whatever the layer calls it.
      parameters: { factor: null, width_factor: null, seed: null },
      draw: (config, [x], draw) => {
        const mode = config.output_mode
        if (mode !== undefined && mode !== null && mode !== 'int')
          throw new UnknownConfig(`output_mode is not modelled`)
        return [draw.op('identity', {}, [x!])]
      },
    }),
  ),
  {
    name: 'CategoryEncoding',
    parameters: { num_tokens: null, output_mode: 'multi_hot', sparse: false },
    draw: (config, [x], draw) => {
      const tokens = wholeOrNull(config, 'num_tokens')
      const mode = oneOf(config, 'output_mode', ['multi_hot', 'one_hot', 'count'])
      const shape = x!.shape
      const head = mode === 'one_hot' && shape?.at(-1) !== 1 ? shape : shape?.slice(0, -1)
      const shapes = [head ? [...head, tokens] : null]
      return [draw.op('compute', { function: 'encode', shapes }, [x!])]
    },
  },
  {
    name: 'SpectralNormalization',
    parameters: { layer: REQUIRED, power_iterations: 1 },
    composite: () => true,
    // Stores a vector as long as the last axis of the kernel, which is not trained.
    draw: (config, inputs, draw) => {
      const layer = argument(config, 'layer')
      if (!(layer instanceof InnerLayer)) throw new UnknownConfig('the layer inside is not known')
      const out = layer.call(inputs, draw)
      const size = ['filters', 'units', 'output_dim'].map(name => wholeOrNull(layer.config, name)).find(n => n !== null)
      draw.part('vector_u', 'parameter', { shape: [1, size ?? null], kind: 'frozen' }, [])
      return out
    },
  },
]
