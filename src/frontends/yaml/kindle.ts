import type { Span } from '../../base/text'
import { N } from '../../core/dim'
import { GraphBuilder, type Origin, type Site, type Value } from '../../core/graph'
import type { BuiltModel, InputShape } from '../frontend'
import { mergedEntries, type YamlEntry, type YamlFile, type YamlNode, type YamlScalar } from '../yamlSource'
import { type Given, nearest, readArguments, show } from './arguments'
import { kindleModules, type ModuleRow, UNREAD } from './kindleModules'
import { layerType, layerTypes, NOT_MODELLED, plainName } from './layers'
import { readShape } from './model'
import type { LayerType, Val } from './params'
import { firstLine, lineAnchor } from './place'
import { type Run, startRun } from './run'
import { NOTHING_DECLARED, problem, readValue } from './values'

/** What a positional file says: rows of `[from, repeats, module, arguments, keyword arguments]`. */
export interface PositionalList {
  readonly key: YamlScalar
  readonly rows: readonly YamlNode[]
  /** Rows from this one on are the head: not scaled. */
  readonly head: number
  readonly root: readonly YamlEntry[]
}

const BODY_KEYS = ['backbone', 'module', 'layers', 'model', 'network']

export function readPositional(file: YamlFile): PositionalList | null {
  const root = file.resolve(file.root)
  if (root?.kind !== 'map') return null
  const entries = mergedEntries(file, root)
  const list = (key: string): readonly YamlNode[] | null => {
    const node = file.resolve(entries.find(e => e.key.raw === key)?.value ?? null)
    return node?.kind === 'list' ? node.items : null
  }
  // Most rows are lists: one bracket that was opened by mistake does not make another format of a file.
  const isPositional = (rows: readonly YamlNode[]): boolean => {
    const kinds = rows.map(row => file.resolve(row)?.kind)
    return kinds.filter(k => k === 'list').length > kinds.filter(k => k === 'map').length
  }
  const body = entries.find(e => BODY_KEYS.includes(e.key.raw) && isPositional(list(e.key.raw) ?? []))
  if (!body) return null
  const rows = list(body.key.raw)!
  return { key: body.key, rows: [...rows, ...(list('head') ?? [])], head: rows.length, root: entries }
}

export function buildPositional(file: YamlFile, list: PositionalList, chosen: readonly InputShape[]): BuiltModel {
  const builder = new GraphBuilder()
  const run = startRun(file, builder, new Map())
  const written = inputOf(file, list, run)
  const module = list.key.raw === 'module'
  const shape = chosen[0]?.shape ?? written ?? (module ? null : [channelsIn(file, list) ?? 3, 224, 224])
  const input = builder.input('input', shape && [N, ...shape])
  const outputs: Value[] = []
  const scale = scaling(run, list)
  for (const [index, node] of list.rows.entries()) {
    if (builder.isFull) break
    outputs.push(runRow(run, list, node, index, outputs, input, scale))
  }
  const output = outputs.at(-1)
  if (output) builder.output(output)
  return { graph: builder.build(), inputs: shape ? [{ shape }] : [], inputAssumed: !chosen.length && !written }
}

const entryOf = (list: PositionalList, ...keys: string[]): YamlEntry | undefined =>
  list.root.find(e => keys.includes(e.key.raw))

function numberAt(run: Run, list: PositionalList, key: string, otherwise: number): number {
  const entry = entryOf(list, key)
  if (!entry?.value) return otherwise
  const value = readValue(entry.value, NOTHING_DECLARED, run)
  if (typeof value === 'number' && value > 0 && value < 1e6) return value
  if (value !== undefined) {
    run.report(problem('bad-argument', entry.value.span, `${key} expects a positive number and gets ${show(value)}.`))
  }
  return otherwise
}

function channelsIn(file: YamlFile, list: PositionalList): number | null {
  const node = file.resolve(entryOf(list, 'input_channel', 'input_channels', 'in_channels')?.value ?? null)
  return node?.kind === 'scalar' && Number.isSafeInteger(node.value) && (node.value as number) > 0
    ? (node.value as number)
    : null
}

