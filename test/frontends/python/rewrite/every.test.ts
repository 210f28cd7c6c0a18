/**
 * Every convolution of every Python file at hand, in every form, with and without a norm between. What is written must
 * cost what the closed formulas say, keep the shapes of all other layers, and touch no line but the layer's own; what
 * is refused is named here, file by file.
 *
 * Of torchvision one model a family is rewritten where Debian's package has been unpacked.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { directOf, type Group, widthFor } from '../../../../src/advisor/candidates'
import { directWork, FORM_NAMES, type FormName, formWork } from '../../../../src/advisor/forms'
import type { Between } from '../../../../src/advisor/plan'
import { type AnalyzeOptions, analyze, type ModelAnalysis } from '../../../../src/analysis/analyze'
import { diskEnvironment } from '../../../../src/cli/disk'
import type { Node } from '../../../../src/core/graph'
import type { TextEdit } from '../../../../src/core/problem'
import { formatShape } from '../../../../src/core/shape'
import { placesOf, written } from './open'

const root = path.join(__dirname, '../../../..')
const torchvision = path.join(root, '.cache/torchvision/usr/lib/python3/dist-packages')

/** File, model (empty for the file's own), how many places have k×k convolutions, and what is refused how often. */
type Row = readonly [file: string, model: string, places: number, refused?: Readonly<Record<string, number>>]

const OWN: readonly Row[] = [
  ['examples/inception_module.py', '', 2],
  ['examples/resnet_bottleneck.py', '', 2],
  ['test/frontends/python/fixtures/varied.py', '', 2],
  ['test/frontends/python/rewrite/files/gan.py', '', 5],
  ['test/frontends/python/rewrite/files/unet.py', '', 2],
  ['test/frontends/python/rewrite/files/yolo.py', '', 6],
]

const TORCHVISION: readonly Row[] = [
  ['alexnet', 'alexnet', 5],
  ['convnext', 'convnext_tiny', 2],
  ['densenet', 'densenet121', 2],
  ['efficientnet', 'efficientnet_b0', 1],
  ['googlenet', 'googlenet', 4],
  ['inception', 'inception_v3', 25],
  ['maxvit', 'maxvit_t', 2],
  ['mnasnet', 'mnasnet1_0', 1],
  ['mobilenetv2', 'mobilenet_v2', 1],
  ['mobilenetv3', 'mobilenet_v3_large', 1],
  [
    'regnet',
    'regnet_y_400mf',
    1,
    // Its stem is a class around one 3×3 of a fixed kernel: only the reduction before it can be written.
    { 'The helper stem_type builds more than a convolution, and takes no kernel size to build the last 1×1 with.': 6 },
  ],
  ['resnet', 'resnet18', 3],
  ['resnet', 'resnet50', 2],
  ['shufflenetv2', 'shufflenet_v2_x1_0', 1],
  ['squeezenet', 'squeezenet1_0', 2],
  ['vgg', 'vgg11', 1],
  ['vgg', 'vgg16_bn', 1],
]

describe('every rewriting of own files', () => {
  for (const [file, model, places, refused] of OWN)
    test(file, () => {
      hold(path.join(root, file), model, places, refused, {})
    })
})

if (existsSync(torchvision)) {
  describe('every rewriting of torchvision', () => {
    const environment = diskEnvironment([torchvision])
    for (const [file, model, places, refused] of TORCHVISION)
      test(`${file}.py ${model}`, () => {
        hold(path.join(torchvision, `torchvision/models/${file}.py`), model, places, refused, { environment })
      }, 120_000)
  })
}

function hold(file: string, name: string, places: number, refused: Row[3], options: AnalyzeOptions): void {
  const text = readFileSync(file, 'utf8')
  const uri = pathToFileURL(file).href
  const asked = { ...options, ...(name ? { model: name } : {}) }
  const analysis = analyze({ uri, name: path.basename(file), text, languageId: 'python' }, asked)!
  const model = analysis.model()!
  const not: Record<string, number> = {}
  const groups = placesOf(model)
  expect(groups.map(g => g.name)).toHaveLength(places)
  for (const group of groups) {
    for (const form of FORM_NAMES) {
      for (const between of ['nothing', 'norm'] as const) {
        const made = written(analysis, model, group, form, between)
        if (typeof made === 'string') {
          not[made] = (not[made] ?? 0) + 1
          continue
        }
        const where = `${group.name} ${form} ${between}`
        costs(where, model, group, form, between, made.model)
        restStays(where, model, group, made.model)
        linesStay(where, text, group, made.edits)
      }
    }
  }
  expect(not).toEqual(refused ?? {})
}

/** By the closed formulas, to the number. A norm between has a weight and a bias a channel, and no MACs. */
function costs(
  where: string,
  before: ModelAnalysis,
  { nodes }: Group,
  form: FormName,
  between: Between,
  after: ModelAnalysis,
): void {
  let [macs, params] = [0, 0]
  for (const node of nodes) {
    const direct = directOf(node)!
    const r = form === 'separable' ? direct.cin : widthFor(direct.cin, {})
    const [is, was] = [formWork(form, direct, r), directWork(direct)]
    macs += is.macs - was.macs
    if (!node.firstCall) continue
    params += is.params - was.params
    if (between === 'norm') params += 2 * r * (form === 'bottleneck' ? 2 : 1)
  }
  expect(after.totals.macs - before.totals.macs, `${where} MACs`).toBe(macs)
  expect(after.totals.params - before.totals.params, `${where} params`).toBe(params)
  expect(after.totals.completeness).toBe(before.totals.completeness)
}

/** Every op with its output shape that the original has besides the rewritten, the edited model has as often or more. */
function restStays(where: string, before: ModelAnalysis, { nodes }: Group, edited: ModelAnalysis): void {
  const gone = new Set<Node>(nodes)
  const count = (all: readonly Node[]): Map<string, number> => {
    const found = new Map<string, number>()
    for (const { op, outputs } of all) {
      const key = `${op} ${outputs.map(o => formatShape(o.shape)).join(' ')}`
      found.set(key, (found.get(key) ?? 0) + 1)
    }
    return found
  }
  const after = count(edited.graph.nodes)
  for (const [key, times] of count(before.graph.nodes.filter(node => !gone.has(node))))
    expect(after.get(key) ?? 0, `${where}: ${key}`).toBeGreaterThanOrEqual(times)
  const shapes = ({ graph }: ModelAnalysis) => graph.outputs.map(o => formatShape(o.shape))
  expect(shapes(edited)).toEqual(shapes(before))
  expect(edited.problems.map(p => p.message)).toEqual(before.problems.map(p => p.message))
}

/** Edits are the layer's own lines, and names that an import is given. */
function linesStay(where: string, text: string, { site }: Group, edits: readonly TextEdit[]): void {
  for (const { span, newText } of edits) {
    const own = span.start <= site.span.end && span.end >= site.span.start
    const line = text.slice(text.lastIndexOf('\n', span.start - 1) + 1, span.start)
    expect(own || (span.start === span.end && /^from [\w.]+ import /.test(line)), `${where}: ${newText}`).toBe(true)
  }
}
