import type { Origin, Value } from '../../../core/graph'
import { elements, resolveAxis, type Shape } from '../../../core/shape'
import { origin, type Step, shapeOf } from '../layerType'
import { add } from '../weights'

/** The attribute that says that nothing new is stored, where the layer works in place. */
export const place = ({ inPlace }: Step): { inPlace?: true } => (inPlace ? { inPlace: true } : {})

/** An element-wise function of the first bottom. */
export const apply = (step: Step, name: string): readonly Value[] => [
  step.builder.add('activation', { function: name, ...place(step) }, [step.bottoms[0]!], origin(step)),
]

/** A layer whose output has a shape that a rule of its own gives. */
export function compute(step: Step, name: string, shapes: readonly (Shape | null)[], operations = 0): readonly Value[] {
  return step.builder.addAll('compute', { function: name, shapes, operations }, step.bottoms, origin(step))
}

/** The axis of a bottom that a parameter names, counted from the end where it is negative. */
export const axisOf = (step: Step, axis: number, at = 0): number | null => {
  const shape = shapeOf(step, at)
  return shape ? resolveAxis(axis, shape.length) : null
}

/** The value with all axes from `axis` on joined. */
export function flattened(step: Step, value: Value, axis: number): Value {
  const rank = value.shape?.length
  if (rank === undefined || axis >= rank - 1) return value
  return step.builder.add('flatten', { start: axis, end: -1 }, [value], origin(step, 'flatten'))
}

/** Learned values, one for each element of a shape, that a value is multiplied with or added to. */
export function learned(
  step: Step,
  name: 'mul' | 'add',
  value: Value,
  shape: Shape,
  from: Origin,
  first: number,
  inPlace: boolean,
): Value {
  const part = `${from.path}.${name === 'mul' ? 'weight' : 'bias'}`
  const weight = add(step, 'parameter', { shape, kind: 'trainable' }, [], { ...from, path: part }, first)
  const attributes = { function: name, keepsFirst: true, ...(inPlace ? { inPlace: true as const } : {}) }
  return step.builder.add('elementwise', attributes, [value, weight], from)
}

/** Elements of the axes from one on; null where one of them is unknown. */
export const countFrom = (shape: Shape | null, axis: number): number | null =>
  shape ? elements(shape.slice(axis)) : null
