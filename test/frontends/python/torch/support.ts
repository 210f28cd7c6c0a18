import { totals } from '../../../../src/core/cost'
import type { Dim } from '../../../../src/core/dim'
import { type Graph, GraphBuilder, type Site } from '../../../../src/core/graph'
import { formatShape, type Shape } from '../../../../src/core/shape'
import { builtins } from '../../../../src/frontends/python/interpreter/builtins'
import { call } from '../../../../src/frontends/python/interpreter/call'
import { PyError } from '../../../../src/frontends/python/interpreter/errors'
import { evaluate } from '../../../../src/frontends/python/interpreter/evaluate'
import { Frame } from '../../../../src/frontends/python/interpreter/frame'
import { type Loader, runModule } from '../../../../src/frontends/python/interpreter/imports'
import { standardLibrary } from '../../../../src/frontends/python/interpreter/library'
import { addModule, newRun } from '../../../../src/frontends/python/interpreter/program'
import { exceptionText } from '../../../../src/frontends/python/interpreter/text'
import { PyUnknown, type PyValue } from '../../../../src/frontends/python/interpreter/values'
import { parse } from '../../../../src/frontends/python/syntax/parser'
import { torchLibrary } from '../../../../src/frontends/python/torch/library'
import { namedModules, PyNNModule, weightsOf } from '../../../../src/frontends/python/torch/module'
import { namedParameters } from '../../../../src/frontends/python/torch/moduleMethods'
import { PyTensor } from '../../../../src/frontends/python/torch/tensor'
import { setTrace, Trace } from '../../../../src/frontends/python/torch/trace'
import { tensorsIn } from '../../../../src/frontends/python/torch/values'

const PRELUDE =
  'import copy, math\nimport torch\nfrom torch import nn, Tensor\nimport torch.nn.functional as F\nfrom functools import partial\n'

/** What came of one model that was built and called. */
export interface Ran {
  /** Shapes of the tensors that the call gave. */
  readonly outputs: readonly string[]
  /** `weight 6×4×3×3`, in the order in which PyTorch lists them. */
  readonly parameters: readonly string[]
  readonly buffers: readonly string[]
  readonly graph: Graph
  readonly params: number
  readonly trainable: number
  readonly macs: number
  readonly exact: boolean
  readonly problems: readonly string[]
  /** Why parts of the model are not known. */
  readonly unknown: readonly string[]
  /** Statements that failed. */
  readonly failed: readonly string[]
  /** The exception that ended it. */
  readonly raised: string | null
  readonly value: PyValue
}

export interface Given {
  readonly shape: Shape
  readonly dtype?: string
}

/** Runs Python code, then evaluates an expression and, where it is a module, calls it on tensors of these shapes. */
export function runTorch(code: string, expression: string, inputs: readonly (Given | Shape)[] = []): Ran {
  const builder = new GraphBuilder()
  const failed: string[] = []
  const loader: Loader = {
    library: name => torchLibrary(name) ?? standardLibrary(name),
    source: () => undefined,
    builtins,
  }
  const run = newRun(loader, { failed: message => void failed.push(message) })
  setTrace(run, new Trace(builder, { site: site(new Map()) }))
  const scope = addModule(run, loader, 'model', 'model.py', parse(PRELUDE + code).body)
  let value: PyValue = null
  let output: PyValue = null
  let raised: string | null = null
  try {
    runModule(run, scope)
    run.frame = new Frame('module', scope, null, null, null, scope.names)
    const statement = parse(expression).body[0]!
    if (statement.kind !== 'Expression') throw new Error(`${expression} is no expression`)
    value = evaluate(run, statement.value)
    output = value
    if (value instanceof PyNNModule && inputs.length > 0) {
      for (const [path, module] of namedModules(value)) module.path = path
      const args = inputs.map((given, i) => {
        const { shape, dtype } = 'shape' in given ? given : { shape: given, dtype: 'float32' }
        return new PyTensor(builder.input(`x${i}`, shape), dtype)
      })
      output = call(run, value, args)
    }
  } catch (error) {
    if (!(error instanceof PyError)) throw error
    raised = `${error.exception.cls.name}: ${exceptionText(run, error.exception)}`
  }
  const model = value instanceof PyNNModule ? value : null
  const unknown = model ? adopt(builder, model) : []
  const graph = builder.build()
  const sums = totals(graph)
  for (const node of graph.nodes) if (node.unknown !== null) unknown.push(node.unknown)
  if (value instanceof PyUnknown) unknown.push(value.reason)
  const listed = (of: 'parameters' | 'buffers'): string[] =>
    model ? [...namedParameters(model, of)].map(([name, t]) => `${name} ${formatShape(t.shape)}`) : []
  return {
    outputs: tensorsIn([output]).map(t => formatShape(t.shape)),
    parameters: listed('parameters'),
    buffers: listed('buffers'),
    graph,
    params: sums.params,
    trainable: sums.trainableParams,
    macs: sums.macs,
    exact: sums.completeness === 'exact' && unknown.length === 0,
    problems: graph.problems.map(p => p.message),
    unknown,
    failed,
    raised,
    value,
  }
}

function adopt(builder: GraphBuilder, model: PyNNModule): string[] {
  const unknown: string[] = []
  for (const [path, module] of namedModules(model)) {
    const weights = weightsOf(module)
    if (module.layer) builder.adopt(module.layer)
    else if (weights.length > 0) {
      builder.adopt(builder.detached('identity', {}, { site: module.site!, path, type: module.cls.name }, weights))
    }
    unknown.push(...module.unknownParts)
    for (const child of module.modules.values()) if (child instanceof PyUnknown) unknown.push(child.reason)
  }
  return unknown
}

const site =
  (known: Map<string, Site>) =>
  (file: string | null, span: { start: number; end: number }, name: string): Site => {
    const key = `${file}:${span.start}:${span.end}`
    const made = known.get(key) ?? { span, anchor: span.end, name }
    known.set(key, made)
    return made
  }

/** `2×3×8×8`, `N×3`, `scalar`. */
export const shapeOf = (text: string): Dim[] =>
  text === 'scalar'
    ? []
    : text.split('×').map(d => (d === 'N' ? { coefficient: 1, symbols: ['N'] } : d === '?' ? null : Number(d)))
