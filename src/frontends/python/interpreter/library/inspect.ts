import { addToDict } from '../entries'
import type { Run } from '../run'
import { lookup, native, nativeClass, nativeMethod, pyModule } from '../types'
import {
  PyClass,
  PyDict,
  PyFunction,
  PyMethod,
  PyModule,
  PyObject,
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

export const inspectModule = pyModule('inspect', [
  ['signature', native('signature', (run, [f]) => signature(run, f!))],
  ['Parameter', parameterClass],
  ['Signature', signatureClass],
  ['isclass', native('isclass', (_, [v]) => v instanceof PyClass)],
  ['isfunction', native('isfunction', (_, [v]) => v instanceof PyFunction)],
  ['ismethod', native('ismethod', (_, [v]) => v instanceof PyMethod)],
  ['ismodule', native('ismodule', (_, [v]) => v instanceof PyModule)],
  ['getmembers', native('getmembers', () => new PyUnknown('inspect.getmembers is not modelled'))],
  ['getfullargspec', native('getfullargspec', () => new PyUnknown('inspect.getfullargspec is not modelled'))],
])

function signature(run: Run, value: PyValue): PyValue {
  let func = value
  let skip = 0
  for (let i = 0; i < 20; i++) {
    const wrapped = func instanceof PyObject ? func.attrs?.get('__wrapped__') : undefined
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
  if (!(func instanceof PyFunction)) return new PyUnknown('this signature is not known')
  const { positionalOnly, positional, rest, keywordOnly, keywords } = func.definition.parameters
  const all = [
    ...positionalOnly.map(p => ({ p, kind: 0 })),
    ...positional.map(p => ({ p, kind: 1 })),
    ...(rest ? [{ p: rest, kind: 2 }] : []),
    ...keywordOnly.map(p => ({ p, kind: 3 })),
    ...(keywords ? [{ p: keywords, kind: 4 }] : []),
  ].slice(skip)
  const parameters = new PyDict(orderedDictClass)
  for (const { p, kind } of all) {
    const made = new PyObject(parameterClass)
    made.attrs = new Map<string, PyValue>([
      ['name', p.name],
      ['kind', kind],
      ['default', (func as PyFunction).defaults.get(p.name) ?? EMPTY],
      ['annotation', p.annotation ? new PyUnknown('an annotation', true) : EMPTY],
    ])
    addToDict(parameters, p.name, made)
  }
  const made = new PyObject(signatureClass)
  made.attrs = new Map<string, PyValue>([
    ['parameters', parameters],
    ['return_annotation', new PyUnknown('an annotation', true)],
  ])
  void run
  return made
}
