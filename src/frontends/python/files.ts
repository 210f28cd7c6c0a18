import type { Environment } from '../frontend'
import type * as ast from './syntax/ast'
import { parse } from './syntax/parser'

/** The modules that a program's imports find: in its package, its own folder, and the search path. Read and parsed once. */
export interface Files {
  /** The dotted name of the analysed file, from its outermost package. */
  readonly name: string
  readonly isPackage: boolean
  source(name: string): { file: string; body: readonly ast.Statement[]; isPackage: boolean } | 'directory' | undefined
  /** The module of the file's own package that defines a function or class, where the package imports it. */
  definedBeside(name: string): string | undefined
  /** The text of a file that was read as a module. */
  text(file: string): string | undefined
}

export function programFiles(uri: string, environment: Environment | undefined): Files {
  const host = environment?.host
  const folder = parentOf(uri)
  const file = uri.slice(folder.length + 1).replace(/\.py$/, '')
  const isPackage = file === '__init__'
  const names = isPackage ? [] : [file]
  let root = folder
  while (
    host &&
    names.length < MAX_DEPTH &&
    host.read(`${root}/__init__.py`) !== undefined &&
    root !== parentOf(root)
  ) {
    names.unshift(root.slice(root.lastIndexOf('/') + 1))
    root = parentOf(root)
  }
  const roots = [...new Set([root, folder, ...(environment?.searchPath ?? []).map(p => p.replace(/\/$/, ''))])]
  const find = (name: string): { file: string; text: string; isPackage: boolean } | undefined => {
    if (!host || !/^[\w.]+$/.test(name)) return undefined
    const path = name.replaceAll('.', '/')
    for (const base of roots) {
      for (const [at, whole] of [
        [`${base}/${path}/__init__.py`, true],
        [`${base}/${path}.py`, false],
      ] as const) {
        const text = host.read(at)
        if (text !== undefined) return { file: at, text, isPackage: whole }
      }
    }
    return undefined
  }
  return {
    name: names.join('.'),
    isPackage,
    text: of => texts.get(of)?.text,
    definedBeside(name) {
      const parent = (isPackage ? names : names.slice(0, -1)).join('.')
      const init = parent === '' ? undefined : find(parent)
      if (!init || !/^\w+$/.test(name)) return undefined
      const defines = new RegExp(`^(?:def|class)[ \\t]+${name}\\b`, 'm')
      return parsed(init.file, init.text)
        .body.flatMap(s => (s.kind === 'ImportFrom' && s.level === 1 && s.module ? [`${parent}.${s.module}`] : []))
        .find(module => defines.test(find(module)?.text ?? ''))
    },
    source(name) {
      const found = find(name)
      if (found) return { file: found.file, body: parsed(found.file, found.text).body, isPackage: found.isPackage }
      const path = name.replaceAll('.', '/')
      const folder = host && /^[\w.]+$/.test(name) && roots.some(base => host.isDirectory(`${base}/${path}`))
      return folder ? 'directory' : undefined
    },
  }
}

/** The module of a text; unchanged files are parsed once, also across analyses. */
export function parsed(file: string, text: string): ast.Module {
  const known = texts.get(file)
  if (known?.text === text) return known.module
  const module = parse(text)
  texts.delete(file)
  texts.set(file, { text, module })
  if (texts.size > MAX_FILES) texts.delete(texts.keys().next().value!)
  return module
}

const texts = new Map<string, { text: string; module: ast.Module }>()

/** Files kept parsed; those that were read longest ago go first. */
const MAX_FILES = 1000
/** Packages nest no deeper than this. */
const MAX_DEPTH = 20

const parentOf = (uri: string): string => uri.slice(0, Math.max(0, uri.lastIndexOf('/')))
