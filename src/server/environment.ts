import type { Environment } from '../analysis/analyze'

/** What the server may read besides open documents, where there is a disk. Everything is a `file:` URI; nothing throws. */
export interface Disk {
  /** The text of a file; undefined where there is none, or none of a size that people write. */
  read(uri: string): string | undefined
  isDirectory(uri: string): boolean
  /** Of the folder of a virtual environment, or the prefix of an interpreter. */
  sitePackages(folder: string): readonly string[]
  /** A path that a setting names, relative to a folder where it is not absolute; undefined where it is none. */
  uriOf(path: string, base: string | undefined): string | undefined
  /** Something on the disk has changed: what was read is looked at again. */
  changed(): void
}

/** Where a document's imports may lead. */
export interface Imports {
  readonly environment: Environment
  /** Whether this file, or its absence, decided what an import found. */
  reads(uri: string): boolean
}

interface Sources {
  /** Absent in a browser. */
  readonly disk: Disk | undefined
  /** The text of an open document, saved or not. */
  readonly open: (uri: string) => string | undefined
  readonly openUris: () => readonly string[]
  readonly workspaceFolders: () => readonly string[]
  readonly settings: () => { readonly searchPath: readonly string[]; readonly pythonEnvironments: readonly string[] }
}

/**
 * The files that a document imports: open ones as they are typed, others from the disk. Only Python modules are read: of
 * the document's own package, the workspace, the folders of the setting, and the installed packages of an environment.
 */
export function importsOf(uri: string, sources: Sources): Imports {
  const { disk, open, openUris } = sources
  const asked = new Set<string>()
  const isModule = (file: string): boolean => /\.pyi?$/.test(file) && !file.includes('/../')
  return {
    environment: {
      searchPath: searchPath(uri, sources),
      host: {
        read(file) {
          if (!isModule(file)) return undefined
          asked.add(plain(file))
          return open(file) ?? disk?.read(file)
        },
        isDirectory: folder => disk?.isDirectory(folder) ?? openUris().some(file => isBelow(file, folder)),
      },
    },
    reads: file => asked.has(plain(file)),
  }
}

function searchPath(uri: string, { disk, workspaceFolders, settings }: Sources): string[] {
  // A text that is not saved yet is one of the first folder's.
  const unsaved = uri.startsWith('untitled:')
  const around = unsaved ? workspaceFolders().slice(0, 1) : workspaceFolders().filter(folder => isBelow(uri, folder))
  const workspace = around.reduce<string | undefined>(
    (inner, folder) => (inner === undefined || folder.length > inner.length ? folder : inner),
    undefined,
  )
  const own = (workspace ?? uri.slice(0, uri.lastIndexOf('/'))).replace(/\/$/, '')
  const { searchPath: configured, pythonEnvironments } = settings()
  const workspacePath = workspace === undefined ? [] : [own, `${own}/src`]
  if (!disk) return workspacePath
  const uris = (paths: readonly string[]): string[] =>
    paths.flatMap(path => disk.uriOf(path, own.startsWith('file:') ? own : undefined) ?? [])
  const environments = [...uris(pythonEnvironments), `${own}/.venv`, `${own}/venv`]
  return [
    ...new Set([...workspacePath, ...uris(configured), ...environments.flatMap(folder => disk.sitePackages(folder))]),
  ]
}

const isBelow = (file: string, folder: string): boolean =>
  plain(file).startsWith(`${plain(folder).replace(/\/$/, '')}/`)

/** Clients and Node encode the same file in different ways: `file:///c%3A/x`, `file:///C:/x`. */
export function plain(uri: string): string {
  try {
    return decodeURIComponent(uri).replace(/^file:\/\/\/[A-Z]:/, drive => drive.toLowerCase())
  } catch {
    return uri
  }
}
