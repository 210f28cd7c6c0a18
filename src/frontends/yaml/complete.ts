import type { CompletionEntry, Source } from '../frontend'
import { COMPOSITE_KEYS, ROW_KEYS } from './items'
import { kindleModules } from './kindleModules'
import { layerType, layerTypes } from './layers'
import type { LayerType, Param } from './params'

/**
 * What may be typed at a place of a layer list: types of layers and blocks, options of the row's layer, values of
 * options, names of rows, parameters of blocks. Read off the lines around the place, so that it works in broken texts.
 */
export function completeLayerList(source: Source, offset: number): readonly CompletionEntry[] {
  const { text } = source
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const before = text.slice(lineStart, offset)
  if (/(?:^|\s)#/.test(before.replace(/"[^"]*"|'[^']*'/g, ''))) return []
  const word = /[\w.]*$/.exec(before)![0]
  const span = { start: offset - word.length, end: offset + /^[\w.]*/.exec(text.slice(offset, offset + 80))![0].length }
  const lead = before.slice(0, before.length - word.length)
  return entriesFor(text, lineStart, lead).map(entry => ({ ...entry, span }))
}

type Entry = Omit<CompletionEntry, 'span'>

function entriesFor(text: string, lineStart: number, lead: string): Entry[] {
  if (/\$\{[^}]*$/.test(lead)) return parameters(text, lineStart)
  if (/\[\s*(?:-?\d+|\[[-\d,\s]*\])\s*,\s*\w+\s*,\s*$/.test(lead)) return modules()
  if (/(?:^|[\s{,])type:\s+$/.test(lead)) return types(text)
  if (/(?:^|[\s{,-])from:\s+(?:\[[^\]]*)?$/.test(lead)) return rowNames(text)
  const value = /(?:^|[\s{,-])([\w]+):\s+$/.exec(lead)
  if (value) return valuesOf(value[1]!, typeAround(text, lineStart, lead))
  if (/\{[^}]*$/.test(lead)) return /[{,]\s*$/.test(lead) ? keysOf(typeAround(text, lineStart, lead), text) : []
  if (/^[ \t]*(?:-[ \t]+)+$/.test(lead)) return isInList(text, lineStart) ? [...types(text, ': '), ...composites()] : []
  if (lead === '') return isRowList(text, lineStart, 0) ? [] : rootKeys(text)
  return /^[ \t]+$/.test(lead) ? keysOf(typeAround(text, lineStart, lead), text) : []
}

const signature = ({ params }: LayerType): string =>
  params
    .filter(p => !p.inferred)
    .slice(0, 5)
    .map(p => (p.default === undefined ? p.name : `${p.name}=${String(p.default)}`))
    .join(', ')

/** Layers and blocks; `after` stands behind those that need options when they are typed as a key. */
function types(text: string, after = ''): Entry[] {
  const blocks = [...blockLines(text)].map(
    ({ name }): Entry => ({ label: name, kind: 'module', detail: 'block of this file' }),
  )
  const layers = layerTypes.map((type): Entry => {
    const needs = type.params.some(p => !p.inferred && p.default === undefined)
    return {
      label: type.name,
      kind: 'module',
      detail: signature(type),
      documentation: type.doc,
      ...(after && needs ? { insert: `${type.name}${after}` } : {}),
    }
  })
  return [...blocks, ...layers]
}

const modules = (): Entry[] => [
  ...Object.entries(kindleModules).map(
    ([label, { params, doc }]): Entry => ({ label, kind: 'module', detail: params.join(', '), documentation: doc }),
  ),
  ...layerTypes.map(
    (type): Entry => ({ label: `nn.${type.name}`, kind: 'module', detail: signature(type), documentation: type.doc }),
  ),
]

const composites = (): Entry[] => [
  { label: 'type', kind: 'key', insert: 'type: ', documentation: 'The layer of the row.' },
  {
    label: 'branches',
    kind: 'key',
    insert: 'branches:',
    documentation: 'Lists of rows side by side, joined by merge.',
  },
  { label: 'residual', kind: 'key', insert: 'residual:', documentation: 'Rows with a shortcut around them.' },
  { label: 'layers', kind: 'key', insert: 'layers:', documentation: 'A list of rows as one row.' },
]

const SETTINGS: Readonly<Record<string, string>> = {
  type: 'The layer of the row.',
  name: 'What other rows call it in from.',
  from: 'The row that it takes, by name or index, or a list of them.',
  repeat: 'How often it runs.',
  first: 'Options of the first repeat.',
  when: 'The row is left out where this is false.',
  merge: 'How branches are joined: concat, add or mul.',
  dim: 'The axis of concat.',
  shortcut: 'Rows around a residual.',
}

function rootKeys(text: string): Entry[] {
  const keys: Entry[] = [
    { label: 'name', kind: 'key', insert: 'name: ', documentation: 'Name of the network.' },
    {
      label: 'input',
      kind: 'key',
      insert: 'input: [3, 224, 224]',
      documentation: 'Size of the input without the batch.',
    },
    { label: 'blocks', kind: 'key', insert: 'blocks:', documentation: 'Rows with a name and parameters.' },
    { label: 'layers', kind: 'key', insert: 'layers:', documentation: 'The rows of the network.' },
  ]
  return keys.filter(({ label }) => !new RegExp(`^${label}:`, 'm').test(text))
}

/** Options of the row's layer that are not given yet, and what any row may say. */
function keysOf(row: RowAround | null, text: string): Entry[] {
  if (!row) return []
  const free = (name: string): boolean => !row.keys.includes(name)
  const block = [...blockLines(text)].find(b => b.name === row.type)
  const options = row.composite
    ? COMPOSITE_KEYS[row.composite].map(
        (name): Entry => ({ label: name, kind: 'key', insert: `${name}: `, documentation: SETTINGS[name]! }),
      )
    : block
      ? paramsOf(text, block.line).map(
          (name): Entry => ({ label: name, kind: 'key', insert: `${name}: `, detail: `parameter of ${block.name}` }),
        )
      : (layerType(row.type)?.params ?? []).map(optionEntry)
  const settings = ROW_KEYS.filter(key => key !== 'type' || row.type === '').map(
    (key): Entry => ({ label: key, kind: 'key', insert: `${key}: `, documentation: SETTINGS[key]! }),
  )
  return [...options, ...settings].filter(({ label }) => free(label))
}

const optionEntry = (param: Param): Entry => ({
  label: param.name,
  kind: 'key',
  insert: `${param.name}: `,
  detail: param.default === undefined ? (param.inferred ? 'inferred' : 'required') : `default ${String(param.default)}`,
  documentation: param.doc,
})

function valuesOf(key: string, row: RowAround | null): Entry[] {
  const value = (label: string): Entry => ({ label, kind: 'value' })
  if (key === 'merge') return ['concat', 'add', 'mul'].map(value)
  const param = row ? layerType(row.type)?.params.find(p => p.name === key) : undefined
  if (param?.type === 'bool') return ['true', 'false'].map(value)
  return (param?.choices ?? []).map(value)
}

interface RowAround {
  readonly type: string
  readonly composite: keyof typeof COMPOSITE_KEYS | null
  /** Keys that the row has already. */
  readonly keys: readonly string[]
}

/** The row around a place: its type and keys, from the lines of the same item or the braces of a flow mapping. */
function typeAround(text: string, lineStart: number, lead: string): RowAround | null {
  const line = text.slice(lineStart, text.indexOf('\n', lineStart) < 0 ? text.length : text.indexOf('\n', lineStart))
  const flow = /(?:-[ \t]+|[\s{,])(?:([\w.]+):[ \t]*)?\{[^{}]*$/.exec(lead)
  if (flow) {
    const keys = [...line.matchAll(/[{,]\s*(\w+):/g)].map(m => m[1]!)
    const type = /\btype:\s*["']?([\w.]+)/.exec(line)?.[1] ?? flow[1] ?? ''
    return type === 'first' ? null : { type, composite: null, keys }
  }
  const indent = /^[ \t]*(?:-[ \t]+)?/.exec(lead)![0].length
  const keys: string[] = []
  let type = ''
  let sugar = ''
  let composite: RowAround['composite'] = null
  const take = (content: string): void => {
    const key = /^([\w.]+):(?:\s+(.*))?$/.exec(content)
    if (!key) return
    keys.push(key[1]!)
    if (key[1] === 'type') type = /^["']?([\w.]*)/.exec(key[2] ?? '')![1]!
    else if (key[1]! in COMPOSITE_KEYS) composite ??= key[1] as RowAround['composite']
    else if (!sugar && layerType(key[1]!)) sugar = key[1]!
  }
  let dashSeen = false
  for (const content of neighbours(text, lineStart, indent, -1)) {
    take(content.text)
    if (content.dash) {
      dashSeen = true
      break
    }
  }
  if (!dashSeen && !/^[ \t]*-/.test(lead)) return optionsBelow(text, lineStart, indent)
  for (const content of neighbours(text, lineStart, indent, 1)) {
    if (content.dash) break
    take(content.text)
  }
  return { type: type || sugar, composite: type ? null : composite, keys }
}

/** Options on lines of their own under `- Conv2d:`, which is indented less. */
function optionsBelow(text: string, lineStart: number, indent: number): RowAround | null {
  const keys: string[] = []
  for (const { text: content, column } of linesFrom(text, lineStart, -1)) {
    const key = /^([\w.]+):/.exec(content)?.[1]
    if (column === indent && key) keys.push(key)
    if (column < indent)
      return key && (layerType(key) || [...blockLines(text)].some(b => b.name === key))
        ? { type: key, composite: null, keys }
        : null
  }
  return null
}

interface Line {
  readonly text: string
  readonly column: number
  readonly dash: boolean
}

/** Lines before or behind one, blank ones and comments left out; the column is that of the content behind a dash. */
function* linesFrom(text: string, lineStart: number, step: -1 | 1): Generator<Line> {
  let at = lineStart
  for (let count = 0; count < 400; count++) {
    if (step < 0) {
      if (at === 0) return
      at = text.lastIndexOf('\n', at - 2) + 1
    } else {
      const next = text.indexOf('\n', at)
      if (next < 0) return
      at = next + 1
    }
    const end = text.indexOf('\n', at)
    const line = text.slice(at, end < 0 ? text.length : end).trimEnd()
    const margin = /^[ \t]*((?:-[ \t]+)*)/.exec(line)!
    const content = line.slice(margin[0].length)
    if (content === '' || content.startsWith('#')) continue
    yield { text: content, column: margin[0].length, dash: margin[1] !== '' }
  }
}

/** The lines of one mapping: those at the same column, up to a line that is further out. */
function* neighbours(text: string, lineStart: number, indent: number, step: -1 | 1): Generator<Line> {
  for (const line of linesFrom(text, lineStart, step)) {
    if (line.column < indent) return
    if (line.column === indent) yield line
  }
}

/** Whether a dash on this line belongs to a list of rows: under layers, residual, shortcut, a block, a branch. */
const isInList = (text: string, lineStart: number): boolean =>
  /^[ \t]*(?:layers|model|network|blocks|residual|branches)[ \t]*:/m.test(text.slice(0, lineStart))

const isRowList = (text: string, lineStart: number, indent: number): boolean => {
  for (const line of linesFrom(text, lineStart, -1)) return line.dash && line.column <= indent + 2
  return false
}

const rowNames = (text: string): Entry[] =>
  [
    ...new Set(
      [...text.matchAll(/(?:^[ \t]*(?:-[ \t]+)?|[{,][ \t]*)name:[ \t]*["']?([A-Za-z_][\w.-]*)/gm)]
        .slice(0, 500)
        .map(m => m[1]!),
    ),
  ].map((label): Entry => ({ label, kind: 'reference', detail: 'row' }))

/** Blocks with the line on which each is declared. */
function* blockLines(text: string): Generator<{ readonly name: string; readonly line: number }> {
  const blocks = /^blocks[ \t]*:[^\n]*\n/m.exec(text)
  if (!blocks) return
  let indent = -1
  const from = blocks.index + blocks[0].length
  for (const match of text.slice(from).matchAll(/^([ \t]*)([^\s#][^\n]*)$/gm)) {
    const column = match[1]!.length
    if (column === 0) return
    if (indent < 0) indent = column
    const name = column === indent ? /^([\w.-]+)[ \t]*:/.exec(match[2]!)?.[1] : undefined
    if (name) yield { name, line: from + match.index }
  }
}

/** Names of a block's parameters, in flow or on lines of their own. */
function paramsOf(text: string, blockLine: number): string[] {
  const body = text.slice(blockLine, blockLine + 4000)
  const flow = /^[^\n]*\n(?:[ \t]*#[^\n]*\n)*[ \t]+params:[ \t]*[{[]([^}\]]*)[}\]]/.exec(body)
  if (flow)
    return flow[1]!
      .split(',')
      .map(p => p.split(':')[0]!.trim())
      .filter(p => /^[A-Za-z_]\w*$/.test(p))
  const lines = /^[^\n]*\n([ \t]+)params:[ \t]*\n((?:\1[ \t]+[^\n]*\n)+)/.exec(body)
  return lines ? [...lines[2]!.matchAll(/^[ \t]*([A-Za-z_]\w*)[ \t]*:/gm)].map(m => m[1]!) : []
}

/** Parameters of the block whose rows stand here. */
function parameters(text: string, lineStart: number): Entry[] {
  const block = [...blockLines(text)].filter(b => b.line < lineStart).at(-1)
  return block
    ? paramsOf(text, block.line).map(
        (label): Entry => ({ label, kind: 'reference', detail: `parameter of ${block.name}` }),
      )
    : []
}
