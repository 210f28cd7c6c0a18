import { type Dim, N } from '../../core/dim'
import { restated } from '../../core/faults'
import { GraphBuilder, type Layer, type Origin, type Site, type Value } from '../../core/graph'
import type { Problem } from '../../core/problem'
import { formatShape, type Shape } from '../../core/shape'
import type { BuildOptions, BuiltModel, InputShape } from '../frontend'
import {
  BadConfig,
  type Config,
  type ConfigValue,
  callLayer,
  declareIn,
  drawingOn,
  InnerLayer,
  innerLayer,
  kerasLayer,
  type LayerKind,
  type LayerParts,
  Misfit,
  type Modern,
  modernize,
  UnknownConfig,
} from '../kerasLayers'
import { applicationLayer } from './applications'
import { functionLayer, isArithmetic } from './functions'
import { dataOf, elementsOf, member, spanOf, textOf } from './json'
import { isOperation, operation, type Said, saidOf, saidShapes } from './operations'
import { sitesOf } from './sites'
import { isSize, structureProblems } from './structure'
import type { CallEntry, LayerEntry, ModelEntry, TensorReference } from './topology'

/**
 * Draws the model of a file. What does not fit sizes that were assumed may fit others: it is told as a hint, unless it
 * comes up with these sizes open as well.
 */
export function buildModel(model: ModelEntry, text: string, options: BuildOptions): BuiltModel {
  const built = drawModel(model, text, options, true)
  if (!built.inputAssumed) return built
  const { graph, inputs } = built
  const declared = (): BuiltModel => drawModel(model, text, options, false)
  const keras = built.keras && { ...built.keras, asDeclared: () => declared().graph }
  const told: BuiltModel = { ...built, ...(keras ? { keras } : {}) }
  if (!graph.problems.some(isError)) return told
  const open = declared()
  const sure = new Set(open.graph.problems.map(placeOf))
  const assumed = inputs.map(({ shape }) => formatShape(shape)).join(' and ')
  const problems = graph.problems.map(problem =>
    !isError(problem) || sure.has(placeOf(problem))
      ? problem
      : restated(problem, { severity: 'hint', message: `With the assumed input ${assumed}: ${problem.message}` }),
  )
  return { ...told, graph: { ...graph, problems } }
}

const isError = ({ severity }: Problem): boolean => severity === 'error'
const placeOf = ({ span, code }: Problem): string => `${span.start} ${code}`

/** With sizes of pictures that the file leaves open `filled`, or as they are. */
function drawModel(model: ModelEntry, text: string, options: BuildOptions, filled: boolean): BuiltModel {
  const builder = new GraphBuilder()
  const state: State = { builder, site: sitesOf(model, text), frozen: false }
  const declared = inputsOf(model)
  const chosen = chooseInputs(declared, options, filled)
  const values = chosen.map(({ name, shape }) => builder.input(name ?? 'input', shape && [N, ...shape]))
  const run = instance(model, '', state)
  for (const value of run(values)) builder.output(value)
  for (const problem of structureProblems(model)) builder.problem(problem)
  const inputs = chosen.map(({ name, shape }): InputShape => ({ ...(name ? { name } : {}), shape: shape ?? [] }))
  return {
    graph: builder.build(),
    inputs,
    inputAssumed: chosen.some(c => c.assumed),
    keras: { name: model.name, kind: model.sequential ? 'sequential' : 'functional' },
  }
}

interface State {
  readonly builder: GraphBuilder
  readonly site: (entry: LayerEntry) => Site
  /** A model around the layers is not trained. */
  readonly frozen: boolean
}

/** What is called with tensors and gives tensors: a layer or a model, with weights of its own. */
type Callable = (inputs: readonly Value[], call?: CallEntry) => readonly Value[]

/** Weights are made once: every call of what is returned shares them. */
function instance(model: ModelEntry, path: string, given: State): Callable {
  // `trainable: false` of a functional model reaches every layer in it, that of a Sequential none (Keras 3).
  const frozen =
    given.frozen || (!model.sequential && dataOf(member(member(model.node, 'config'), 'trainable')) === false)
  const state: State = { ...given, frozen }
  const said = saidShapes(model)
  const callables = new Map(model.layers.map(entry => [entry, callable(entry, path, state, said)]))
  return model.sequential
    ? inputs => runInOrder(model, inputs, callables)
    : inputs => runGraph(model, inputs, callables, state)
}

