/** PanelModels that the page is fed with, made by panelModel() from real analyses. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Analysis, analyze } from '../../src/analysis/analyze'
import { panelModel } from '../../src/features/panelModel'
import type { PanelForm, PanelModel, PanelRatio, PanelUnit } from '../../src/protocol/panel'
import { long, resnet, single, vgg16, withShapeError, withUnknown } from './networks'

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
  'resnet-yaml': fromFile('examples/resnet50.yaml'),
  googlenet: fromFile('examples/googlenet.yaml'),
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
  options: { unit?: PanelUnit; form?: PanelForm; ratio?: PanelRatio; device?: string } = {},
): PanelModel {
  const analysis = name === 'empty' ? undefined : analyses[name]
  return panelModel(analysis, { uri: analysis?.source.uri ?? 'file:///utils.py', ...options })
}
