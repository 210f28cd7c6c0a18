import { addDim, type Dim, divDim, mulDim, N, sameDim } from '../../../core/dim'
import type { BinaryOperator, Comparison } from '../syntax/ast'
import { callMethod } from './attributes'
import { addToSet } from './entries'
import { items, iterate, lengthOf } from './iterate'
import { type Run, raise, raiseKey } from './run'
import { formatPercent } from './text'
import {
  bytes,
  dict,
  dictClass,
  list,
  lookup,
  range as makeRange,
  NOT_IMPLEMENTED,
  setClass,
  tuple,
  tupleClass,
  typeOf,
  viewClasses,
} from './types'
import {
  asInt,
  asNumber,
  asString,
  hashKey,
  isUnknown,
  normalInt,
  PyBoxed,
  PyBytes,
  PyClass,
  PyDict,
  PyFloat,
  PyList,
  PyObject,
  PyRange,
  PySet,
  PySlice,
  PySym,
  PyTuple,
  PyUnknown,
  type PyValue,
  PyView,
} from './values'

/** Framework values with operators of their own (tensors) say what they do by this hook; undefined: not theirs. */
export type OperatorHook = (run: Run, operator: BinaryOperator, left: PyValue, right: PyValue) => PyValue | undefined
export type CompareHook = (run: Run, operator: Comparison, left: PyValue, right: PyValue) => PyValue | undefined
const operatorHooks: OperatorHook[] = []
const compareHooks: CompareHook[] = []
export const onOperator = (hook: OperatorHook): void => void operatorHooks.push(hook)
export const onCompare = (hook: CompareHook): void => void compareHooks.push(hook)

const METHODS: Readonly<Record<BinaryOperator, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '@': 'matmul',
  '**': 'pow',
  '<<': 'lshift',
  '>>': 'rshift',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
}

/** `left operator right`. */
export function binary(run: Run, operator: BinaryOperator, left: PyValue, right: PyValue): PyValue {
  if (typeof left === 'number' && typeof right === 'number') return integers(operator, left, right)
  for (const hook of operatorHooks) {
    const result = hook(run, operator, left, right)
    if (result !== undefined) return result
  }
  const method = METHODS[operator]
  if (left instanceof PyObject && !(left instanceof PyUnknown)) {
    const own = lookup(left.cls, `__${method}__`)
    if (own !== undefined) {
      const result = run.call(own, [left, right])
      if (result !== NOT_IMPLEMENTED) return result
    }
  }
  if (right instanceof PyObject) {
    const own = lookup(right.cls, `__r${method}__`)
    if (own !== undefined) {
      const result = run.call(own, [right, left])
      if (result !== NOT_IMPLEMENTED) return result
    }
  }
  if (isUnknown(left)) return new PyUnknown(left.reason, left.harmless)
  if (isUnknown(right) && !(operator === '%' && asString(left) !== null))
    return new PyUnknown(right.reason, right.harmless)
  const result = plain(run, operator, left, right)
  if (result !== undefined) return result
  return raise(
    'TypeError',
    `unsupported operand type(s) for ${operator}: '${typeOf(left).name}' and '${typeOf(right).name}'`,
  )
}

/** `left operator= right`: lists, sets and dicts change in place. */
export function augmented(run: Run, operator: BinaryOperator, left: PyValue, right: PyValue): PyValue {
  if (left instanceof PyList && operator === '+') {
    const more = items(run, right)
    if (more) {
      run.budget.size(left.items.length + more.length)
      for (const item of more) left.items.push(item)
      if (right instanceof PyList) left.mayHold ??= right.mayHold
    } else {
      left.lose('what is added here is not known')
      left.mayHold ??= isUnknown(right) ? right.reason : 'what is added here is not known'
    }
    return left
  }
  if (left instanceof PySet && right instanceof PySet && operator === '|') {
    for (const [k, v] of right.entries) left.entries.set(k, v)
    return left
  }
  if (left instanceof PyDict && right instanceof PyDict && operator === '|') {
    for (const [k, v] of right.entries) left.entries.set(k, v)
    return left
  }
  if (left instanceof PyObject) {
    const own = lookup(left.cls, `__i${METHODS[operator]}__`)
    if (own !== undefined) {
      const result = run.call(own, [left, right])
      if (result !== NOT_IMPLEMENTED) return result
    }
  }
  return binary(run, operator, left, right)
}

