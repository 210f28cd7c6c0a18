import type { Span } from '../../base/text'
import type { Origin, Value } from '../../core/graph'
import type { YamlNode } from '../yamlSource'
import { apply, lost, notKnown, overridden, single } from './apply'
import { type Given, readArguments, show, unknownOption } from './arguments'
import { branchesOf, merge } from './branches'
import { COMPOSITE_KEYS, type Item, readItem } from './items'
import { layerType } from './layers'
import type { Block } from './model'
import type { Val } from './params'
import { type Frame, takes } from './references'
import type { Place, Run } from './state'
import { problem, readValue } from './values'

/** A repeat beyond this is a mistake. */
const MAX_REPEAT = 10_000

/** Rows that run, in all; blocks in blocks would otherwise multiply without end even where they add no layer. */
const MAX_STEPS = 400_000

const MAX_DEPTH = 60

/** Runs a list of rows on an input and gives the last row's output. */
export function runRows(run: Run, rows: readonly YamlNode[], input: Value, place: Place): Value {
  const isBlock = (name: string): boolean => run.blocks.has(name)
  const items = rows.map((row, index) => {
    let item = run.items.get(row)
    if (!item) {
      item = readItem(run.file, row, index, isBlock)
      run.items.set(row, item)
      run.heads.set(item.site.span, item.head)
    }
    return item
  })
  const frame: Frame = {
    input,
    outputs: [],
    items,
    names: namesOf(run, items),
    outer: place.outer,
    inputs: place.inputs,
  }
  for (const [index, item] of items.entries()) {
    if (run.builder.isFull) break
    frame.outputs.push(runItem(run, item, index, frame, place))
  }
  return frame.outputs.at(-1) ?? input
}

function namesOf(run: Run, items: readonly Item[]): ReadonlyMap<string, number> {
  const names = new Map<string, number>()
  for (const [index, { name }] of items.entries()) {
    if (!name) continue
    const text = String(name.value)
    const first = names.get(text)
    if (first === undefined) names.set(text, index)
    else {
      run.report({
        ...problem('duplicate-name', name.span, `${text} is also the name of row ${first}.`),
        related: [{ span: items[first]!.name!.span, message: `row ${first}` }],
      })
    }
  }
  return names
}

function runItem(run: Run, item: Item, index: number, frame: Frame, place: Place): Value {
  const inputs = takes(item.settings.get('from')?.value, index, frame, run)
  if (!flagOf(run, item, 'when', place)) return inputs[0]!
  const times = repeats(run, item, place)
  const hoisted = isHoisted(item, frame, place)
  const segment = segmentOf(run, item, `${place.prefix}${index}`, place)
  const path = hoisted ? place.path : place.path ? `${place.path}.${segment}` : segment
  const { scope, open, inputs: named } = place
  const at = (own: string): Place => {
    return { scope, path: own, prefix: hoisted ? `${place.prefix}${index}_` : '', open, outer: frame, inputs: named }
  }
  if (times === null) return lost(run, item, path, inputs, 'its repeat is not known')
  if (times > MAX_REPEAT) {
    const value = item.settings.get('repeat')!.value!
    const limit = `repeat ${times} is over the limit of ${MAX_REPEAT.toLocaleString('en')}`
    run.report(problem('limit', value.span, `${item.site.name}: ${limit}.`))
    return lost(run, item, path, inputs, limit)
  }
  const runAll = (): readonly Value[] => {
    let values = inputs
    for (let i = 0; i < times && !run.builder.isFull; i++) {
      const own = item.settings.has('repeat') ? `${path}.${i}` : path
      values = [runOnce(run, item, values, at(own), i === 0)]
    }
    return values
  }
  if (times === 0) return inputs[0]!
  // A stage of several blocks is one thing on its line; a layer that runs several times is so many calls.
  const isStage = times > 1 && (item.kind !== 'layer' || run.blocks.has(item.type))
  const origin: Origin = { site: item.site, path, type: item.type }
  return (isStage ? run.builder.scope(origin, inputs, runAll) : runAll())[0]!
}

