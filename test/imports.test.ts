import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

/** Folders of src and what each may import besides itself; bare names are packages, `node:` is Node's own. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  base: [],
  settings: [],
  protocol: ['base'],
  core: ['base'],
  'frontends/darknet': ['base', 'core', 'frontends'],
  'frontends/ultralytics': ['base', 'core', 'frontends', 'yaml'],
  'frontends/yaml': ['base', 'core', 'frontends', 'yaml'],
  'frontends/python': ['base', 'core', 'frontends', 'frontends/kerasLayers', 'fastest-levenshtein'],
  'frontends/prototxt': ['base', 'core', 'frontends'],
  'frontends/kerasJson': ['base', 'core', 'frontends', 'frontends/kerasLayers', 'jsonc-parser'],
  'frontends/kerasLayers': ['base', 'core', 'frontends', 'fastest-levenshtein'],
  // What front ends share: the interface, the YAML reader, the nearest name.
  frontends: ['base', 'core', 'yaml', 'fastest-levenshtein'],
  'frontends/index': [
    'frontends',
    'frontends/darknet',
    'frontends/kerasJson',
    'frontends/prototxt',
    'frontends/python',
    'frontends/ultralytics',
    'frontends/yaml',
  ],
  advisor: ['base', 'core'],
  analysis: ['base', 'core', 'frontends', 'frontends/index', 'advisor', 'diff'],
  features: ['base', 'core', 'analysis', 'advisor', 'settings', 'protocol', 'vscode-languageserver-types', 'frontends'],
  server: [
    'base',
    'core',
    'frontends',
    'frontends/index',
    'advisor',
    'analysis',
    'features',
    'settings',
    'protocol',
    'vscode-languageserver',
    'vscode-languageserver-types',
    'vscode-languageserver-textdocument',
    // In the files of the process alone, see below.
    'node:',
  ],
  cli: ['base', 'core', 'analysis', 'features', 'server', 'node:', 'commander', 'package.json'],
  extension: ['base', 'protocol', 'settings', 'vscode', 'vscode-languageclient', 'node:', 'package.json'],
  panel: [
    'base',
    'protocol',
    'settings',
    'd3-array',
    'd3-scale',
    'lit',
    '@vscode-elements/elements',
    '@vscode/codicons',
  ],
}

/** Only types may come from these: what is imported from them leaves nothing in the running code. */
const TYPES_ONLY: readonly (readonly [from: string, to: string])[] = [
  ['protocol', 'base'],
  ['features', 'frontends'],
]

interface Import {
  readonly file: string
  readonly target: string
  /** A file of src, without its extension; undefined for packages. */
  readonly resolved: string | undefined
  readonly typeOnly: boolean
}

const root = path.resolve(import.meta.dirname, '..')
const src = path.join(root, 'src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter(file => /\.tsx?$/.test(file))
  .map(file => file.replaceAll(path.sep, '/'))
const imports = files.flatMap(importsOf)

describe('import table', () => {
  test('reads the sources', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(imports.length).toBeGreaterThan(files.length)
  })

  test.each(Object.keys(MAY))('%s imports only what it may', folder => {
    const wrong = imports
      .filter(({ file }) => folderOf(file) === folder)
      .filter(({ target, resolved }) => {
        const to = resolved === undefined ? packageOf(target) : folderOf(resolved)
        return to !== folder && !MAY[folder]!.includes(to)
      })
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([])
  })

  test('the server has what is of Node in the files of its process alone', () => {
    const found = imports.filter(({ file, target }) => folderOf(file) === 'server' && target.startsWith('node:'))
    expect(new Set(found.map(({ file }) => file))).toEqual(new Set(['server/disk.ts']))
    const users = imports.filter(({ resolved, typeOnly }) => resolved === 'server/disk.ts' && !typeOnly)
    expect(users.map(({ file }) => file).filter(file => file.startsWith('server/'))).toEqual(['server/node.ts'])
  })

  test('every folder is in the table', () => {
    expect([...new Set(files.map(folderOf))].filter(folder => !(folder in MAY))).toEqual([])
  })

  test('some folders give types alone', () => {
    const wrong = imports.filter(({ file, target, resolved, typeOnly }) => {
      const to = resolved === undefined ? packageOf(target) : folderOf(resolved)
      return !typeOnly && TYPES_ONLY.some(([a, b]) => folderOf(file) === a && to === b)
    })
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([])
  })

  test('nothing imports in a circle, types aside', () => {
    expect(circles()).toEqual([])
  })
})

/** `core/ops/pad.ts` → core; every front end and the list of them stand apart from what they share, `frontends`. */
function folderOf(file: string): string {
  const [first, second, third] = file.split('/')
  if (second === undefined) return first!.replace(/\.ts$/, '')
  const apart = first === 'frontends' && (third !== undefined || second === 'index.ts')
  return apart ? `${first}/${second!.replace(/\.ts$/, '')}` : first!
}

/** `vscode-languageserver/node` → vscode-languageserver, `@a/b/c` → @a/b, `node:fs` → node: */
function packageOf(target: string): string {
  if (target.startsWith('node:')) return 'node:'
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/')
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(src, file), 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: Import[] = []
  const put = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (!specifier || !ts.isStringLiteral(specifier)) return
    found.push({ file, target: specifier.text, resolved: resolve(file, specifier.text), typeOnly })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) put(node.moduleSpecifier, isTypeImport(node))
    else if (ts.isExportDeclaration(node)) put(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      put(node.arguments[0], false)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) put(node.argument.literal, true)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false
  if (importClause.isTypeOnly) return true
  const { namedBindings } = importClause
  if (importClause.name || !namedBindings || !ts.isNamedImports(namedBindings)) return false
  return namedBindings.elements.length > 0 && namedBindings.elements.every(element => element.isTypeOnly)
}

/** The file of src that a relative import means, as it stands in `files`; `package.json` for the manifest. */
function resolve(file: string, target: string): string | undefined {
  if (!target.startsWith('.')) return undefined
  const at = path.posix.normalize(path.posix.join(path.posix.dirname(file), target))
  if (at.startsWith('../')) return at.slice(3)
  const found = [`${at}.ts`, `${at}.tsx`, `${at}/index.ts`, at].find(candidate => files.includes(candidate))
  return found ?? at
}

function circles(): string[] {
  const edges = new Map<string, string[]>()
  for (const { file, resolved, typeOnly } of imports) {
    if (typeOnly || resolved === undefined) continue
    edges.set(file, [...(edges.get(file) ?? []), resolved])
  }
  const found: string[] = []
  const done = new Set<string>()
  const walk = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file)
    if (at >= 0) found.push([...trail.slice(at), file].join(' → '))
    if (at >= 0 || done.has(file)) return
    for (const next of edges.get(file) ?? []) walk(next, [...trail, file])
    done.add(file)
  }
  for (const file of edges.keys()) walk(file, [])
  return found
}