function plain(run: Run, operator: BinaryOperator, a: PyValue, b: PyValue): PyValue | undefined {
  if (a instanceof PySym || b instanceof PySym) {
    const result = symbolic(operator, a, b)
    if (result !== undefined) return result
  }
  const text = asString(a)
  if (text !== null) return strings(run, operator, text, b)
  if (a instanceof PyBoxed) return plain(run, operator, a.value, b instanceof PyBoxed ? b.value : b)
  if (b instanceof PyBoxed) return plain(run, operator, a, b.value)
  if (a instanceof PyList || a instanceof PyTuple) return sequences(run, operator, a, b)
  if (operator === '*' && (b instanceof PyList || b instanceof PyTuple || typeof b === 'string'))
    return plain(run, operator, b, a)
  if (a instanceof PyDict && b instanceof PyDict && operator === '|') {
    const out = dict()
    for (const source of [a, b]) for (const [k, v] of source.entries) out.entries.set(k, v)
    return out
  }
  if ((a instanceof PySet || a instanceof PyView) && (b instanceof PySet || b instanceof PyView))
    return sets(run, operator, asSet(run, a), asSet(run, b))
  if (a instanceof PyBytes && b instanceof PyBytes && operator === '+') return bytes(a.value + b.value)
  if (operator === '|' && (a instanceof PyClass || a === null) && (b instanceof PyClass || b === null))
    return tuple([a, b])
  if (a instanceof PyFloat || b instanceof PyFloat) {
    const x = asNumber(a)
    const y = asNumber(b)
    return x === null || y === null ? undefined : floats(operator, x, y)
  }
  if (typeof a === 'boolean' && typeof b === 'boolean' && (operator === '&' || operator === '|' || operator === '^')) {
    return operator === '&' ? a && b : operator === '|' ? a || b : a !== b
  }
  const x = typeof a === 'boolean' ? Number(a) : a
  const y = typeof b === 'boolean' ? Number(b) : b
  if (typeof x === 'number' && typeof y === 'number') return integers(operator, x, y)
  if ((typeof x === 'bigint' || typeof x === 'number') && (typeof y === 'bigint' || typeof y === 'number'))
    return bigIntegers(operator, BigInt(x), BigInt(y))
  return undefined
}

function integers(operator: BinaryOperator, a: number, b: number): PyValue {
  let result: number
  switch (operator) {
    case '+':
      result = a + b
      break
    case '-':
      result = a - b
      break
    case '*':
      result = a * b
      break
    case '/':
      return divided(a, b)
    case '//':
      if (b === 0) raise('ZeroDivisionError', 'integer division or modulo by zero')
      result = Math.floor(a / b)
      break
    case '%':
      if (b === 0) raise('ZeroDivisionError', 'integer division or modulo by zero')
      result = modulo(a, b)
      break
    case '**':
      if (b < 0) return new PyFloat(a ** b)
      result = a ** b
      break
    default:
      if (operator === '@') return raise('TypeError', "unsupported operand type(s) for @: 'int' and 'int'")
      return bigIntegers(operator, BigInt(a), BigInt(b))
  }
  return Number.isSafeInteger(result) ? result + 0 : bigIntegers(operator, BigInt(a), BigInt(b))
}

function bigIntegers(operator: BinaryOperator, a: bigint, b: bigint): PyValue {
  if (a > LARGEST || a < -LARGEST || b > LARGEST || b < -LARGEST) raise('OverflowError', 'the number is too large')
  switch (operator) {
    case '+':
      return normalInt(a + b)
    case '-':
      return normalInt(a - b)
    case '*':
      return normalInt(a * b)
    case '/':
      return divided(Number(a), Number(b))
    case '//':
    case '%': {
      if (b === 0n) return raise('ZeroDivisionError', 'integer division or modulo by zero')
      const rest = ((a % b) + b) % b
      return normalInt(operator === '%' ? rest : (a - rest) / b)
    }
    case '**': {
      if (b < 0n) return new PyFloat(Number(a) ** Number(b))
      const bits = a.toString(2).length * Number(b)
      if (bits > MAX_BITS && a !== 1n && a !== 0n && a !== -1n) return raise('OverflowError', 'the number is too large')
      return normalInt(a ** b)
    }
    case '<<':
      if (b < 0n || b > BigInt(MAX_BITS)) return raise('OverflowError', 'the number is too large')
      return normalInt(a << b)
    case '>>':
      return normalInt(b > BigInt(MAX_BITS) ? (a < 0n ? -1n : 0n) : a >> b)
    case '&':
      return normalInt(a & b)
    case '|':
      return normalInt(a | b)
    case '^':
      return normalInt(a ^ b)
    default:
      return raise('TypeError', `unsupported operand type(s) for ${operator}: 'int' and 'int'`)
  }
}

