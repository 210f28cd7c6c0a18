import { pathToFileURL } from 'node:url'
import type { Environment } from '../analysis/analyze'
import { openDisk } from '../server/disk'

/**
 * Files of this machine, for definitions that import others; modules are read once a process: a command line lives for
 * one look. Without folders, imports find the packages of the active virtual environment, else those of `.venv`.
 */
export function diskEnvironment(searchPath: readonly string[] | undefined): Environment {
  const host = { read: readModule, isDirectory: disk.isDirectory }
  const given = searchPath?.flatMap(folder => disk.uriOf(folder, undefined) ?? [])
  return { host, searchPath: given ?? installed() }
}

function installed(): readonly string[] {
  const active = process.env.VIRTUAL_ENV
  return disk.sitePackages(pathToFileURL(active ? active : '.venv').href)
}

const readModule = (uri: string): string | undefined => (/\.pyi?$/.test(uri) ? disk.read(uri) : undefined)

const disk = openDisk(Number.POSITIVE_INFINITY)
