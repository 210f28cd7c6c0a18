/** PanelModels that the page is fed with, made by panelModel() from real analyses. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { deviceById } from '../../src/analysis/advice'
import { advise } from '../../src/analysis/advise'
import { type Analysis, analyze } from '../../src/analysis/analyze'
import { applyPicks } from '../../src/analysis/picks'
import { panelApplied, panelBudget } from '../../src/features/panelApplied'
import { panelCompare } from '../../src/features/panelCompare'
import { panelModel } from '../../src/features/panelModel'
import { panelProposal } from '../../src/features/panelProposal'
import type { Side } from '../../src/features/reportCompare'
import type { FromPanel, PanelForm, PanelModel, PanelRatio, PanelUnit, ToPanel } from '../../src/protocol/panel'
import type { CompareChoice } from '../../src/protocol/panelCompare'
import { long, mobilenet, resnet, single, vgg16, withShapeError, withUnknown } from './networks'
import { vgg16Text } from './vgg16'

export { panelHtml } from '../../src/extension/panelHtml'

/** A network of a file of this repository, or of the corpora beside it where they are. */
function fromFile(file: string): Analysis | undefined {
  const full = path.resolve(file)
  if (!existsSync(full)) return undefined
  return analyze({ uri: `file:///${path.basename(file)}`, name: path.basename(file), text: readFileSync(full, 'utf8') })
}

/** A line that builds three convolutions of different widths. */
const BLOCKS = `# convlens: input=64x56x56
from torch import nn


class Block(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(cout)

    def forward(self, x):
        return self.norm(self.conv(x)).relu()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(a, b) for a, b in ((64, 64), (64, 128), (128, 256))])

    def forward(self, x):
        return self.blocks(x)
`

const built = {
  resnet: resnet(),
  vgg16: vgg16(),
  single: single(),
  unknown: withUnknown(),
  error: withShapeError(),
  long: long(),
}

const read = {
  blocks: analyze({ uri: 'file:///blocks.py', name: 'blocks.py', text: BLOCKS }),
  vgg: analyze({ uri: 'file:///vgg16.yaml', name: 'vgg16.yaml', text: vgg16Text() }),
  'resnet-yaml': fromFile('examples/resnet50.yaml'),
  googlenet: fromFile('examples/googlenet.yaml'),
  inception5: fromFile('examples/inception-5x5-direct.yaml'),
  resnet18: fromFile('examples/resnet18.yaml'),
  yolo11: fromFile('../shared/corpora/ultralytics/11/yolo11.yaml'),
  yolov4: fromFile('../shared/corpora/darknet/AlexeyAB+darknet/cfg/yolov4x-mish.cfg'),
}

/** VGG-16 with five of its convolutions through a quarter of their channels. */
function reduced(vgg: Analysis): Analysis {
  const device = deviceById(undefined)
  const model = vgg.model()!
  const chosen = new Set(['conv3_2', 'conv3_3', 'conv4_1', 'conv4_2', 'conv4_3'])
  const { proposals } = advise(vgg, model, { form: 'bottleneck', device })
  const picks = proposals
    .filter(({ name }) => chosen.has(name))
    .map(({ id, form }) => ({ place: id.replace(/:[a-z]+$/, ''), form }))
  return applyPicks(vgg, model, picks, { device }).analysis
}

const listed: Readonly<Record<string, Analysis>> = {
  ...built,
  ...Object.fromEntries(Object.entries(read).filter((entry): entry is [string, Analysis] => entry[1] !== undefined)),
}

/** Those that every tab is looked at with, and some that only one has something to show of. */
const analyses: Readonly<Record<string, Analysis>> = {
  ...listed,
  reduced: reduced(read.vgg!),
  mobilenet: mobilenet(),
  byhand: fromFile('examples/pointwise_by_hand.py')!,
}

export const cases: readonly string[] = [...Object.keys(listed), 'empty']

export const manyLayers = (blocks: number): PanelModel => panelModel(long(blocks), { uri: 'file:///many' })

export function modelOf(
  name: string,
  options: { unit?: PanelUnit; form?: PanelForm; ratio?: PanelRatio; device?: string; multiple?: number } = {},
): PanelModel {
  const analysis = name === 'empty' ? undefined : analyses[name]
  return panelModel(analysis, { uri: analysis?.source.uri ?? 'file:///utils.py', ...options })
}

/** What the server answers the page of a network; undefined for messages that ask it nothing. */
export function answerOf(name: string, message: FromPanel): ToPanel | undefined {
  const analysis = analyses[name]
  const uri = analysis?.source.uri ?? ''
  switch (message.type) {
    case 'proposal':
      return { type: 'proposal', key: message.key, detail: panelProposal(analysis, { ...message.params, uri }, 0) }
    case 'applied':
      return { type: 'applied', key: message.key, applied: panelApplied(analysis, { ...message.params, uri }, 0) }
    case 'budget':
      return { type: 'budget', key: message.key, budget: panelBudget(analysis, { ...message.params, uri }, 0) }
    case 'compare':
      return comparison(name, message)
  }
  return undefined
}

/** What networks were at HEAD; others are what they were. */
const HEADS: Readonly<Record<string, Analysis>> = {
  reduced: read.vgg!,
  resnet: resnet([3, 4, 23, 3]),
  long: long(260),
  unknown: single(),
}

/** As the extension answers: HEAD for A, the document for B, unless something was chosen. */
function comparison(name: string, { key, a, b, picks }: FromPanel & { type: 'compare' }): ToPanel {
  const sides = { a: a ?? { kind: 'revision' as const, ref: 'HEAD' }, b: b ?? { kind: 'shown' as const } }
  const shown = analyses[name]!
  const sideOf = (choice: CompareChoice): Side => {
    const file = shown.source.name
    if (choice.kind === 'revision') return side(HEADS[name] ?? shown, `${file} @ ${choice.ref}`)
    if (choice.kind === 'file') return side(analyses[choice.uri]!, choice.uri)
    if (choice.kind !== 'picks') return side(shown, `${file}, working tree`)
    const applied = applyPicks(shown, shown.model()!, picks, { device: deviceById(undefined) })
    return { label: `${file} with proposals`, analysis: applied.analysis, model: applied.model }
  }
  const offers = { git: true, revisions: ['HEAD'], files: Object.keys(built).map(uri => ({ uri, label: uri })) }
  const model = shown.model()!
  const result = panelCompare(sideOf(sides.a), sideOf(sides.b), { shown: { analysis: shown, model } })
  return { type: 'comparison', key, ...sides, offers, result }
}

const side = (analysis: Analysis, label: string): Side => ({ label, analysis, model: analysis.model()! })