/** Larger whole numbers are not computed. */
const MAX_BITS = 4096
const LARGEST = 1n << BigInt(2 * MAX_BITS)

function divided(a: number, b: number): PyFloat {
  if (b === 0) raise('ZeroDivisionError', 'division by zero')
  return new PyFloat(a / b)
}

const modulo = (a: number, b: number): number => {
  const rest = a % b
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest + 0
}

function floats(operator: BinaryOperator, a: number, b: number): PyValue | undefined {
  switch (operator) {
    case '+':
      return new PyFloat(a + b)
    case '-':
      return new PyFloat(a - b)
    case '*':
      return new PyFloat(a * b)
    case '/':
      return divided(a, b)
    case '//':
      if (b === 0) return raise('ZeroDivisionError', 'float floor division by zero')
      return new PyFloat(Math.floor(a / b))
    case '%':
      if (b === 0) return raise('ZeroDivisionError', 'float modulo')
      return new PyFloat(modulo(a, b))
    case '**':
      return new PyFloat(a ** b)
  }
  return undefined
}

/** What can be told of N: products, like sums, exact quotients. The rest is unknown. */
function symbolic(operator: BinaryOperator, a: PyValue, b: PyValue): PyValue | undefined {
  const x = wholeDim(a)
  const y = wholeDim(b)
  if (x === undefined || y === undefined) {
    if (asNumber(a) !== null || asNumber(b) !== null || a instanceof PySym === b instanceof PySym)
      return new PyUnknown('it depends on the batch size')
    return undefined
  }
  let result: Dim = null
  if (operator === '*') result = mulDim(x, y)
  else if (operator === '//' || operator === '/') result = divDim(x, y)
  else if (operator === '+') result = addDim(x, y)
  else if (operator === '-') result = addDim(x, mulDim(y, -1))
  else if (operator === '%') result = divDim(x, y) === null ? null : 0
  else if (operator === '**' && y === 1) result = x
  return result === null ? new PyUnknown('it depends on the batch size') : fromDim(result)
}

/** As `dimOf`, with floats that are whole numbers: `N * 64.0 / 8` is 8·N. */
const wholeDim = (value: PyValue): Exclude<Dim, null> | undefined =>
  value instanceof PyFloat && Number.isSafeInteger(value.value) ? value.value : dimOf(value)

/** A dimension that a value stands for; undefined where it is none. */
export function dimOf(value: PyValue): Exclude<Dim, null> | undefined {
  if (value instanceof PySym) return value.dim
  const int = asInt(value)
  return int === null ? undefined : int
}

export const fromDim = (dim: Dim): PyValue =>
  dim === null ? new PyUnknown('a size that is not known') : typeof dim === 'number' ? dim : new PySym(dim)

function strings(run: Run, operator: BinaryOperator, a: string, b: PyValue): PyValue | undefined {
  if (operator === '%') return formatPercent(run, a, b)
  const other = asString(b)
  if (operator === '+' && other !== null) {
    run.budget.size(a.length + other.length)
    return a + other
  }
  const times = asInt(b)
  if (operator === '*' && times !== null) {
    run.budget.size(a.length * Math.max(0, times))
    return a.repeat(Math.max(0, times))
  }
  return undefined
}

function sequences(run: Run, operator: BinaryOperator, a: PyList | PyTuple, b: PyValue): PyValue | undefined {
  const make = (values: PyValue[]): PyValue => {
    if (!(a instanceof PyList)) return tuple(values)
    const made = list(values)
    made.mayHold = a.mayHold ?? (b instanceof PyList ? b.mayHold : null)
    return made
  }
  if (operator === '+' && (a instanceof PyList ? b instanceof PyList : b instanceof PyTuple)) {
    const more = (b as PyList | PyTuple).items
    run.budget.size(a.items.length + more.length)
    return make([...a.items, ...more])
  }
  const times = asInt(b)
  if (operator !== '*' || times === null)
    return b instanceof PySym ? new PyUnknown('it depends on the batch size') : undefined
  const count = Math.max(0, times)
  run.budget.size(a.items.length * count)
  const out: PyValue[] = []
  for (let i = 0; i < count; i++) for (const item of a.items) out.push(item)
  return make(out)
}

