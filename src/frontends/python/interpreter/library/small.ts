import type { BinaryOperator, Comparison } from '../../syntax/ast'
import { callMethod, findAttribute } from '../attributes'
import { allocate, call } from '../call'
import { PyError } from '../errors'
import { binary, compare, getItem, truthy, unary } from '../operators'
import type { Run } from '../run'
import * as types from '../types'
import {
  asString,
  identity,
  PyClass,
  PyDict,
  PyFunction,
  PyIterator,
  PyList,
  PyModule,
  PyNative,
  PyObject,
  PySet,
  PyTuple,
  PyUnknown,
  type PyValue,
} from '../values'

const give = (name: string): [string, PyValue] => [name, types.native(name, (_, [value]) => value ?? null)]

const abstractClass = types.nativeClass('ABC', undefined, 'abc')
export const abcModule = types.pyModule('abc', [
  ['ABC', abstractClass],
  ['ABCMeta', types.typeClass],
  give('abstractmethod'),
  ['abstractproperty', types.propertyClass],
])

const real = types.tuple([types.intClass, types.floatClass])
/** `numbers`: classes that programs ask of their arguments with isinstance. */
export const numbersModule = types.pyModule('numbers', [
  ['Integral', types.intClass],
  ['Rational', types.intClass],
  ['Real', real],
  ['Complex', real],
  ['Number', real],
])

/**
 * Objects copy themselves by these hooks: modules with their weights. `inner` copies what they hold (or gives it as it is,
 * for a shallow copy); `keep` is told the copy first, so that what leads back to it finds it.
 */
export type Copy = (
  run: Run,
  value: PyObject,
  inner: (value: PyValue) => PyValue,
  keep: <T extends PyObject>(made: T) => T,
  shallow: boolean,
) => PyObject
const copies = new Map<PyClass, Copy>()
export const onCopy = (cls: PyClass, copy: Copy): void => void copies.set(cls, copy)

export const copyModule = types.pyModule('copy', [
  [
    'copy',
    types.native('copy', (run, [value]) => callMethodIfOwn(run, value!, '__copy__') ?? copyValue(run, value!, null)),
  ],
  ['deepcopy', types.native('deepcopy', (run, [value]) => deepCopy(run, value!))],
])

/** copy.deepcopy. */
export const deepCopy = (run: Run, value: PyValue): PyValue => copyValue(run, value, new Map())

function callMethodIfOwn(run: Run, value: PyValue, name: string): PyValue | undefined {
  return value instanceof PyObject && types.lookup(value.cls, name) !== undefined
    ? callMethod(run, value, name)
    : undefined
}

/** A copy; with `seen`, of everything below it too, each object once. */
function copyValue(run: Run, value: PyValue, seen: Map<number, PyValue> | null): PyValue {
  if (
    !(value instanceof PyObject) ||
    value instanceof PyClass ||
    value instanceof PyFunction ||
    value instanceof PyNative ||
    value instanceof PyModule
  )
    return value
  const known = seen?.get(identity(value))
  if (known !== undefined) return known
  run.budget.step()
  const inner = (v: PyValue): PyValue => (seen ? copyValue(run, v, seen) : v)
  const keep = <T extends PyObject>(made: T): T => {
    seen?.set(identity(value), made)
    return made
  }
  const hook = value.cls.mro.map(c => copies.get(c)).find(Boolean)
  if (hook) return hook(run, value, inner, keep, seen === null)
  if (value instanceof PyList) {
    const made = keep(new PyList(value.cls, []))
    for (const item of value.items) made.items.push(inner(item))
    return attributes(made, value, inner)
  }
  if (value instanceof PyDict) {
    const made = keep(
      (types.lookup(value.cls, '__missing__') ? allocate(run, value.cls) : new PyDict(value.cls)) as PyDict,
    )
    if ('factory' in value) (made as unknown as { factory: unknown }).factory = value.factory
    for (const [k, [key, item]] of value.entries) made.entries.set(k, [key, inner(item)])
    return attributes(made, value, inner)
  }
  if (value instanceof PyTuple) return seen ? keep(new PyTuple(value.cls, value.items.map(inner))) : value
  if (value instanceof PySet) {
    const made = keep(new PySet(value.cls))
    for (const [k, v] of value.entries) made.entries.set(k, v)
    return made
  }
  if (value.constructor !== PyObject) return value
  return attributes(keep(new PyObject(value.cls)), value, inner)
}

