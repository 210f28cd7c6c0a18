import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Environment } from '../analysis/analyze'

/** Files of this machine, for definitions that import others. Read once a process: a command line lives for one look. */
export function diskEnvironment(searchPath: readonly string[]): Environment {
  return { host, searchPath: searchPath.map(folder => pathToFileURL(resolve(folder)).href) }
}

const host: Environment['host'] = {
  read(uri) {
    if (texts.has(uri)) return texts.get(uri)
    const text = readText(uri)
    texts.set(uri, text)
    return text
  },
  isDirectory(uri) {
    try {
      return statSync(fileURLToPath(uri)).isDirectory()
    } catch {
      return false
    }
  },
}

const texts = new Map<string, string | undefined>()

function readText(uri: string): string | undefined {
  try {
    const path = fileURLToPath(uri)
    const status = statSync(path)
    if (!status.isFile() || status.size > LARGEST) return undefined
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch {
    return undefined
  }
}

/** Larger modules are data, not code. */
const LARGEST = 4 * 2 ** 20
