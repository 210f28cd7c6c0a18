import type { Span } from '../../../base/text'
import type { Correction } from '../../frontend'
import type { Found } from '../syntax/around'
import type * as ast from '../syntax/ast'
import { below, given, innermost, lastName, pathTo, type Text } from './tree'

/** A number in the text that an argument may come from. */
interface Source {
  readonly span: Span
  readonly value: number
  /** As a title calls it: `in_channels of conv2`, `c1 of Block`, `width`. */
  readonly what: string
  /** Passed on as it stands; else the argument is computed from it. */
  readonly exact: boolean
}

/**
 * Changes that would give an argument another value: of the number itself, or of each number that the text computes it
 * from, through names, parameters, defaults and attributes. Which of them decides is found by trying.
 */
export function numberChanges(
  file: Text,
  argument: ast.Expression,
  what: string,
  from: number | null,
  to: number,
  only: string,
): Correction[] {
  return sourcesOf(file, argument, what)
    .filter(
      ({ span: { start, end } }, i, all) => all.findIndex(o => o.span.start === start && o.span.end === end) === i,
    )
    .flatMap(({ span, value, what: name, exact }) =>
      valuesFor(value, exact, from, to).map(newValue => ({
        title: `Set ${name} to ${newValue}`,
        edits: [{ span, newText: String(newValue) }],
        preferred: true,
        only,
      })),
    )
}

/** The value itself where it is passed on; else what a factor or a term of it would have to be. */
function valuesFor(value: number, exact: boolean, from: number | null, to: number): number[] {
  if (exact) return [to]
  if (from === null) return []
  const values = [(value * to) / from, value + to - from]
  return [...new Set(values)].filter(v => Number.isSafeInteger(v) && v > 0 && v !== value)
}

function sourcesOf(file: Text, argument: ast.Expression, what: string): Source[] {
  let left = MOST_STEPS
  const trace = (e: ast.Expression, name: string, exact: boolean, depth: number): Source[] => {
    if (depth > DEEPEST || left-- <= 0) return []
    const value = constant(e)
    if (value !== null) return [{ span: { start: e.start, end: e.end }, value, what: name, exact }]
    switch (e.kind) {
      case 'Binary':
        return [...trace(e.left, name, false, depth + 1), ...trace(e.right, name, false, depth + 1)].map(s =>
          s.what === name ? { ...s, what: `the ${s.value} of ${name}` } : s,
        )
      case 'Conditional':
        return [...trace(e.body, name, exact, depth + 1), ...trace(e.orelse, name, exact, depth + 1)]
      case 'Call':
        // int(width * 0.5): the number comes from inside.
        return lastName(e.func) === 'int' && e.args.length === 1 ? trace(e.args[0]!.value, name, false, depth + 1) : []
      case 'Name':
      case 'Attribute':
      case 'Subscript':
        return definitions(file, e).flatMap(d => trace(d.value, d.what, exact, depth + 1))
      default:
        return []
    }
  }
  return trace(argument, what, true, 0)
}

/** A whole number, or arithmetic of whole numbers alone: it is changed as a whole. */
export function constant(e: ast.Expression): number | null {
  if (e.kind === 'Number') return e.float || e.imaginary || typeof e.value !== 'number' ? null : e.value
  if (e.kind !== 'Binary' || !['*', '+', '-', '//', '**'].includes(e.operator)) return null
  const [a, b] = [constant(e.left), constant(e.right)]
  if (a === null || b === null) return null
  const results: Record<string, number> = { '*': a * b, '+': a + b, '-': a - b, '//': Math.floor(a / b), '**': a ** b }
  const value = results[e.operator]!
  return Number.isSafeInteger(value) && value > 0 ? value : null
}

interface Definition {
  readonly value: ast.Expression
  readonly what: string
}

/** Where a name, an attribute or an element gets its value in this file. */
function definitions(file: Text, e: ast.Expression): Definition[] {
  if (e.kind === 'Subscript') return elements(file, e)
  if (e.kind === 'Attribute') return attributeValues(file, e)
  if (e.kind !== 'Name') return []
  const path = pathTo(file.module, e)
  const functions = path.filter(n => n.kind === 'FunctionDef') as unknown as ast.FunctionDef[]
  for (const func of functions.toReversed()) {
    const own = parametersOf(func)
    const parameter = own.find(p => p.name === e.id)
    const assigned = assignments(func.body, e.id)
    if (parameter || assigned.length > 0)
      return [...assigned, ...(parameter ? passed(file, func, path, own, parameter) : [])]
  }
  const cls = innermost<ast.ClassDef>(path, 'ClassDef')
  const inClass = cls && functions.length === 0 ? assignments(cls.body, e.id) : []
  return inClass.length > 0 ? inClass : assignments(file.module.body, e.id, true)
}

