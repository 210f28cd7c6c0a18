import { describe, expect, test } from 'vitest'
import type { Graph, Node } from '../../src/core/graph'
import type { Reach } from '../../src/core/reach'
import { alexnetFeatures, net, network, resnet50, vgg16, window } from './build'

const last = (graph: Graph, op: Node['op']): Reach => graph.nodes.findLast(n => n.op === op)!.outputs[0]!.reach
const square = (stride: number, field: number): Reach => ({ stride: [stride, stride], field: [field, field] })

describe('receptive fields as published (Araujo et al. 2019, table; widely given for these networks)', () => {
  test('AlexNet sees 195 pixels after its last pooling, with stride 32', () => {
    expect(last(alexnetFeatures(), 'max_pool2d')).toEqual(square(32, 195))
  })
  test('VGG-16 sees 212 pixels after its last pooling, with stride 32', () => {
    expect(last(vgg16(), 'max_pool2d')).toEqual(square(32, 212))
  })
  test('ResNet-50 with the stride on the 3×3 sees 427 pixels, with stride 32', () => {
    expect(last(resnet50(), 'conv2d')).toEqual(square(32, 427))
  })
  test('after a global pooling or behind it, everything', () => {
    expect(last(resnet50(), 'adaptive_avg_pool')).toBe('all')
    expect(last(resnet50(), 'linear')).toBe('all')
  })
})

describe('by the rule: field + (effective kernel − 1) · stride', () => {
  test('dilation widens', () => {
    const graph = network([1, 32, 32], (n, x) =>
      n.add('conv2d', { ...window(3, 1, 0, 4), inChannels: 1, outChannels: 1, groups: 1, bias: false }, [x]),
    )
    expect(last(graph, 'conv2d')).toEqual(square(1, 9))
  })
  test('each axis for itself', () => {
    const graph = network([1, 32, 32], (n, x) => {
      const padding = [
        [0, 0],
        [0, 0],
      ]
      const shape = { kernel: [1, 7], stride: [2, 3], dilation: [1, 1], padding }
      return n.add('max_pool2d', shape, [n.maxPool(x, 2)])
    })
    expect(last(graph, 'max_pool2d')).toEqual({ stride: [4, 6], field: [2, 14] })
  })
  test('the widest of joined branches', () => {
    const graph = network([8, 32, 32], (n, x) => {
      const wide = n.conv(x, 'a', 8, 5, { padding: 2 })
      return n.add('concat', { axis: 1 }, [n.conv(x, 'b', 8, 1), wide])
    })
    expect(last(graph, 'concat')).toEqual(square(1, 5))
  })
  test('upsampling divides the stride and keeps the field', () => {
    const graph = network([8, 32, 32], (n, x) =>
      n.add('interpolate', { scale: [2, 2], mode: 'nearest' }, [n.conv(x, 'a', 8, 3, { stride: 4, padding: 1 })]),
    )
    expect(last(graph, 'interpolate')).toEqual(square(2, 3))
  })
  test('pixel shuffle and reorg follow the sizes', () => {
    const graph = network([16, 8, 8], (n, x) => n.add('pixel_shuffle', { factor: 2 }, [n.maxPool(x, 2)]))
    expect(last(graph, 'pixel_shuffle')).toEqual(square(1, 2))
  })
  test('a transposed convolution of kernel 4 and stride 2 reads two positions an output', () => {
    const graph = network([4, 8, 8], (n, x) => {
      const pooled = n.maxPool(x, 2)
      const attributes = {
        ...window(4, 2, 1),
        outputPadding: [0, 0],
        inChannels: 4,
        outChannels: 4,
        groups: 1,
        bias: true,
      }
      return n.add('conv_transpose2d', attributes, [pooled])
    })
    // Two neighbouring positions of the pooled map, 2 pixels apart, each 2 wide.
    expect(last(graph, 'conv_transpose2d')).toEqual(square(1, 4))
  })
  test('an input without spatial axes has no field', () => {
    const n = net()
    expect(n.builder.input('x', [4]).reach).toBeNull()
  })
})
