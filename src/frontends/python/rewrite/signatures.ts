import { findAttribute } from '../interpreter/attributes'
import type { ModuleScope } from '../interpreter/imports'
import { PyPartial } from '../interpreter/library/functools'
import type { Run } from '../interpreter/run'
import { lookup } from '../interpreter/types'
import { PyClass, PyFunction, PyMethod, type PyValue, PyWrapped } from '../interpreter/values'
import type * as ast from '../syntax/ast'
import { signatures } from '../torch/module'
import { classAround, functionsAround, type Place } from './place'
import type { Role, Signature } from './spelling'

/** What is known of something that a place calls. */
export interface Callee {
  readonly signature: Signature
  /** A class of the framework itself: its name. */
  readonly native: string | null
  /** Some of its arguments are fixed before the call. */
  readonly partial: boolean
}

/** The program that has run, whose names say what its helpers are. */
export interface Program {
  readonly run: Run
  readonly scope: ModuleScope
}

/**
 * What a call's callee is: a function or class of the module, through names that the functions around give it, a method
 * of the class around, or the class that the network has there. Null where that is not known.
 */
export function calleeAt(place: Place, program: Program, typeThere: string | null): Callee | null {
  const { func } = place.call
  if (func.kind === 'Attribute' && func.value.kind === 'Name' && SELF.has(func.value.id)) {
    const method = classAround(place)?.body.find(s => s.kind === 'FunctionDef' && s.name === func.name)
    if (method?.kind === 'FunctionDef') {
      const isStatic = method.decorators.some(d => d.kind === 'Name' && d.id === 'staticmethod')
      return { signature: signatureOf(method.parameters, isStatic ? 0 : 1), native: null, partial: false }
    }
  }
  const value = meaningOf(func, place, program, 0)
  const found = value === undefined ? null : calleeOf(value)
  if (found !== null || typeThere === null) return found
  const there = program.scope.names.get(typeThere)
  return there instanceof PyClass ? calleeOf(there) : null
}

const SELF = new Set(['self', 'cls'])

function meaningOf(e: ast.Expression, place: Place, program: Program, depth: number): PyValue | undefined {
  if (depth > MOST_STEPS) return undefined
  const { run, scope } = program
  if (e.kind === 'Attribute') {
    const base = meaningOf(e.value, place, program, depth + 1)
    try {
      return base === undefined ? undefined : findAttribute(run, base, e.name)
    } catch {
      // What the program's own `__getattr__` raises is no answer.
      return undefined
    }
  }
  if (e.kind !== 'Name') return undefined
  for (const definition of functionsAround(place)) {
    const given = valuesGiven(definition, e.id)
    if (given === null) continue
    for (const other of given) {
      const value = other.kind === 'Name' && other.id === e.id ? undefined : meaningOf(other, place, program, depth + 1)
      if (value !== undefined && value !== null) return value
    }
    return undefined
  }
  return scope.names.get(e.id)
}

/** What a function gives a name of its own, in the order of its text; null for a name that is not its own. */
function valuesGiven(definition: ast.FunctionDef, name: string): ast.Expression[] | null {
  const { positionalOnly, positional, keywordOnly } = definition.parameters
  const parameter = [...positionalOnly, ...positional, ...keywordOnly].find(p => p.name === name)
  const found: ast.Expression[] = []
  let own = parameter !== undefined
  const visit = (body: readonly ast.Statement[]): void => {
    for (const s of body) {
      if (s.kind === 'Assign' && s.targets.some(t => t.kind === 'Name' && t.id === name)) {
        own = true
        found.push(s.value)
      } else if (s.kind === 'AnnotatedAssign' && s.target.kind === 'Name' && s.target.id === name) {
        own = true
        if (s.value) found.push(s.value)
      } else if (s.kind === 'If' || s.kind === 'For' || s.kind === 'While') {
        visit(s.body)
        visit(s.orelse)
      } else if (s.kind === 'With') visit(s.body)
    }
  }
  visit(definition.body)
  if (parameter?.default) found.push(parameter.default)
  return own ? found : null
}

function calleeOf(value: PyValue): Callee | null {
  if (value instanceof PyPartial) {
    const inner = calleeOf(value.func)
    if (!inner) return null
    const { signature } = inner
    return {
      ...inner,
      partial: true,
      signature: { ...signature, positional: signature.positional.slice(value.args.length) },
    }
  }
  if (value instanceof PyWrapped) return calleeOf(value.func)
  if (value instanceof PyMethod) {
    return value.func instanceof PyFunction ? ofFunction(value.func, 1) : null
  }
  if (value instanceof PyFunction) return ofFunction(value, 0)
  if (!(value instanceof PyClass)) return null
  const maker = value.mro.find(c => c.dict.has('__init__'))
  const native = value.native ? value.name : null
  const spelled = maker && signatures.get(maker)
  if (spelled !== undefined || native !== null) return { signature: ofText(spelled ?? ''), native, partial: false }
  const init = lookup(value, '__init__')
  return init instanceof PyFunction ? ofFunction(init, 1) : null
}

