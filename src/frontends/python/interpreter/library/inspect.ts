import { addToDict } from '../entries'
import type { Frame } from '../frame'
import { namespace } from '../instances'
import type { Run } from '../run'
import { lookup, native, nativeClass, nativeMethod, propertyClass, pyModule, tuple } from '../types'
import {
  PyClass,
  PyDict,
  PyFunction,
  PyMethod,
  PyModule,
  PyNative,
  PyObject,
  PyProperty,
  PyUnknown,
  type PyValue,
  PyWrapped,
} from '../values'
import { orderedDictClass } from './collections'
import { PyPartial } from './functools'

const signatureClass = nativeClass('Signature', undefined, 'inspect')
const parameterClass = nativeClass('Parameter', undefined, 'inspect')
const EMPTY = nativeClass('_empty', undefined, 'inspect')
const KINDS = ['POSITIONAL_ONLY', 'POSITIONAL_OR_KEYWORD', 'VAR_POSITIONAL', 'KEYWORD_ONLY', 'VAR_KEYWORD']
KINDS.forEach((kind, i) => {
  parameterClass.dict.set(kind, i)
})
parameterClass.dict.set('empty', EMPTY)
signatureClass.dict.set('empty', EMPTY)
signatureClass.dict.set(
  'bind',
  nativeMethod('bind', () => new PyUnknown('inspect.Signature.bind is not modelled')),
)

/** A running function: what is bound in it, and who called it. */
class PyFrame extends PyObject {
  constructor(readonly frame: Frame) {
    super(frameClass)
  }
}
const frameClass = nativeClass('frame')
const frameAttribute = (name: string, read: (run: Run, frame: Frame) => PyValue): void =>
  void frameClass.dict.set(
    name,
    new PyProperty(
      propertyClass,
      native(name, (run, [self]) => (self instanceof PyFrame ? read(run, self.frame) : null)),
    ),
  )
frameAttribute('f_back', (_, { caller }) => (caller ? new PyFrame(caller) : null))
frameAttribute('f_locals', (_, { names }) => namespace(names))
frameAttribute('f_globals', (_, { module }) => namespace(module.names))

export const inspectModule = pyModule('inspect', [
  ['signature', native('signature', (_, [f]) => signature(f!))],
  ['Parameter', parameterClass],
  ['Signature', signatureClass],
  ['isclass', native('isclass', (_, [v]) => v instanceof PyClass)],
  ['isfunction', native('isfunction', (_, [v]) => v instanceof PyFunction)],
  ['ismethod', native('ismethod', (_, [v]) => v instanceof PyMethod)],
  ['ismodule', native('ismodule', (_, [v]) => v instanceof PyModule)],
  ['currentframe', native('currentframe', run => new PyFrame(run.frame))],
  [
    'getargvalues',
    native('getargvalues', (_, [frame]) =>
      frame instanceof PyFrame
        ? tuple([new PyUnknown('the arguments of a frame'), null, null, namespace(frame.frame.names)])
        : new PyUnknown('this frame is not known'),
    ),
  ],
  ['getmembers', native('getmembers', () => new PyUnknown('inspect.getmembers is not modelled'))],
  ['getfullargspec', native('getfullargspec', () => new PyUnknown('inspect.getfullargspec is not modelled'))],
])

function signature(value: PyValue): PyValue {
  if (value instanceof PyUnknown) return new PyUnknown('this signature is not known', value.harmless)
  let func: PyValue = value
  let skip = 0
  for (let i = 0; i < 20; i++) {
    const wrapped: PyValue | undefined = func instanceof PyObject ? func.attrs?.get('__wrapped__') : undefined
    if (wrapped !== undefined) func = wrapped
    else if (func instanceof PyMethod) {
      func = func.func
      skip++
    } else if (func instanceof PyPartial) func = func.func
    else if (func instanceof PyWrapped) func = func.func
    else if (func instanceof PyClass) {
      const init = lookup(func, '__init__')
      if (init === undefined) break
      func = init
      skip++
    } else break
  }
  if (func instanceof PyNative && func.signature !== null) return nativeSignature(func.signature)
  if (!(func instanceof PyFunction)) return new PyUnknown('this signature is not known')
  const { positionalOnly, positional, rest, keywordOnly, keywords } = func.definition.parameters
  const all = [
    ...positionalOnly.map(p => ({ p, kind: 0 })),
    ...positional.map(p => ({ p, kind: 1 })),
    ...(rest ? [{ p: rest, kind: 2 }] : []),
    ...keywordOnly.map(p => ({ p, kind: 3 })),
    ...(keywords ? [{ p: keywords, kind: 4 }] : []),
  ].slice(skip)
  return made(
    all.map(({ p, kind }) => ({
      name: p.name,
      kind,
      otherwise: (func as PyFunction).defaults.get(p.name) ?? EMPTY,
      annotation: p.annotation ? new PyUnknown('an annotation', true) : EMPTY,
    })),
  )
}

/** Of a class of ours: which names it takes. What their defaults are is not said. */
function nativeSignature(text: string): PyValue {
  const names = text
    .split(',')
    .map(name => name.trim())
    .filter(Boolean)
  const star = names.indexOf('*')
  return made(
    names.flatMap((name, i) =>
      name === '*'
        ? []
        : {
            name: name.replace('=', ''),
            kind: star >= 0 && i > star ? 3 : 1,
            otherwise: name.endsWith('=') ? new PyUnknown('a default') : EMPTY,
            annotation: EMPTY,
          },
    ),
  )
}

interface Parameter {
  readonly name: string
  readonly kind: number
  readonly otherwise: PyValue
  readonly annotation: PyValue
}

function made(all: readonly Parameter[]): PyValue {
  const parameters = new PyDict(orderedDictClass)
  for (const { name, kind, otherwise, annotation } of all) {
    const parameter = new PyObject(parameterClass)
    parameter.attrs = new Map<string, PyValue>([
      ['name', name],
      ['kind', kind],
      ['default', otherwise],
      ['annotation', annotation],
    ])
    addToDict(parameters, name, parameter)
  }
  const result = new PyObject(signatureClass)
  result.attrs = new Map<string, PyValue>([
    ['parameters', parameters],
    ['return_annotation', new PyUnknown('an annotation', true)],
  ])
  return result
}
