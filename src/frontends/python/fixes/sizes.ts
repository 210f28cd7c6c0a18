import { type Conflict, nameOf } from '../../../core/faults'
import type { Node, Value } from '../../../core/graph'
import type { Convolution } from '../../../core/ops/convolution'
import { firstSpatial } from '../../../core/ops/layout'
import type { TextEdit } from '../../../core/problem'
import type { Correction } from '../../frontend'
import { alternative } from './conflicts'
import { argumentOf, builtAt } from './layers'
import { constant, numberChanges } from './numbers'
import { addArgument, type Text } from './tree'

/** Kernels that are larger than what they get; maps of different sizes or channels that are added or joined. */
export function sizeChanges(conflict: Conflict, file: Text): Correction[] {
  if (conflict.fault.code === 'kernel-too-large') return [...padded(conflict, file), ...smaller(conflict, file)]
  if (conflict.inputs.length < 2 || conflict.fault.attribute !== undefined) return []
  return [...equalSizes(conflict, file), ...equalChannels(conflict, file)]
}

/** Enough padding for a kernel, where it is a convolution's: as much as keeps the size where that will do. */
function padded({ attributes, inputs, origin }: Conflict, file: Text): Correction[] {
  const { kernel, dilation } = attributes as unknown as Convolution
  const least = leastSize(attributes, inputs[0])
  if (least === null || attributes.inChannels === undefined) return []
  const reach = Math.max(...kernel.map((k, i) => dilation[i]! * (k - 1) + 1))
  const padding = Math.max(Math.ceil((reach - least) / 2), reach >> 1)
  const edit = paddingEdit(origin, padding, file)
  return edit ? [{ title: `Set padding of ${nameOf(origin)} to ${padding}`, edits: [edit], preferred: true }] : []
}

/** A kernel as large as what there is. */
function smaller({ attributes, inputs, origin }: Conflict, file: Text): Correction[] {
  const { kernel, padding } = attributes as unknown as Convolution
  const least = leastSize(attributes, inputs[0])
  const built = builtAt(origin.site, origin.type, file)
  const argument = built && argumentOf(built, 'kernel')
  if (least === null || !argument?.value || padding === 'same') return []
  const size = least + padding[0]![0] + padding[0]![1]
  // A kernel of one position is none.
  if (size < 2) return []
  const what = `kernel_size of ${nameOf(origin)}`
  return numberChanges(file, argument.value, what, kernel[0]!, size, 'kernel').map(alternative)
}

/** The smallest spatial size of what comes in. */
function leastSize(attributes: Readonly<Record<string, unknown>>, input: Value | undefined): number | null {
  const { kernel } = attributes as unknown as Convolution
  const shape = input?.shape
  if (!shape || !Array.isArray(kernel)) return null
  const sizes = shape.slice(firstSpatial(shape.length, kernel.length))
  return sizes.every(s => typeof s === 'number') ? Math.min(...sizes) : null
}

/** Padding for the convolutions on one way that make a map smaller than the other by nothing but their kernels. */
function equalSizes({ inputs }: Conflict, file: Text): Correction[] {
  return inputs.flatMap((value): Correction[] => {
    const shrinking = wayTo(value).filter(node => {
      const { kernel, padding, stride, inChannels } = node.attributes as unknown as Convolution
      if (inChannels === undefined || node.op.startsWith('conv_transpose') || padding === 'same') return false
      return kernel.every((k, i) => k % 2 === 1 && k > 1 && stride[i] === 1 && padding[i]![0] < k >> 1)
    })
    const edits = new Map<number, TextEdit>()
    const names = new Set<string>()
    for (const node of shrinking) {
      const { kernel, dilation } = node.attributes as unknown as Convolution
      const edit = paddingEdit(node.origin, (dilation[0]! * (kernel[0]! - 1)) >> 1, file)
      if (!edit) return []
      edits.set(edit.span.start, edit)
      names.add(nameOf(node.origin))
    }
    if (edits.size === 0) return []
    return [{ title: `Add padding to ${[...names].join(' and ')}`, edits: [...edits.values()], preferred: true }]
  })
}

/** The layers before a value, one behind the other, from the last one back. */
function wayTo(value: Value): Node[] {
  const way: Node[] = []
  let node = value.producer
  for (; node && way.length < MOST_STEPS && node.inputs.length === 1; node = node.inputs[0]!.producer) way.push(node)
  return way
}

/** As many channels on one side as on the other, where the layer that makes them says how many. */
function equalChannels({ inputs }: Conflict, file: Text): Correction[] {
  return inputs.flatMap((value, i) => {
    const other = inputs[1 - i]
    const maker = wayTo(value).find(node => node.layer?.weights.length)
    const made = maker?.attributes.outChannels !== undefined ? 'outChannels' : 'outFeatures'
    const at = made === 'outChannels' ? 1 : -1
    const [now, wanted] = [value.shape?.at(at), other?.shape?.at(at)]
    if (!maker || typeof now !== 'number' || typeof wanted !== 'number' || now === wanted || wanted === 1) return []
    if (maker.attributes[made] !== now || value.shape!.length !== other!.shape!.length) return []
    const built = builtAt(maker.origin.site, maker.origin.type, file)
    const argument = built && argumentOf(built, made)
    if (!argument?.value) return []
    const what = `${argument.name} of ${nameOf(maker.origin)}`
    return numberChanges(file, argument.value, what, now, wanted, `channels ${i}`).map(alternative)
  })
}

/** Gives a convolution another padding, where it has none or one number. */
function paddingEdit(origin: Conflict['origin'], padding: number, file: Text): TextEdit | null {
  const built = builtAt(origin.site, origin.type, file)
  const argument = built && argumentOf(built, 'padding')
  if (!built || !argument) return null
  if (argument.value === null) return addArgument(built.call, `padding=${padding}`)
  if (constant(argument.value) === null) return null
  return { span: { start: argument.value.start, end: argument.value.end }, newText: String(padding) }
}

const MOST_STEPS = 20