function attributes<T extends PyObject>(made: T, from: PyObject, inner: (v: PyValue) => PyValue): T {
  if (from.attrs) made.attrs = new Map([...from.attrs].map(([k, v]) => [k, inner(v)]))
  return made
}

const BINARY: Readonly<Record<string, BinaryOperator>> = {
  add: '+',
  sub: '-',
  mul: '*',
  truediv: '/',
  floordiv: '//',
  mod: '%',
  pow: '**',
  matmul: '@',
  and_: '&',
  or_: '|',
  xor: '^',
}
const COMPARE: Readonly<Record<string, Comparison>> = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' }
export const operatorModule = types.pyModule('operator', [
  ...Object.entries(BINARY).map(([name, op]): [string, PyValue] => [
    name,
    types.native(name, (run, [a, b]) => binary(run, op, a!, b!)),
  ]),
  ...Object.entries(COMPARE).map(([name, op]): [string, PyValue] => [
    name,
    types.native(name, (run, [a, b]) => compare(run, op, a!, b!)),
  ]),
  ['neg', types.native('neg', (run, [a]) => unary(run, '-', a!))],
  ['not_', types.native('not_', (run, [a]) => unary(run, 'not', a!))],
  ['truth', types.native('truth', (run, [a]) => truthy(run, a!))],
  ['getitem', types.native('getitem', (run, [a, b]) => getItem(run, a!, b!))],
  ['index', types.native('index', (_, [a]) => a!)],
  [
    'itemgetter',
    types.native('itemgetter', (_, keys) =>
      types.native('itemgetter', (run, [v]) =>
        keys.length === 1 ? getItem(run, v!, keys[0]!) : types.tuple(keys.map(k => getItem(run, v!, k))),
      ),
    ),
  ],
  [
    'attrgetter',
    types.native('attrgetter', (_, [name]) =>
      types.native('attrgetter', (run, [v]) =>
        (asString(name!) ?? '').split('.').reduce<PyValue>((o, n) => findAttribute(run, o, n) ?? null, v!),
      ),
    ),
  ],
  [
    'methodcaller',
    types.native('methodcaller', (_, [name, ...args]) =>
      types.native('methodcaller', (run, [v]) => callMethod(run, v!, asString(name!) ?? '', args) ?? null),
    ),
  ],
])

export const typesModule = types.pyModule('types', [
  ['FunctionType', types.functionClass],
  ['LambdaType', types.functionClass],
  ['MethodType', types.methodClass],
  ['BuiltinFunctionType', types.nativeFunctionClass],
  ['ModuleType', types.moduleClass],
  ['GeneratorType', types.iteratorClass],
  ['NoneType', types.noneClass],
  ['SimpleNamespace', simpleNamespace()],
  ['MappingProxyType', types.dictClass],
])
types.methodClass.convert = (_, __, [func, self]) => types.bind(func!, self!)

function simpleNamespace(): PyClass {
  const cls = types.nativeClass('SimpleNamespace', undefined, 'types')
  cls.dict.set(
    '__init__',
    types.nativeMethod('__init__', (_, [self], kwargs) => {
      ;(self as PyObject).attrs = new Map(kwargs)
      return null
    }),
  )
  return cls
}

/** A list that begins with a text and holds more that nobody knows. */
function open(reason: string): PyList {
  const made = types.list([''])
  made.mayHold = reason
  return made
}

