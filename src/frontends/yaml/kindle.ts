import type { Span } from '../../base/text'
import { N } from '../../core/dim'
import { GraphBuilder, type Origin, type Site, type Value } from '../../core/graph'
import type { BuiltModel, InputShape } from '../frontend'
import { nearest } from '../nearest'
import type { YamlFile, YamlNode } from '../yamlSource'
import { type Given, readArguments } from './arguments'
import { type Arg, argumentsOf, inputsOf, misfit, type NamedArg, namedOf, repeats } from './cells'
import { kindleModules, type ModuleRow, UNREAD } from './kindleModules'
import { layerType, layerTypes, NOT_MODELLED, plainName } from './layers'
import type { LayerType, Val } from './params'
import { firstLine, lineAnchor } from './place'
import { channelsIn, entryOf, inputOf, type PositionalList, type Scaling, scaledBy, scaling } from './positional'
import { type Run, startRun } from './state'
import { NOTHING_DECLARED, problem } from './values'

/** Builds a positional file: every row a scope with the ops of its module. */
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
  const scaled = (channels: number): number => (inHead ? channels : scaledBy(scale, channels))
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
