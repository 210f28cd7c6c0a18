import type { GraphBuilder, Layer, Memo, Origin, Value } from '../../core/graph'
import type { Fault } from '../../core/op'
import { type Attributes, type OpName, ops } from '../../core/ops'
import { elements, type Shape } from '../../core/shape'
import { type BadConfig, type Config, type ConfigValue, InnerLayer, REQUIRED, UnknownConfig } from './config'
import { follow, keep, type Recipes, recording, shapesKey } from './recipes'

/**
 * One class of keras.layers: its arguments, and the ops that a call draws. The table is shared by the front ends that
 * read Keras: one finds arguments in JSON, the other by interpreting Python.
 */
export interface LayerKind {
  /** As Keras 3 names the class. */
  readonly name: string
  /** Arguments of the constructor in their order, with their defaults; `REQUIRED` where there is none. */
  readonly parameters: Readonly<Record<string, ConfigValue | typeof REQUIRED>>
  /** Takes a list of tensors (Add, Concatenate). */
  readonly many?: true
  /** Arguments of its call that are tensors, in their order, where it takes several; the others are masks and flags. */
  readonly takes?: readonly string[]
  /** Dimensions that each input must have, the batch included. */
  readonly rank?: number
  /** Draws several ops that stand for the one layer: a composite of the graph. */
  readonly composite?: (config: Config) => boolean
  /** Its weights are those of layers inside: `trainable=False` given to it does not reach them in Keras 3. */
  readonly holdsLayers?: true
  /** Arguments that Keras 3 refuses and Keras 2 took. */
  readonly caution?: (config: Config) => BadConfig | null
  /** `config` has every default in it; `call` are arguments of the call (`return_attention_scores`). */
  readonly draw: (config: Config, inputs: readonly Value[], drawing: Drawing, call: Config) => readonly Value[]
}

/** Arguments that every layer takes beside its own. */
export const COMMON_PARAMETERS: readonly string[] = [
  'name',
  'trainable',
  'dtype',
  'autocast',
  'activity_regularizer',
  'input_shape',
  'batch_input_shape',
  'batch_shape',
  'batch_size',
  'input_dim',
  'input_length',
  'input_dtype',
  'weights',
]

/** Where a layer's ops go. */
export interface Drawing {
  /** A part that owns weights: declared at the layer's first call and shared by later ones. '' is the layer itself. */
  part<K extends OpName>(name: string, op: K, attributes: Attributes<K>, inputs: readonly Value[]): Value
  parts<K extends OpName>(
    name: string,
    op: K,
    attributes: Attributes<K>,
    inputs: readonly Value[],
    memo?: Memo,
  ): readonly Value[]
  /** An op without weights. */
  op<K extends OpName>(op: K, attributes: Attributes<K>, inputs: readonly Value[], memo?: Memo): Value
  /** Something that is not understood. */
  unknown(reason: string, inputs: readonly Value[], shapes?: readonly (Shape | null)[]): readonly Value[]
  /** For a layer inside: its parts are told apart by the name. */
  inside(name: string): Drawing
  /** For a layer inside that is not trained. */
  frozen(): Drawing
}

/** The weights that a layer has made so far, by part. One a layer, kept as long as the layer is. */
export type LayerParts = Map<string, Layer>

/** Declares a layer; a front end that counts weights later gives its own. */
export type Declare = <K extends OpName>(op: K, attributes: Attributes<K>, origin: Origin, frozen?: boolean) => Layer

/** Draws into a graph. `origin` is that of the call; `declare` is asked once a part. */
export function drawingOn(builder: GraphBuilder, parts: LayerParts, origin: Origin, declare: Declare): Drawing {
  return new GraphDrawing('', builder, parts, origin, declare)
}

/** Declares what is built at once as the graph's own. */
export const declareIn =
  (builder: GraphBuilder, trainable = true): Declare =>
  (op, attributes, origin, frozen = false) =>
    builder.layer(op, attributes, origin, !trainable || frozen) as unknown as Layer

/** Declares without counting: whoever owns the model adopts the layers later (GraphBuilder.adopt). */
export const declareDetached =
  (trainable = true): Declare =>
  (op, attributes, origin, frozen = false) => {
    const learned = trainable && !frozen
    const weights = (ops[op].weights?.(attributes as never) ?? []).map(spec => ({
      ...spec,
      kind: spec.kind === 'trainable' && !learned ? ('frozen' as const) : spec.kind,
      elements: elements(spec.shape),
    }))
    return { op, attributes, origin, weights } as unknown as Layer
  }

/**
 * Calls a layer: its arguments with defaults filled in, its inputs' rank checked. Throws BadConfig where Keras refuses
 * the arguments and UnknownConfig where they do not tell what the layer does. `scope` opens a composite. `recipes` are
 * those of the layer's arguments (recipesOf), where it is likely to come again.
 */
