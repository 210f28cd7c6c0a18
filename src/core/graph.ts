import type { Span } from '../base/text'
import { type NodeCost, nodeCost } from './cost'
import { placeOf, problemOf } from './faults'
import type { Fault, Inference, WeightSpec } from './op'
import { type Attributes, type OpName, ops } from './ops'
import type { Problem } from './problem'
import { inputReach, mergeReach, type Reach, reachThrough } from './reach'
import { elements, type Shape, soundShape } from './shape'

/**
 * A place in a text where a layer is declared. It gets one hint, whatever is built there. All that one place builds
 * shares the one object: sites are compared by identity.
 */
export interface Site {
  readonly span: Span
  /** All that spells it, where `span` is only its head: a layer with everything between its brackets. */
  readonly whole?: Span
  /** Where the hint stands: the end of the first line, before a trailing comment. */
  readonly anchor: number
  /** What messages call it: `conv4`, `row 12`, `[route] 30`. */
  readonly name: string
  /** Where attributes stand in the text, by our name (`inChannels`), and as the file spells them (`in_channels`). */
  readonly attributes?: Readonly<Record<string, { readonly span: Span; readonly spelled?: string }>>
  /** The file it stands in and its 0-based line there, when that is not the analysed one. */
  readonly uri?: string
  readonly line?: number
  /** Its line has no room for a hint: one that holds a whole file. */
  readonly hintless?: true
}

/** Where something comes from: its place in the text, its module path (`layer1.0.conv2`), its type as the file spells it. */
export interface Origin {
  readonly site: Site
  readonly path: string
  readonly type: string
  /** Where it is called, in formats that declare layers in one place and call them in another. */
  readonly called?: Site
  /** What messages call it, where one place builds several layers. */
  readonly name?: string
  /** The line that asked for it, where a function or a block of the program built it for that line. */
  readonly asked?: Site
  /** The call of a function of the program that gave it, where that is another place: a helper's caller. */
  readonly returned?: Site
}

/** A tensor that a layer stores. Identity decides: shared weights are one object and are counted once. */
export interface Weight extends WeightSpec {
  readonly elements: number | null
}

/** A layer that was declared: it owns weights and can be called any number of times. */
export interface Layer<K extends OpName = OpName> {
  readonly op: K
  readonly attributes: Attributes<K>
  readonly origin: Origin
  readonly weights: readonly Weight[]
}

/** A tensor. `cause` is the node at which its shape was lost. */
export interface Value {
  readonly id: number
  readonly shape: Shape | null
  readonly producer: Node | null
  readonly name: string
  readonly reach: Reach
  readonly cause: Node | null
  /** The numbers of a small constant tensor in row order, at most 64; absent where they are not known. */
  data?: readonly number[]
}

/** One call of an op. `unknown` says why nothing is known of what it does. */
export interface Node {
  readonly id: number
  readonly op: OpName | 'unknown'
  readonly attributes: Readonly<Record<string, unknown>>
  readonly layer: Layer | null
  /** False from the second call of a layer on: its weights were counted at the first. */
  readonly firstCall: boolean
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly origin: Origin
  readonly scope: Scope | null
  readonly cost: NodeCost
  readonly unknown: string | null
}

/** A composite that a file spells as one layer (a row, a block): the nodes between `first` and `last` are its own. */
export interface Scope {
  readonly origin: Origin
  readonly parent: Scope | null
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  /** Ids of the nodes inside: from `first` up to, not including, `last`. */
  readonly first: number
  readonly last: number
}

/** A reference in the text to a place in the text, for go to definition and find references. */
export interface Link {
  readonly span: Span
  readonly target: Span
}

export interface Graph {
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly nodes: readonly Node[]
  readonly layers: readonly Layer[]
  readonly scopes: readonly Scope[]
  readonly problems: readonly Problem[]
  readonly links: readonly Link[]
  /** Said in words when a bound was hit and the rest was left out. */
  readonly stopped: string | null
}

/** Values are told apart across graphs too: a stored tensor may be made while another graph is drawn. */
let nextValue = 0

/** More calls than this are left out, and a problem says so. */
const MAX_NODES = 200_000

