import { isSubclass, nativeClass } from '../interpreter/types'
import { tensorsIn } from '../torch/values'
import { historyOf } from './history'
import { layerClass, PyLayer } from './layer'

/** keras.Model, and what it is where it stands between tensors. */
export const modelClass = nativeClass('Model', [layerClass], 'keras')
export const functionalClass = nativeClass('Functional', [modelClass], 'keras')
export const sequentialClass = nativeClass('Sequential', [modelClass], 'keras')

/** A model of Keras that can be called: one between tensors, a Sequential, or one that says what its call does. */
export const isNetwork = (layer: PyLayer): boolean =>
  isSubclass(layer.cls, modelClass) &&
  (layer.functional !== null ||
    layer.stack !== null ||
    layer.unknownParts.length > 0 ||
    layer.cls.mro.some(c => !c.native && c.dict.has('call')))

/** The inputs that a model declares, without the batch; null where it declares none. */
export function declaredInputs(self: PyLayer): DeclaredInput[] | null {
  const numbers = (shape: readonly unknown[]): (number | null)[] => shape.map(d => (typeof d === 'number' ? d : null))
  if (self.functional) {
    const tensors = tensorsIn([self.functional.inputs])
    if (tensors.some(t => t.shape === null)) return null
    return tensors.map((t, i) => ({
      name: historyOf(t.value)?.layer.name || `input${i}`,
      shape: numbers(t.shape!.slice(1)),
      type: t.dtype,
      open: t.open,
      batch: historyOf(t.value)?.layer.declaredBatch ?? null,
    }))
  }
  const [first] = self.stack ?? []
  if (first instanceof PyLayer) {
    const { declared, declaredType: type, declaredOpen: open, declaredBatch: batch } = first
    if (declared) return [{ name: 'input', shape: numbers(declared), type, open, batch }]
    return declaredInputs(first)
  }
  return null
}

interface DeclaredInput {
  readonly name: string
  readonly shape: readonly (number | null)[]
  readonly type: string
  /** The program leaves some of its sizes open, as None. */
  readonly open: boolean
  readonly batch: number | null
}
