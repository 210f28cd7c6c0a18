import type { Layer, Origin, Value, Weight } from '../../core/graph'
import { type Attributes, type OpName, ops } from '../../core/ops'
import { elements, formatShape } from '../../core/shape'
import { messageOf, messagesOf, scalarOf, scalarsOf, textOf } from './fields'
import { origin, report, type Step } from './layerType'

/** Weights under a name, and the first layer that gave it. */
export interface Shared {
  readonly weight: Weight
  readonly layer: Layer
  readonly by: string
}

/**
 * Declares a layer and calls it. Its weights follow the layer's `param { }` in their order, from `first` on: those with
 * a learning rate of 0 are frozen, those with a name are the weights of the layer that named them before.
 */
export function add<K extends OpName>(
  step: Step,
  op: K,
  attributes: Attributes<K>,
  inputs: readonly Value[],
  from: Origin = origin(step),
  first = 0,
): Value {
  const { builder } = step
  const specs = paramsOf(step).slice(first)
  if (specs.every(({ name, frozen }) => name === '' && !frozen)) {
    const shared = builder.intern(`${op} ${JSON.stringify(attributes)}`, () => attributes)
    return builder.add(op, shared, inputs, from)
  }
  const weights = (ops[op].weights?.(attributes as never) ?? []).map((spec, i): Weight => {
    const kind = spec.kind === 'trainable' && specs[i]?.frozen ? 'frozen' : spec.kind
    return { ...spec, kind, elements: elements(spec.shape) }
  })
  const known = weights.map((weight, i) => sharedWith(step, weight, specs[i]?.name ?? ''))
  const owner = known[0]?.layer
  const isCopy = known.length > 0 && known.every(found => found !== null && found.layer === owner)
  if (owner && isCopy && owner.op === op && JSON.stringify(owner.attributes) === JSON.stringify(attributes)) {
    return builder.call(owner, inputs, from)[0]!
  }
  // Weights that another layer has are its own and count there.
  const own = weights.filter((_, i) => known[i] === null)
  const layer = builder.detached(op, attributes, from, own) as unknown as Layer
  builder.adopt(layer)
  weights.forEach((weight, i) => {
    const name = specs[i]?.name ?? ''
    if (name !== '' && known[i] === null) step.shared.set(name, { weight, layer, by: step.site.name })
  })
  return builder.call(layer, inputs, from)[0]!
}

interface Param {
  readonly name: string
  readonly frozen: boolean
  readonly permissive: boolean
}

/** What is said of each weight of a layer, in both forms of a layer. */
function paramsOf({ layer: { message, old } }: Step): readonly Param[] {
  if (!old) {
    return messagesOf(message, 'param').map(param => ({
      name: textOf(param, 'name'),
      frozen: isZero(scalarOf(param, 'lr_mult')?.text),
      permissive: textOf(param, 'share_mode') === 'PERMISSIVE',
    }))
  }
  const rates = scalarsOf(message, 'blobs_lr')
  const names = scalarsOf(message, 'param')
  return Array.from({ length: Math.max(rates.length, names.length) }, (_, i) => ({
    name: names[i]?.text ?? '',
    frozen: isZero(rates[i]?.text),
    permissive: scalarsOf(message, 'blob_share_mode')[i]?.text === 'PERMISSIVE',
  }))
}

const isZero = (text: string | undefined): boolean => text !== undefined && text !== '' && Number(text) === 0

/** The weight of that name, if a layer before gave it; told where it is of another shape. */
function sharedWith(step: Step, weight: Weight, name: string): Shared | null {
  const found = name === '' ? undefined : step.shared.get(name)
  if (!found) return null
  const permissive = paramsOf(step).some(param => param.name === name && param.permissive)
  const same = permissive
    ? found.weight.elements === weight.elements || weight.elements === null
    : formatShape(found.weight.shape) === formatShape(weight.shape) || weight.elements === null
  if (!same && found.weight.elements !== null) {
    const message = `${step.site.name} cannot share the weights ${name} of ${found.by}: ${formatShape(weight.shape)} is not ${formatShape(found.weight.shape)}.`
    const span = scalarOf(messageOf(step.layer.message, 'param'), 'name')?.span ?? step.layer.header
    report(step, { code: 'shape-mismatch', severity: 'error', span, message })
  }
  return found
}
