import { onCompare, onOperator } from '../interpreter/operators'
import { asNumber, PyUnknown, type PyValue } from '../interpreter/values'
import { PyTensor } from './tensor'
import { traceOf } from './trace'

const NAMES = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'floor_divide',
  '%': 'remainder',
  '**': 'pow',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'lshift',
  '>>': 'rshift',
} as const

// Arithmetic of tensors with tensors and numbers.
onOperator((run, operator, left, right) => {
  if (!(left instanceof PyTensor) && !(right instanceof PyTensor)) return undefined
  const tensors = [left, right].filter((v): v is PyTensor => v instanceof PyTensor)
  const other = tensors.length === 2 ? null : left instanceof PyTensor ? right : left
  const trace = traceOf(run)
  if (other !== null && !isOperand(other)) {
    return other instanceof PyUnknown ? trace.unknown(run, operator, other.reason, tensors)[0]! : undefined
  }
  if (operator === '@') return trace.op(run, 'matmul', {}, tensors, '@')
  return trace.op(run, 'elementwise', { function: NAMES[operator] }, tensors, NAMES[operator])
})

// A comparison of tensors is a tensor of booleans.
onCompare((run, operator, left, right) => {
  const tensors = [left, right].filter((v): v is PyTensor => v instanceof PyTensor)
  if (tensors.length === 0 || left === null || right === null) return undefined
  const result = traceOf(run).op(run, 'elementwise', { function: operator }, tensors, operator)
  result.dtype = 'bool'
  return result
})

const isOperand = (value: PyValue): boolean =>
  asNumber(value) !== null || (typeof value === 'object' && value !== null && 'dim' in value)