export function callLayer(
  kind: LayerKind,
  given: Config,
  inputs: readonly Value[],
  drawing: Drawing,
  scope: (body: () => readonly Value[]) => readonly Value[],
  call: Config = {},
  recipes: Recipes | null = null,
): readonly Value[] {
  if (inputs.length === 0) throw new UnknownConfig('it is called without a tensor')
  const key = recipes && isEmpty(call) ? shapesKey(inputs) : null
  const known = key === null ? undefined : recipes!.get(key)
  if (known) return known.composite ? scope(() => follow(known, inputs, drawing)) : follow(known, inputs, drawing)
  const config = withDefaults(kind, given)
  // What follows the first input of a layer that takes one is a state or a mask.
  const wrong = kind.rank === undefined ? null : rankFault(kind.many ? inputs : inputs.slice(0, 1), kind.rank)
  if (wrong) {
    const lost = drawing.op('compute', { function: kind.name, shapes: [null], faults: [wrong] }, inputs)
    // Its weights would follow from what it takes.
    return drawing.unknown(`it expects ${kind.rank} dimensions`, [lost])
  }
  const record = key === null ? null : recording(inputs, drawing)
  const composite = kind.composite?.(config) ?? false
  const body = (): readonly Value[] => kind.draw(config, inputs, record?.drawing ?? drawing, call)
  const outputs = composite ? scope(body) : body()
  if (record) keep(recipes!, key!, record.finish(outputs, composite))
  return outputs
}

/** A layer of the table as an argument of another one. */
export const innerLayer = (kind: LayerKind, config: Config): InnerLayer =>
  new InnerLayer(kind.name, withDefaults(kind, config), (inputs, drawing) =>
    callLayer(kind, config, inputs, config.trainable === false ? drawing.frozen() : drawing, body => body()),
  )

export function withDefaults({ parameters }: LayerKind, given: Config): Config {
  const config: Record<string, ConfigValue | undefined> = { ...given }
  for (const name of Object.keys(parameters)) {
    if (Object.hasOwn(given, name) && given[name] !== undefined) continue
    const otherwise = parameters[name]
    if (otherwise !== REQUIRED) config[name] = otherwise as ConfigValue
  }
  return config
}

/** Size of an axis where it is a known number. */
export const sizeAt = (value: Value | undefined, axis: number): number | null => {
  const size = value?.shape?.at(axis)
  return typeof size === 'number' ? size : null
}

function rankFault(inputs: readonly Value[], rank: number): Fault | null {
  const at = inputs.findIndex(v => v.shape !== null && v.shape.length !== rank)
  if (at < 0) return null
  const got = inputs[at]!.shape!.length
  return {
    code: 'shape-mismatch',
    input: at,
    message: ({ who, from }) => `${who} expects ${rank} dimensions and gets ${got}: ${from(at)}.`,
  }
}

class GraphDrawing implements Drawing {
  constructor(
    private readonly prefix: string,
    private readonly builder: GraphBuilder,
    private readonly made: LayerParts,
    private readonly origin: Origin,
    private readonly declare: Declare,
  ) {}

  parts<K extends OpName>(
    name: string,
    op: K,
    attributes: Attributes<K>,
    inputs: readonly Value[],
    memo?: Memo,
  ): readonly Value[] {
    const key = join(this.prefix, name)
    const own = this.originOf(name)
    let layer = this.made.get(key)
    if (!layer || layer.op !== op) {
      layer = this.declare(op, attributes, own)
      this.made.set(key, layer)
    }
    return this.builder.call(layer, inputs, own, memo)
  }

  part<K extends OpName>(name: string, op: K, attributes: Attributes<K>, inputs: readonly Value[]): Value {
    return this.parts(name, op, attributes, inputs)[0]!
  }

  op<K extends OpName>(op: K, attributes: Attributes<K>, inputs: readonly Value[], memo?: Memo): Value {
    return this.builder.addAll(op, attributes, inputs, this.originOf(''), false, memo)[0]!
  }

  unknown(reason: string, inputs: readonly Value[], shapes?: readonly (Shape | null)[]): readonly Value[] {
    return this.builder.unknown(reason, inputs, this.originOf(''), shapes)
  }

  inside(name: string): Drawing {
    return new GraphDrawing(join(this.prefix, name), this.builder, this.made, this.origin, this.declare)
  }

  frozen(): Drawing {
    const { prefix, builder, made, origin, declare } = this
    return new GraphDrawing(prefix, builder, made, origin, (op, attributes, from) =>
      declare(op, attributes, from, true),
    )
  }

  private originOf(name: string): Origin {
    const { prefix, origin } = this
    const full = join(prefix, name)
    return full === '' ? origin : { ...origin, path: join(origin.path, full) }
  }
}

const join = (a: string, b: string): string => (a && b ? `${a}.${b}` : a || b)

function isEmpty(config: Config): boolean {
  for (const _ in config) return false
  return true
}
