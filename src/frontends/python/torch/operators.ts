import { binary, onCompare, onOperator } from '../interpreter/operators'
import { asNumber, isUnknown, PyList, PySym, PyTuple, PyUnknown, type PyValue } from '../interpreter/values'
import type { BinaryOperator } from '../syntax/ast'
import { fromValues } from './operations/creation'
import { BINARY, elementwise } from './operations/pointwise'
import { product } from './operations/products'
import { PyTensor } from './tensor'
import { traceOf } from './trace'
import { Unknown } from './values'

const NAMES: Readonly<Record<Exclude<BinaryOperator, '@'>, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'floor_divide',
  '%': 'remainder',
  '**': 'pow',
  '&': 'bitwise_and',
  '|': 'bitwise_or',
  '^': 'bitwise_xor',
  '<<': 'bitwise_left_shift',
  '>>': 'bitwise_right_shift',
}

// Arithmetic of tensors with tensors and numbers.
onOperator((run, operator, left, right) => {
  if (!(left instanceof PyTensor) && !(right instanceof PyTensor)) return undefined
  // A list is repeated as often as a whole number in an array says.
  const times = operator === '*' && isRow(left) ? countIn(right) : null
  if (times !== null) return binary(run, operator, left, times)
  if (isArray(left) && isRow(right)) return binary(run, operator, left, fromValues(run, right))
  if (isRow(left) && isArray(right)) return binary(run, operator, fromValues(run, left), right)
  if (!isOperand(left) || !isOperand(right)) return undefined
  const trace = traceOf(run)
  const tensors = [left, right].filter((v): v is PyTensor => v instanceof PyTensor)
  const lost = [left, right].find(isUnknown)
  if (lost) return trace.unknown(run, operator, lost.reason, tensors)[0]!
  if (operator === '@') return tensors.length === 2 ? product(run, '@', tensors[0]!, tensors[1]!) : undefined
  const name = NAMES[operator]
  return elementwise(run, name, [left, right], BINARY[name] ?? null)
})

/** An array of NumPy that lists take part in: tensors of PyTorch refuse them, but those are rarely constants. */
const isArray = (value: PyValue): boolean =>
  value instanceof PyTensor && value.constant && (value.shape?.length ?? 0) > 0
const isRow = (value: PyValue): boolean => value instanceof PyList || value instanceof PyTuple
const countIn = (value: PyValue): number | null =>
  value instanceof PyTensor && value.shape?.length === 0 && /^u?int/.test(value.dtype)
    ? (value.data?.[0] ?? null)
    : null

const COMPARED: Readonly<Record<string, string>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
}

// A comparison of tensors is a tensor of booleans.
onCompare((run, operator, left, right) => {
  if (!(left instanceof PyTensor) && !(right instanceof PyTensor)) return undefined
  const name = COMPARED[operator]
  if (name === undefined || !isOperand(left) || !isOperand(right)) return undefined
  try {
    return elementwise(run, name, [left, right], BINARY[name] ?? null)
  } catch (error) {
    if (error instanceof Unknown) return new PyUnknown(error.message)
    throw error
  }
})

const isOperand = (value: PyValue): boolean =>
  value instanceof PyTensor || value instanceof PySym || isUnknown(value) || asNumber(value) !== null