const isInput = ({ type }: LayerEntry): boolean => type === 'InputLayer'

function runInOrder(
  model: ModelEntry,
  inputs: readonly Value[],
  callables: ReadonlyMap<LayerEntry, Callable>,
): readonly Value[] {
  let values = inputs
  for (const entry of model.layers) if (!isInput(entry)) values = callables.get(entry)!(values)
  return values
}

/** Calls every layer once its inputs are there, in the order of the list as far as that goes. */
function runGraph(
  model: ModelEntry,
  inputs: readonly Value[],
  callables: ReadonlyMap<LayerEntry, Callable>,
  { builder, site }: State,
): readonly Value[] {
  const given = new Map<string, readonly Value[]>()
  const names = new Set(model.layers.map(entry => entry.name))
  const inputNames = inputLayersOf(model).map(entry => entry.name)
  inputNames.forEach((name, i) => {
    if (inputs[i]) given.set(key(name, 0), [inputs[i]])
  })
  const find = (reference: TensorReference): Value | undefined =>
    given.get(key(reference.layer, reference.call))?.[reference.output]
  let open = model.layers.flatMap(entry =>
    isInput(entry) ? [] : entry.calls.map((call, index) => ({ entry, call, index })),
  )
  while (open.length > 0 && !builder.isFull) {
    const later: typeof open = []
    for (const step of open) {
      const { entry, call, index } = step
      const values = ordered(entry, call).map(find)
      if (values.some(v => v === undefined)) later.push(step)
      else given.set(key(entry.name, index), callables.get(entry)!(values as Value[], call))
    }
    if (later.length === open.length) {
      stuck(later[0]!, names, find, builder, site)
      // What hangs on it goes on with a tensor that is not known.
      const [{ entry, call, index }, ...rest] = later as [(typeof later)[0], ...typeof later]
      const values = ordered(entry, call).map(reference => find(reference) ?? builder.lost(reference.layer))
      given.set(key(entry.name, index), callables.get(entry)!(values, call))
      open = rest
    } else open = later
  }
  return model.outputs.map(reference => {
    const value = find(reference)
    if (value) return value
    builder.problem({
      code: 'dangling-reference',
      severity: 'error',
      span: spanOf(reference.node),
      message: `The output ${reference.layer} is not in the model.`,
    })
    return builder.lost(reference.layer)
  })
}

/** Says why a call cannot be made: it names a layer that is not there, or layers wait for each other. */
function stuck(
  { entry, call }: { entry: LayerEntry; call: CallEntry },
  names: ReadonlySet<string>,
  find: (reference: TensorReference) => Value | undefined,
  builder: GraphBuilder,
  site: State['site'],
): void {
  const reference = call.inputs.find(r => !find(r))
  if (!reference) return
  const { layer, call: index, output } = reference
  builder.problem({
    code: 'dangling-reference',
    severity: 'error',
    span: reference.node ? spanOf(reference.node) : site(entry).span,
    message: names.has(layer)
      ? `${entry.name} takes output ${output} of call ${index} of ${layer}, which does not come before it.`
      : `${entry.name} takes the output of ${layer}, which is not in the model.`,
  })
}

const key = (layer: string, call: number): string => `${call} ${layer}`

/** Tensors of a call in the order in which the layer takes them: of attention query, value, key; masks are none. */
function ordered({ type }: LayerEntry, { inputs }: CallEntry): readonly TensorReference[] {
  const takes = kerasLayer(type)?.takes
  const rank = (argument: string | undefined): number =>
    argument === undefined ? 0 : argument === 'value' ? 1 : argument === 'key' ? 2 : 3
  const tensors = inputs.filter(
    ({ argument, place = 0 }) =>
      !(argument && /mask|training|initial_state/.test(argument)) && !(takes && place >= takes.length),
  )
  return tensors.some(r => r.argument) ? [...tensors].sort((a, b) => rank(a.argument) - rank(b.argument)) : tensors
}

