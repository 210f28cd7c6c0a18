import { describe, expect, test } from 'vitest'
import { peakActivations, totals } from '../../src/core/cost'
import { N } from '../../src/core/dim'
import { net, network, origin, resnet50, vgg16 } from './build'

describe('peak activations: most elements alive at once', () => {
  test('a chain holds an input and an output', () => {
    // 3·16 in, 8·16 out, then 8·16 and 2·16.
    const graph = network([3, 4, 4], (n, x) => n.conv(n.conv(x, 'a', 8, 1), 'b', 2, 1))
    expect(peakActivations(graph)).toBe(8 * 16 + 3 * 16)
  })
  test('a shortcut keeps its map alive', () => {
    // Before the addition: x, and the two maps of the second convolution; at the addition: x, its output, the sum.
    const graph = network([4, 4, 4], (n, x) => {
      const y = n.conv(n.conv(x, 'a', 4, 1), 'b', 4, 1)
      return n.add('elementwise', { function: 'add' }, [x, y])
    })
    expect(peakActivations(graph)).toBe(3 * 64)
  })
  test('views share the memory of what they show, and keep it alive', () => {
    const graph = network([4, 4, 4], (n, x) => {
      const flat = n.add('flatten', { start: 1, end: -1 }, [n.conv(x, 'a', 4, 1)])
      return n.linear(n.add('dropout', {}, [flat]), 'fc', 64)
    })
    expect(peakActivations(graph)).toBe(128)
    expect(totals(graph).activations).toBe(64 + 64)
  })
  test('the pieces of a split free the whole only with the last of them', () => {
    const graph = network([4, 4, 4], (n, x) => {
      const whole = n.conv(x, 'whole', 8, 1)
      const [a, b] = n.builder.addAll('split', { axis: 1, chunks: 2 }, [whole], origin('chunk'))
      const c = n.conv(a!, 'c', 16, 1)
      return n.conv(n.add('concat', { axis: 1 }, [c, b!]), 'd', 1, 1)
    })
    // At the concatenation: whole (8), c (16) and the result (20) of 16 positions.
    expect(peakActivations(graph)).toBe((8 + 16 + 20) * 16)
  })
  test('what nothing reads is freed at once; outputs are kept to the end', () => {
    const n = net()
    const x = n.builder.input('x', [N, 1, 4, 4])
    n.conv(x, 'dead', 100, 1)
    const early = n.conv(x, 'early', 10, 1)
    n.builder.output(early)
    n.builder.output(n.conv(n.conv(x, 'a', 20, 1), 'b', 20, 1))
    // At the first convolution x and the dead map; at the last one early (10), a (20) and b (20), x being read no more.
    expect(peakActivations(n.builder.build())).toBe(Math.max(1 + 100, 10 + 20 + 20) * 16)
  })
  test('ResNet-50 and VGG-16', () => {
    // Three maps of 256×56×56 at an addition; two of 64×224×224 around a ReLU.
    expect(peakActivations(resnet50())).toBe(3 * 256 * 56 * 56)
    expect(peakActivations(vgg16())).toBe(2 * 64 * 224 * 224)
  })
})

describe('traffic and activations', () => {
  test('every input, weight and output once', () => {
    const graph = network([3, 8, 8], (n, x) => n.conv(x, 'a', 4, 3, { padding: 1 }))
    expect(graph.nodes[0]!.cost.traffic).toBe(3 * 64 + (108 + 4) + 4 * 64)
    expect(totals(graph)).toMatchObject({ activations: 256, traffic: 560 })
  })
  test('a map that is read twice by one op is moved twice', () => {
    const graph = network([3, 8, 8], (n, x) => n.add('elementwise', { function: 'mul' }, [x, x]))
    expect(graph.nodes[0]!.cost.traffic).toBe(3 * 192)
  })
})