/**
 * A lone composite without a name adds nothing to the module path: the convolutions of a residual block are
 * `conv2_x.0.conv1`, as in torch, where the addition is only written in `forward`.
 */
function isHoisted(item: Item, frame: Frame, place: Place): boolean {
  const isComposite = ({ kind }: Item): boolean => kind !== 'layer' && kind !== 'none'
  if (!isComposite(item) || item.name || item.settings.has('repeat') || place.path === '') return false
  return frame.items.every(other => other === item || !isComposite(other))
}

/** A row's part of the module path: its name, else its index as in torch.nn.Sequential. */
function segmentOf(run: Run, item: Item, index: string, place: Place): string {
  const name = item.name && readValue(item.name, place.scope, run)
  return name === null || name === undefined ? index : show(name)
}

function repeats(run: Run, item: Item, place: Place): number | null {
  const entry = item.settings.get('repeat')
  if (!entry?.value) return 1
  const value = readValue(entry.value, place.scope, run)
  if (value === undefined) return null
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
  const message = `${item.site.name} expects repeat to be a whole number from 0 and gets ${show(value)}.`
  run.report(problem('bad-argument', entry.value.span, message))
  return null
}

function flagOf(run: Run, item: Item, key: string, place: Place): boolean {
  const entry = item.settings.get(key)
  if (!entry?.value) return true
  const value = readValue(entry.value, place.scope, run)
  if (typeof value === 'boolean') return value
  if (value !== undefined) {
    const message = `${item.site.name} expects ${key} to be true or false and gets ${show(value)}.`
    run.report(problem('bad-argument', entry.value.span, message))
  }
  return true
}

function runOnce(run: Run, item: Item, inputs: readonly Value[], place: Place, first: boolean): Value {
  const origin: Origin = { site: item.site, path: place.path, type: item.type }
  if (++run.steps > MAX_STEPS) run.builder.stop(`${MAX_STEPS.toLocaleString('en')} rows`, item.head)
  if (place.open.length + depthOf(place.outer) > MAX_DEPTH) {
    run.report(problem('limit', item.head, `More than ${MAX_DEPTH} lists inside one another.`))
    return lost(run, item, place.path, inputs, 'nested too deeply')
  }
  switch (item.kind) {
    case 'layer':
      return layer(run, item, inputs, origin, place, first)
    case 'none':
      run.report(problem('bad-argument', item.head, 'A row names its layer: type, or the layer itself as the key.'))
      // A row that is only begun changes nothing; what stands there and is not understood does.
      return isBegun(run, item) ? inputs[0]! : lost(run, item, place.path, inputs, 'it names no layer')
    default:
      for (const option of item.options) {
        run.report(unknownOption(item.kind, [...COMPOSITE_KEYS[item.kind], 'name', 'from', 'repeat', 'when'], option))
      }
      return run.builder.scope(origin, inputs, () => [
        composite(run, item, single(run, item, inputs), origin, place),
      ])[0]!
  }
}

const isBegun = (run: Run, item: Item): boolean => {
  const node = run.file.resolve(item.node)
  return item.options.length === 0 && (node?.kind === 'map' || (node?.kind === 'scalar' && node.value === null))
}

const depthOf = (frame: Frame | null): number => {
  let depth = 0
  for (let at = frame; at; at = at.outer) depth++
  return depth
}

