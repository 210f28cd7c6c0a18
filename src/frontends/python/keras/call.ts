import type { Site } from '../../../core/graph'
import { type Run, refuse } from '../interpreter/run'
import { unknownBase } from '../interpreter/unknownBase'
import type { Kwargs, PyValue } from '../interpreter/values'
import { traceOf } from '../torch/trace'
import { tensorsIn } from '../torch/values'
import { record } from './history'
import { invoke, type PyLayer, tellRoot } from './layer'

/**
 * Calls a layer: builds it at its first call, draws it, and outside any other call remembers the call, so that a
 * functional model can draw it again.
 */
export function callLayer(
  run: Run,
  self: PyLayer,
  args: readonly PyValue[],
  kwargs: Kwargs,
  called: Site | null = null,
): PyValue {
  const trace = traceOf(run)
  const inputs = tensorsIn(kwargs.size === 0 ? args : [...args, ...kwargs.values()])
  const outside = trace.path.length === 0
  if (outside && run.frame.kind === 'function' && trace.builds(inputs))
    return trace.aside(() => callLayer(run, self, args, kwargs, called))
  const constant = inputs.every(t => t.constant)
  if (outside && constant) tellRoot(run, self, args)
  if (self.name === '' && unknownBase(self.cls) === null)
    refuse('RuntimeError', `In layer ${self.cls.name}, you forgot to call super().__init__()`, {
      code: 'bad-argument',
      message: () => `${self.cls.name} does not call super().__init__() in its __init__.`,
    })
  // A layer between tensors is known by its name; what it is part of may give it a longer path.
  if (outside && self.kind) self.path ??= self.name
  const result = invoke(run, self, args, kwargs, called)
  return outside && !constant
    ? record(run, { layer: self, args, kwargs, frame: run.frame, at: run.frame.at }, result, inputs)
    : result
}
