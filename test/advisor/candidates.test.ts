import { describe, expect, test } from 'vitest'
import { bottleneckSums } from '../../src/advisor/bottlenecks'
import { leastTime } from '../../src/advisor/bound'
import { type Candidate, candidates, type HeldReason } from '../../src/advisor/candidates'
import { deviceById, devices } from '../../src/advisor/devices'
import { peakActivations, totals } from '../../src/core/cost'
import { GraphBuilder } from '../../src/core/graph'
import { network, origin, resnet50, site, vgg16, window } from '../core/build'

const t4 = deviceById('t4-fp16')
const options = { form: 'bottleneck', device: t4 } as const
const percent = (before: number, after: number): number => Number(((after / before - 1) * 100).toFixed(1))
const round = (x: number): number => Math.round(x)

describe('bounds of whole networks, computed apart from this code for the design', () => {
  test('ResNet-50 on a T4 in fp16: 572 µs, of which arithmetic 21, memory 281, launches 270', () => {
    const bound = leastTime(resnet50(), t4)
    expect(bound).toMatchObject({ kernels: 54, exact: true })
    expect([bound.seconds, bound.arithmetic, bound.memory, bound.launches].map(s => round(s * 1e6))).toEqual([
      572, 21, 281, 270,
    ])
  })
  test('VGG-16 on a T4 in fp16: 1.35 ms', () => {
    expect((leastTime(vgg16(), t4).seconds * 1e3).toFixed(2)).toBe('1.35')
  })
  test('peak activations in fp16: ResNet-50 4.82 MB, VGG-16 12.8 MB', () => {
    expect((2 * peakActivations(resnet50())) / 1e6).toBeCloseTo(4.82, 2)
    expect((2 * peakActivations(vgg16())) / 1e6).toBeCloseTo(12.8, 1)
  })
  test('the networks are the published ones', () => {
    expect(totals(resnet50())).toMatchObject({ params: 25_557_032, buffers: 53_120, macs: 4_089_184_256 })
    expect(totals(vgg16())).toMatchObject({ params: 138_357_544, macs: 15_470_264_320 })
  })
  test('what is not understood makes the bound inexact and is not guessed', () => {
    const graph = network([3, 8, 8], (n, x) => n.builder.unknown('not modelled', [x], origin('odd'))[0]!)
    expect(leastTime(graph, t4)).toMatchObject({ seconds: 0, exact: false })
  })
})

describe('VGG-16, form bottleneck at a quarter of the channels, T4 fp16', () => {
  const found = candidates(vgg16(), options)
  const row = (name: string): Candidate => found.candidates.find(c => c.name === name)!

  // Width and changes of MACs, traffic and least time in percent, as in the design's picture.
  test.each([
    ['conv4_2', 128, -88, -53, -59],
    ['conv4_3', 128, -88, -53, -59],
    ['conv4_1', 64, -93, -50, -38],
    ['conv5_1', 128, -88, -77, -11],
    ['conv3_2', 64, -88, 13, -49],
    ['conv2_2', 32, -88, 44, -27],
    ['conv3_1', 32, -93, 8.5, -25],
    ['conv2_1', 16, -93, 30, 4.9],
    ['conv1_2', 16, -88, 49, 22],
  ])('%s through %i: MACs %d%, traffic %d%, least time %d%', (name, width, macs, traffic, time) => {
    const { before, after, widths, kernel } = row(name)
    expect({ widths, kernel }).toEqual({ widths: [width], kernel: [3, 3] })
    const rounded = (change: number): number => (Math.abs(change) < 9.95 ? change : round(change))
    expect(rounded(percent(before.macs, after.macs))).toBe(macs)
    expect(rounded(percent(before.traffic, after.traffic))).toBe(traffic)
    expect(rounded(percent(before.time, after.time))).toBe(time)
    expect([before.kernels, after.kernels]).toEqual([1, 3])
  })

  test('conv3_2 in the detail of that picture: costs, break-even widths, share', () => {
    const { before, after, breakEven, share, outputSize, direct } = row('conv3_2')
    expect(direct).toMatchObject({ cin: 256, cout: 256, input: 56 * 56, output: 56 * 56 })
    expect(outputSize).toEqual([56, 56])
    expect([before.macs, after.macs]).toEqual([1_849_688_064, 218_365_952])
    expect([before.traffic * 2, after.traffic * 2].map(bytes => (bytes / 1e6).toFixed(2))).toEqual(['4.39', '4.96'])
    expect([before.time, after.time].map(s => round(s * 1e6))).toEqual([62, 31])
    expect([breakEven.macs, breakEven.traffic].map(r => Math.floor(r!))).toEqual([229, 43])
    expect(breakEven.time).toBe(183)
    expect(round(share * 100)).toBe(12)
  })

  test('which pay in what', () => {
    const names = (pays: Partial<Candidate['pays']>): string[] =>
      found.candidates
        .filter(c => Object.entries(pays).every(([key, value]) => c.pays[key as keyof typeof c.pays] === value))
        .map(c => c.name)
    expect(names({ traffic: true, time: true })).toEqual([
      'conv4_1',
      'conv4_2',
      'conv4_3',
      'conv5_1',
      'conv5_2',
      'conv5_3',
    ])
    expect(names({ traffic: false, time: true })).toEqual(['conv2_2', 'conv3_1', 'conv3_2', 'conv3_3'])
    expect(names({ time: false })).toEqual(['conv1_2', 'conv2_1'])
  })

  test('what is held back, and why', () => {
    expect(found.held.map(h => [h.name, h.reason, h.text])).toEqual([
      ['conv1_1', 'few-channels', 'Only 3 input channels'],
      ['fc6', 'linear', 'Linear'],
      ['fc7', 'linear', 'Linear'],
      ['fc8', 'linear', 'Linear'],
    ])
  })
})

