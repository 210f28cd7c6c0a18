import { near } from './fixes/names'
import { lastName } from './fixes/tree'
import { sizesOf } from './inputs'
import type { UnknownCall } from './interpreter/call'
import type { Run } from './interpreter/run'
import { PyList, PyTuple, PyUnknown } from './interpreter/values'
import { layerMembers } from './keras/layers'
import type { Call } from './syntax/ast'
import { lostPart, PyNNModule } from './torch/module'
import { PyTensor } from './torch/tensor'
import { type Trace, traceOf } from './torch/trace'
import { tensorsIn } from './torch/values'

import { channelRank, note, type Usage } from './usages'

/** A call of something that is not modelled: tensors make it a node of the graph, a model with sizes a use of the model. */
export function unknownCall(trace: Trace, usages: Usage[]): UnknownCall {
  return (run, callee, args, kwargs) => {
    const values = [...args, ...kwargs.values()]
    const model = values.find(v => v instanceof PyNNModule)
    if (model instanceof PyNNModule) {
      for (const value of values) {
        const sizes = sizesOf(value, channelRank(run, model))
        if (sizes) note(run, usages, model, [], sizes as number[], false)
        else if (value instanceof PyTensor || value instanceof PyTuple || value instanceof PyList)
          note(run, usages, model, tensorsIn([value]), null, false)
      }
    }
    const tensors = tensorsIn(values)
    // The layer is made; what it gets is another call.
    if (tensors.length === 0) tellMisspelt(run, callee)
    if (tensors.length > 0 && !callee.harmless) {
      const part = { value: callee, declared: lostPart(callee) }
      return trace.unknown(run, nameOf(callee.reason, run), callee.reason, tensors, undefined, part)[0]!
    }
    return new PyUnknown(callee.reason, callee.harmless)
  }
}

/** `layers.Conv2d`: what keras.layers lacks, and nearly has. */
function tellMisspelt(run: Run, { reason }: PyUnknown): void {
  const name = /^keras\.layers\.(\w+) is not modelled$/.exec(reason)?.[1]
  const right = name === undefined ? null : near(name, keptNames)
  const { module, at } = run.frame
  const trace = traceOf(run)
  if (right === null || !trace.certain() || module.file === null) return
  const site = trace.places.site(module.file, at, name!)
  if (site.uri) return
  trace.builder.problem({
    code: 'unknown-layer',
    severity: 'error',
    span: site.span,
    message: `layers has no ${name}; ${right} is there.`,
  })
}
const keptNames = layerMembers.map(([name]) => name)

/** `fft.rfft2 is not modelled` speaks of rfft2; other reasons name nothing, and the call itself tells. */
function nameOf(reason: string, { frame }: Run): string {
  const named = /^(?:[\w.]*\.)?(\w+) is not /.exec(reason)?.[1]
  const at = frame.at as Partial<Call>
  return named ?? (at.kind === 'Call' && at.func ? lastName(at.func) : null) ?? 'call'
}
