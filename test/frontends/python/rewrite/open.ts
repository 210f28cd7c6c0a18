import { candidates, directOf, type Group, widthFor } from '../../../../src/advisor/candidates'
import { deviceById } from '../../../../src/advisor/devices'
import type { FormName } from '../../../../src/advisor/forms'
import { type Between, planOf } from '../../../../src/advisor/plan'
import { type Analysis, analyze, type ModelAnalysis } from '../../../../src/analysis/analyze'
import { applyEdits } from '../../../../src/analysis/edits'
import { candidatesOf, propose } from '../../../../src/analysis/proposals'
import { verify } from '../../../../src/analysis/verify'
import type { Node } from '../../../../src/core/graph'
import type { Convolution } from '../../../../src/core/ops/convolution'
import type { TextEdit } from '../../../../src/core/problem'
import type { RewriteRequest } from '../../../../src/core/rewrite'
import type { Environment } from '../../../../src/frontends/frontend'

export interface Wanted {
  readonly form?: FormName
  readonly between?: Between
  readonly width?: number
  readonly ratio?: number
  readonly multiple?: number
  readonly model?: string
  readonly environment?: Environment
}

/** What stands in the text in place of the lines that a proposal for a layer changes; or why there is none. */
export function rewritten(text: string, path: string, wanted: Wanted = {}): string {
  const { form = 'reduce', between = 'nothing', environment, model: name, ...width } = wanted
  const analysis = analyze(
    { uri: 'file:///w/net.py', name: 'net.py', text, languageId: 'python' },
    { ...(name ? { model: name } : {}), ...(environment ? { environment } : {}) },
  )
  const model = analysis?.model()
  if (!analysis || !model) throw new Error('The text has no model.')
  const options = { form, between, device: deviceById('t4-fp16')!, ...width }
  const { candidates, held } = candidatesOf(model, options)
  const candidate = candidates.find(c => c.paths.includes(path))
  if (!candidate) throw new Error(`No candidate ${path}: ${JSON.stringify(held.map(h => [h.paths, h.text]))}`)
  const made = propose(analysis, model, candidate, options)
  return 'refused' in made ? made.refused : changed(text, applyEdits(text, made.edits))
}

/** The lines of the second text that the first does not have at both ends. */
function changed(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  return b.slice(start, b.length - end).join('\n')
}

/** All k×k convolutions of a model by place, also those that nobody would be advised to change. */
export function placesOf({ graph }: ModelAnalysis): Group[] {
  const { candidates: proposed, held } = candidates(graph, { form: 'reduce', device: deviceById('t4-fp16')! })
  const others = held.filter(({ reason }) => !LEFT.has(reason))
  return [...proposed, ...others].filter(({ nodes }) => nodes.every(isRewritable))
}

const LEFT = new Set(['unknown', 'linear', 'transposed', 'pointwise', 'depthwise', 'grouped'])
const isRewritable = (node: Node): boolean => {
  const { groups, kernel } = node.attributes as unknown as Convolution
  return groups === 1 && kernel.some(k => k > 1) && directOf(node) !== null
}

export interface Written {
  readonly edits: readonly TextEdit[]
  readonly model: ModelAnalysis
}

/** The first attempt that verifies; else what was said of the last. */
export function written(
  analysis: Analysis,
  model: ModelAnalysis,
  { site, nodes }: Group,
  form: FormName,
  between: Between,
): Written | string {
  const each = nodes.map(node => widthFor(directOf(node)!.cin, {}))
  const request: RewriteRequest = {
    site,
    nodes,
    steps: planOf(form, between),
    width: form === 'separable' ? { each: null } : { each, rule: { ratio: 4, multiple: 8 } },
  }
  const rewriting = analysis.file.rewrite!(request, { model: model.name, inputs: [] })
  if ('refused' in rewriting) return rewriting.refused
  let said = ''
  for (const { edits } of rewriting) {
    const edited = analysis.again(applyEdits(analysis.source.text, edits))
    const after = edited?.model(edited.find(model.name))
    const verified = after && verify(model, after, request)
    if (verified && 'replaced' in verified) return { edits, model: after }
    said = verified ? verified.differs : 'no model'
  }
  return said
}
