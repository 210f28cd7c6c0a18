import type { OutlineItem } from '../frontend'
import type * as ast from './syntax/ast'

/** Classes and functions, nested as they stand. The detail of a class that can be called as a layer is how it is made. */
export function outlineOf(body: readonly ast.Statement[]): OutlineItem[] {
  const items: OutlineItem[] = []
  for (const s of body) {
    if (s.kind !== 'ClassDef' && s.kind !== 'FunctionDef') continue
    items.push({
      name: s.name,
      detail: s.kind === 'ClassDef' ? construction(s) : '',
      kind: s.kind === 'ClassDef' ? 'block' : 'section',
      span: { start: s.start, end: s.end },
      nameSpan: { start: s.nameStart, end: s.nameStart + s.name.length },
      children: s.kind === 'ClassDef' ? outlineOf(s.body) : [],
    })
  }
  return items
}

/** `(in_planes, planes)`, what must be given; empty for a class that has no base or no forward of its own. */
function construction({ body, args }: ast.ClassDef): string {
  const method = (...names: string[]): ast.FunctionDef | undefined =>
    body.find((s): s is ast.FunctionDef => s.kind === 'FunctionDef' && names.includes(s.name))
  if (args.length === 0 || !method('forward', 'call')) return ''
  const { positionalOnly = [], positional = [], keywordOnly = [] } = method('__init__')?.parameters ?? {}
  const given = [...positionalOnly, ...positional].slice(1).filter(p => !p.default)
  const named = keywordOnly.filter(p => !p.default)
  return `(${[...given.map(p => p.name), ...named.map(p => `${p.name}=${p.name}`)].join(', ')})`
}