export const sysModule = types.pyModule('sys', [
  ['version_info', types.tuple([3, 11, 0, 'final', 0])],
  ['version', '3.11.0'],
  ['platform', 'linux'],
  ['argv', open('the command line is not known')],
  ['path', open('the search path is not known')],
  ['maxsize', 9223372036854775807n],
  ['float_info', new PyUnknown('sys.float_info', true)],
  ['stdout', new PyUnknown('sys.stdout', true)],
  ['stderr', new PyUnknown('sys.stderr', true)],
  ['exit', types.native('exit', () => null)],
  ['setrecursionlimit', types.native('setrecursionlimit', () => null)],
  ['getrecursionlimit', types.native('getrecursionlimit', () => 1000)],
  ['exc_info', types.native('exc_info', () => types.tuple([null, null, null]))],
  ['modules', modulesView()],
])

/** sys.modules: looked into by name, as registries do. */
function modulesView(): PyObject {
  const cls = types.nativeClass('modules', undefined, 'sys')
  cls.dict.set(
    '__getitem__',
    types.nativeMethod(
      '__getitem__',
      (run, [, name]) => moduleNamed(run, name!) ?? new PyUnknown('this module is not loaded'),
    ),
  )
  cls.dict.set(
    'get',
    types.nativeMethod('get', (run, [, name, otherwise]) => moduleNamed(run, name!) ?? otherwise ?? null),
  )
  cls.dict.set(
    '__contains__',
    types.nativeMethod('__contains__', (run, [, name]) => moduleNamed(run, name!) !== undefined),
  )
  return new PyObject(cls)
}

const moduleNamed = (run: Run, name: PyValue): PyValue | undefined => run.modules.get(asString(name) ?? '')?.value

const context = types.nativeClass('nullcontext', undefined, 'contextlib')
context.dict.set(
  '__init__',
  types.nativeMethod('__init__', (_, [self, value]) => {
    ;(self as PyObject).attrs = new Map([['value', value ?? null]])
    return null
  }),
)
context.dict.set(
  '__enter__',
  types.nativeMethod('__enter__', (_, [self]) => (self as PyObject).attrs?.get('value') ?? null),
)
context.dict.set(
  '__exit__',
  types.nativeMethod('__exit__', () => false),
)
/** A context of ours; `leave` says whether it took care of the exception. */
class PyContext extends PyObject {
  constructor(
    readonly enter: () => PyValue,
    readonly leave: (error: PyObject | null) => boolean,
  ) {
    super(contextClass)
  }
}
const contextClass = types.nativeClass('_GeneratorContextManager', undefined, 'contextlib')
contextClass.dict.set(
  '__enter__',
  types.nativeMethod('__enter__', (_, [self]) => (self as PyContext).enter()),
)
contextClass.dict.set(
  '__exit__',
  types.nativeMethod('__exit__', (_, [self, , error]) =>
    (self as PyContext).leave(error instanceof PyObject ? error : null),
  ),
)
const contextOf = (enter: () => PyValue, leave: (error: PyObject | null) => boolean): PyContext =>
  new PyContext(enter, leave)

export const contextlibModule = types.pyModule('contextlib', [
  ['nullcontext', context],
  [
    'suppress',
    types.native('suppress', (_, kinds) =>
      contextOf(
        () => null,
        error => error !== null && kinds.some(k => k instanceof PyClass && types.isSubclass(error.cls, k)),
      ),
    ),
  ],
  ['redirect_stdout', types.native('redirect_stdout', run => call(run, context, []))],
  ['ExitStack', types.native('ExitStack', run => call(run, context, []))],
  // What the generator gives first is the context's value; it goes on where the context is left.
  [
    'contextmanager',
    types.native('contextmanager', (_, [f]) =>
      types.native('contextmanager', (run, args, kwargs) => {
        const made = call(run, f!, args, kwargs)
        if (!(made instanceof PyIterator)) return made
        const { source } = made
        return contextOf(
          () => {
            const first = source.next()
            return first.done ? null : first.value
          },
          error => {
            if (error === null) source.next()
            else if (source.throw) {
              try {
                source.throw(new PyError(error, true))
              } catch (raised) {
                if (raised instanceof PyError && raised.exception === error) return false
                throw raised
              }
            } else return false
            return true
          },
        )
      }),
    ),
  ],
])
