import { isList, joint, single } from '../block'
import { sub } from '../place'
import type { Size } from '../signature'
import { cat, flatten, linear, module, softmax } from '../torch'
import { conv } from './conv'

/** Channels before the last linear layer, whatever comes in (ultralytics/nn/modules/head.py, version 8.4.35). */
const HIDDEN = 1280

export const classify = joint(
  'Classify',
  'c1:int c2:int k:size=1 s:size=1 p:pad=None g:int=1',
  'Convolution, global average pooling, a linear layer, softmax',
  (at, feed, c1: number, c2: number, k: Size, s: Size, p: Size | null, g: number) => {
    const x = isList(feed) ? cat(at, feed.map(single), 1) : feed
    const y = conv(sub(at, 'conv'), x, c1, HIDDEN, k, s, p, g)
    const pooled = module(sub(at, 'pool'), 'AdaptiveAvgPool2d', 'adaptive_avg_pool', { size: [1, 1] }, [y])
    return softmax(at, linear(sub(at, 'linear'), flatten(at, pooled, 1), HIDDEN, c2), 1)!
  },
)
