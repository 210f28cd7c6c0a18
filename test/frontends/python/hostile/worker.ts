import { parentPort } from 'node:worker_threads'
import { analyze } from '../../../../src/analysis/analyze'
import { labelText } from '../../../../src/features/hintLabel'
import { lineHints } from '../../../../src/features/hintLines'
import { work } from '../../../support/work'

export interface Question {
  readonly text: string
  readonly models: readonly string[]
}

/** What was read of each model. */
export type Answer = readonly {
  readonly hints: readonly string[]
  readonly params: number
  readonly completeness: string
  readonly codes: readonly string[]
  readonly uncounted: number
  readonly ms: number
}[]

parentPort!.on('message', ({ text, models }: Question) => {
  const answer: Answer = models.map(model => {
    const start = work()
    const source = { uri: 'file:///net.py', name: 'net.py', text, languageId: 'python' }
    const analysis = analyze(source, { model, inputs: [{ shape: [3, 8, 8] }] })!
    const built = analysis.model()!
    const hints = lineHints(analysis, { unit: 'MACs', quietLayers: false, maximumLength: 0 }, built)
    return {
      hints: hints.filter(hint => hint.offset > text.indexOf('class Net')).map(({ parts }) => labelText(parts)),
      params: built.totals.params,
      completeness: built.totals.completeness,
      codes: built.problems.map(problem => problem.code),
      uncounted: built.uncounted.length,
      ms: work() - start,
    }
  })
  parentPort!.postMessage(answer)
})
