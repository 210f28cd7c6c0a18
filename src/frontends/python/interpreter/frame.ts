import type * as ast from '../syntax/ast'
import type { ModuleScope } from './imports'
import type { PyObject, PyValue } from './values'

/** One running function, class body or module: its names, and where it stands. */
export class Frame {
  readonly names: Map<string, PyValue>
  /** The place being evaluated now: spans of calls are read off the stack of frames. */
  at: { readonly start: number; readonly end: number } = { start: 0, end: 0 }
  /** What a generator has given so far, where this is one. */
  yielded: PyValue[] | null = null
  /** The class of the method that runs, and its first argument, for zero-argument super(). */
  owner: { cls: PyObject | null } | null = null
  first: PyValue | undefined
  /** Set where the path here depended on something unknown. */
  uncertain = false
  /** Set where a `break` or `return` was passed over whose condition is not known. */
  mayHaveLeft = false

  constructor(
    readonly kind: 'module' | 'class' | 'function',
    readonly module: ModuleScope,
    /** The frame whose names are seen from here; class bodies are passed over. */
    readonly parent: Frame | null,
    readonly caller: Frame | null,
    readonly locals: LocalNames | null,
    names?: Map<string, PyValue>,
  ) {
    this.names = names ?? new Map()
  }
}

/** Whether nothing unknown decided that the place where a frame runs now was reached. */
export function isCertain(frame: Frame): boolean {
  for (let f: Frame | null = frame; f; f = f.caller) if (f.uncertain) return false
  return true
}

/** The names a function binds itself, and those it declares global or nonlocal. */
export interface LocalNames {
  readonly bound: ReadonlySet<string>
  readonly global: ReadonlySet<string>
  readonly nonlocal: ReadonlySet<string>
  readonly generator: boolean
}

const cache = new WeakMap<object, LocalNames>()

/** Which names belong to a function, from its body alone (Python decides scope when it compiles). */
export function localNames(definition: ast.FunctionDef | ast.Lambda): LocalNames {
  let names = cache.get(definition)
  if (!names) {
    names = collect(definition)
    cache.set(definition, names)
  }
  return names
}

function collect(definition: ast.FunctionDef | ast.Lambda): LocalNames {
  const bound = new Set<string>()
  const global = new Set<string>()
  const nonlocal = new Set<string>()
  const { positionalOnly, positional, rest, keywordOnly, keywords } = definition.parameters
  for (const p of [...positionalOnly, ...positional, rest, ...keywordOnly, keywords]) if (p) bound.add(p.name)
  const found = { generator: false }
  if (definition.kind === 'Lambda') visitExpression(definition.body, bound, found)
  else visitBody(definition.body, bound, global, nonlocal, found)
  for (const name of [...global, ...nonlocal]) bound.delete(name)
  return { bound, global, nonlocal, generator: found.generator }
}

function visitBody(
  body: readonly ast.Statement[],
  bound: Set<string>,
  global: Set<string>,
  nonlocal: Set<string>,
  found: { generator: boolean },
): void {
  const block = (statements: readonly ast.Statement[]): void => visitBody(statements, bound, global, nonlocal, found)
  const expression = (e: ast.Expression | null): void => {
    if (e) visitExpression(e, bound, found)
  }
  for (const s of body) {
    switch (s.kind) {
      case 'Assign':
        for (const t of s.targets) target(t, bound)
        expression(s.value)
        break
      case 'AugmentedAssign':
      case 'AnnotatedAssign':
        target(s.target, bound)
        expression(s.value)
        break
      case 'Expression':
      case 'Return':
        expression(s.value)
        break
      case 'If':
      case 'While':
        expression(s.test)
        block(s.body)
        block(s.orelse)
        break
      case 'For':
        target(s.target, bound)
        expression(s.iterable)
        block(s.body)
        block(s.orelse)
        break
      case 'With':
        for (const { context, target: t } of s.items) {
          expression(context)
          if (t) target(t, bound)
        }
        block(s.body)
        break
      case 'Try':
        block(s.body)
        for (const h of s.handlers) {
          if (h.name) bound.add(h.name)
          block(h.body)
        }
        block(s.orelse)
        block(s.finalbody)
        break
      case 'FunctionDef':
      case 'ClassDef':
        bound.add(s.name)
        break
      case 'Import':
        for (const n of s.names) bound.add(n.alias ?? n.name.split('.')[0]!)
        break
      case 'ImportFrom':
        for (const n of s.names) bound.add(n.alias ?? n.name)
        break
      case 'Global':
        for (const n of s.names) global.add(n)
        break
      case 'Nonlocal':
        for (const n of s.names) nonlocal.add(n)
        break
      case 'Delete':
        for (const t of s.targets) target(t, bound)
        break
      case 'Match':
        expression(s.subject)
        for (const c of s.cases) {
          pattern(c.pattern, bound)
          block(c.body)
        }
        break
    }
  }
}

function pattern(p: ast.Pattern, bound: Set<string>): void {
  if ('name' in p && p.name) bound.add(p.name)
  if (p.kind === 'CapturePattern' && p.pattern) pattern(p.pattern, bound)
  if ('items' in p) for (const item of p.items) pattern(item, bound)
  if (p.kind === 'MappingPattern') {
    if (p.rest) bound.add(p.rest)
    for (const e of p.entries) pattern(e.pattern, bound)
  }
  if (p.kind === 'ClassPattern') for (const n of p.named) pattern(n.pattern, bound)
}

function target(t: ast.Expression, bound: Set<string>): void {
  if (t.kind === 'Name') bound.add(t.id)
  else if (t.kind === 'Tuple' || t.kind === 'List') for (const item of t.items) target(item, bound)
  else if (t.kind === 'Starred') target(t.value, bound)
}

/** Finds walrus targets and yields, outside nested functions. */
function visitExpression(e: ast.Expression, bound: Set<string>, found: { generator: boolean }): void {
  if (e.kind === 'Lambda') return
  if (e.kind === 'Walrus') bound.add(e.target.id)
  if (e.kind === 'Yield') found.generator = true
  visitInside(e, bound, found)
}

/** Goes over the expressions below a node: those that its fields hold, also in lists and in parts that are none. */
function visitInside(node: object, bound: Set<string>, found: { generator: boolean }): void {
  for (const key in node) {
    const value = (node as Record<string, unknown>)[key]
    if (value === null || typeof value !== 'object') continue
    if (typeof (value as { kind?: unknown }).kind === 'string') visitExpression(value as ast.Expression, bound, found)
    else visitInside(value, bound, found)
  }
}