/** `input_shape: [C, H, W]`, or `input_channel: C` with `input_size: [H, W]`. */
function inputOf(file: YamlFile, list: PositionalList, run: Run): readonly number[] | null {
  const shape = entryOf(list, 'input_shape', 'input')
  const size = entryOf(list, 'input_size')
  const entry = shape ?? size
  if (!entry) return null
  const dims = readShape(file, entry.value) as readonly number[] | null
  if (!dims) {
    run.report(
      problem(
        'bad-argument',
        entry.value?.span ?? entry.key.span,
        `${entry.key.raw} expects whole numbers such as [${shape ? '3, 224, 224' : '224, 224'}].`,
      ),
    )
    return null
  }
  const channels = channelsIn(file, list)
  return shape || dims.length === 3 ? dims : [channels ?? 3, ...dims]
}

interface Scaling {
  readonly depth: number
  readonly width: number
  readonly divisor: number
}

const scaling = (run: Run, list: PositionalList): Scaling => ({
  depth: numberAt(run, list, 'depth_multiple', 1),
  width: numberAt(run, list, 'width_multiple', 1),
  divisor: numberAt(run, list, 'channel_divisor', 8),
})

function runRow(
  run: Run,
  list: PositionalList,
  node: YamlNode,
  index: number,
  outputs: readonly Value[],
  input: Value,
  scale: Scaling,
): Value {
  const { file, builder } = run
  const row = file.resolve(node)
  const cells = row?.kind === 'list' ? row.items : []
  const module = file.resolve(cells[2] ?? null)
  const type = module?.kind === 'scalar' && module.value !== null ? String(module.value) : ''
  const site: Site = { span: node.span, anchor: lineAnchor(file.text, node.span.start), name: `row ${index}` }
  const origin: Origin = { site, path: String(index), type: type || 'row' }
  const lost = (reason: string, inputs: readonly Value[]): Value => builder.unknown(reason, inputs, origin)[0]!
  if (!type || row?.kind !== 'list') {
    const message = `A row is [from, repeats, module, arguments]; row ${index} names no module.`
    run.report(problem('bad-argument', firstLine(file.text, node.span), message))
    return lost('it names no module', [])
  }
  const at: Span = cells[2]!.span
  const inputs = inputsOf(run, cells[0]!, index, outputs, input, list)
  const inHead = index >= list.head
  const repeat = repeats(run, cells[1]!, index, inHead ? 1 : scale.depth)
  const args = argumentsOf(run, cells[3] ?? null, list)
  const named = namedOf(run, cells[4] ?? null)
  if (repeat === null || args === null || named === null) return lost('its arguments are not complete', inputs)
  const scaled = (channels: number): number =>
    inHead ? channels : Math.ceil((channels * scale.width) / scale.divisor) * scale.divisor
  if (type in UNREAD) return lost(UNREAD[type]!, inputs)
  const known = !type.includes('.') ? kindleModules[type] : undefined
  if (known) {
    const values: Record<string, Val> = Object.create(null)
    for (const [i, arg] of args.entries()) {
      const name = known.params[i]
      if (name) values[name] = arg.value
      else
        run.report({
          ...problem('unknown-option', arg.node.span, `${type} takes ${known.params.length} arguments.`),
          severity: 'warning',
        })
    }
    for (const arg of named) {
      if (known.params.includes(arg.name)) values[arg.name] = arg.value
      else if (arg.name !== 'verbose') {
        const near = nearest(arg.name, known.params)
        const message = `${type} has no option ${arg.name}${near ? `; is it ${near}?` : '.'}`
        run.report({ ...problem('unknown-option', arg.key, message), severity: 'warning' })
      }
    }
    const spans = new Map([
      ...args.map((a, i) => [known.params[i], a.node.span] as const),
      ...named.map(a => [a.name, a.node?.span ?? a.key] as const),
    ])
    const wrong = misfit(known.params, known.needs, values)
    if (wrong) {
      const span = spans.get(wrong.name) ?? at
      run.report(problem('bad-argument', span, `row ${index}: ${type} ${wrong.message}`))
      return lost('its arguments are not complete', inputs)
    }
    if (inputs.length > 1 && !['Concat', 'Add', 'YOLOHead'].includes(type)) {
      run.report(problem('bad-argument', cells[0]!.span, `${type} takes one input and gets ${inputs.length}.`))
      return lost('it takes one input', inputs)
    }
    const part: ModuleRow = { builder, origin, inputs, args: args.map(a => a.value), named: {}, repeat, scaled }
    return builder.scope(origin, inputs, () => known.build(part, values))[0]!
  }
  const layer = layerType(type)
  if (layer) return torchRow(run, layer, type, site, origin, at, args, named, inputs, repeat)
  return unknownModule(run, list, type, at, inputs, origin)
}