const ofFunction = ({ definition }: PyFunction, bound: number): Callee => ({
  signature: signatureOf(definition.parameters, bound),
  native: null,
  partial: false,
})

function signatureOf(parameters: ast.Parameters, bound: number): Signature {
  const { positionalOnly, positional, keywordOnly, keywords } = parameters
  const byPosition = [...positionalOnly, ...positional].slice(bound)
  const all = [...byPosition, ...keywordOnly]
  const defaults = new Map<string, number | null>()
  for (const p of all) {
    if (!p.default) continue
    const { default: d } = p
    defaults.set(p.name, d.kind === 'Number' && typeof d.value === 'number' ? d.value : null)
  }
  const names = byPosition.map(p => p.name)
  return {
    positional: names,
    named: new Set(all.map(p => p.name)),
    rest: parameters.rest !== null,
    open: keywords !== null,
    defaults,
    roles: rolesOf(all.map(p => p.name)),
  }
}

/** `in_channels, out_channels, stride=`, as the table of layers has it. */
function ofText(signature: string): Signature {
  const names = signature.split(', ').filter(name => name !== '' && name !== '*')
  const positional = names.map(name => name.replace(/=$/, ''))
  const defaults = new Map(names.filter(n => n.endsWith('=')).map(n => [n.slice(0, -1), null]))
  return { positional, named: new Set(positional), open: false, defaults, roles: rolesOf(positional) }
}

/** What helpers take that nothing is known of: most take what a convolution takes. */
export function usualSignature(call: ast.Call): Signature {
  const names = call.args.flatMap(a => a.name ?? [])
  const positional = call.args.flatMap((a, i) => (a.name === null && a.star === 0 ? [`#${i}`] : []))
  const usual: readonly Role[] = ['in', 'out', 'kernel', 'stride']
  const roles: Partial<Record<Role, string>> = { ...rolesOf(names) }
  for (const [i, name] of positional.entries()) if (usual[i]) roles[usual[i]] ??= name
  return { positional, named: new Set(names), open: true, defaults: new Map(), roles }
}

/**
 * A helper that takes any names passes them on to a convolution: what the call gives by name, and what the
 * framework calls the rest.
 */
export function withPassedOn(signature: Signature, call: ast.Call, convolution: Signature): Signature {
  if (!signature.open) return signature
  const given = rolesOf(call.args.flatMap(a => a.name ?? []))
  const roles = { ...convolution.roles, ...given, ...signature.roles }
  const { in: input, out: output } = convolution.roles
  const more = signature.rest ? convolution.positional.filter(name => name !== input && name !== output) : []
  return { ...signature, positional: [...signature.positional, ...more], roles }
}

/** What arguments carry, by what programs usually call them. */
function rolesOf(names: readonly string[]): Signature['roles'] {
  const roles: Partial<Record<Role, string>> = {}
  for (const [role, pattern] of ROLES) {
    const found = names.find(name => pattern.test(name) && !Object.values(roles).includes(name))
    if (found !== undefined) roles[role] = found
  }
  return roles
}

const ROLES: readonly (readonly [Role, RegExp])[] = [
  ['kernel', /^(?:k|ks|ksize|kernel|kernels|kernel_?sizes?|filter_?size|dw_kernel_size)$/i],
  ['stride', /^(?:s|strides?)$/i],
  ['padding', /^(?:p|pad|paddings?|padding_size|pad_type)$/i],
  ['dilation', /^(?:d|dilations?|dilate|atrous|dilation_rate|rate)$/i],
  ['groups', /^(?:g|groups?|num_groups)$/i],
  ['bias', /^(?:b|bias|use_?bias|conv_bias)$/i],
  [
    'in',
    /^(?:i|c1|ni|nin|n_in|cin|c_in|ch_?in|ic|inc|inp|inputs?|in_?c|in_?chs?|in_?dim|in_?size|in_?planes|in_?filters|in_?features|in_?channels?|(?:input|num_input|n_input|num_in)_\w+|\w+_in|dim)$/i,
  ],
  [
    'out',
    /^(?:o|c2|no|nout|n_out|cout|c_out|ch_?out|oc|outc|outp|oup|outputs?|out_?c|out_?chs?|out_?dim|out_?size|out_?planes|out_?filters|out_?features|out_?channels?|(?:output|num_output|n_output|num_out)_\w+|\w+_out|planes|filters|num_filters|channels|features)$/i,
  ],
]

/** Names that stand for names end somewhere. */
const MOST_STEPS = 8