/** Runs a definition: every op that is added has its shapes and its cost inferred at once. Never throws on what a user wrote. */
export class GraphBuilder {
  private readonly inputs: Value[] = []
  private readonly outputs: Value[] = []
  private readonly nodes: Node[] = []
  private readonly layers: Layer[] = []
  private readonly scopes: Scope[] = []
  private readonly problems: Problem[] = []
  private readonly links: Link[] = []
  private readonly told = new Set<string>()
  private readonly called = new Set<Layer>()
  private readonly interned = new Map<string, object>()
  private readonly shared = new Map<object, Shared>()
  /** Set while it is not known whether what is added is reached: its faults are not told. */
  quiet = false
  /** Where faults are told that stand in other files alone: the model that is drawn. */
  ground: Site | null = null
  /** Composites in which something does not fit already. */
  private readonly wrong = new Set<object>()
  private scopeStack: MutableScope[] = []
  private stopped: string | null = null

  input(name: string, shape: Shape | null): Value {
    const value: Value = { id: nextValue++, shape, producer: null, name, reach: inputReach(shape), cause: null }
    this.inputs.push(value)
    return value
  }

  output(value: Value): void {
    this.outputs.push(value)
  }

  /**
   * Declares a layer without calling it; its weights count even if it is never called. The weights of a frozen one are
   * not learned.
   */
  layer<K extends OpName>(op: K, attributes: Attributes<K>, origin: Origin, frozen = false): Layer<K> {
    const shared = this.shared.get(attributes as object)
    let specs = shared?.specs.get(op)
    if (!specs) {
      specs = (ops[op].weights?.(attributes as never) ?? []).map(spec => ({ ...spec, elements: elements(spec.shape) }))
      shared?.specs.set(op, specs)
    }
    const weights = specs.map(({ name, shape, kind, elements }) => ({
      name,
      shape,
      kind: frozen && kind === 'trainable' ? ('frozen' as const) : kind,
      elements,
    }))
    const layer: Layer<K> = { op, attributes, origin, weights }
    if (!this.full(origin)) this.layers.push(layer as unknown as Layer)
    return layer
  }

  /**
   * A layer whose weights were made before it, maybe shared with others. They count once it is adopted: in a program,
   * what is built need not be part of the model.
   */
  detached<K extends OpName>(op: K, attributes: Attributes<K>, origin: Origin, weights: readonly Weight[]): Layer<K> {
    return { op, attributes, origin, weights }
  }

  /** Counts the weights of a detached layer as the model's. */
  adopt(layer: Layer): void {
    // What was built before a program was stopped is there all the same.
    if (this.layers.length < MAX_NODES) this.layers.push(layer)
    else this.full(layer.origin)
  }

  /** Calls a layer; the first output is what almost every op has alone. */
  call(layer: Layer, inputs: readonly Value[], origin: Origin = layer.origin, memo?: Memo): Value[] {
    const firstCall = !this.called.has(layer)
    this.called.add(layer)
    return this.run(layer, inputs, origin, firstCall, memo)
  }

  private run(layer: Layer, inputs: readonly Value[], origin: Origin, firstCall: boolean, memo?: Memo): Value[] {
    const { op, attributes } = layer
    const { inference, cost } = this.infer(layer, inputs, firstCall, memo)
    for (const fault of inference.faults ?? []) this.fault(fault, layer, inputs, origin)
    return this.push(
      { op, attributes: attributes as Record<string, unknown>, layer, firstCall, inputs, origin, cost },
      inference.shapes,
    )
  }

  /**
   * One object for equal attributes, by a key that says all of them: weights and costs of layers that share it are found
   * once for the same input shapes. Long files repeat themselves.
   */
  intern<A extends object>(key: string, make: () => A): A {
    const known = this.interned.get(key)
    if (known) return known as A
    const made = make()
    this.interned.set(key, made)
    this.shared.set(made, { specs: new Map(), last: null })
    return made
  }

  /** Declares a layer and calls it once: what a text format does with every row. Gives the first output. */
  add<K extends OpName>(op: K, attributes: Attributes<K>, inputs: readonly Value[], origin: Origin): Value {
    return this.addAll(op, attributes, inputs, origin)[0]!
  }

  /** As `add`, with all outputs (split, chunk). */
  addAll<K extends OpName>(
    op: K,
    attributes: Attributes<K>,
    inputs: readonly Value[],
    origin: Origin,
    frozen = false,
    memo?: Memo,
  ): Value[] {
    return this.run(this.layer(op, attributes, origin, frozen) as unknown as Layer, inputs, origin, true, memo)
  }