function callable(entry: LayerEntry, path: string, state: State, said: Said): Callable {
  const { builder } = state
  const site = state.site(entry)
  const own = path ? `${path}.${entry.name}` : entry.name
  const origin: Origin = { site, path: own, type: entry.type || 'layer' }
  if (entry.model) {
    const inner = instance(entry.model, own, state)
    return inputs => builder.scope(origin, inputs, () => inner(inputs))
  }
  const data = dataOf(entry.config)
  const given: Config = isConfig(data) ? data : {}
  const { name, config: plain } = written(entry.type, given)
  const config = withInner(plain)
  const parts: LayerParts = new Map<string, Layer>()
  const ofLayers = kerasLayer(name)?.holdsLayers === true
  const declare = declareIn(builder, !state.frozen && (config.trainable !== false || ofLayers))
  const scope = (inputs: readonly Value[]) => (body: () => readonly Value[]) => builder.scope(origin, inputs, body)
  return (inputs, call) => {
    const shapes = call ? saidOf(said, entry.name, entry.calls.indexOf(call), call, inputs) : []
    const kind = kindOf(entry, name, config, call, inputs)
    if (!kind) {
      const drawn =
        call && isOperation(entry.module)
          ? operation(entry.type, config, inputs, drawingOn(builder, parts, origin, declare), call, shapes)
          : null
      return drawn ?? unknownLayer(entry, config, inputs, origin, builder, shapes)
    }
    const named = Object.fromEntries(
      [...(call?.named ?? [])].map(([k, v]): [string, ConfigValue | undefined] => [k, dataOf(v)]),
    )
    try {
      return callLayer(kind, config, inputs, drawingOn(builder, parts, origin, declare), scope(inputs), named)
    } catch (error) {
      if (error instanceof BadConfig) {
        const at = error.argument === undefined ? undefined : member(entry.config, error.argument)
        builder.problem({
          code: error instanceof Misfit ? 'shape-mismatch' : 'bad-argument',
          severity: 'error',
          span: at ? spanOf(at) : site.span,
          message: `${entry.name}: ${error.message}.`,
        })
      } else if (!(error instanceof UnknownConfig)) throw error
      return builder.unknown(error.message, inputs, origin)
    }
  }
}

/** The layer of the table that an entry is, or the function; undefined for a class that is neither, and for other operations. */
function kindOf(
  { module, type }: LayerEntry,
  name: string,
  config: Config,
  call: CallEntry | undefined,
  inputs: readonly Value[],
): LayerKind | undefined {
  if (!isOperation(module))
    return kerasLayer(name) ?? applicationLayer(name, config) ?? functionLayer(name, config, call)
  // A number that a tensor is added to is no input: what it gives is the tensor's shape.
  const plain = functionLayer(type, config, call)
  return plain && (inputs.length > 1 || !isArithmetic(type) || onlyNumbers(call)) ? plain : undefined
}

/** Whether what a call takes beside tensors has one value: it does not stretch them. */
function onlyNumbers(call: CallEntry | undefined): boolean {
  const args = elementsOf(member(call?.node, 'args'))
  return args.every(item => item.type !== 'array' && textOf(member(item, 'class_name')) !== '__numpy__')
}

/** A class that is not Keras' own, or code in the file: what it gives is known where the file says the shape. */
function unknownLayer(
  entry: LayerEntry,
  config: Config,
  inputs: readonly Value[],
  origin: Origin,
  builder: GraphBuilder,
  said: readonly Shape[],
): readonly Value[] {
  const { output_shape: shape } = config
  const sizes = Array.isArray(shape) && shape.every(size => size === null || typeof size === 'number') ? shape : null
  const reason =
    entry.type === 'Lambda' ? 'code inside a model is not read' : `${entry.type || 'this layer'} is not known`
  if (entry.type !== '' && entry.type !== 'Lambda' && !isOperation(entry.module))
    builder.problem({
      code: 'unknown-layer',
      severity: 'warning',
      span: origin.site.span,
      message: `${entry.type} is no layer of Keras that ConvLens knows.`,
    })
  const shapes = said.length > 0 ? said : [sizes ? [N, ...(sizes as Dim[])] : null]
  return builder.unknown(reason, inputs, origin, shapes)
}

/** A layer as a file says it. Keras wrote no `reset_after` before there was one: then a GRU had none. */
function written(type: string, given: Config): Modern {
  const { name, config } = modernize(type, given)
  return { name, config: name === 'GRU' ? { reset_after: false, ...config } : config }
}

