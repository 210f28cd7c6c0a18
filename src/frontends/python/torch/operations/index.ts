import { attributeOperations } from './attributes'
import { creationOperations } from './creation'
import type { Operation } from './define'
import { gatherOperations } from './gather'
import { inPlaceForms } from './inPlace'
import { joinOperations } from './join'
import { lossOperations } from './losses'
import { pointwiseOperations } from './pointwise'
import { productOperations } from './products'
import { reduceOperations } from './reduce'
import { shapeOperations } from './shape'
import { spatialOperations } from './spatial'

const rows: readonly Operation[] = [
  ...shapeOperations,
  ...joinOperations,
  ...gatherOperations,
  ...pointwiseOperations,
  ...reduceOperations,
  ...productOperations,
  ...spatialOperations,
  ...creationOperations,
  ...attributeOperations,
  ...lossOperations,
]

/** Every function on tensors that is modelled. */
export const operations: readonly Operation[] = [...rows, ...inPlaceForms(rows)]