  /**
   * Something that is not understood: it is listed with its reason and makes totals "at least". Its params and MACs
   * are unknown unless they are given; `shapes` may still be known.
   */
  unknown(
    reason: string,
    inputs: readonly Value[],
    origin: Origin,
    shapes: readonly (Shape | null)[] = [null],
  ): Value[] {
    const cost = nodeCost(
      'unknown',
      {},
      inputs.map(v => v.shape),
      shapes,
      [],
      true,
    )
    return this.push(
      { op: 'unknown', attributes: {}, layer: null, firstCall: true, inputs, origin, cost, unknown: reason },
      shapes,
    )
  }

  /** A value that nothing is known of, where no op made it (a dangling reference whose problem is already told). */
  lost(name: string): Value {
    return this.given(null, name)
  }

  /** A value that stands for an input while something is defined. */
  placeholder(shape: Shape | null, name: string): Value {
    return { id: nextValue++, shape, producer: null, name, reach: inputReach(shape), cause: null }
  }

  /** A value that no op made and that is no input: a constant, a stored tensor. */
  given(shape: Shape | null, name = ''): Value {
    return { id: nextValue++, shape, producer: null, name, reach: null, cause: null }
  }

  /** Everything added by `body` belongs to one composite layer; gives what `body` gives as its outputs. */
  scope(origin: Origin, inputs: readonly Value[], body: () => readonly Value[]): readonly Value[] {
    const scope: MutableScope = {
      origin,
      parent: this.scopeStack.at(-1) ?? null,
      inputs,
      outputs: [],
      first: this.nodes.length,
      last: this.nodes.length,
    }
    this.scopes.push(scope)
    this.scopeStack.push(scope)
    try {
      scope.outputs = body()
    } finally {
      this.scopeStack.pop()
      scope.last = this.nodes.length
    }
    return scope.outputs
  }

  /**
   * Takes over what another builder drew, as what a call of one composite gives: a definition whose placeholders have
   * the shapes of the inputs is the drawing itself. Only where nothing was drawn yet, and the other is read no more.
   */
  takeOver(
    { nodes, layers, scopes }: Graph,
    origin: Origin,
    inputs: readonly Value[],
    outputs: readonly Value[],
  ): void {
    const whole: Scope = { origin, parent: null, inputs, outputs, first: 0, last: nodes.length }
    for (const part of [...nodes, ...scopes] as { scope?: Scope | null; parent?: Scope | null }[]) {
      if (part.scope === null) part.scope = whole
      if (part.parent === null) part.parent = whole
    }
    for (const input of inputs) this.inputs.push(input)
    for (const node of nodes) this.nodes.push(node)
    for (const layer of layers) this.layers.push(layer)
    this.scopes.push(whole)
    for (const scope of scopes) this.scopes.push(scope as MutableScope)
  }

