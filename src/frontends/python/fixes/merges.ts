import { type Conflict, nameOf } from '../../../core/faults'
import type { Node, Value } from '../../../core/graph'
import { formatShape } from '../../../core/shape'
import type { Correction } from '../../frontend'
import { argumentOf, builtAt } from './layers'
import { constant, numberChanges } from './numbers'
import { addArgument, type Text } from './tree'

type Edit = Correction['edits'][number]

/**
 * Maps that are added and do not fit, one of which a 1×1 convolution of Keras made: a projection is there to fit the
 * other, so that its filters and strides follow it. Without a projection nothing says which of the two is wrong.
 */
export function mergeChanges({ fault, inputs }: Conflict, file: Text): Correction[] {
  if (fault.attribute !== undefined || inputs.length !== 2) return []
  return [...projected(inputs[0]!, inputs[1]!, file), ...projected(inputs[1]!, inputs[0]!, file)]
}

function projected(own: Value, other: Value, file: Text): Correction[] {
  const maker = convolutionBehind(own)
  if (!maker || !own.shape || own.shape.length !== other.shape?.length) return []
  const { kernel, stride, outChannels, channelsLast } = maker.attributes as Record<string, unknown>
  const isKeras = /^\w*[123]D$/.test(maker.origin.type)
  if (!isKeras || !Array.isArray(kernel) || kernel.some(k => k !== 1) || !Array.isArray(stride)) return []
  const built = builtAt(maker.origin.site, maker.origin.type, file)
  if (!built) return []
  const at = channelsLast === true ? own.shape.length - 1 : 1
  const edits: Edit[] = []
  const said: string[] = []

  const wanted = other.shape[at]
  if (typeof wanted === 'number' && own.shape[at] !== wanted) {
    const filters = argumentOf(built, 'outChannels')
    const from = typeof outChannels === 'number' ? outChannels : null
    const [change] = filters?.value ? numberChanges(file, filters.value, filters.name, from, wanted, 'produced') : []
    if (!change) return []
    edits.push(...change.edits)
    said.push(`${filters!.name} of ${nameOf(maker.origin)} to ${wanted}`)
  }

  const start = channelsLast === true ? 1 : 2
  const [size, target, step] = [own.shape[start], other.shape[start], stride[0] as number]
  if (size !== target) {
    if (typeof size !== 'number' || typeof target !== 'number' || target < 1) return []
    // Sizes are rounded up or down: the stride that makes one of the other is tried before it is offered.
    const whole = Math.round((size * step) / target)
    const strides = argumentOf(built, 'stride')
    if (!strides || whole < 1 || whole === step) return []
    if (strides.value === null) edits.push(addArgument(built.call, `${strides.name}=${whole}`))
    else if (constant(strides.value) === step) edits.push({ span: strides.value, newText: String(whole) })
    else return []
    said.push(
      said.length > 0 ? `${strides.name} to ${whole}` : `${strides.name} of ${nameOf(maker.origin)} to ${whole}`,
    )
  }
  return said.length > 0 ? [{ title: `Set ${said.join(' and ')}`, edits, preferred: true }] : []
}

/** The convolution that a map comes from, through norms and activations: what changes no size. */
function convolutionBehind(value: Value): Node | null {
  let node = value.producer
  for (let steps = 0; node && !/^conv\dd$/.test(node.op) && steps < MOST_STEPS; steps++) {
    const [before] = node.inputs
    const same = node.inputs.length === 1 && before && formatShape(before.shape) === formatShape(value.shape)
    node = same ? before.producer : null
  }
  return node
}
const MOST_STEPS = 8