function asSet(run: Run, value: PySet | PyView): PySet {
  if (value instanceof PySet) return value
  const made = new PySet(setClass)
  for (const item of items(run, value) ?? []) addToSet(made, item)
  return made
}

function sets(run: Run, operator: BinaryOperator, a: PySet, b: PySet): PyValue | undefined {
  run.budget.size(a.entries.size + b.entries.size)
  const out = new PySet(setClass)
  const keep = (source: PySet, test: (key: string | number) => boolean): void => {
    for (const [k, v] of source.entries) if (test(k)) out.entries.set(k, v)
  }
  if (operator === '|') {
    keep(a, () => true)
    keep(b, () => true)
  } else if (operator === '&') keep(a, k => b.entries.has(k))
  else if (operator === '-') keep(a, k => !b.entries.has(k))
  else if (operator === '^') {
    keep(a, k => !b.entries.has(k))
    keep(b, k => !a.entries.has(k))
  } else return undefined
  return out
}

/** `left operator right`, for comparisons. */
export function compare(run: Run, operator: Comparison, left: PyValue, right: PyValue): PyValue {
  if (operator === 'is' || operator === 'is not') {
    const same = isSame(left, right)
    return same === null
      ? new PyUnknown((left as PyUnknown).reason ?? (right as PyUnknown).reason)
      : same === (operator === 'is')
  }
  if (operator === 'in' || operator === 'not in') {
    const found = containsValue(run, right, left)
    return typeof found === 'boolean' ? found === (operator === 'in') : found
  }
  for (const hook of compareHooks) {
    const result = hook(run, operator, left, right)
    if (result !== undefined) return result
  }
  if (operator === '==' || operator === '!=') {
    const equal = equals(run, left, right)
    return typeof equal === 'boolean' ? equal === (operator === '==') : equal
  }
  return order(run, operator, left, right)
}

/** Identity; null where one side is unknown. None and classes are never the value of an unknown by guess. */
function isSame(a: PyValue, b: PyValue): boolean | null {
  if (isUnknown(a) || isUnknown(b)) return a === b ? true : null
  if (a instanceof PyFloat && b instanceof PyFloat) return a.value === b.value
  return a === b || (a === null && isBatch(b)) || (b === null && isBatch(a))
}

/** Keras gives None for the batch while a model is defined; programs of PyTorch never ask. */
const isBatch = (value: PyValue): boolean => value instanceof PySym && sameDim(value.dim, N) === true

/** `==`; an unknown where it depends on one. */
export function equals(run: Run, a: PyValue, b: PyValue): boolean | PyUnknown {
  if (a === b) return true
  if (isUnknown(a)) return new PyUnknown(a.reason, a.harmless)
  if (isUnknown(b)) return new PyUnknown(b.reason, b.harmless)
  if ((a === null && isBatch(b)) || (b === null && isBatch(a))) return true
  if (a === null || b === null) return definesEquality(a) || definesEquality(b) ? byMethod(run, a, b) : false
  if (a instanceof PySym || b instanceof PySym) {
    const x = dimOf(a)
    const y = dimOf(b)
    if (x === undefined || y === undefined) return false
    return sameDim(x, y) ?? new PyUnknown('it depends on the batch size')
  }
  if ((a instanceof PyBoxed && definesEquality(a)) || (b instanceof PyBoxed && definesEquality(b)))
    return byMethod(run, a, b)
  const x = asNumber(a)
  const y = asNumber(b)
  if (x !== null && y !== null) return typeof a === 'bigint' && typeof b === 'bigint' ? a === b : x === y
  const s = asString(a)
  const t = asString(b)
  if (s !== null && t !== null) return s === t
  if (definesEquality(a) || definesEquality(b)) return byMethod(run, a, b)
  if ((a instanceof PyList && b instanceof PyList) || (a instanceof PyTuple && b instanceof PyTuple)) {
    if (a.items.length !== b.items.length) return false
    run.budget.step()
    run.budget.worked(4 * a.items.length)
    let doubt: PyUnknown | null = null
    for (let i = 0; i < a.items.length; i++) {
      const same = truthOfEquality(run, a.items[i]!, b.items[i]!)
      if (same === false) return false
      if (same !== true) doubt = same
    }
    return doubt ?? true
  }
  if (a instanceof PyDict && b instanceof PyDict) {
    if (a.entries.size !== b.entries.size) return false
    run.budget.step()
    for (const [k, [, v]] of a.entries) {
      const other = b.entries.get(k)
      if (!other) return false
      const same = truthOfEquality(run, v, other[1])
      if (same !== true) return same
    }
    return true
  }
  if (a instanceof PyView || b instanceof PyView) {
    const sets = [a, b].every(v => v instanceof PySet || (v instanceof PyView && v.cls !== viewClasses.values))
    return sets && equals(run, asSet(run, a as PyView), asSet(run, b as PyView))
  }
  if (a instanceof PySet && b instanceof PySet)
    return a.entries.size === b.entries.size && [...a.entries.keys()].every(k => b.entries.has(k))
  if (a instanceof PyBytes && b instanceof PyBytes) return a.value === b.value
  if (a instanceof PyRange && b instanceof PyRange) return a.start === b.start && a.stop === b.stop && a.step === b.step
  return false
}

