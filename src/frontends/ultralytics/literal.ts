import type { YamlFile, YamlNode } from '../yamlSource'
import type { Arg } from './signature'

/** What names stand for in a row's arguments: the keys of the file that the framework looks up. */
export type Names = ReadonlyMap<string, Arg>

/** Lists deeper than this are cut off. */
const MAX_DEPTH = 4

/**
 * The value of an argument. Text is looked up as a name, then read as a Python literal (`None`, `"(3, 3)"`), else it
 * stays text (`nearest`), as in Ultralytics' parse_model. Only the outermost text is: inside a list it stays as it is.
 */
export function argumentOf(file: YamlFile, node: YamlNode, names: Names): Arg {
  const value = plainOf(file, node)
  if (typeof value !== 'string') return value
  const named = names.get(value)
  return named === undefined ? pythonLiteral(value) : named
}

/** A YAML value as lists and scalars; mappings, which no argument is, become null. */
export function plainOf(file: YamlFile, node: YamlNode | null, depth = 0): Arg {
  const found = file.resolve(node)
  if (found === null || found.kind === 'map' || depth > MAX_DEPTH) return null
  if (found.kind === 'scalar') return found.value
  return found.items.map(item => plainOf(file, item, depth + 1))
}

/** A Python literal of numbers, None, True, False and lists of them; any other text is itself. */
function pythonLiteral(text: string): Arg {
  const trimmed = text.trim()
  if (trimmed in CONSTANTS) return CONSTANTS[trimmed] ?? null
  if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(trimmed)) return Number(trimmed)
  const quoted = /^(?:"([^"\\]*)"|'([^'\\]*)')$/.exec(trimmed)
  if (quoted) return quoted[1] ?? quoted[2]!
  const inside = /^\[([^[\]()]*)\]$/.exec(trimmed) ?? /^\(([^[\]()]*)\)$/.exec(trimmed)
  if (!inside || inside[1]!.length > 1000) return text
  const parts = inside[1]!.split(',').map(part => part.trim())
  if (parts.at(-1) === '') parts.pop()
  const values = parts.map(pythonLiteral)
  return values.every((value, i) => typeof value !== 'string' || value !== parts[i]) ? values : text
}

const CONSTANTS: Readonly<Record<string, Arg>> = Object.assign(Object.create(null), {
  None: null,
  True: true,
  False: false,
})
