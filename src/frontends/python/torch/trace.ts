import type { Span } from '../../../base/text'
import { GraphBuilder, type Layer, type Origin, type Site } from '../../../core/graph'
import { type Attributes, type OpName, ops } from '../../../core/ops'
import { type Shape, soundShape } from '../../../core/shape'
import { isCertain } from '../interpreter/frame'
import type { Run } from '../interpreter/run'
import type { PyValue } from '../interpreter/values'
import { keepsOrder } from './memory'
import { PyParameter, PyTensor } from './tensor'
import { tensorsIn } from './values'

/** What a place of the program looks like to the graph: files have their own sites. */
export interface Places {
  /** `signature` names the arguments of what is constructed there. */
  site(file: string | null, span: Span, name: string, signature?: string): Site
}

/** The graph that a run draws, and where in the model it is drawing. */
export class Trace {
  /** Paths of the modules that are being called, outermost first. */
  readonly path: string[] = []
  /** The batch that the program itself gives the model, where that is what is drawn. */
  batch: number | null = null
  /** Whether nothing unknown decided that the program is where it is: else what does not fit may not come to it. */
  certain: () => boolean = () => true
  /** By the graph that shows it, what was called of which nothing is known. */
  private readonly unknownParts = new WeakMap<GraphBuilder, Set<PyValue>>()
  /** Set while a part is tried that is being built. */
  private trying = false
  constructor(
    /** The graph that is drawn into now: what runs before a model is built draws elsewhere. */
    public builder: GraphBuilder,
    readonly places: Places,
  ) {}

  /** The origin of an op that no module declares: a function or a tensor method called in the program. */
  here(run: Run, type: string): Origin {
    const { frame } = run
    const path = this.path.at(-1) ?? ''
    return {
      site: this.places.site(frame.module.file, frame.at, type),
      path: path ? `${path}.${type}` : type,
      type,
    }
  }

  /** Draws one op that owns no weights; gives its first output. */
  op<K extends OpName>(
    run: Run,
    op: K,
    attributes: Attributes<K>,
    inputs: readonly PyTensor[],
    type: string,
  ): PyTensor {
    return this.ops(run, op, attributes, inputs, type)[0]!
  }

  /** As `op`, with all outputs. */
  ops<K extends OpName>(
    run: Run,
    op: K,
    attributes: Attributes<K>,
    inputs: readonly PyTensor[],
    type: string,
  ): PyTensor[] {
    if (this.folds(run, op, inputs)) {
      const { shapes, faults = [] } = ops[op].infer(
        attributes as never,
        inputs.map(t => t.shape),
      )
      if (faults.length === 0)
        return shapes.map(shape => laid(this.constant(soundShape(shape), inputs[0]!.dtype), op, inputs))
    }
    this.builder.quiet = !this.certain()
    const values = this.builder.addAll(
      op,
      attributes,
      inputs.map(t => t.value),
      this.here(run, type),
    )
    return values.map(value => laid(new PyTensor(value, inputs[0]?.dtype), op, inputs))
  }

  /**
   * Whether a call only makes a constant, which is not drawn: positions and masks, and what is done to parameters while
   * a model is built. Products that run with the model, or stand in a script of their own, are drawn, whatever they are of.
   */
  private folds(run: Run, op: OpName, inputs: readonly PyTensor[]): boolean {
    const building = this.path.length === 0
    if ((!building || run.frame.kind === 'module') && ops[op].macs) return false
    return inputs.length > 0 && inputs.every(t => t.constant || (building && t instanceof PyParameter))
  }

  /** Whether a call outside any module only tries a part that is being built: `self.stem(torch.zeros(1, 3, 224, 224))`. */
  builds(inputs: readonly PyTensor[]): boolean {
    return !this.trying && inputs.length > 0 && inputs.every(t => t.constant)
  }

  /** Draws where nobody looks: what comes of it are constants of the shapes that came out. */
  aside(body: () => PyValue): PyValue {
    const { builder } = this
    this.builder = new GraphBuilder()
    this.trying = true
    try {
      const result = body()
      for (const tensor of tensorsIn([result])) {
        if (tensor instanceof PyParameter) continue
        tensor.value = builder.given(tensor.shape)
        tensor.constant = true
      }
      return result
    } finally {
      this.builder = builder
      this.trying = false
    }
  }

  /** Several ops that the program spells as one call: a composite of the graph. */
  composite(run: Run, type: string, inputs: readonly PyTensor[], body: () => PyTensor): PyTensor {
    let result: PyTensor | null = null
    this.builder.scope(
      this.here(run, type),
      inputs.map(t => t.value),
      () => {
        result = body()
        return [result.value]
      },
    )
    return result!
  }

  /**
   * Draws an op whose weights are tensors of the program: `F.conv2d(x, self.weight)`. They count for the module that
   * registered them, and only if it did.
   */
  weighted<K extends OpName>(
    run: Run,
    op: K,
    attributes: Attributes<K>,
    inputs: readonly PyTensor[],
    type: string,
    weights: readonly (PyTensor | null)[],
  ): PyTensor[] {
    const origin = this.here(run, type)
    const own = weights.flatMap(w => (w instanceof PyParameter ? [w.weight] : []))
    return this.layer(this.builder.detached(op, attributes, origin, own) as unknown as Layer, inputs, origin)
  }

  /** Calls a layer that a module declared. */
  layer(layer: Layer, inputs: readonly PyTensor[], origin: Origin): PyTensor[] {
    this.builder.quiet = !this.certain()
    return this.builder
      .call(
        layer,
        inputs.map(t => t.value),
        origin,
      )
      .map(value => laid(new PyTensor(value, inputs[0]?.dtype), layer.op, inputs))
  }

  /** Something that is not modelled, with the tensors it was given; `part` where it is one of a module's. */
  unknown(
    run: Run,
    what: string,
    reason: string,
    inputs: readonly PyTensor[],
    shapes: readonly (Shape | null)[] = [null],
    part?: { readonly value: PyValue; readonly declared: Pick<Origin, 'site' | 'path'> | undefined },
  ): PyTensor[] {
    if (this.path.length === 0 && inputs.length > 0 && inputs.every(t => t.constant))
      return shapes.map(shape => this.constant(shape))
    const here = this.here(run, what)
    if (part) {
      const parts = this.unknownParts.get(this.builder) ?? new Set()
      this.unknownParts.set(this.builder, parts.add(part.value))
    }
    return this.builder
      .unknown(
        reason,
        inputs.map(t => t.value),
        part?.declared ? { ...here, ...part.declared, called: here.site } : here,
        shapes,
      )
      .map(value => new PyTensor(value))
  }

  /** Whether a graph shows a call of something that nothing is known of. */
  showsUnknown(builder: GraphBuilder, value: PyValue): boolean {
    return this.unknownParts.get(builder)?.has(value) === true
  }

  /** A tensor that is simply there: a constant, a random one. */
  constant(shape: Shape | null, dtype = 'float32', data: readonly number[] | null = null): PyTensor {
    const tensor = new PyTensor(this.builder.given(shape), dtype)
    tensor.data = data
    tensor.constant = true
    return tensor
  }
}

function laid(result: PyTensor, op: string, inputs: readonly PyTensor[]): PyTensor {
  result.memory = keepsOrder(op) && inputs.every(t => t.memory === 'plain') ? 'plain' : null
  return result
}

const KEY = Symbol('trace')
export function setTrace(run: Run, trace: Trace): void {
  run.state.set(KEY, trace)
  trace.certain = () => isCertain(run.frame)
}
export const traceOf = (run: Run): Trace => run.state.get(KEY) as Trace