const parametersOf = ({ parameters: p }: ast.FunctionDef): ast.Parameter[] => [
  ...p.positionalOnly,
  ...p.positional,
  ...p.keywordOnly,
]

/** What the calls of a function, or of the class that it initializes, give for a parameter; its default. */
function passed(
  file: Text,
  func: ast.FunctionDef,
  path: readonly Found[],
  parameters: readonly ast.Parameter[],
  { name, default: otherwise }: ast.Parameter,
): Definition[] {
  const at = path.indexOf(func as unknown as Found)
  const cls = path[at - 1]?.kind === 'ClassDef' ? (path[at - 1] as unknown as ast.ClassDef) : null
  const called = cls && func.name === '__init__' ? cls.name : func.name
  const names = parameters.map(p => p.name).slice(cls ? 1 : 0)
  const found: Definition[] = []
  let leftOut = false
  for (const node of below(file.module.body)) {
    if (node.kind !== 'Call') continue
    const call = node as unknown as ast.Call
    if (lastName(call.func) !== called) continue
    const value = given(call, names, name)
    if (value) found.push({ value, what: `${name} of ${called}` })
    leftOut ||= value === null
  }
  if (otherwise && (leftOut || found.length === 0)) found.push({ value: otherwise, what: name })
  return found
}

/** `name = value`, anywhere in a body but in what it defines. */
function assignments(body: readonly ast.Statement[], name: string, flat = false): Definition[] {
  const found: Definition[] = []
  const visit = (statements: readonly ast.Statement[]): void => {
    for (const s of statements) {
      if (s.kind === 'Assign')
        for (const t of s.targets) {
          if (t.kind === 'Name' && t.id === name) found.push({ value: s.value, what: name })
          if (t.kind === 'Tuple' && s.value.kind === 'Tuple' && t.items.length === s.value.items.length) {
            const at = t.items.findIndex(item => item.kind === 'Name' && item.id === name)
            if (at >= 0) found.push({ value: s.value.items[at]!, what: name })
          }
        }
      if (s.kind === 'AnnotatedAssign' && s.value && s.target.kind === 'Name' && s.target.id === name)
        found.push({ value: s.value, what: name })
      if (flat || s.kind === 'FunctionDef' || s.kind === 'ClassDef') continue
      for (const part of Object.values(s)) if (Array.isArray(part)) visit(part.filter(p => isStatement(p)))
    }
  }
  visit(body)
  return found
}

const isStatement = (node: unknown): node is ast.Statement =>
  node !== null &&
  typeof node === 'object' &&
  /^(?:Assign|AnnotatedAssign|If|For|While|With|Try)$/.test(String((node as { kind?: unknown }).kind))

/** `self.width = …` in the methods of the class around, and `width = …` in the classes of the file. */
function attributeValues(file: Text, e: ast.Attribute): Definition[] {
  const self = e.value.kind === 'Name' && e.value.id === 'self'
  const around = innermost<ast.ClassDef>(pathTo(file.module, e), 'ClassDef')
  const found: Definition[] = []
  for (const node of below(self && around ? around : file.module.body)) {
    if (node.kind === 'ClassDef') found.push(...assignments((node as unknown as ast.ClassDef).body, e.name, true))
    if (node.kind !== 'Assign' || !self) continue
    const { targets, value } = node as unknown as ast.Assign
    const sets = (t: ast.Expression): boolean =>
      t.kind === 'Attribute' && t.name === e.name && lastName(t.value) === 'self'
    if (targets.some(sets)) found.push({ value, what: `self.${e.name}` })
  }
  return found
}

/** `widths[1]` of a list, `config['width']` of a dict, that are written out. */
function elements(file: Text, { value, index }: ast.Subscript): Definition[] {
  const holders = value.kind === 'List' || value.kind === 'Dict' ? [{ value }] : definitions(file, value)
  return holders.flatMap(({ value: holder }): Definition[] => {
    if ((holder.kind === 'List' || holder.kind === 'Tuple') && index.kind === 'Number') {
      const item = holder.items[Number(index.value)]
      return item ? [{ value: item, what: `element ${index.value}` }] : []
    }
    if (holder.kind !== 'Dict' || index.kind !== 'String') return []
    const entry = holder.entries.find(({ key }) => key?.kind === 'String' && key.value === index.value)
    return entry ? [{ value: entry.value, what: index.value }] : []
  })
}

/** An argument that comes from further away is not followed. */
const DEEPEST = 12
const MOST_STEPS = 200