function composite(run: Run, item: Item, input: Value, origin: Origin, place: Place): Value {
  const list = (key: string): readonly YamlNode[] | null => {
    const entry = item.settings.get(key)
    const node = run.file.resolve(entry?.value ?? null)
    if (node?.kind === 'list') return node.items
    if (entry && node && !(node.kind === 'scalar' && node.value === null)) {
      run.report(problem('bad-argument', entry.value!.span, `${key} expects a list of rows.`))
    }
    return null
  }
  const below = (segment: string): Place => ({ ...place, path: `${place.path}.${segment}`, prefix: '' })
  const joined: Origin = { ...origin, path: `${place.path}.${item.kind === 'residual' ? 'add' : 'merge'}` }
  if (item.kind === 'layers') return runRows(run, list('layers') ?? [], input, place)
  if (item.kind === 'residual') {
    const main = runRows(run, list('residual') ?? [], input, place)
    const shortcut = runRows(run, list('shortcut') ?? [], input, below('shortcut'))
    return run.builder.add('elementwise', { function: 'add' }, [main, shortcut], { ...joined, type: 'Add' })
  }
  const outputs = branchesOf(run, item).map(({ name, site, rows }) => {
    const inner = below(name)
    if (!site) return runRows(run, rows, input, inner)
    const own: Origin = { site, path: inner.path, type: 'branch' }
    return run.builder.scope(own, [input], () => [runRows(run, rows, input, inner)])[0]!
  })
  return outputs.length === 0 ? input : merge(run, item, outputs, joined, place)
}

export function layer(
  run: Run,
  item: Item,
  inputs: readonly Value[],
  origin: Origin,
  place: Place,
  first: boolean,
): Value {
  run.seen?.(item, place.scope)
  const options = first ? overridden(run, item) : item.options
  const block = run.blocks.get(item.type)
  if (block) return useBlock(run, item, block, options, inputs, origin, place)
  const type = layerType(item.type)
  if (!type) return notKnown(run, item, inputs, origin)
  const values = readArguments(type, options, place.scope, run, item.site.name, item.typeSpan)
  if (!values) return lost(run, item, origin.path, inputs, 'its options are not complete')
  if (type.joins && inputs.length < 2) {
    const message = `${item.site.name} joins several inputs and gets ${inputs.length}; name them in from.`
    run.report(problem('bad-argument', item.settings.get('from')?.value?.span ?? item.typeSpan, message))
  }
  const taken = type.joins ? inputs : [single(run, item, inputs)]
  return run.builder.isFull ? taken[0]! : apply(run, type, values, taken, origin)
}

function useBlock(
  run: Run,
  item: Item,
  block: Block,
  options: readonly Given[],
  inputs: readonly Value[],
  origin: Origin,
  place: Place,
): Value {
  run.builder.link(item.typeSpan, block.key.span)
  if (place.open.includes(block.name)) {
    const chain = [...place.open.slice(place.open.indexOf(block.name)), block.name].join(' → ')
    run.report(problem('bad-argument', item.typeSpan, `Block ${block.name} uses itself: ${chain}.`))
    return lost(run, item, origin.path, inputs, `block ${block.name} uses itself`)
  }
  const scope = new Map<string, { value: Val; declared: Span }>()
  let fine = true
  for (const param of block.params) {
    const given = options.find(o => o.name === param.name)
    const value = given
      ? readValue(given.value, place.scope, run)
      : param.value
        ? readValue(param.value, scope, run)
        : null
    if (value === undefined) fine = false
    else if (value === null && !param.value && !given?.value) {
      run.report(
        problem(
          'bad-argument',
          given?.key ?? item.typeSpan,
          `${item.site.name} needs ${param.name}, a parameter of block ${block.name}.`,
        ),
      )
      fine = false
    } else scope.set(param.name, { value, declared: param.span })
  }
  for (const option of options) {
    const param = block.params.find(p => p.name === option.name)
    if (param && option.key) run.builder.link(option.key, param.span)
    if (!param)
      run.report(
        unknownOption(
          `Block ${block.name}`,
          block.params.map(p => p.name),
          option,
        ),
      )
  }
  if (!fine) return lost(run, item, origin.path, inputs, 'its options are not complete')
  const input = single(run, item, inputs)
  const inside: Place = {
    scope,
    path: origin.path,
    prefix: '',
    open: [...place.open, block.name],
    outer: null,
    inputs: new Map(),
  }
  return run.builder.scope(origin, [input], () => [runRows(run, block.rows, input, inside)])[0]!
}