interface Arg {
  readonly value: Val
  readonly node: YamlNode
  /** What the node stands for: another one where it names an argument of the file. */
  readonly meant: YamlNode
}

interface NamedArg {
  readonly name: string
  readonly key: Span
  readonly value: Val
  readonly node: YamlNode | null
}

function inputsOf(
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
function repeats(run: Run, node: YamlNode, index: number, depth: number): number | null {
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

function argumentsOf(run: Run, node: YamlNode | null, list: PositionalList): Arg[] | null {
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
function declared(run: Run, list: PositionalList, node: YamlNode): YamlNode {
  const at = run.file.resolve(node)
  const index = at?.kind === 'scalar' && typeof at.value === 'string' ? /^arg(\d+)$/.exec(at.value)?.[1] : undefined
  const args = index === undefined ? null : run.file.resolve(entryOf(list, 'args')?.value ?? null)
  const target = args?.kind === 'list' ? args.items[Number(index)] : undefined
  if (target) run.builder.link(node.span, target.span)
  return target ?? node
}

function namedOf(run: Run, node: YamlNode | null): NamedArg[] | null {
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
function misfit(
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

/** A layer of torch.nn: the channels that arrive are put before its arguments where it takes them (kindle/generator/nn.py). */
function torchRow(
  run: Run,
  layer: LayerType,
  type: string,
  site: Site,
  origin: Origin,
  at: Span,
  args: readonly Arg[],
  named: readonly NamedArg[],
  inputs: readonly Value[],
  repeat: number,
): Value {
  const params = layer.params.filter(p => !p.inferred)
  const options: Given[] = [
    ...args.flatMap((arg, i) => (params[i] ? [{ name: params[i].name, key: null, value: arg.meant }] : [])),
    ...named.map(({ name, key, node }) => ({ name, key, value: node })),
  ]
  if (args.length > params.length) {
    const extra = args[params.length]!.node.span
    run.report({
      ...problem('unknown-option', extra, `${type} takes ${params.length} arguments here.`),
      severity: 'warning',
    })
  }
  const values = readArguments(layer, options, NOTHING_DECLARED, run, site.name, at)
  if (!values) return run.builder.unknown('its arguments are not complete', inputs, origin)[0]!
  return run.builder.scope(origin, inputs, () => {
    let value = inputs
    const declared = inputs[0]?.shape ?? null
    for (let i = 0; i < repeat && !run.builder.isFull; i++) {
      for (const { op, attributes } of layer.calls(values, declared))
        value = [run.builder.add(op, attributes, value, origin)]
    }
    return [value[0]!]
  })[0]!
}

function unknownModule(
  run: Run,
  list: PositionalList,
  type: string,
  at: Span,
  inputs: readonly Value[],
  origin: Origin,
): Value {
  const name = plainName(type)
  if (NOT_MODELLED.has(name)) return run.builder.unknown(`${name} is not modelled`, inputs, origin)[0]!
  const custom = entryOf(list, 'custom_module_paths')
  if (custom)
    return run.builder.unknown(`${type} comes from custom_module_paths, which are not read`, inputs, origin)[0]!
  const near = nearest(type, [...Object.keys(kindleModules), ...layerTypes.map(t => `nn.${t.name}`)])
  run.report({
    code: 'unknown-layer',
    severity: 'warning',
    span: at,
    message: `${type} is not a known module${near ? `; is it ${near}?` : '.'}`,
    ...(near
      ? { fixes: [{ title: `Change ${type} to ${near}`, edits: [{ span: at, newText: near }], preferred: true }] }
      : {}),
  })
  return run.builder.unknown(`${type} is not known`, inputs, origin)[0]!
}