/** Elements of containers are equal where they are the same object, too. */
function truthOfEquality(run: Run, a: PyValue, b: PyValue): boolean | PyUnknown {
  const result = compare(run, '==', a, b)
  return typeof result === 'boolean' ? result : isUnknown(result) ? result : new PyUnknown('a comparison of tensors')
}

const definesEquality = (value: PyValue): boolean => {
  if (!(value instanceof PyObject) || value instanceof PyClass) return false
  const own = lookup(value.cls, '__eq__')
  return own !== undefined
}

function byMethod(run: Run, a: PyValue, b: PyValue): boolean | PyUnknown {
  for (const [self, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const own = definesEquality(self) ? callMethod(run, self, '__eq__', [other]) : undefined
    if (own === undefined || own === NOT_IMPLEMENTED) continue
    return typeof own === 'boolean' ? own : isUnknown(own) ? own : truthy(run, own)
  }
  return a === b
}

function order(run: Run, operator: '<' | '>' | '<=' | '>=', a: PyValue, b: PyValue): PyValue {
  const x = asNumber(a)
  const y = asNumber(b)
  if (x !== null && y !== null)
    return operator === '<' ? x < y : operator === '>' ? x > y : operator === '<=' ? x <= y : x >= y
  const NAMES = { '<': ['lt', 'gt'], '>': ['gt', 'lt'], '<=': ['le', 'ge'], '>=': ['ge', 'le'] } as const
  const [mine, theirs] = NAMES[operator]
  for (const [self, other, name] of [
    [a, b, mine],
    [b, a, theirs],
  ] as const) {
    const own = self instanceof PyObject ? lookup(self.cls, `__${name}__`) : undefined
    if (own === undefined) continue
    const result = run.call(own, [self, other])
    if (result !== NOT_IMPLEMENTED) return result
  }
  if (isUnknown(a)) return new PyUnknown(a.reason, a.harmless)
  if (isUnknown(b)) return new PyUnknown(b.reason, b.harmless)
  if (a instanceof PySym || b instanceof PySym) return positiveOrder(operator, a, b)
  const s = asString(a)
  const t = asString(b)
  if (s !== null && t !== null)
    return operator === '<' ? s < t : operator === '>' ? s > t : operator === '<=' ? s <= t : s >= t
  if ((a instanceof PyList && b instanceof PyList) || (a instanceof PyTuple && b instanceof PyTuple)) {
    const shared = Math.min(a.items.length, b.items.length)
    for (let i = 0; i < shared; i++) {
      const same = truthOfEquality(run, a.items[i]!, b.items[i]!)
      if (same === false) return order(run, operator, a.items[i]!, b.items[i]!)
      if (same !== true) return same
    }
    return order(run, operator, a.items.length, b.items.length)
  }
  if (a instanceof PySet && b instanceof PySet) {
    const within = (p: PySet, q: PySet): boolean => [...p.entries.keys()].every(k => q.entries.has(k))
    if (operator === '<=') return within(a, b)
    if (operator === '>=') return within(b, a)
    return operator === '<'
      ? within(a, b) && a.entries.size < b.entries.size
      : within(b, a) && b.entries.size < a.entries.size
  }
  return raise(
    'TypeError',
    `'${operator}' not supported between instances of '${typeOf(a).name}' and '${typeOf(b).name}'`,
  )
}

/** A batch is at least 1; beyond that it is not known. */
function positiveOrder(operator: '<' | '>' | '<=' | '>=', a: PyValue, b: PyValue): PyValue {
  const x = dimOf(a)
  const y = dimOf(b)
  if (a instanceof PySym && typeof y === 'number') {
    if (y <= 0) return operator === '>' || operator === '>='
    if (y === 1 && operator === '>=') return true
    if (y === 1 && operator === '<') return false
  }
  if (b instanceof PySym && typeof x === 'number' && x <= 0) return operator === '<' || operator === '<='
  if (x !== undefined && y !== undefined && sameDim(x, y)) return operator === '<=' || operator === '>='
  return new PyUnknown('it depends on the batch size')
}

/** `item in container`; an unknown where it depends on one. */
export function containsValue(run: Run, container: PyValue, item: PyValue): boolean | PyUnknown {
  if (isUnknown(container)) return new PyUnknown(container.reason, container.harmless)
  const text = asString(container)
  if (text !== null) {
    const part = asString(item)
    run.budget.worked(text.length)
    if (part !== null) return text.includes(part)
    return isUnknown(item)
      ? new PyUnknown(item.reason)
      : raise('TypeError', "'in <string>' requires string as left operand")
  }
  if (container instanceof PyObject) {
    const own = lookup(container.cls, '__contains__')
    if (own !== undefined) {
      const result = run.call(own, [container, item])
      return isUnknown(result) ? result : truthy(run, result) === true
    }
  }
  if (container instanceof PyView && container.cls === viewClasses.keys) return containsValue(run, container.of, item)
  if (container instanceof PyDict || container instanceof PySet) {
    if (isUnknown(item)) return container.entries.size === 0 ? false : new PyUnknown(item.reason)
    const key = hashKey(item)
    if (key === null) return raise('TypeError', `unhashable type: '${typeOf(item).name}'`)
    if (container.entries.has(key)) return true
    return container instanceof PyDict && container.mayHold !== null ? new PyUnknown(container.mayHold) : false
  }
  if (container instanceof PyRange) {
    const n = asInt(item)
    return (
      n !== null &&
      (n - container.start) % container.step === 0 &&
      (container.step > 0 ? n >= container.start && n < container.stop : n <= container.start && n > container.stop)
    )
  }
  const source = iterate(run, container)
  if (source === null) return new PyUnknown('what it holds is not known')
  let doubt: PyUnknown | null = null
  for (let next = source.next(); !next.done; next = source.next()) {
    run.budget.step()
    const value = next.value
    if (value === item) return true
    const same = truthOfEquality(run, value, item)
    if (same === true) return true
    if (same !== false) doubt = same
  }
  return doubt ?? false
}

/** bool(value); an unknown where it depends on one. */
export function truthy(run: Run, value: PyValue): boolean | PyUnknown {
  if (typeof value === 'boolean') return value
  if (value === null) return false
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'string') return value !== ''
  if (typeof value === 'bigint') return value !== 0n
  if (value instanceof PyFloat) return value.value !== 0
  if (value instanceof PySym) return true
  if (isUnknown(value)) return value
  const own = lookup(value.cls, '__bool__')
  if (own !== undefined) {
    const result = run.call(own, [value])
    return typeof result === 'boolean' || isUnknown(result) ? result : true
  }
  if (
    value instanceof PyTuple ||
    value instanceof PyList ||
    value instanceof PyDict ||
    value instanceof PySet ||
    value instanceof PyRange ||
    value instanceof PyView ||
    value instanceof PyBytes
  )
    return lengthOf(run, value) !== 0
  if (value instanceof PyBoxed) return truthy(run, value.value)
  if (lookup(value.cls, '__len__') !== undefined) {
    const length = lengthOf(run, value)
    return length === null ? new PyUnknown('its length is not known') : length !== 0
  }
  return true
}

