import { type Dim, mapDim, N } from '../../../core/dim'
import { imageOf, vectorOf } from '../image'
import { flag, fraction, type Key, whole as wholeKey } from '../key'
import { fail, type LayerType, type Output, origin, report, type Step, scope } from '../layerType'
import { digits, find, isOn, whole } from '../values'

/** Width and height times the stride; a negative stride divides, rounding down (src/upsample_layer.c). */
export const upsample: LayerType = {
  names: ['upsample'],
  doc: 'Repeats every position; with a negative stride, sums blocks of positions.',
  keys: [
    wholeKey('stride', 2, 'How many times larger; negative: smaller.'),
    fraction('scale', 1, 'Factor of the values.'),
  ],
  build: step => {
    const { value, height, width } = imageOf(step)
    const stride = readStride(step, 2)
    if (stride === null) return unreadable(step, [...(value.shape?.slice(0, 2) ?? []), null, null])
    const resize = (side: Dim): Dim => mapDim(side, n => (stride < 0 ? Math.floor(n / -stride) : n * stride))
    const attributes = { size: [resize(height), resize(width)], mode: 'nearest' }
    return { value: step.builder.add('interpolate', attributes, [value], origin(step)), image: true }
  },
}

const reorgKeys: readonly Key[] = [
  wholeKey('stride', 1, 'Side of the blocks of positions that become channels.', 'stride'),
  flag('reverse', 'Makes positions of channels instead.'),
]

/** Channels times stride², width and height divided by it, rounding down; `reverse` inverts (src/reorg_layer.c). */
export const reorg: LayerType = {
  names: ['reorg'],
  doc: 'Moves blocks of positions into the channels.',
  keys: [
    ...reorgKeys,
    flag('flatten', 'Only reorders (pjreddie’s Darknet).'),
    wholeKey('extra', 0, 'Values added at the end (pjreddie’s Darknet).'),
  ],
  build: step => {
    const extra = find(step.section, 'extra') ? whole(step, 'extra', 0) : 0
    return extra === 0 ? rearrange(step) : lengthen(step, extra)
  },
}

/** The same shapes as reorg, another order of the channels. */
export const reorg3d: LayerType = {
  names: ['reorg3d'],
  doc: 'Moves blocks of positions into the channels, in the right order.',
  keys: reorgKeys,
  build: rearrange,
}

/** The size is what the file says (src/crop_layer.c). */
export const crop: LayerType = {
  names: ['crop'],
  doc: 'Cuts a part out of the image and varies its colours during training.',
  keys: [
    wholeKey('crop_height', 1, 'Height of the part.'),
    wholeKey('crop_width', 1, 'Width of the part.'),
    flag('flip', 'Mirrors at random.'),
    fraction('angle', 0, 'Largest rotation.'),
    fraction('saturation', 1, 'Largest change of the saturation.'),
    fraction('exposure', 1, 'Largest change of the exposure.'),
    fraction('shift', 0, 'Largest shift.'),
    flag('noadjust', 'Leaves the values as they are.'),
  ],
  build: step => {
    const { value, height, width } = imageOf(step)
    const down = cropSize(step, 'crop_height')
    const across = cropSize(step, 'crop_width')
    if (
      down === null ||
      across === null ||
      isLarger(step, 'crop_height', height) ||
      isLarger(step, 'crop_width', width)
    ) {
      return unreadable(step, [...(value.shape?.slice(0, 2) ?? []), down, across])
    }
    const cut = scope(step, [value], () => {
      const rows = step.builder.add('slice', { axis: 2, start: 0, end: down }, [value], origin(step, 'rows'))
      return step.builder.add('slice', { axis: 3, start: 0, end: across }, [rows], origin(step, 'columns'))
    })
    return { value: cut, image: true }
  },
}

function rearrange(step: Step): Output {
  const { value } = imageOf(step)
  const stride = readStride(step, 1)
  if (stride === null || stride < 1) {
    if (stride !== null) wrong(step, 'stride', `a whole number from 1 and gets ${stride}`)
    return unreadable(step, [value.shape?.[0] ?? null, null, null, null])
  }
  const attributes = { stride, reverse: isOn(step, 'reverse') }
  return { value: step.builder.add('reorg', attributes, [value], origin(step)), image: true }
}

/** With `extra`, all values as one vector and that many zeros behind (pjreddie/darknet src/reorg_layer.c). */
function lengthen(step: Step, extra: number | null): Output {
  const { value: input } = step.previous
  if (extra === null || extra < 0) {
    if (extra !== null) wrong(step, 'extra', `a whole number from 0 and gets ${extra}`)
    return { value: step.builder.unknown('its extra values cannot be read', [input], origin(step))[0]!, image: false }
  }
  const value = scope(step, [input], () => {
    const zeros = step.builder.add('constant', { shape: [N, extra] }, [], origin(step, 'extra'))
    return step.builder.add('concat', { axis: 1 }, [vectorOf(step), zeros], origin(step, 'concat'))
  })
  return { value, image: false }
}

function readStride(step: Step, fallback: number): number | null {
  const stride = whole(step, 'stride', fallback)
  if (stride !== 0) return stride
  wrong(step, 'stride', 'a number other than 0')
  return null
}

function cropSize(step: Step, key: string): number | null {
  const size = whole(step, key, 1)
  if (size === null || size > 0) return size
  wrong(step, key, `a whole number from 1 and gets ${size}`)
  return null
}

/** Darknet goes on with what lies outside; what it then computes is not known. */
function isLarger(step: Step, key: string, side: number | null): boolean {
  const size = digits(find(step.section, key)?.value ?? '')
  if (side === null || size === null || size <= side) return false
  const span = find(step.section, key)!.valueSpan
  const message = `${step.site.name} cuts ${size} out of ${side}: ${key} is larger than its input.`
  report(step, { code: 'shape-mismatch', severity: 'warning', span, message })
  return true
}

const wrong = (step: Step, key: string, wanted: string): void =>
  fail(step, 'bad-argument', `${step.site.name} expects ${key} to be ${wanted}.`, find(step.section, key)?.valueSpan)

function unreadable(step: Step, shape: readonly Dim[]): Output {
  const known = shape.length === 4 ? shape : null
  const [value] = step.builder.unknown('its size cannot be read', [step.previous.value], origin(step), [known])
  return { value: value!, image: true }
}