/** Layers among the arguments (`layer` of TimeDistributed, `activation` of Keras 3) as layers. */
function withInner(config: Config): Config {
  const changed: Record<string, ConfigValue | undefined> = { ...config }
  for (const name of ['layer', 'backward_layer', 'cell', 'activation']) {
    if (!Object.hasOwn(config, name)) continue
    const value = config[name]
    changed[name] = Array.isArray(value) ? value.map(v => innerOf(v) ?? v) : (innerOf(value) ?? value)
  }
  // StackedRNNCells lists them in its own config.
  const { cell } = changed
  if (cell instanceof InnerLayer && Array.isArray(cell.config.cells))
    changed.cell = cell.config.cells.map(c => innerOf(c) ?? c)
  return changed
}

function innerOf(value: ConfigValue | undefined): InnerLayer | null {
  if (!isConfig(value)) return null
  const { class_name: type, config } = value
  if (typeof type !== 'string' || !isConfig(config)) return null
  const modern = written(type, config)
  const kind = kerasLayer(modern.name)
  const inner = withInner(modern.config)
  if (kind) return innerLayer(kind, inner)
  return new InnerLayer(type, inner, (inputs, draw) => draw.unknown(`${type} is not known`, inputs))
}

const isConfig = (value: ConfigValue | undefined): value is { readonly [name: string]: ConfigValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof InnerLayer)

interface DeclaredInput {
  readonly name: string
  /** Without the batch; null where even the rank is not said. */
  readonly shape: readonly Dim[] | null
}

interface ChosenInput extends DeclaredInput {
  readonly assumed: boolean
}

const inputLayersOf = (model: ModelEntry): readonly LayerEntry[] => {
  const named = model.inputs
    .map(({ layer }) => model.layers.find(entry => entry.name === layer))
    .filter(e => e !== undefined)
  return named.length > 0 ? named : model.layers.filter(isInput)
}

/** Inputs as the file declares them: InputLayers, or the first layer of a list. */
function inputsOf(model: ModelEntry): DeclaredInput[] {
  if (!model.sequential) return inputLayersOf(model).map(entry => ({ name: entry.name, shape: declaredShape(entry) }))
  const [first] = model.layers
  if (!first) return []
  const own = first.model ? inputsOf(first.model)[0]?.shape : declaredShape(first)
  const built = sizesOf(dataOf(model.buildShape))
  return [{ name: isInput(first) ? first.name : 'input', shape: own ?? built?.slice(1) ?? null }]
}

function declaredShape({ config, node }: LayerEntry): readonly Dim[] | null {
  for (const name of ['batch_input_shape', 'batch_shape']) {
    const sizes = sizesOf(dataOf(member(config, name)))
    if (sizes) return sizes.slice(1)
  }
  const sizes = sizesOf(dataOf(member(config, 'input_shape')) ?? dataOf(member(config, 'shape')))
  if (sizes) return sizes
  const built = sizesOf(dataOf(member(member(node, 'build_config'), 'input_shape')))
  if (built) return built.slice(1)
  const features = dataOf(member(config, 'input_dim'))
  return typeof features === 'number' && member(config, 'output_dim') && !member(config, 'input_length')
    ? [features]
    : null
}

const sizesOf = (value: ConfigValue): Shape | null =>
  Array.isArray(value) && value.every(isSize) ? (value as Shape) : null

/** As the options say, by name or in order; sizes of pictures that the file leaves open are assumed. */
function chooseInputs(
  declared: readonly DeclaredInput[],
  { inputs, assumed }: BuildOptions,
  filled: boolean,
): ChosenInput[] {
  return declared.map(({ name, shape }, i) => {
    const chosen = inputs.find(input => input.name === name) ?? inputs.filter(input => input.name === undefined)[i]
    const open = shape === null || shape.includes(null)
    if (chosen && (!assumed || (open && filled)))
      return { name, shape: fitting(chosen.shape, shape), assumed: assumed === true }
    if (filled && shape?.length === 3 && shape[2] !== null && open)
      return { name, shape: shape.map(size => size ?? USUAL_SIZE), assumed: true }
    return { name, shape, assumed: false }
  })
}

/** Channels first as `3x224x224` is meant for a model that takes channels last, where only that fits. */
function fitting(chosen: readonly Dim[], declared: readonly Dim[] | null): readonly Dim[] {
  if (chosen.length !== 3 || declared?.length !== 3) return chosen
  const [channels, height, width] = chosen as [Dim, Dim, Dim]
  return declared[2] !== null && declared[2] === channels && declared[2] !== width ? [height, width, channels] : chosen
}

/** What pictures are taken to be where nothing says it. */
const USUAL_SIZE = 224
