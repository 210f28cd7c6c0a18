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
    const { name, longer } = boundName(imports, packages, member)
    if (name !== null) return { text: name, edits: [] }
    // `from torch.nn import Conv2d` takes one name more.
    const from = imports.find(
      (s): s is ast.ImportFrom => s.kind === 'ImportFrom' && s.level === 0 && packages.includes(s.module),
    )
    const last = from?.names.at(-1)
    if (!last) return longer === null ? null : { text: longer, edits: [] }
    return { text: member, edits: [{ span: { start: last.end, end: last.end }, newText: `, ${member}` }] }
  }
}

/** Null where the file imports nothing of the framework. */
export type Names = (member: string) => Named | null

/** What a file calls a member, directly or through an alias of the package; `longer` through the package's own parent. */
function boundName(
  imports: readonly (ast.Import | ast.ImportFrom)[],
  packages: readonly string[],
  member: string,
): { readonly name: string | null; readonly longer: string | null } {
  let name: string | null = null
  let longer: string | null = null
  for (const statement of imports) {
    if (statement.kind === 'ImportFrom') {
      if (statement.level > 0) continue
      for (const imported of statement.names) {
        const local = imported.alias ?? imported.name
        if (packages.includes(statement.module)) {
          if (imported.name === member) return { name: local, longer }
          if (imported.name === '*') return { name: member, longer }
        }
        if (packages.includes(`${statement.module}.${imported.name}`)) name ??= `${local}.${member}`
      }
      continue
    }
    for (const imported of statement.names) {
      const local = imported.alias ?? imported.name
      for (const wanted of packages) {
        if (wanted === imported.name && imported.alias) name ??= `${local}.${member}`
        else if (wanted === imported.name) longer ??= `${wanted}.${member}`
        else if (wanted.startsWith(`${imported.name}.`))
          longer ??= `${local}${wanted.slice(imported.name.length)}.${member}`
      }
    }
  }
  return { name, longer }
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
