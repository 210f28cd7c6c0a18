import {
  type Native,
  PyBoxed,
  PyBytes,
  PyClass,
  PyDict,
  PyFloat,
  type PyFunction,
  PyIterator,
  PyList,
  PyMethod,
  PyModule,
  PyNative,
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

/** The built-in classes. They are shared by all analyses and never change. */
export const typeClass: PyClass = new PyClass('type', [], { native: true })
export const objectClass: PyClass = new PyClass('object', [], { native: true, metaclass: typeClass })
objectClass.mro = [objectClass]
typeClass.cls = typeClass
typeClass.bases = [objectClass]
typeClass.mro = [typeClass, objectClass]

/** A class of ours. */
export function nativeClass(name: string, bases: readonly PyClass[] = [objectClass], module = 'builtins'): PyClass {
  const cls = new PyClass(name, bases, { native: true, metaclass: typeClass })
  cls.module = module
  cls.mro = linearize(cls) ?? [cls, objectClass]
  return cls
}

export const noneClass = nativeClass('NoneType')
export const intClass = nativeClass('int')
export const boolClass = nativeClass('bool', [intClass])
export const floatClass = nativeClass('float')
export const complexClass = nativeClass('complex')
export const strClass = nativeClass('str')
export const bytesClass = nativeClass('bytes')
export const tupleClass = nativeClass('tuple')
export const listClass = nativeClass('list')
export const dictClass = nativeClass('dict')
export const setClass = nativeClass('set')
export const frozensetClass = nativeClass('frozenset')
export const rangeClass = nativeClass('range')
export const sliceClass = nativeClass('slice')
export const iteratorClass = nativeClass('generator')
export const functionClass = nativeClass('function')
export const nativeFunctionClass = nativeClass('builtin_function_or_method')
export const methodClass = nativeClass('method')
export const moduleClass = nativeClass('module')
export const propertyClass = nativeClass('property')
export const staticmethodClass = nativeClass('staticmethod')
export const classmethodClass = nativeClass('classmethod')
export const superClass = nativeClass('super')
export const ellipsisClass = nativeClass('ellipsis')
export const notImplementedClass = nativeClass('NotImplementedType')
export const unknownClass = nativeClass('unknown')

export const viewClasses = {
  keys: nativeClass('dict_keys'),
  values: nativeClass('dict_values'),
  items: nativeClass('dict_items'),
}

export const ELLIPSIS = new PyObject(ellipsisClass)
export const NOT_IMPLEMENTED = new PyObject(notImplementedClass)

tupleClass.create = cls => new PyTuple(cls, [])
listClass.create = cls => new PyList(cls, [])
dictClass.create = cls => new PyDict(cls)
setClass.create = cls => new PySet(cls)
frozensetClass.create = cls => new PySet(cls)
strClass.create = cls => new PyBoxed(cls, '')
intClass.create = cls => new PyBoxed(cls, 0)
floatClass.create = cls => new PyBoxed(cls, new PyFloat(0))

/** The exceptions that programs name; each with its base. */
const EXCEPTIONS: readonly (readonly [string, string])[] = [
  ['Exception', 'BaseException'],
  ['KeyboardInterrupt', 'BaseException'],
  ['SystemExit', 'BaseException'],
  ['GeneratorExit', 'BaseException'],
  ['ArithmeticError', 'Exception'],
  ['ZeroDivisionError', 'ArithmeticError'],
  ['OverflowError', 'ArithmeticError'],
  ['AssertionError', 'Exception'],
  ['AttributeError', 'Exception'],
  ['ImportError', 'Exception'],
  ['ModuleNotFoundError', 'ImportError'],
  ['LookupError', 'Exception'],
  ['IndexError', 'LookupError'],
  ['KeyError', 'LookupError'],
  ['NameError', 'Exception'],
  ['UnboundLocalError', 'NameError'],
  ['RuntimeError', 'Exception'],
  ['NotImplementedError', 'RuntimeError'],
  ['RecursionError', 'RuntimeError'],
  ['StopIteration', 'Exception'],
  ['TypeError', 'Exception'],
  ['ValueError', 'Exception'],
  ['UnicodeError', 'ValueError'],
  ['UnicodeDecodeError', 'UnicodeError'],
  ['UnicodeEncodeError', 'UnicodeError'],
  ['UnicodeTranslateError', 'UnicodeError'],
  ['OSError', 'Exception'],
  ['BlockingIOError', 'OSError'],
  ['ChildProcessError', 'OSError'],
  ['ConnectionError', 'OSError'],
  ['BrokenPipeError', 'ConnectionError'],
  ['ConnectionAbortedError', 'ConnectionError'],
  ['ConnectionRefusedError', 'ConnectionError'],
  ['ConnectionResetError', 'ConnectionError'],
  ['FileExistsError', 'OSError'],
  ['FileNotFoundError', 'OSError'],
  ['InterruptedError', 'OSError'],
  ['IsADirectoryError', 'OSError'],
  ['NotADirectoryError', 'OSError'],
  ['PermissionError', 'OSError'],
  ['ProcessLookupError', 'OSError'],
  ['TimeoutError', 'OSError'],
  ['MemoryError', 'Exception'],
  ['BufferError', 'Exception'],
  ['EOFError', 'Exception'],
  ['FloatingPointError', 'ArithmeticError'],
  ['ReferenceError', 'Exception'],
  ['StopAsyncIteration', 'Exception'],
  ['SyntaxError', 'Exception'],
  ['IndentationError', 'SyntaxError'],
  ['TabError', 'IndentationError'],
  ['SystemError', 'Exception'],
  ['BaseExceptionGroup', 'BaseException'],
  ['ExceptionGroup', 'Exception'],
  ['Warning', 'Exception'],
  ['BytesWarning', 'Warning'],
  ['EncodingWarning', 'Warning'],
  ['ImportWarning', 'Warning'],
  ['PendingDeprecationWarning', 'Warning'],
  ['ResourceWarning', 'Warning'],
  ['SyntaxWarning', 'Warning'],
  ['UnicodeWarning', 'Warning'],
  ['UserWarning', 'Warning'],
  ['DeprecationWarning', 'Warning'],
  ['FutureWarning', 'Warning'],
  ['RuntimeWarning', 'Warning'],
]
export const exceptionClasses: ReadonlyMap<string, PyClass> = (() => {
  const classes = new Map([['BaseException', nativeClass('BaseException')]])
  for (const [name, base] of EXCEPTIONS) classes.set(name, nativeClass(name, [classes.get(base)!]))
  return classes
})()

/** The class of any value. */
export function typeOf(value: PyValue): PyClass {
  switch (typeof value) {
    case 'string':
      return strClass
    case 'number':
    case 'bigint':
      return intClass
    case 'boolean':
      return boolClass
  }
  if (value === null) return noneClass
  if (value instanceof PyFloat) return floatClass
  if (value instanceof PySym) return intClass
  if (value instanceof PyUnknown) return unknownClass
  return value.cls
}

export const isSubclass = (cls: PyClass, of: PyClass): boolean => cls.mro.includes(of)
export const isInstance = (value: PyValue, of: PyClass): boolean => isSubclass(typeOf(value), of)

export const tuple = (items: readonly PyValue[]): PyTuple => new PyTuple(tupleClass, items)
export const list = (items: PyValue[]): PyList => new PyList(listClass, items)
export const dict = (): PyDict => new PyDict(dictClass)
export const view = (of: PyDict, kind: keyof typeof viewClasses): PyView =>
  new PyView(viewClasses[kind], of, kind === 'keys' ? e => e[0] : kind === 'values' ? e => e[1] : e => tuple(e))
export const iterator = (source: Iterator<PyValue>): PyIterator => new PyIterator(iteratorClass, source)
export const native = (name: string, run: Native): PyNative => new PyNative(nativeFunctionClass, name, run)
export const nativeMethod = (name: string, run: Native): PyNative => new PyNative(nativeFunctionClass, name, run, true)
export const bind = (func: PyValue, self: PyValue): PyMethod => new PyMethod(methodClass, func, self)
export const range = (start: number, stop: number, step = 1): PyRange => new PyRange(rangeClass, start, stop, step)
export const slice = (start: PyValue, stop: PyValue, step: PyValue): PySlice =>
  new PySlice(sliceClass, start, stop, step)
export const bytes = (value: string): PyBytes => new PyBytes(bytesClass, value)
export const pyModule = (
  name: string,
  members: Iterable<[string, PyValue]>,
  missing: PyModule['missing'] = null,
  file: string | null = null,
): PyModule => new PyModule(moduleClass, name, new Map(members), missing, file)

/** C3 linearization of a class whose bases have theirs; null when there is none. */
export function linearize(cls: PyClass): PyClass[] | null {
  const lists = [...cls.bases.map(b => [...b.mro]), [...cls.bases]].filter(l => l.length > 0)
  const mro = [cls]
  while (lists.some(l => l.length > 0)) {
    const head = lists.find(l => l.length > 0 && !lists.some(other => other.indexOf(l[0]!) > 0))?.[0]
    if (!head) return null
    mro.push(head)
    for (const l of lists) if (l[0] === head) l.shift()
  }
  return mro
}

/** Looks a name up along the MRO. */
export function lookup(cls: PyClass, name: string): PyValue | undefined {
  for (const c of cls.mro) {
    const found = c.dict.get(name)
    if (found !== undefined) return found
  }
  return undefined
}

export type { PyFunction }
