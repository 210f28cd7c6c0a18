import { type Conflict, nameOf } from '../../../core/faults'
import type { Node } from '../../../core/graph'
import type { Correction } from '../../frontend'
import type * as ast from '../syntax/ast'
import { addArgument, below, callAt, given, lastName, type Text } from './tree'

/** A number of dimensions that Keras refuses: images that lack their channels, a recurrent layer that gives its last step. */
export function rankChanges(conflict: Conflict, file: Text): Correction[] {
  const { fault, inputs } = conflict
  const value = inputs[fault.input ?? 0]
  const wanted = /expects (\d) dimensions/.exec(fault.message({ who: '', from: () => '' }))?.[1]
  if (!value?.shape || wanted === undefined) return []
  const missing = Number(wanted) - value.shape.length
  if (missing !== 1) return []
  return value.producer ? sequenceChange(value.producer, file) : channelChanges(value.shape, file)
}

/** `LSTM(64)` becomes `LSTM(64, return_sequences=True)`: what follows wants every step. */
function sequenceChange({ origin }: Node, file: Text): Correction[] {
  const call = origin.site.uri ? null : callAt(file, origin.site.span)
  if (!call || !RECURRENT.has(lastName(call.func) ?? '') || given(call, [], 'return_sequences') !== null) return []
  const edit = addArgument(call, 'return_sequences=True')
  return [{ title: `Set return_sequences of ${nameOf(origin)} to True`, edits: [edit], preferred: true }]
}
const RECURRENT = new Set(['LSTM', 'GRU', 'SimpleRNN', 'ConvLSTM2D'])

/** `shape=(28, 28)` becomes `shape=(28, 28, 1)`. */
function channelChanges(shape: NonNullable<Node['outputs'][number]['shape']>, file: Text): Correction[] {
  const sizes = shape.slice(1)
  const found: Correction[] = []
  for (const node of below(file.module.body)) {
    if (node.kind !== 'Call') continue
    const call = node as unknown as ast.Call
    const tuple = call.args.find(
      a => SHAPES.has(a.name ?? '') || (a.name === null && lastName(call.func) === 'Input'),
    )?.value
    if (tuple?.kind !== 'Tuple' || tuple.items.length !== sizes.length) continue
    const same = tuple.items.every((item, i) => item.kind === 'Number' && item.value === sizes[i])
    const last = tuple.items.at(-1)
    if (!same || !last) continue
    const whole = [...sizes, 1].join(', ')
    found.push({
      title: `Set shape to (${whole})`,
      edits: [{ span: { start: last.end, end: last.end }, newText: ', 1' }],
      preferred: true,
    })
  }
  return found.length === 1 ? found : []
}
const SHAPES = new Set(['shape', 'input_shape'])
