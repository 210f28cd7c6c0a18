/** Evaluates one Python expression on tensors of given shapes, as the interpreter and the model of PyTorch see it. */
import { type Graph, GraphBuilder } from '../../src/core/graph'
import { formatShape, type Shape } from '../../src/core/shape'
import { builtins } from '../../src/frontends/python/interpreter/builtins'
import { PyError } from '../../src/frontends/python/interpreter/errors'
import { Frame } from '../../src/frontends/python/interpreter/frame'
import { type Loader, runModule } from '../../src/frontends/python/interpreter/imports'
import { standardLibrary } from '../../src/frontends/python/interpreter/library'
import { addModule, newRun } from '../../src/frontends/python/interpreter/program'
import { exceptionText, repr } from '../../src/frontends/python/interpreter/text'
import { PyList, PyTuple, PyUnknown, type PyValue } from '../../src/frontends/python/interpreter/values'
import { parse } from '../../src/frontends/python/syntax/parser'
import { torchLibrary } from '../../src/frontends/python/torch/library'
import { PyTensor, sizeClass } from '../../src/frontends/python/torch/tensor'
import { setTrace, Trace } from '../../src/frontends/python/torch/trace'

export interface Evaluated {
  /** `2×3`, several separated by a blank; `size 2×3`; anything else as Python prints it; `unknown: why`. */
  readonly result: string
  /** The class of the exception that it raised. */
  readonly raised: string | null
  readonly problems: readonly string[]
  readonly graph: Graph
  readonly macs: number
}

/** A shape, with the type of its elements where that is not float32. */
export interface Input {
  readonly shape: Shape
  readonly dtype?: string
}

const PRELUDE = 'import math\nimport torch\nimport torch.nn.functional as F\n'

/** The inputs are what a model is given: nothing is known of their numbers. */
export function evaluateExpression(
  expression: string,
  inputs: Readonly<Record<string, Input>> = {},
  prelude = '',
): Evaluated {
  const builder = new GraphBuilder()
  const loader: Loader = {
    library: name => torchLibrary(name) ?? standardLibrary(name),
    source: () => undefined,
    builtins,
  }
  const run = newRun(loader, {})
  const site = { span: { start: 0, end: 1 }, anchor: 1, name: 'it' }
  const trace = new Trace(builder, { site: (_file, _span, name) => ({ ...site, name }) })
  setTrace(run, trace)
  const scope = addModule(run, loader, 'it', 'it.py', parse(PRELUDE + prelude).body)
  runModule(run, scope)
  run.frame = new Frame('module', scope, null, null, null, scope.names)
  for (const [name, { shape, dtype }] of Object.entries(inputs)) {
    scope.names.set(name, new PyTensor(builder.input(name, shape), dtype))
  }
  // Inside a model's forward.
  trace.path.push('model')
  let result = ''
  let raised: string | null = null
  try {
    const [statement] = parse(expression).body
    if (statement?.kind !== 'Expression') throw new Error(`no expression: ${expression}`)
    result = shown(run.evaluate(statement.value), v => repr(run, v))
  } catch (error) {
    if (!(error instanceof PyError)) throw error
    raised = error.exception.cls.name
    result = `${raised}: ${exceptionText(run, error.exception)}`
  }
  const graph = builder.build()
  const macs = graph.nodes.reduce((sum, n) => sum + (n.cost.macs ?? Number.NaN), 0)
  return { result, raised, problems: graph.problems.map(p => p.message), graph, macs }
}

function shown(value: PyValue, text: (value: PyValue) => string): string {
  if (value instanceof PyTensor) return formatShape(value.shape)
  if (value instanceof PyUnknown) return `unknown: ${value.reason}`
  if (value instanceof PyTuple && value.cls === sizeClass) return `size ${value.items.map(text).join('×')}`
  if ((value instanceof PyTuple || value instanceof PyList) && value.items.some(v => v instanceof PyTensor))
    return value.items.map(v => shown(v, text)).join(' ')
  return text(value)
}
