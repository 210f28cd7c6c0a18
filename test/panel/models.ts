/** PanelModels that the page is fed with, made by panelModel() from real analyses. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Analysis, analyze } from '../../src/analysis/analyze'
import { panelApplied, panelBudget } from '../../src/features/panelApplied'
import { panelModel } from '../../src/features/panelModel'
import { panelProposal } from '../../src/features/panelProposal'
import type { FromPanel, PanelForm, PanelModel, PanelRatio, PanelUnit, ToPanel } from '../../src/protocol/panel'
import { long, resnet, single, vgg16, withShapeError, withUnknown } from './networks'
import { vgg16Text } from './vgg16'

export { panelHtml } from '../../src/extension/panelHtml'

/** A network of a file of this repository, or of the corpora beside it where they are. */
function fromFile(file: string): Analysis | undefined {
  const full = path.resolve(file)
  if (!existsSync(full)) return undefined
  return analyze({ uri: `file:///${path.basename(file)}`, name: path.basename(file), text: readFileSync(full, 'utf8') })
}

const built = {
  resnet: resnet(),
  vgg16: vgg16(),
  single: single(),
  unknown: withUnknown(),
  error: withShapeError(),
  long: long(),
}

const read = {
  vgg: analyze({ uri: 'file:///vgg16.yaml', name: 'vgg16.yaml', text: vgg16Text() }),
  'resnet-yaml': fromFile('examples/resnet50.yaml'),
  googlenet: fromFile('examples/googlenet.yaml'),
  inception5: fromFile('examples/inception-5x5-direct.yaml'),
  resnet18: fromFile('examples/resnet18.yaml'),
  yolo11: fromFile('../shared/corpora/ultralytics/11/yolo11.yaml'),
  yolov4: fromFile('../shared/corpora/darknet/AlexeyAB+darknet/cfg/yolov4x-mish.cfg'),
}

const analyses: Readonly<Record<string, Analysis>> = {
  ...built,
  ...Object.fromEntries(Object.entries(read).filter((entry): entry is [string, Analysis] => entry[1] !== undefined)),
}

export const cases: readonly string[] = [...Object.keys(analyses), 'empty']

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
  }
  return undefined
}
