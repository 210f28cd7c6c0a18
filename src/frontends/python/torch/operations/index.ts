import type { Operation } from './define'
import { pointwiseOperations } from './pointwise'
import { shapeOperations } from './shape'

/** Every function on tensors that is modelled. */
export const operations: readonly Operation[] = [...shapeOperations, ...pointwiseOperations]
