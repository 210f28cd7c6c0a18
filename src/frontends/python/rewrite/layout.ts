import type { TextEdit } from '../../../core/problem'
import type * as ast from '../syntax/ast'
import type { Place } from './place'

/** Writes layers that follow each other in the place of one: on one line where that fits, else one a line. */
export function sequenceEdit(place: Place, opening: string, layers: readonly string[], closing: string): TextEdit {
  const { text, call } = place
  const { start, end } = call
  const limit = lineLimit(text)
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const lineEnd = end + (/[\r\n]/.exec(text.slice(end))?.index ?? text.length - end)
  const oneLine = `${opening}${layers.join(', ')}${closing}`
  const width = start - lineStart + oneLine.length + text.slice(end, lineEnd).replace(/\s*#.*$/, '').length
  if (!oneLine.includes('\n') && width <= limit) return { span: { start, end }, newText: oneLine }
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const indent = /^[ \t]*/.exec(text.slice(lineStart))![0]
  const unit = indentUnit(text)
  const lines = layers.map(layer => {
    const line = `${indent}${unit}${deeper(layer, unit)},`
    return `${eol}${line.includes('\n') || line.length <= limit ? line : opened(line, `${eol}${indent}${unit}`, unit)}`
  })
  const newText = `${opening}${lines.join('')}${eol}${indent}${closing}`
  // What follows others on their line gets a line of its own, as they have.
  const blank = followsOnLine(place, lineStart)
  return blank === 0
    ? { span: { start, end }, newText }
    : { span: { start: start - blank, end }, newText: `${eol}${indent}${newText}` }
}

/** How much white space stands between a call and what stands before it on the line, in brackets that open further up. */
function followsOnLine({ text, call, around }: Place, lineStart: number): number {
  const blank = /,([ \t]+)$/.exec(text.slice(lineStart, call.start))?.[1]?.length ?? 0
  const holder = around.findLast(node => ['Call', 'List', 'Tuple', 'Dict', 'Set'].includes(node.kind))
  if (!holder) return 0
  const bracket = holder.kind === 'Call' ? (holder as unknown as ast.Call).func.end : holder.start
  return bracket < lineStart ? blank : 0
}

/** `nn.Conv2d(…),` with its arguments on a line between. */
function opened(line: string, margin: string, unit: string): string {
  const [, callee, args] = /^([^(]*\()(.*)\),$/s.exec(line) ?? []
  return callee === undefined ? line : `${callee}${margin}${unit}${args}${margin}),`
}

/** The lines after the first stand as deep as the first does now; strings over several lines stay as they are. */
const deeper = (layer: string, unit: string): string =>
  /"""|'''|\\\r?\n/.test(layer) ? layer : layer.replace(/(\r?\n)(?=[^\r\n])/g, `$1${unit}`)

/** One step of the file's indentation: that of its first indented line. */
function indentUnit(text: string): string {
  const first = /^(?:class|def|if|for|with|try)\b[^\n]*:[^\n]*\n(?:[ \t]*\r?\n)*([ \t]+)\S/m.exec(text)?.[1]
  return first === undefined ? '    ' : first.startsWith('\t') ? '\t' : first
}

/** The longest line of code, within what style guides have: from 79 to 120 columns. */
function lineLimit(text: string): number {
  let longest = SHORTEST
  for (const line of text.split(/\r?\n/)) {
    if (line.length > longest && line.length <= LONGEST && !/^\s*#/.test(line)) longest = line.length
  }
  return longest
}

/** PEP 8's 79 columns, and what is usual at most. */
const SHORTEST = 79
const LONGEST = 120