/** `-x`, `+x`, `~x`, `not x`. */
export function unary(run: Run, operator: '-' | '+' | '~' | 'not', value: PyValue): PyValue {
  if (operator === 'not') {
    const truth = truthy(run, value)
    return typeof truth === 'boolean' ? !truth : truth
  }
  if (isUnknown(value)) return new PyUnknown(value.reason, value.harmless)
  if (value instanceof PyObject && !(value instanceof PyBoxed)) {
    const name = operator === '-' ? '__neg__' : operator === '+' ? '__pos__' : '__invert__'
    const own = callMethod(run, value, name)
    if (own !== undefined) return own
  }
  if (value instanceof PySym)
    return operator === '+'
      ? value
      : operator === '-'
        ? fromDim(mulDim(value.dim, -1))
        : new PyUnknown('it depends on the batch size')
  if (value instanceof PyFloat && operator !== '~') return new PyFloat(operator === '-' ? -value.value : value.value)
  if (typeof value === 'bigint') return normalInt(operator === '-' ? -value : operator === '~' ? ~value : value)
  const n = asInt(value)
  if (n === null) return raise('TypeError', `bad operand type for unary ${operator}: '${typeOf(value).name}'`)
  return operator === '-' ? 0 - n : operator === '~' ? -n - 1 : n
}

