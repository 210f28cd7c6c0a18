/**
 * Every proposal on every definition that is at hand, held to what it promises by means other than those that made it:
 * the closed formulas for its cost, a fresh analysis for the edited text, and counted shapes for the rest of the network.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { directOf, widthFor } from '../../src/advisor/candidates'
import { deviceById } from '../../src/advisor/devices'
import { directWork, FORM_NAMES, formWork } from '../../src/advisor/forms'
import { type Analysis, analyze, type ModelAnalysis } from '../../src/analysis/analyze'
import { applyEdits } from '../../src/analysis/edits'
import { candidatesOf, type Proposal, propose } from '../../src/analysis/proposals'
import type { Node } from '../../src/core/graph'
import { formatShape } from '../../src/core/shape'

const device = deviceById('t4-fp16')
const root = path.join(__dirname, '../..')

function filesIn(folder: string, endings: readonly string[]): string[] {
  const whole = path.join(root, folder)
  if (!existsSync(whole)) return []
  return readdirSync(whole, { recursive: true, encoding: 'utf8' })
    .filter(file => endings.some(ending => file.endsWith(ending)))
    .map(file => path.join(folder, file))
    .sort()
}

/** Beside the checkout there may be files that people wrote. */
const files = [
  ...filesIn('examples', ['.yaml', '.py', '.prototxt']),
  ...filesIn('test/fixtures', ['.yaml', '.cfg']),
  ...filesIn('test/fixtures/keras', ['.py']),
  ...filesIn('../shared/corpora/ultralytics', ['.yaml']),
  ...filesIn('../shared/corpora/yaml_layers', ['.yaml', '.yml']),
  ...filesIn('../shared/corpora/darknet', ['.cfg']),
  ...filesIn('../shared/corpora/caffe/BVLC+caffe', ['.prototxt']),
  ...filesIn('../shared/corpora/caffe/soeaver+caffe-model/cls/resnet', ['.prototxt']),
]

const read = (file: string): Analysis | undefined => {
  const text = readFileSync(path.join(root, file), 'utf8')
  return analyze({ uri: `file:///${path.basename(file)}`, name: path.basename(file), text })
}

describe('every proposal keeps what it promises', () => {
  test.each(files)('%s', file => {
    const analysis = read(file)
    const model = analysis?.model()
    if (!analysis || !model) return
    for (const form of FORM_NAMES) {
      for (const between of ['nothing', 'norm'] as const) {
        const options = { form, between, device }
        for (const candidate of candidatesOf(model, options).candidates) {
          const made = propose(analysis, model, candidate, options)
          if ('refused' in made) {
            expect(made.refused, `${candidate.name} ${form} ${between}`).toMatch(/^[A-Z\p{N}[\]«»"'`].*\.$/su)
          } else hold(analysis, model, made)
        }
      }
    }
  })
})

function hold(analysis: Analysis, model: ModelAnalysis, proposal: Proposal): void {
  const { form, between, nodes, id } = proposal
  const where = `${analysis.source.name} ${id} ${between}`
  const edited = analyze(
    { ...analysis.source, text: applyEdits(analysis.source.text, proposal.edits) },
    { model: model.name },
  )
  const after = edited?.model()
  expect(after, where).toBeDefined()

  // By the closed formulas. Norms have a weight and a bias a channel, and Keras counts its statistics; Darknet gives every
  // convolution a bias or a norm.
  const darknet = analysis.format === 'darknet'
  const perNorm = analysis.format === 'keras' ? 4 : 2
  let [macs, params] = [0, 0]
  for (const node of nodes) {
    const direct = directOf(node)!
    const r = form === 'separable' ? direct.cin : widthFor(direct.cin, {})
    const [is, was] = [formWork(form, direct, r), directWork(direct)]
    macs += is.macs - was.macs
    const steps = form === 'bottleneck' ? 2 : 1
    const beside = between === 'norm' ? perNorm * r * steps : darknet ? r * steps : 0
    if (node.firstCall) params += is.params - was.params + beside
  }
  expect(after!.totals.macs - model.totals.macs, `${where}: MACs`).toBe(macs)
  expect(proposal.model.after.macs, where).toBe(after!.totals.macs)
  expect(proposal.model.after.params, where).toBe(after!.totals.params)
  expect(after!.totals.params - model.totals.params, `${where}: params`).toBe(params)
  expect(proposal.cost.after.macs - proposal.cost.before.macs, where).toBe(macs)

  // What is left of the network when the layers in question are taken out is the same as before.
  const replaced = new Set(nodes)
  const others = countShapes(model.graph.nodes.filter(node => !replaced.has(node)))
  const left = countShapes(after!.graph.nodes)
  for (const [shape, count] of others) expect(left.get(shape) ?? 0, `${where}: ${shape}`).toBeGreaterThanOrEqual(count)
  expect(after!.graph.outputs.map(o => formatShape(o.shape))).toEqual(
    model.graph.outputs.map(o => formatShape(o.shape)),
  )
  const errors = (of: ModelAnalysis): string[] => of.problems.filter(p => p.severity === 'error').map(p => p.code)
  expect(errors(after!), where).toEqual(errors(model))
}

function countShapes(nodes: readonly Node[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { op, outputs } of nodes) {
    const key = `${op} ${outputs.map(o => formatShape(o.shape)).join(' ')}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}
