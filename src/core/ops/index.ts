import type { InPlace, Op } from '../op'
import { activation, dropout, identity, prelu, scale, softmax } from './activation'
import { adaptiveAvgPool, adaptiveMaxPool } from './adaptivePool'
import { attention } from './attention'
import { bilinear } from './bilinear'
import { compute } from './compute'
import { concat } from './concat'
import { conv1d, conv2d, conv3d } from './convolution'
import { convTranspose1d, convTranspose2d, convTranspose3d } from './convTranspose'
import { einsum } from './einsum'
import { elementwise } from './elementwise'
import { constant, embedding, parameter } from './embedding'
import { interpolate } from './interpolate'
import { linear } from './linear'
import { localConv2d } from './localConv'
import { matmul } from './matmul'
import { batchNorm, groupNorm, instanceNorm, layerNorm, localResponseNorm } from './norm'
import { pad } from './pad'
import { avgPool1d, avgPool2d, avgPool3d, maxPool1d, maxPool2d, maxPool3d } from './pool'
import { flatten, permute, pixelShuffle, reshape, squeeze, unsqueeze } from './rearrange'
import { recurrent } from './recurrent'
import { reduce } from './reduce'
import { reorg } from './reorg'
import { select, slice } from './slice'
import { split } from './split'
import { fold, unfold } from './unfold'
import { view } from './view'

/** Every op, by the name that graphs and reports use: torch.nn.functional's where there is one. */
export const ops = {
  conv1d,
  conv2d,
  conv3d,
  conv_transpose1d: convTranspose1d,
  conv_transpose2d: convTranspose2d,
  conv_transpose3d: convTranspose3d,
  local_conv2d: localConv2d,
  linear,
  bilinear,
  matmul,
  attention,
  recurrent,
  einsum,
  max_pool1d: maxPool1d,
  max_pool2d: maxPool2d,
  max_pool3d: maxPool3d,
  avg_pool1d: avgPool1d,
  avg_pool2d: avgPool2d,
  avg_pool3d: avgPool3d,
  adaptive_avg_pool: adaptiveAvgPool,
  adaptive_max_pool: adaptiveMaxPool,
  batch_norm: batchNorm,
  instance_norm: instanceNorm,
  group_norm: groupNorm,
  layer_norm: layerNorm,
  local_response_norm: localResponseNorm,
  scale,
  activation,
  prelu,
  softmax,
  dropout,
  identity,
  elementwise,
  concat,
  split,
  slice,
  select,
  flatten,
  reshape,
  permute,
  squeeze,
  unsqueeze,
  pad,
  interpolate,
  pixel_shuffle: pixelShuffle,
  reorg,
  unfold,
  fold,
  reduce,
  view,
  compute,
  embedding,
  parameter,
  constant,
} as const

export type OpName = keyof typeof ops

/** The attributes of an op, by its name. */
export type Attributes<K extends OpName> = (typeof ops)[K] extends Op<infer A> ? A & InPlace : never