/** `container[index]`. */
export function getItem(run: Run, container: PyValue, index: PyValue): PyValue {
  if (isUnknown(container)) return new PyUnknown(container.reason, container.harmless)
  if (container instanceof PyClass) return classItem(run, container, index)
  if (container instanceof PyObject) {
    const own = lookup(container.cls, '__getitem__')
    if (own !== undefined) return run.call(own, [container, index])
  }
  if (container instanceof PyDict) {
    if (isUnknown(index)) return new PyUnknown(index.reason)
    const key = hashKey(index)
    if (key === null) return raise('TypeError', `unhashable type: '${typeOf(index).name}'`)
    const found = container.entries.get(key)
    if (found) return found[1]
    const missing = container.cls === dictClass ? undefined : callMethod(run, container, '__missing__', [index])
    if (missing !== undefined) return missing
    return container.mayHold === null ? raiseKey(index) : new PyUnknown(container.mayHold)
  }
  if (container instanceof PyTuple || container instanceof PyList) {
    const values: readonly PyValue[] = container.items
    if (index instanceof PySlice) {
      const picked = sliced(run, values, index)
      if (picked === null) return new PyUnknown('the ends of this slice are not known')
      if (container instanceof PyList) return list(picked)
      return container.cls === tupleClass || !container.cls.native ? tuple(picked) : new PyTuple(container.cls, picked)
    }
    const place = container instanceof PyList && container.mayHold !== null ? asInt(index) : null
    if (place !== null && (place >= values.length || place < -values.length))
      return new PyUnknown((container as PyList).mayHold!)
    return at(values, index, container instanceof PyList ? 'list' : 'tuple')
  }
  const text = asString(container)
  if (text !== null) {
    const characters = [...text]
    if (index instanceof PySlice)
      return sliced(run, characters, index)?.join('') ?? new PyUnknown('the ends of this slice are not known')
    return at(characters, index, 'string')
  }
  if (container instanceof PyRange) {
    const { start, step, length } = container
    if (index instanceof PySlice) {
      const picked = sliceRange(index.start, index.stop, index.step, length)
      if (picked === null) return new PyUnknown('the ends of this slice are not known')
      return makeRange(start + picked.start * step, start + picked.stop * step, step * picked.step)
    }
    const i = asInt(index)
    if (i === null) return new PyUnknown('this index is not known')
    const place = i < 0 ? i + length : i
    return place >= 0 && place < length ? start + place * step : raise('IndexError', 'range object index out of range')
  }
  if (container instanceof PyBytes) {
    if (index instanceof PySlice) return bytes((sliced(run, [...container.value], index) ?? []).join(''))
    return at(
      [...container.value].map(c => c.charCodeAt(0)),
      index,
      'bytes',
    )
  }
  return raise('TypeError', `'${typeOf(container).name}' object is not subscriptable`)
}

/** `list[int]` is a list as far as values go; enums look their members up. */
function classItem(run: Run, cls: PyClass, index: PyValue): PyValue {
  const own = lookup(cls, '__class_getitem__')
  if (own !== undefined) return callMethod(run, cls, '__class_getitem__', [index])!
  const meta = cls.cls ? lookup(cls.cls, '__getitem__') : undefined
  return meta !== undefined ? run.call(meta, [cls, index]) : cls
}

function at(values: readonly PyValue[], index: PyValue, kind: string): PyValue {
  const i = asInt(index)
  if (i === null)
    return isUnknown(index) || index instanceof PySym
      ? new PyUnknown('this index is not known')
      : raise('TypeError', `${kind} indices must be integers or slices, not ${typeOf(index).name}`)
  const found = values[i < 0 ? i + values.length : i]
  return found !== undefined ? found : raise('IndexError', `${kind} index out of range`)
}

