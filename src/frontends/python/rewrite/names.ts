import type { TextEdit } from '../../../core/problem'
import type * as ast from '../syntax/ast'
import { type Place, textOf } from './place'
import type { Spelling } from './spelling'

/** How a file calls a member of the framework's package, with the import that it needs where it has none. */
export interface Named {
  readonly text: string
  readonly edits: readonly TextEdit[]
}

/** Finds names of the framework's layers as the file calls them: `nn.Sequential`, `Sequential`, `tnn.Sequential`. */
export function namesAt({ module, call, text }: Place, { packages, signatureOf }: Spelling): Names {
  const { func } = call
  // What stands before the convolution's own name stands before the others' too.
  const own = func.kind === 'Attribute' && signatureOf(func.name) ? textOf(text, func.value) : null
  const imports = importsOf(module.body)
  return member => {
    if (own !== null) return { text: `${own}.${member}`, edits: [] }
    const bound = boundName(imports, packages, member)
    if (bound !== null) return { text: bound, edits: [] }
    // `from torch.nn import Conv2d` takes one name more.
    const from = imports.find(
      (s): s is ast.ImportFrom => s.kind === 'ImportFrom' && s.level === 0 && packages.includes(s.module),
    )
    const last = from?.names.at(-1)
    if (!last) return null
    return { text: member, edits: [{ span: { start: last.end, end: last.end }, newText: `, ${member}` }] }
  }
}

/** Null where the file imports nothing of the framework. */
export type Names = (member: string) => Named | null

function boundName(
  imports: readonly (ast.Import | ast.ImportFrom)[],
  packages: readonly string[],
  member: string,
): string | null {
  let shortest: string | null = null
  const take = (found: string): void => {
    if (shortest === null || found.length < shortest.length) shortest = found
  }
  for (const statement of imports) {
    if (statement.kind === 'ImportFrom') {
      if (statement.level > 0) continue
      for (const { name, alias } of statement.names) {
        if (packages.includes(statement.module)) {
          if (name === member) return alias ?? name
          if (name === '*') return member
        }
        if (packages.includes(`${statement.module}.${name}`)) take(`${alias ?? name}.${member}`)
      }
      continue
    }
    for (const { name, alias } of statement.names) {
      for (const wanted of packages) {
        const inside = wanted === name ? '' : wanted.startsWith(`${name}.`) ? wanted.slice(name.length) : null
        if (inside !== null) take(`${alias ?? name}${inside}.${member}`)
      }
    }
  }
  return shortest
}

/** Imports that a module makes itself, also under a condition. */
export function importsOf(body: readonly ast.Statement[]): (ast.Import | ast.ImportFrom)[] {
  return body.flatMap((s): (ast.Import | ast.ImportFrom)[] => {
    if (s.kind === 'Import' || s.kind === 'ImportFrom') return [s]
    if (s.kind === 'If') return importsOf([...s.body, ...s.orelse])
    return s.kind === 'Try' ? importsOf([...s.body, ...s.handlers.flatMap(h => h.body), ...s.finalbody]) : []
  })
}

/** Whether a name means the same anywhere in the file: it is imported, or defined at the top. */
export function isGlobal(module: ast.Module, name: string): boolean {
  const bound = (s: ast.Statement): boolean => (s.kind === 'FunctionDef' || s.kind === 'ClassDef') && s.name === name
  return (
    module.body.some(bound) ||
    importsOf(module.body).some(s =>
      s.names.some(n => n.name === '*' || (n.alias ?? (s.kind === 'Import' ? n.name.split('.')[0] : n.name)) === name),
    )
  )
}
