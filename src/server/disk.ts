import { readdirSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Disk } from './environment'

/**
 * The files of this machine. What was read is kept and looked at again, by its time and size, once `trust` milliseconds
 * have passed: a keystroke asks for the same modules as the one before.
 */
export function openDisk(trust = 1000): Disk {
  const texts = new Map<string, Kept<Text>>()
  const folders = new Map<string, Kept<boolean>>()
  const packages = new Map<string, Kept<readonly string[]>>()
  return {
    read: uri => keep(texts, uri, trust, before => readText(uri, before)).text,
    isDirectory: uri => keep(folders, uri, trust, () => isFolder(uri)),
    sitePackages: folder => keep(packages, folder, SETTLED * trust, () => sitePackages(folder)),
    uriOf(path, base) {
      try {
        return pathToFileURL(base === undefined ? resolve(path) : resolve(fileURLToPath(base), path)).href
      } catch {
        return undefined
      }
    },
    changed() {
      for (const kept of [...texts.values(), ...folders.values(), ...packages.values()]) kept.until = 0
    },
  }
}

interface Kept<T> {
  readonly value: T
  until: number
}

function keep<T>(kept: Map<string, Kept<T>>, key: string, trust: number, read: (before: T | undefined) => T): T {
  const before = kept.get(key)
  const now = performance.now()
  if (before && before.until > now) return before.value
  const value = read(before?.value)
  kept.delete(key)
  kept.set(key, { value, until: now + trust })
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!)
  return value
}

interface Text {
  readonly text: string | undefined
  readonly stamp: string
}

const ABSENT: Text = { text: undefined, stamp: '' }

function readText(uri: string, before: Text | undefined): Text {
  try {
    const path = fileURLToPath(uri)
    const status = statSync(path)
    if (!status.isFile() || status.size > LARGEST) return ABSENT
    const stamp = `${status.mtimeMs} ${status.size}`
    if (before?.stamp === stamp) return before
    return { text: readFileSync(path, 'utf8').replace(/^\uFEFF/, ''), stamp }
  } catch {
    return ABSENT
  }
}

function isFolder(uri: string): boolean {
  try {
    return statSync(fileURLToPath(uri)).isDirectory()
  } catch {
    return false
  }
}

/** Where a Python environment keeps its packages: `lib/python3.12/site-packages`, on Windows `Lib/site-packages`. */
function sitePackages(folder: string): string[] {
  const lib = `${folder}/lib`
  const versions = namesIn(lib).filter(name => /^python\d/.test(name))
  return [
    ...versions.flatMap(name => [`${lib}/${name}/site-packages`, `${lib}/${name}/dist-packages`]),
    `${folder}/Lib/site-packages`,
  ].filter(isFolder)
}

function namesIn(uri: string): string[] {
  try {
    return readdirSync(fileURLToPath(uri))
  } catch {
    return []
  }
}

/** Larger modules are data, not code. */
const LARGEST = 4 * 2 ** 20
const MOST_KEPT = 4000
/** Environments change more seldom than files by this factor. */
const SETTLED = 10
