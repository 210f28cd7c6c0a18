import { formatDim } from '../../../core/dim'
import type { Run } from './run'
import { exceptionClasses, isInstance, setClass, tupleClass } from './types'
import {
  asNumber,
  asString,
  PyBoxed,
  PyBytes,
  PyClass,
  PyDict,
  PyFloat,
  PyFunction,
  PyList,
  PyModule,
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

/** str(value). */
export function str(run: Run, value: PyValue): string {
  if (typeof value === 'string') return value
  if (value instanceof PyObject && !(value instanceof PyClass)) {
    const own = programMethod(value, '__str__')
    if (own !== undefined) return asString(run.call(own, [value])) ?? '?'
    if (isInstance(value, exceptionClasses.get('BaseException')!)) return exceptionText(run, value)
    if (value instanceof PyBoxed && typeof value.value === 'string') return value.value
  }
  return repr(run, value)
}

/** repr(value), nested at most a few levels deep. */
export function repr(run: Run, value: PyValue, depth = 0): string {
  if (value === null) return 'None'
  switch (typeof value) {
    case 'boolean':
      return value ? 'True' : 'False'
    case 'number':
    case 'bigint':
      return String(value)
    case 'string':
      run.budget.made(value.length)
      return quote(value)
  }
  run.budget.step()
  if (value instanceof PyFloat) return floatText(value.value)
  if (value instanceof PySym) return formatDim(value.dim)
  if (value instanceof PyUnknown) return '?'
  if (depth > 4) return '…'
  const inner = (v: PyValue): string => repr(run, v, depth + 1)
  if (value instanceof PyObject && !(value instanceof PyClass)) {
    const own = programMethod(value, '__repr__')
    if (own !== undefined) return asString(run.call(own, [value])) ?? '?'
  }
  if (value instanceof PyTuple) {
    if (value.cls !== tupleClass && value.cls.name === 'Size')
      return `torch.Size([${value.items.map(inner).join(', ')}])`
    return value.items.length === 1 ? `(${inner(value.items[0]!)},)` : `(${value.items.map(inner).join(', ')})`
  }
  if (value instanceof PyList) return `[${value.items.slice(0, 1000).map(inner).join(', ')}]`
  if (value instanceof PyView)
    return `${value.cls.name}([${[...value.of.entries.values()].map(e => inner(value.pick(e))).join(', ')}])`
  if (value instanceof PyDict && value.cls.module === 'collections') return collectionText(value, inner)
  if (value instanceof PyDict)
    return `{${[...value.entries.values()].map(([k, v]) => `${inner(k)}: ${inner(v)}`).join(', ')}}`
  if (value instanceof PySet) {
    const values = `{${[...value.entries.values()].map(inner).join(', ')}}`
    return value.cls !== setClass
      ? `${value.cls.name}(${value.entries.size ? values : ''})`
      : value.entries.size
        ? values
        : 'set()'
  }
  if (value instanceof PySlice) return `slice(${inner(value.start)}, ${inner(value.stop)}, ${inner(value.step)})`
  if (value instanceof PyRange)
    return `range(${value.start}, ${value.stop}${value.step === 1 ? '' : `, ${value.step}`})`
  if (value instanceof PyBytes) return `b${quote(value.value)}`
  if (value instanceof PyClass)
    return `<class '${value.module === 'builtins' ? '' : `${value.module}.`}${value.qualname}'>`
  if (value instanceof PyFunction) return `<function ${value.qualname}>`
  if (value instanceof PyModule) return `<module '${value.name}'>`
  if (value instanceof PyBoxed) return inner(value.value)
  if (isInstance(value, exceptionClasses.get('BaseException')!))
    return `${value.cls.name}(${exceptionArguments(value).map(inner).join(', ')})`
  return `<${value.cls.qualname} object>`
}

/** `OrderedDict([('a', 1)])`, `Counter({'a': 2})`, `defaultdict(<class 'int'>, {'a': 1})`. */
function collectionText(value: PyDict, inner: (v: PyValue) => string): string {
  const pairs = [...value.entries.values()]
  if (value.cls.name === 'OrderedDict')
    return `OrderedDict(${pairs.length ? `[${pairs.map(([k, v]) => `(${inner(k)}, ${inner(v)})`).join(', ')}]` : ''})`
  const body = `{${pairs.map(([k, v]) => `${inner(k)}: ${inner(v)}`).join(', ')}}`
  const first = 'factory' in value ? `${inner(value.factory as PyValue)}, ` : ''
  return `${value.cls.name}(${first}${body})`
}

/** format(value, spec): the mini-language of format strings. */
export function format(run: Run, value: PyValue, spec: string): string {
  if (value instanceof PyObject && !(value instanceof PyClass)) {
    const own = programMethod(value, '__format__')
    if (own !== undefined) return asString(run.call(own, [value, spec])) ?? '?'
  }
  const parsed = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/s.exec(spec)
  if (!parsed || spec === '') return str(run, value)
  const [, fill, align, sign, alternate, zero, width, grouping, precision, type] = parsed
  const number = typeof value === 'string' ? null : asNumber(value)
  let text: string
  if (number === null || type === 's') {
    text = str(run, value)
    if (precision !== undefined) text = text.slice(0, Number(precision))
  } else {
    text = numberText(
      value,
      Math.abs(number),
      type,
      precision === undefined ? null : Math.min(Number(precision), 50),
      grouping,
    )
    if (alternate && type && 'xXob'.includes(type)) text = `0${type}${text}`
    const negative = number < 0 || Object.is(number, -0)
    text = (negative ? '-' : sign === '+' ? '+' : sign === ' ' ? ' ' : '') + text
  }
  const size = Math.min(Number(width ?? 0), 10_000)
  const missing = size - [...text].length
  if (missing <= 0) return text
  const padding = (fill ?? (zero && number !== null ? '0' : ' ')).repeat(missing)
  const side = align ?? (number !== null && typeof value !== 'string' ? (zero ? '=' : '>') : '<')
  if (side === '<') return text + padding
  if (side === '>') return padding + text
  if (side === '=') {
    const signed = /^[-+ ]/.test(text) ? 1 : 0
    return text.slice(0, signed) + padding + text.slice(signed)
  }
  const left = missing >> 1
  return padding.slice(0, left) + text + padding.slice(left)
}

/** `text % value`. */
export function formatPercent(run: Run, text: string, value: PyValue): PyValue {
  const given = value instanceof PyTuple ? value.items : [value]
  let next = 0
  return text.replace(
    /%(?:\((\w+)\))?([-+ 0#]*)(\d+|\*)?(?:\.(\d+))?([sdrifgGeExXo%c])/g,
    (_, key, flags, width, precision, type) => {
      if (type === '%') return '%'
      const item =
        key !== undefined && value instanceof PyDict ? (value.entries.get(`s${key}`)?.[1] ?? null) : given[next++]
      if (item === undefined) return '?'
      if (type === 'r') return repr(run, item)
      if (type === 's')
        return pad(precision === undefined ? str(run, item) : str(run, item).slice(0, Number(precision)), flags, width)
      const number = asNumber(item)
      if (number === null) return typeof item === 'string' ? pad(item, flags, width) : str(run, item)
      const body =
        type === 'c'
          ? String.fromCodePoint(number)
          : type === 'd' || type === 'i'
            ? String(Math.trunc(number))
            : numberText(
                item,
                number,
                type,
                precision === undefined ? null : Math.min(Number(precision), 50),
                undefined,
              )
      return pad(flags.includes('+') && number >= 0 ? `+${body}` : body, flags, width)
    },
  )
}

/** A float as Python prints it: 1.0, 1e-05, inf. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const size = Math.abs(value)
  if (value !== 0 && (size >= 1e16 || size < 1e-4)) {
    return value
      .toExponential()
      .replace(/e([+-])(\d)$/, 'e$10$2')
      .replace(/e\+/, 'e+')
  }
  return Number.isInteger(value) ? `${value === 0 && Object.is(value, -0) ? '-0' : value}.0` : String(value)
}

function numberText(
  value: PyValue,
  number: number,
  type: string | undefined,
  precision: number | null,
  grouping: string | undefined,
): string {
  let text: string
  if (type === 'f' || type === 'F') text = number.toFixed(precision ?? 6)
  else if (type === '%') text = `${(number * 100).toFixed(precision ?? 6)}%`
  else if (type === 'e' || type === 'E') text = number.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2')
  else if (type === 'g' || type === 'G') text = general(number, precision ?? 6)
  else if (type === 'x' || type === 'X') text = type === 'x' ? number.toString(16) : number.toString(16).toUpperCase()
  else if (type === 'b') text = number.toString(2)
  else if (type === 'o') text = number.toString(8)
  else if (value instanceof PyFloat) text = precision === null ? floatText(number) : general(number, precision)
  else text = String(number)
  if (type === 'E') text = text.toUpperCase()
  return grouping ? text.replace(/^\d+/, digits => digits.replace(/\B(?=(\d{3})+(?!\d))/g, grouping)) : text
}

function general(number: number, precision: number): string {
  const digits = Math.max(precision, 1)
  if (number === 0) return '0'
  const exponent = Math.floor(Math.log10(number))
  if (exponent < -4 || exponent >= digits) {
    return number
      .toExponential(digits - 1)
      .replace(/\.?0+e/, 'e')
      .replace(/e([+-])(\d)$/, 'e$10$2')
  }
  const fixed = number.toFixed(Math.min(100, Math.max(0, digits - 1 - exponent)))
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed
}

function pad(text: string, flags: string, width: string | undefined): string {
  const size = Math.min(Number(width ?? 0) || 0, 10_000)
  if (flags.includes('-')) return text.padEnd(size)
  return flags.includes('0') ? text.padStart(size, '0') : text.padStart(size)
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark
}

/** The message of an exception: its one argument, or all of them. */
export function exceptionText(run: Run, error: PyObject): string {
  const args = exceptionArguments(error)
  if (args.length === 1)
    return isInstance(error, exceptionClasses.get('KeyError')!) ? repr(run, args[0]!) : str(run, args[0]!)
  return args.length === 0 ? '' : `(${args.map(a => repr(run, a)).join(', ')})`
}

function exceptionArguments(error: PyObject): readonly PyValue[] {
  const args = error.attrs?.get('args')
  return args instanceof PyTuple ? args.items : []
}

/** A method of a class of the program, not one of ours. */
function programMethod(value: PyObject, name: string): PyValue | undefined {
  for (const c of value.cls.mro) {
    const found = c.dict.get(name)
    if (found !== undefined) return found
  }
  return undefined
}
