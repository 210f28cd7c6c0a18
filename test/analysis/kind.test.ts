import { expect, test } from 'vitest'
import { kindOf } from '../../src/analysis/kind'
import { N } from '../../src/core/dim'
import { GraphBuilder } from '../../src/core/graph'
import { pads } from '../../src/core/window'

const site = { span: { start: 0, end: 1 }, anchor: 1, name: 'it' }
const window = (kernel: number) => ({
  kernel: [kernel, kernel],
  stride: [1, 1],
  dilation: [1, 1],
  padding: pads(0, 2),
})

test.each([
  [3, 64, 64, 1, 'spatial'],
  [1, 256, 64, 1, 'reduce'],
  [1, 64, 256, 1, 'expand'],
  [1, 64, 64, 1, 'project'],
  [3, 64, 64, 64, 'depthwise'],
  [3, 64, 128, 32, 'grouped'],
  [1, 64, 64, 32, 'grouped'],
  // What a 1×1 does to channels that are not known is not known either.
  [1, null, 64, 1, 'other'],
] as const)('a %dx of %s channels to %s in %d groups is %s', (kernel, inChannels, outChannels, groups, kind) => {
  const builder = new GraphBuilder()
  const x = builder.input('x', [N, inChannels, 8, 8])
  const attributes = { ...window(kernel), inChannels, outChannels, groups, bias: false }
  builder.add('conv2d', attributes, [x], { site, path: 'it', type: 'Conv2d' })
  expect(kindOf(builder.build().nodes[0]!)).toBe(kind)
})