  problem(problem: Problem): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem)
  }

  link(span: Span, target: Span): void {
    this.links.push({ span, target })
  }

  /** True once the bound on calls is reached: what is added then is dropped, so a caller may stop early. */
  get isFull(): boolean {
    return this.stopped !== null
  }

  /** Stops the analysis: totals become lower bounds, and `what` says why. */
  stop(what: string, span: Span, severity: Problem['severity'] = 'warning'): void {
    if (this.stopped !== null) return
    this.stopped = what
    this.problems.push({
      code: 'limit',
      severity,
      span,
      message: `Stopped after ${what}; the rest is not counted.`,
    })
  }

  /** How many nodes and layers there are so far; what is added between two looks is a range of each. */
  get counts(): { readonly nodes: number; readonly layers: number } {
    return { nodes: this.nodes.length, layers: this.layers.length }
  }

  build(): Graph {
    const { inputs, outputs, nodes, layers, scopes, problems, links, stopped } = this
    return { inputs, outputs, nodes, layers, scopes, problems, links, stopped }
  }

  /** Infers shapes and costs, or takes them from the last call with the same attributes on the same shapes. */
  private infer(layer: Layer, inputs: readonly Value[], firstCall: boolean, memo?: Memo): Inferred {
    const { op, attributes, weights } = layer
    const shared = this.shared.get(attributes)
    const last = memo?.inferred ?? shared?.last
    const frozen = weights[0]?.kind === 'frozen'
    if (
      last &&
      last.op === op &&
      last.attributes === attributes &&
      last.firstCall === firstCall &&
      last.frozen === frozen &&
      last.shapes.length === inputs.length &&
      last.shapes.every((shape, i) => identical(shape, inputs[i]!.shape))
    ) {
      return last
    }
    const shapes = inputs.map(v => v.shape)
    const inferred = ops[op].infer(attributes as never, shapes)
    const inference = { ...inferred, shapes: inferred.shapes.map(soundShape) }
    const cost = nodeCost(op, attributes, shapes, inference.shapes, weights, firstCall)
    const made: Inferred = { op, attributes, firstCall, frozen, shapes, inference, cost }
    if (shared) shared.last = made
    if (memo && !memo.inferred && !inference.faults?.length) memo.inferred = made
    return made
  }

  private full(origin: Origin): boolean {
    if (this.nodes.length < MAX_NODES && this.layers.length < MAX_NODES && this.stopped === null) return false
    this.stop(`${MAX_NODES.toLocaleString('en')} layers`, placeOf(origin, this.scopeStack)?.span ?? NOWHERE)
    return true
  }

  private push(
    part: Omit<Node, 'id' | 'outputs' | 'scope' | 'unknown'> & { unknown?: string },
    shapes: readonly (Shape | null)[],
  ): Value[] {
    const { op, attributes, layer, firstCall, inputs, origin, cost, unknown = null } = part
    const full = this.full(origin)
    const outputs: Value[] = []
    const scope = this.scopeStack.at(-1) ?? null
    const id = this.nodes.length
    const node: Node = { id, op, attributes, layer, firstCall, inputs, outputs, origin, scope, cost, unknown }
    const before = inputs.length === 1 ? inputs[0]!.reach : mergeReach(inputs.map(v => v.reach))
    const reach = reachThrough(op, attributes, before, inputs[0]?.shape ?? null, shapes[0] ?? null)
    const producer = full ? null : node
    for (const shape of shapes) {
      const lost = shape === null || shape.includes(null)
      const cause = lost
        ? (inputs.find(v => v.cause)?.cause ?? (unknown !== null || !inputs.some(isLost) ? node : null))
        : null
      outputs.push({ id: nextValue++, shape, producer, name: '', reach, cause })
    }
    if (!full) this.nodes.push(node)
    return outputs
  }

  private fault(fault: Fault, layer: Layer, inputs: readonly Value[], origin: Origin): void {
    if (this.quiet) return
    const around = this.scopeStack.at(-1)
    const known = around !== undefined && this.wrong.has(around)
    for (const scope of this.scopeStack) this.wrong.add(scope)
    const problem = problemOf(fault, inputs, layer, origin, this.scopeStack, this.ground)
    if (!problem) return
    if (origin.called) {
      // A block that is called many times is wrong once.
      const key = `${problem.span.start} ${origin.site.uri ?? ''} ${origin.site.span.start} ${fault.code}`
      if (this.told.has(key)) return
      this.told.add(key)
    }
    // What goes wrong inside a layer of the framework goes wrong once.
    if (known && !origin.called && around.origin.called?.span.start === origin.site.span.start) return
    this.problem(problem)
  }
}

type MutableScope = { -readonly [K in keyof Scope]: Scope[K] }

/** What is known of attributes that several layers share. */
interface Shared {
  readonly specs: Map<OpName, readonly Weight[]>
  last: Inferred | null
}

/** Keeps what a call without a fault gave, for calls of the same attributes on the same shapes, in any graph. */
export interface Memo {
  inferred?: Inferred
}

/** What the last call of some attributes gave. */
interface Inferred {
  readonly op: OpName
  readonly attributes: object
  readonly firstCall: boolean
  readonly frozen: boolean
  readonly shapes: readonly (Shape | null)[]
  readonly inference: Inference
  readonly cost: NodeCost
}

/** The same dimensions, without asking what symbols may stand for. */
const identical = (a: Shape | null, b: Shape | null): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((dim, i) => dim === b[i]))

/** The first place of a file, for what stands in none of its lines. */
const NOWHERE: Span = { start: 0, end: 0 }

/** More problems than this help nobody. */
const MAX_PROBLEMS = 1000

const isLost = (value: Value): boolean => value.shape === null || value.shape.includes(null)
