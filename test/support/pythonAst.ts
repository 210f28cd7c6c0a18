/** Statements of our AST as S-expressions, the same that pythonAst.py prints of CPython's: what can be compared. */
import type { Statement } from '../../src/frontends/python/syntax/ast'

export const statementText = (statement: Statement): string => s(statement)

// Nodes are read by their kind; a field that is missing shows up as a difference.
// biome-ignore lint/suspicious/noExplicitAny: the shapes of forty kinds of nodes are what is under test
type X = any
const list = (xs: readonly X[] | undefined, f: (x: X) => string) => `[${(xs ?? []).map(f).join(' ')}]`
const opt = (x: X, f: (x: X) => string) => (x == null ? '-' : f(x))
const str = (s: string) => JSON.stringify([...s].map(c => c.codePointAt(0)!).join(','))
function num(v: number | bigint, float: boolean) {
  if (float) {
    const n = Number(v)
    return Number.isFinite(n) ? `f${n.toExponential(12)}` : 'finf'
  }
  return `i${v.toString()}`
}
function e(x: X): string {
  switch (x.kind) {
    case 'Name':
      return x.id
    case 'Number':
      return x.imaginary ? `j${Number(x.value).toExponential(12)}` : num(x.value, x.float)
    case 'String':
      return (x.bytes ? 'b' : 's') + str(x.value)
    case 'FormatString':
      return fstr(x.parts)
    case 'Singleton':
      return String(x.value === 'Ellipsis' ? 'Ellipsis' : x.value === null ? 'None' : x.value ? 'True' : 'False')
    case 'Tuple':
    case 'List':
    case 'Set':
      return `(${x.kind} ${list(x.items, e)})`
    case 'Dict':
      return `(Dict ${list(x.entries, y => `${opt(y.key, e)}:${e(y.value)}`)})`
    case 'Attribute':
      return `(. ${e(x.value)} ${x.name})`
    case 'Subscript':
      return `([] ${e(x.value)} ${e(x.index)})`
    case 'Slice':
      return `(slice ${opt(x.lower, e)} ${opt(x.upper, e)} ${opt(x.step, e)})`
    case 'Call':
      return `(call ${e(x.func)} ${args(x.args)})`
    case 'Binary':
      return `(${x.operator} ${e(x.left)} ${e(x.right)})`
    case 'Unary':
      return `(u${x.operator} ${e(x.operand)})`
    case 'BoolOp':
      return `(${x.operator} ${list(x.values, e)})`
    case 'Compare':
      return `(cmp ${e(x.left)} ${list(x.rest, y => `${y.operator.replace(' ', '')} ${e(y.right)}`)})`
    case 'Conditional':
      return `(ifexp ${e(x.test)} ${e(x.body)} ${e(x.orelse)})`
    case 'Lambda':
      return `(lambda ${params(x.parameters)} ${e(x.body)})`
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp':
    case 'DictComp':
      return `(${x.kind} ${e(x.element)} ${opt(x.value, e)} ${list(x.clauses, c => `(for ${e(c.target)} ${e(c.iterable)} ${list(c.conditions, e)})`)})`
    case 'Starred':
      return `(* ${e(x.value)})`
    case 'Walrus':
      return `(:= ${e(x.target)} ${e(x.value)})`
    case 'Await':
      return `(await ${e(x.value)})`
    case 'Yield':
      return `(yield${x.from ? 'from' : ''} ${opt(x.value, e)})`
  }
  return `?${x.kind}`
}
function fstr(parts: X[]): string {
  // merge adjacent strings
  const out: string[] = []
  let lit = ''
  const flush = () => {
    if (lit) out.push(`s${str(lit)}`)
    lit = ''
  }
  for (const p of parts) {
    if (typeof p === 'string') lit += p
    else {
      flush()
      out.push(`{${e(p.value)} ${p.conversion || '-'} ${fstr(p.spec)}}`)
    }
  }
  flush()
  return `(f ${out.join(' ')})`
}
// positional and star args first in source order, then keyword and ** in order, as CPython splits them
const args = (a: X[]) =>
  list(
    a.filter(x => x.name === null && x.star < 2),
    y => (y.star ? `(* ${e(y.value)})` : e(y.value)),
  ) +
  list(
    a.filter(x => x.name !== null || x.star === 2),
    y => `${y.name ?? '**'}=${e(y.value)}`,
  )
