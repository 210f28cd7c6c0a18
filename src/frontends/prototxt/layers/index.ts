import type { LayerType } from '../layerType'
import { dropout, neurons, softmax } from './activation'
import {
  argmax,
  batchReindex,
  crop,
  filter,
  flatten,
  permute,
  reduction,
  reshape,
  shuffleChannel,
  silence,
  slice,
  split,
  tile,
} from './arrange'
import { convolution, deconvolution, deformable, depthwise } from './convolution'
import { data, dummyData, hdf5Data, imageData, input, memoryData, parameter, videoData, windowData } from './data'
import { embed, innerProduct } from './dense'
import { detectionOutput, priorBox } from './detection'
import { forks } from './forks'
import { axpy, concat, eltwise } from './join'
import { losses } from './losses'
import { batchNorm, bias, bn, lrn, mvn, normalize, prelu, scale } from './norm'
import { pooling, psroiPooling, roiPooling, spp } from './pooling'
import { lstm, rnn } from './recurrent'
import { interp, reorg, resample, upsample } from './resize'
import { im2col } from './windows'

/** Every type of layer that is understood: Caffe's own (src/caffe/layer_factory.cpp, layers/*.cpp) and those of forks. */
export const layerTypes: readonly LayerType[] = [
  input,
  convolution,
  pooling,
  innerProduct,
  batchNorm,
  scale,
  ...neurons,
  eltwise,
  concat,
  softmax,
  dropout,
  deconvolution,
  prelu,
  lrn,
  bias,
  mvn,
  slice,
  split,
  flatten,
  reshape,
  crop,
  tile,
  reduction,
  argmax,
  batchReindex,
  filter,
  silence,
  spp,
  im2col,
  embed,
  lstm,
  rnn,
  parameter,
  data,
  videoData,
  imageData,
  hdf5Data,
  memoryData,
  dummyData,
  windowData,
  ...losses,
  depthwise,
  deformable,
  bn,
  axpy,
  interp,
  upsample,
  resample,
  reorg,
  shuffleChannel,
  permute,
  normalize,
  priorBox,
  detectionOutput,
  roiPooling,
  psroiPooling,
  ...forks,
]

/** By every name that `type` may spell. */
export const typeOf: ReadonlyMap<string, LayerType> = new Map(
  layerTypes.flatMap(type => type.names.map(name => [name, type] as const)),
)
