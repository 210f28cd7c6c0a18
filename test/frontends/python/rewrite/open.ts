import { deviceById } from '../../../../src/advisor/devices'
import type { FormName } from '../../../../src/advisor/forms'
import type { Between } from '../../../../src/advisor/plan'
import { analyze } from '../../../../src/analysis/analyze'
import { applyEdits } from '../../../../src/analysis/edits'
import { candidatesOf, propose } from '../../../../src/analysis/proposals'
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
