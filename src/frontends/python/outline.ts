import type { OutlineItem } from '../frontend'
import type * as ast from './syntax/ast'

/** Classes and functions, nested as they stand. */
export function outlineOf(body: readonly ast.Statement[]): OutlineItem[] {
  const items: OutlineItem[] = []
  for (const s of body) {
    if (s.kind !== 'ClassDef' && s.kind !== 'FunctionDef') continue
    items.push({
      name: s.name,
      detail: '',
      kind: s.kind === 'ClassDef' ? 'block' : 'section',
      span: { start: s.start, end: s.end },
      nameSpan: { start: s.nameStart, end: s.nameStart + s.name.length },
      children: s.kind === 'ClassDef' ? outlineOf(s.body) : [],
    })
  }
  return items
}
