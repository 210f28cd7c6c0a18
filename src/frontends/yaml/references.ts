import type { Span } from '../../base/text'
import type { Value } from '../../core/graph'
import { nearest } from '../nearest'
import type { YamlNode, YamlScalar } from '../yamlSource'
import type { Item } from './items'
import { problem, type Reading } from './values'

/** One list of rows while it runs: what each row gave, and what rows are called. */
export interface Frame {
  readonly input: Value
  readonly outputs: Value[]
  readonly items: readonly Item[]
  /** Names of this list's rows, by row. */
  readonly names: ReadonlyMap<string, number>
  /** The list around it, whose rows may be named too; null at the top of the network and of a block. */
  readonly outer: Frame | null
  /** Inputs by name, at the top of the network. */
  readonly inputs: ReadonlyMap<string, Value>
}

/** What a row takes: the row before it, or what `from` names: a row's name, its index, −1 for the row before, or several. */
export function takes(from: YamlNode | null | undefined, index: number, frame: Frame, reading: Reading): Value[] {
  const previous = frame.outputs[index - 1] ?? frame.input
  if (from === undefined) return [previous]
  const node = reading.file.resolve(from)
  if (node?.kind === 'scalar' && node.value !== null) return [one(node, from!, index, frame, reading)]
  if (node?.kind === 'list' && node.items.length > 0 && node.items.length <= MAX_INPUTS) {
    return node.items.map(item => {
      const at = reading.file.resolve(item)
      if (at?.kind === 'scalar' && at.value !== null) return one(at, item, index, frame, reading)
      reading.report(problem('dangling-reference', item.span, 'from expects names or indices of rows.'))
      return reading.builder.lost('')
    })
  }
  if (from)
    reading.report(
      problem('dangling-reference', from.span, 'from expects the name or the index of a row, or a list of them.'),
    )
  return from ? [reading.builder.lost('')] : [previous]
}

const MAX_INPUTS = 4096

function one(node: YamlScalar, at: YamlNode, index: number, frame: Frame, reading: Reading): Value {
  return typeof node.value === 'number'
    ? byIndex(node.value, at.span, index, frame, reading)
    : byName(String(node.value), at.span, index, frame, reading)
}

function byIndex(written: number, span: Span, index: number, frame: Frame, reading: Reading): Value {
  const at = written < 0 ? index + written : written
  if (at === -1) return frame.input
  if (Number.isInteger(at) && at >= 0 && at < index) {
    reading.builder.link(span, frame.items[at]!.head)
    return frame.outputs[at]!
  }
  const count = frame.items.length
  const why =
    at === index
      ? `Row ${index} cannot take its own output.`
      : Number.isInteger(at) && at > index && at < count
        ? `Row ${index} takes row ${at}, which comes later.`
        : `Row ${index} takes row ${written}, and there are rows 0 to ${count - 1}.`
  return dangling(why, span, reading)
}

function byName(name: string, span: Span, index: number, frame: Frame, reading: Reading): Value {
  const known: string[] = []
  let before = index
  for (let list: Frame | null = frame; list; list = list.outer) {
    const at = list.names.get(name)
    if (at !== undefined) {
      if (at < before) {
        const item = list.items[at]!
        reading.builder.link(span, item.name?.span ?? item.head)
        return list.outputs[at] ?? reading.builder.lost(name)
      }
      const why =
        at === before
          ? `${name} cannot take its own output.`
          : `${name} comes later; a row can only take what was computed before it.`
      return dangling(why, span, reading)
    }
    const input = list.inputs.get(name)
    if (input) return input
    if (name === 'input' && !list.outer) return list.input
    known.push(...list.names.keys())
    before = list.outer ? list.outer.outputs.length : 0
  }
  const near = nearest(name, known)
  reading.report({
    ...problem('dangling-reference', span, `There is no row ${name}${near ? `; is it ${near}?` : '.'}`),
    ...(near
      ? { fixes: [{ title: `Change ${name} to ${near}`, edits: [{ span, newText: near }], preferred: true }] }
      : {}),
  })
  return reading.builder.lost(name)
}

function dangling(message: string, span: Span, reading: Reading): Value {
  reading.report(problem('dangling-reference', span, message))
  return reading.builder.lost('')
}
