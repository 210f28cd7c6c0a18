/** PanelModels that the page is fed with, made by panelModel() from real analyses. */
import { panelModel } from '../../src/features/panelModel'
import type { PanelForm, PanelModel, PanelRatio, PanelUnit } from '../../src/protocol/panel'
import { long, resnet, single, vgg16, withShapeError, withUnknown } from './networks'

export { panelHtml } from '../../src/extension/panelHtml'

const analyses = {
  resnet: resnet(),
  vgg16: vgg16(),
  single: single(),
  unknown: withUnknown(),
  error: withShapeError(),
  long: long(),
}

export type Case = keyof typeof analyses | 'empty'
export const cases = [...Object.keys(analyses), 'empty'] as Case[]

export function modelOf(
  name: Case,
  options: { unit?: PanelUnit; form?: PanelForm; ratio?: PanelRatio; device?: string } = {},
): PanelModel {
  const analysis = name === 'empty' ? undefined : analyses[name]
  return panelModel(analysis, { uri: analysis?.source.uri ?? 'file:///utils.py', ...options })
}
