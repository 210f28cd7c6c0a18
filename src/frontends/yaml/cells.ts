import type { Span } from '../../base/text'
import type { Value } from '../../core/graph'
import { mergedEntries, type YamlNode } from '../yamlSource'
import { show } from './arguments'
import { layerType } from './layers'
import type { Val } from './params'
import { firstLine } from './place'
import { entryOf, type PositionalList } from './positional'
import type { Run } from './state'
import { NOTHING_DECLARED, problem, readValue } from './values'

/** An argument by position. */
export interface Arg {
  readonly value: Val
  readonly node: YamlNode
  /** What the node stands for: another one where it names an argument of the file. */
  readonly meant: YamlNode
}

/** An argument by name. */
export interface NamedArg {
  readonly name: string
  readonly key: Span
  readonly value: Val
  readonly node: YamlNode | null
}

/** What a row takes, by index; −1 is the row before, other negatives count back from the row. */
export function inputsOf(
  run: Run,
  from: YamlNode,
  index: number,
  outputs: readonly Value[],
  input: Value,
  list: PositionalList,
): readonly Value[] {
  const node = run.file.resolve(from)
  const cells = node?.kind === 'list' ? node.items : [from]
  return cells.slice(0, 4096).map(cell => {
    const scalar = run.file.resolve(cell)
    const written = scalar?.kind === 'scalar' && typeof scalar.value === 'number' ? scalar.value : Number.NaN
    const at = written < 0 ? index + written : written
    if (at === -1) return input
    const target = outputs[at]
    if (target) {
      if (written !== -1) run.builder.link(cell.span, firstLine(run.file.text, list.rows[at]!.span))
      return target
    }
    const why = Number.isNaN(written)
      ? 'from expects the index of a row, or a list of them.'
      : at === index
        ? `Row ${index} cannot take its own output.`
        : at > index && at < list.rows.length
          ? `Row ${index} takes row ${at}, which comes later.`
          : `Row ${index} takes row ${written}, and there are rows 0 to ${list.rows.length - 1}.`
    run.report(problem('dangling-reference', cell.span, why))
    return run.builder.lost('')
  })
}

/** round(n · depth), at least 1, for n above 1; Python rounds a half to the even neighbour. */
export function repeats(run: Run, node: YamlNode, index: number, depth: number): number | null {
  const value = readValue(node, NOTHING_DECLARED, run)
  if (value === undefined) return null
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 10_000) {
    const over = typeof value === 'number' && value > 10_000
    const message = over
      ? `row ${index}: ${value} repeats are over the limit of 10,000.`
      : `row ${index} expects a whole number of repeats from 1 and gets ${show(value)}.`
    run.report(problem(over ? 'limit' : 'bad-argument', node.span, message))
    return null
  }
  const x = value * depth
  const rounded = Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)
  return value > 1 ? Math.min(10_000, Math.max(rounded, 1)) : value
}

/** Arguments by position; null when one cannot be read, which is then reported. */
export function argumentsOf(run: Run, node: YamlNode | null, list: PositionalList): Arg[] | null {
  const at = run.file.resolve(node)
  if (at === null || (at.kind === 'scalar' && at.value === null)) return []
  const items = at.kind === 'list' ? at.items : [node!]
  const args = items.slice(0, 64).map(item => {
    const meant = declared(run, list, item)
    return { node: item, meant, value: pythonNone(readValue(meant, NOTHING_DECLARED, run)) }
  })
  return args.some(a => a.value === undefined) ? null : (args as Arg[])
}

/** `arg0` in the rows of a module file is the first of its `args` (kindle/generator/custom_yaml_module.py). */
export function declared(run: Run, list: PositionalList, node: YamlNode): YamlNode {
  const at = run.file.resolve(node)
  const index = at?.kind === 'scalar' && typeof at.value === 'string' ? /^arg(\d+)$/.exec(at.value)?.[1] : undefined
  const args = index === undefined ? null : run.file.resolve(entryOf(list, 'args')?.value ?? null)
  const target = args?.kind === 'list' ? args.items[Number(index)] : undefined
  if (target) run.builder.link(node.span, target.span)
  return target ?? node
}

/** Arguments by name, the fifth cell; null when one cannot be read, which is then reported. */
export function namedOf(run: Run, node: YamlNode | null): NamedArg[] | null {
  const at = run.file.resolve(node)
  if (at?.kind !== 'map') return []
  const args = mergedEntries(run.file, at).map(e => ({
    name: String(e.key.value),
    key: e.key.span,
    node: e.value,
    value: pythonNone(readValue(e.value, NOTHING_DECLARED, run)),
  }))
  return args.some(a => a.value === undefined) ? null : (args as NamedArg[])
}

const pythonNone = (value: Val | undefined): Val | undefined => (value === 'None' ? null : value)

const WHOLE = new Set([
  'out_channels',
  'kernel_size',
  'stride',
  'groups',
  'conv_channels',
  'mlp_channels',
  'depth',
  'n_classes',
])

/** The first argument that is missing or of the wrong kind, in words. */
export function misfit(
  params: readonly string[],
  needs: number,
  values: Readonly<Record<string, Val>>,
): { name: string; message: string } | null {
  for (const [i, name] of params.entries()) {
    const value = values[name]
    if (value === undefined || value === null) {
      if (i < needs) return { name, message: `needs ${name}.` }
      continue
    }
    const whole = typeof value === 'number' && Number.isSafeInteger(value) && value < 2 ** 31
    if (WHOLE.has(name) && !(whole && (value as number) >= 1) && !(name === 'kernel_size' && Array.isArray(value))) {
      return { name, message: `expects ${name} to be a whole number from 1 and gets ${show(value)}.` }
    }
    if (name === 'padding' && !(whole && (value as number) >= 0)) {
      return { name, message: `expects padding to be a whole number from 0 and gets ${show(value)}.` }
    }
    if (name === 'activation' && !layerType(String(value))) {
      return { name, message: `expects activation to be one of torch.nn's and gets ${show(value)}.` }
    }
  }
  return null
}