describe('ResNet-50', () => {
  test('its 16 bottlenecks are recognised through norms and activations: 3.61G against 25.4G MACs', () => {
    const sums = bottleneckSums(resnet50())!
    expect(sums.count).toBe(16)
    expect([sums.macs, sums.directMacs].map(m => (m / 1e9).toPrecision(3))).toEqual(['3.61', '25.4'])
  })
  test('has nothing to propose', () => {
    const { candidates: none, held } = candidates(resnet50(), options)
    expect(none).toEqual([])
    const reasons = new Set(held.map(h => h.reason))
    expect([...reasons].sort()).toEqual(['bottleneck', 'few-channels', 'linear', 'pointwise'])
  })
})

describe('reasons', () => {
  const reasonFor = (
    body: Parameters<typeof network>[1],
    form: 'reduce' | 'expand' | 'bottleneck' = 'reduce',
  ): HeldReason | null => {
    const { held, candidates: some } = candidates(network([64, 28, 28], body), { form, device: t4 })
    expect(held.length + some.length).toBeGreaterThan(0)
    return held.at(-1)?.reason ?? null
  }
  test.each<[HeldReason | null, Parameters<typeof network>[1]]>([
    [null, (n, x) => n.conv(x, 'c', 64, 3)],
    ['pointwise', (n, x) => n.conv(x, 'c', 128, 1)],
    ['depthwise', (n, x) => n.conv(x, 'c', 64, 3, { groups: 64 })],
    ['grouped', (n, x) => n.conv(x, 'c', 64, 3, { groups: 8 })],
    ['reduced', (n, x) => n.conv(n.relu(n.conv(x, 'a', 32, 1)), 'c', 64, 3)],
    ['small', (n, x) => n.conv(n.maxPool(n.conv(x, 'a', 64, 7, { padding: 3 }), 28), 'c', 64, 3, { padding: 1 })],
  ])('%s', (reason, body) => {
    expect(reasonFor(body)).toBe(reason)
  })
  test('no gain where the output is much narrower than the width', () => {
    const graph = network([64, 28, 28], (n, x) => n.conv(x, 'c', 2, 3))
    const { held } = candidates(graph, { form: 'reduce', device: t4, width: 64 })
    expect(held.map(h => h.reason)).toEqual(['no-gain'])
  })
  test('unknown sizes', () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', null)
    builder.add('conv2d', { ...window(3), inChannels: null, outChannels: 8, groups: 1, bias: true }, [x], origin('c'))
    expect(candidates(builder.build(), options).held.map(h => h.reason)).toEqual(['unknown'])
  })
})

test('a place that builds many layers is one candidate with the sum over its calls', () => {
  const builder = new GraphBuilder()
  let x = builder.input('x', [1, 64, 28, 28])
  const shared = site('conv2')
  for (let i = 0; i < 8; i++) {
    const attributes = { ...window(3, 1, 1), inChannels: 64, outChannels: 64, groups: 1, bias: false }
    x = builder.add('conv2d', attributes, [x], { site: shared, path: `block${i}.conv2`, type: 'Conv2d' })
  }
  builder.output(x)
  const { candidates: found } = candidates(builder.build(), options)
  expect(found.map(c => [c.name, c.nodes.length, c.share])).toEqual([['conv2', 8, 1]])
  expect(found[0]!.before.macs).toBe(8 * 9 * 64 * 64 * 28 * 28)
  expect(found[0]!.before.params).toBe(8 * 9 * 64 * 64)
})

test('convolutions of one composite place stay apart by their paths inside it', () => {
  const builder = new GraphBuilder()
  const x = builder.input('x', [1, 64, 28, 28])
  const row = site('row 1')
  const block = { site: row, path: 'model.1', type: 'C3' }
  builder.scope(block, [x], () => {
    const attributes = { ...window(3, 1, 1), inChannels: 64, outChannels: 64, groups: 1, bias: false }
    const y = builder.add('conv2d', attributes, [x], { site: row, path: 'model.1.cv1', type: 'Conv2d' })
    return [builder.add('conv2d', attributes, [y], { site: row, path: 'model.1.cv2', type: 'Conv2d' })]
  })
  expect(candidates(builder.build(), options).candidates.map(c => c.name)).toEqual(['model.1.cv1', 'model.1.cv2'])
})

test('every device is complete and has its source', () => {
  expect(new Set(devices.map(d => d.id)).size).toBe(devices.length)
  for (const { peak, bandwidth, launch, source, precision, bytesPerElement } of devices) {
    expect(peak).toBeGreaterThan(bandwidth)
    expect(launch).toBeGreaterThanOrEqual(0)
    expect(bytesPerElement).toBe(precision === 'fp16' ? 2 : 4)
    expect(source.length).toBeGreaterThan(20)
  }
  expect(deviceById('none').id).toBe('t4-fp16')
})
