import { BadConfig, type Config, REQUIRED, UNKNOWN, within } from './config'
import type { LayerKind } from './define'
import { isChannelsLast } from './parts'

/**
 * Layers that change pictures at random (keras/src/layers/preprocessing/image_preprocessing): they do nothing in inference
 * and keep the shape. Their arguments in order, `!` where one must be given, and the bounds of the factors that Keras
 * checks.
 */
const SIGNATURES: readonly (readonly [
  signature: string,
  bounds?: Readonly<Record<string, readonly [number, number]>>,
])[] = [
  ['AugMix value_range num_chains chain_depth factor alpha all_ops interpolation seed data_format', { factor: [0, 1] }],
  ['AutoContrast value_range'],
  ['ContrastLimitedAdaptiveHistogramEqualization value_range clip_limit tile_grid_size data_format'],
  ['CutMix factor seed data_format', { factor: [0, 1] }],
  ['Equalization value_range bins data_format'],
  ['MaxNumBoundingBoxes max_number! fill_value'],
  ['MixUp alpha data_format seed'],
  ['RandAugment value_range num_ops factor interpolation seed data_format'],
  ['RandomBrightness factor! value_range seed', { factor: [-1, 1] }],
  ['RandomColorDegeneration factor! value_range data_format seed'],
  ['RandomColorJitter value_range brightness_factor contrast_factor saturation_factor hue_factor seed data_format'],
  ['RandomContrast factor! value_range seed', { factor: [0, 1] }],
  [
    'RandomElasticTransform factor scale interpolation fill_mode fill_value value_range seed data_format',
    { factor: [0, 1] },
  ],
  ['RandomErasing factor scale fill_value value_range seed data_format', { factor: [0, 1] }],
  ['RandomFlip mode seed data_format'],
  ['RandomGaussianBlur factor kernel_size sigma value_range data_format seed', { factor: [0, 1] }],
  ['RandomGrayscale factor data_format seed'],
  ['RandomHue factor! value_range data_format seed', { factor: [0, 1] }],
  ['RandomInvert factor value_range seed data_format', { factor: [0, 1] }],
  ['RandomPerspective factor scale interpolation fill_value seed data_format', { factor: [0, 1] }],
  ['RandomPosterization factor! value_range data_format seed'],
  ['RandomRotation factor! fill_mode interpolation seed fill_value data_format'],
  ['RandomSaturation factor! value_range data_format seed'],
  ['RandomSharpness factor! value_range data_format seed', { factor: [0, 1] }],
  ['RandomShear x_factor y_factor interpolation fill_mode fill_value data_format seed'],
  [
    'RandomTranslation height_factor! width_factor! fill_mode interpolation seed fill_value data_format',
    { height_factor: [-1, 1], width_factor: [-1, 1] },
  ],
  ['RandomZoom height_factor! width_factor fill_mode interpolation seed fill_value data_format'],
  ['Solarization addition_factor threshold_factor value_range seed'],
]

export const augmentation: readonly LayerKind[] = [
  ...SIGNATURES.map(([signature, bounds]): LayerKind => {
    const [name, ...names] = signature.split(' ') as [string, ...string[]]
    return {
      name,
      parameters: Object.fromEntries(names.map(n => (n.endsWith('!') ? [n.slice(0, -1), REQUIRED] : [n, null]))),
      draw: (config, [x], draw) => {
        isChannelsLast(config)
        for (const [argument, [low, high]] of Object.entries(bounds ?? {})) factor(config, argument, low, high)
        return [draw.op('identity', {}, [x!])]
      },
    }
  }),
  // Keras 2 had two more, which leave a size open.
  ...(['RandomHeight', 'RandomWidth'] as const).map(
    (name): LayerKind => ({
      name,
      parameters: { factor: REQUIRED, interpolation: 'bilinear', seed: null },
      draw: (_, [x], draw) => {
        const rank = x!.shape?.length ?? 0
        const at = rank - (name === 'RandomHeight' ? 3 : 2)
        const shape = x!.shape?.map((dim, i) => (i === at ? null : dim)) ?? null
        return [draw.op('compute', { function: name, shapes: [shape] }, [x!])]
      },
    }),
  ),
]

/** A number, or two of which the least and the most are drawn. */
function factor(config: Config, name: string, low: number, high: number): void {
  const value = config[name]
  if (value === undefined || value === null || value === UNKNOWN) return
  const ends = Array.isArray(value) ? value : [value, value]
  if (ends.length !== 2) throw new BadConfig(`${name} expects one number or two and gets ${ends.length}`, name)
  for (const end of ends) within({ [name]: end }, name, low, high)
}
