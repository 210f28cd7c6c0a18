import type { LayerType } from '../layerType'
import { connected } from './connected'
import { convolutional } from './convolutional'
import { deconvolutional } from './deconvolutional'
import { detection, gaussianYolo, iseg, region, yolo } from './heads'
import { local } from './local'
import { contrastive, cost, logistic, softmax } from './losses'
import { avgpool, localAvgpool, maxpool } from './pooling'
import { convLstm, crnn, gru, lstm, rnn } from './recurrent'
import { crop, reorg, reorg3d, upsample } from './resizing'
import { route } from './route'
import { sam, scaleChannels } from './scaling'
import { shortcut } from './shortcut'
import { activation, batchnorm, dropout, empty, history, implicit, l2norm, normalization } from './simple'

/** Every type of layer that AlexeyAB's or pjreddie's Darknet reads (src/parser.c string_to_layer_type). */
export const layerTypes: readonly LayerType[] = [
  convolutional,
  maxpool,
  route,
  shortcut,
  upsample,
  yolo,
  region,
  avgpool,
  connected,
  softmax,
  dropout,
  activation,
  batchnorm,
  scaleChannels,
  sam,
  localAvgpool,
  reorg,
  reorg3d,
  deconvolutional,
  local,
  crop,
  normalization,
  cost,
  detection,
  gaussianYolo,
  iseg,
  logistic,
  contrastive,
  l2norm,
  implicit,
  empty,
  history,
  rnn,
  gru,
  lstm,
  crnn,
  convLstm,
]

/** By every name that a header may spell. */
export const typeOf: ReadonlyMap<string, LayerType> = new Map(
  layerTypes.flatMap(type => type.names.map(name => [name, type] as const)),
)