/** The picked values of a slice; null where its ends are unknown. */
function sliced(run: Run, values: readonly PyValue[], { start, stop, step }: PySlice): PyValue[] | null {
  const range = sliceRange(start, stop, step, values.length)
  if (range === null) return null
  run.budget.size(Math.max(0, Math.ceil((range.stop - range.start) / range.step)))
  const out: PyValue[] = []
  for (let i = range.start; range.step > 0 ? i < range.stop : i > range.stop; i += range.step) out.push(values[i]!)
  return out
}

/** slice.indices(length); null where an end is unknown. */
export function sliceRange(
  start: PyValue,
  stop: PyValue,
  step: PyValue,
  length: number,
): { start: number; stop: number; step: number } | null {
  const by = step === null ? 1 : asInt(step)
  if (by === null || by === 0) return null
  const clamp = (value: PyValue, otherwise: number): number | null => {
    if (value === null) return otherwise
    const n = asInt(value)
    if (n === null) return null
    const at = n < 0 ? n + length : n
    return by > 0 ? Math.min(Math.max(at, 0), length) : Math.min(Math.max(at, -1), length - 1)
  }
  const from = clamp(start, by > 0 ? 0 : length - 1)
  const to = clamp(stop, by > 0 ? length : -1)
  return from === null || to === null ? null : { start: from, stop: to, step: by }
}

/** `container[index] = value`. */
export function setItem(run: Run, container: PyValue, index: PyValue, value: PyValue): void {
  if (isUnknown(container)) return
  if (container instanceof PyObject) {
    const own = lookup(container.cls, '__setitem__')
    if (own !== undefined) {
      run.call(own, [container, index, value])
      return
    }
  }
  if (container instanceof PyDict) {
    if (isUnknown(index)) {
      container.mayHold ??= index.reason
      return
    }
    const key = hashKey(index)
    if (key === null) raise('TypeError', `unhashable type: '${typeOf(index).name}'`)
    container.entries.set(key!, [index, value])
    run.budget.grown(container.entries.size)
    return
  }
  if (container instanceof PyList) {
    if (index instanceof PySlice) {
      const range = sliceRange(index.start, index.stop, index.step, container.items.length)
      const more = items(run, value)
      if (range && more) assignSlice(run, container.items, range, more)
      return
    }
    const i = asInt(index)
    if (i === null) return
    const place = i < 0 ? i + container.items.length : i
    if (place < 0 || place >= container.items.length) raise('IndexError', 'list assignment index out of range')
    container.items[place] = value
    return
  }
  raise('TypeError', `'${typeOf(container).name}' object does not support item assignment`)
}

interface Range {
  readonly start: number
  readonly stop: number
  readonly step: number
}

function places({ start, stop, step }: Range): number[] {
  const out: number[] = []
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) out.push(i)
  return out
}

function assignSlice(run: Run, into: PyValue[], range: Range, values: readonly PyValue[]): void {
  if (range.step === 1) {
    const rest = into.slice(Math.max(range.start, range.stop))
    run.budget.size(range.start + values.length + rest.length)
    into.length = range.start
    for (const value of values) into.push(value)
    for (const value of rest) into.push(value)
    return
  }
  const at = places(range)
  if (at.length !== values.length)
    raise('ValueError', `attempt to assign sequence of size ${values.length} to extended slice of size ${at.length}`)
  at.forEach((place, i) => {
    into[place] = values[i]!
  })
}

/** `del container[index]`. */
export function deleteItem(run: Run, container: PyValue, index: PyValue): void {
  if (isUnknown(container) || isUnknown(index)) return
  if (container instanceof PyObject) {
    const own = lookup(container.cls, '__delitem__')
    if (own !== undefined) {
      run.call(own, [container, index])
      return
    }
  }
  if (container instanceof PyDict) {
    const key = hashKey(index)
    if (key === null || !container.entries.delete(key)) raiseKey(index)
  } else if (container instanceof PyList) {
    if (index instanceof PySlice) {
      const range = sliceRange(index.start, index.stop, index.step, container.items.length)
      if (range) {
        const gone = new Set(places(range))
        const kept = container.items.filter((_, i) => !gone.has(i))
        container.items.length = 0
        for (const item of kept) container.items.push(item)
      }
      return
    }
    const i = asInt(index) ?? 0
    container.items.splice(i < 0 ? i + container.items.length : i, 1)
  }
}