const param = (p: X) => `${p.name}:${opt(p.annotation, e)}=${opt(p.default, e)}`
const params = (p: X) =>
  `${list(p.positionalOnly, param)}${list(p.positional, param)}${opt(p.rest, param)}${list(p.keywordOnly, param)}${opt(p.keywords, param)}`
function pat(p: X): string {
  switch (p.kind) {
    case 'ValuePattern':
      return `(v ${e(p.value)})`
    case 'CapturePattern':
      return `(as ${p.name ?? '-'} ${opt(p.pattern, pat)})`
    case 'StarPattern':
      return `(* ${p.name ?? '-'})`
    case 'SequencePattern':
      return `(seq ${list(p.items, pat)})`
    case 'OrPattern':
      return `(or ${list(p.items, pat)})`
    case 'MappingPattern':
      return `(map ${list(p.entries, y => `${e(y.key)}:${pat(y.pattern)}`)} ${p.rest ?? '-'})`
    case 'ClassPattern':
      return `(cls ${e(p.type)} ${list(p.items, pat)} ${list(p.named, y => `${y.name}=${pat(y.pattern)}`)})`
  }
  return '?'
}
function s(x: X): string {
  const b = (xs: X[]) => list(xs, s)
  switch (x.kind) {
    case 'Expression':
      return `(expr ${e(x.value)})`
    case 'Assign':
      return `(= ${list(x.targets, e)} ${e(x.value)})`
    case 'AugmentedAssign':
      return `(${x.operator}= ${e(x.target)} ${e(x.value)})`
    case 'AnnotatedAssign':
      return `(ann ${e(x.target)} ${e(x.annotation)} ${opt(x.value, e)})`
    case 'Return':
      return `(return ${opt(x.value, e)})`
    case 'If':
      return `(if ${e(x.test)} ${b(x.body)} ${b(x.orelse)})`
    case 'For':
      return `(for ${e(x.target)} ${e(x.iterable)} ${b(x.body)} ${b(x.orelse)})`
    case 'While':
      return `(while ${e(x.test)} ${b(x.body)} ${b(x.orelse)})`
    case 'With':
      return `(with ${list(x.items, i => `${e(i.context)} as ${opt(i.target, e)}`)} ${b(x.body)})`
    case 'Try':
      return `(try ${b(x.body)} ${list(x.handlers, h => `(except ${opt(h.type, e)} ${h.name ?? '-'} ${b(h.body)})`)} ${b(x.orelse)} ${b(x.finalbody)})`
    case 'FunctionDef':
      return `(${x.async ? 'async' : ''}def ${x.name} ${params(x.parameters)} ${opt(x.returns, e)} ${list(x.decorators, e)} ${b(x.body)})`
    case 'ClassDef':
      return `(class ${x.name} ${args(x.args)} ${list(x.decorators, e)} ${b(x.body)})`
    case 'Import':
      return `(import ${list(x.names, n => `${n.name} ${n.alias ?? '-'}`)})`
    case 'ImportFrom':
      return `(from ${x.level} ${x.module || '-'} ${list(x.names, n => `${n.name} ${n.alias ?? '-'}`)})`
    case 'Raise':
      return `(raise ${opt(x.exception, e)} ${opt(x.cause, e)})`
    case 'Assert':
      return `(assert ${e(x.test)} ${opt(x.message, e)})`
    case 'Delete':
      return `(del ${list(x.targets, e)})`
    case 'Global':
    case 'Nonlocal':
      return `(${x.kind} ${x.names.join(' ')})`
    case 'Pass':
    case 'Break':
    case 'Continue':
      return x.kind
    case 'Match':
      return `(match ${e(x.subject)} ${list(x.cases, c => `(case ${pat(c.pattern)} ${opt(c.guard, e)} ${b(c.body)})`)})`
    case 'TypeAlias':
      return `(type ${x.name} ${e(x.value)})`
    case 'Broken':
      return `BROKEN@${x.start}`
  }
  return `?${x.kind}`
}
