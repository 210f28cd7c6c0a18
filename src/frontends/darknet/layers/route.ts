import type { Value } from '../../../core/graph'
import { layers as layersKey, whole as wholeKey } from '../key'
import { fail, type LayerType, type Output, origin, type Step, scope } from '../layerType'
import { lost, referred } from '../references'
import { find, whole } from '../values'

/**
 * Channels of the named layers one after the other; with `groups`, the same share of each (src/route_layer.c).
 * Their widths and heights must agree (parse_route, src/parser.c).
 */
export const route: LayerType = {
  names: ['route'],
  doc: 'Takes the outputs of earlier layers, joined by channels.',
  keys: [
    layersKey('layers', 'The layers to take: −1 is the one before, 0 the first of the network.'),
    wholeKey('groups', 1, 'Cuts the channels into this many parts.'),
    wholeKey('group_id', 0, 'The part to take, counted from 0.'),
    wholeKey('stream', -1, 'CUDA stream to run on.'),
    wholeKey('wait_stream', -1, 'CUDA stream to wait for.'),
  ],
  build: step => {
    const outputs = referred(step, 'layers')
    if (outputs === null) return lost(step, 'layers')
    const groups = whole(step, 'groups', 1)
    const part = whole(step, 'group_id', 0)
    if (groups === null || part === null) return unknownPart(step, outputs)
    const image = outputs.every(output => output.image)
    const inputs = outputs.map(output => output.value)
    if (groups === 1) return { value: join(step, inputs), image }
    if (groups < 1 || part < 0 || part >= groups) {
      const span = find(step.section, groups < 1 ? 'groups' : 'group_id')?.valueSpan
      const message =
        groups < 1
          ? `${step.site.name} expects groups to be 1 or more and gets ${groups}.`
          : `${step.site.name} takes part ${part} of ${groups}, but the parts are 0 to ${groups - 1}.`
      fail(step, 'bad-argument', message, span)
      return unknownPart(step, outputs)
    }
    const value = scope(step, inputs, () => {
      const parts = inputs.map((input, i) => take(step, input, groups, part, inputs.length === 1 ? 'part' : `part${i}`))
      return parts.length === 1 ? parts[0]! : step.builder.add('concat', { axis: 1 }, parts, origin(step, 'concat'))
    })
    return { value, image }
  },
}

const join = (step: Step, inputs: readonly Value[]): Value =>
  inputs.length === 1
    ? step.builder.add('identity', {}, inputs, origin(step))
    : step.builder.add('concat', { axis: 1 }, inputs, origin(step))

function take(step: Step, input: Value, groups: number, part: number, name: string): Value {
  const channels = input.shape?.[1]
  if (typeof channels !== 'number') {
    const shape = input.shape?.map((dim, axis) => (axis === 1 ? null : dim)) ?? null
    return step.builder.unknown('the number of channels is not known', [input], origin(step, name), [shape])[0]!
  }
  if (channels % groups !== 0) {
    const message = `${step.site.name}: groups ${groups} does not divide ${channels} channels.`
    fail(step, 'groups-not-dividing', message, find(step.section, 'groups')?.valueSpan)
  }
  const each = Math.floor(channels / groups)
  const range = { axis: 1, start: each * part, end: each * (part + 1) }
  return step.builder.add('slice', range, [input], origin(step, name))
}

/** Width and height are those of the first layer; how many channels cannot be told. */
function unknownPart(step: Step, outputs: readonly Output[]): Output {
  const shape = outputs[0]?.value.shape?.map((dim, axis) => (axis === 1 ? null : dim)) ?? null
  const inputs = outputs.map(output => output.value)
  const [value] = step.builder.unknown('its groups cannot be read', inputs, origin(step), [shape])
  return { value: value!, image: true }
}
