import { describe, expect, test } from 'vitest'
import { panelModel } from '../../src/features/panelModel'
import { rooflineFinding } from '../../src/panel/roofline/finding'
import { movesOf, type Point, pointsOf } from '../../src/panel/roofline/points'
import { domainOf, rooflineLayout, ticksOf } from '../../src/panel/roofline/rooflineLayout'
import { rooflineTable } from '../../src/panel/roofline/rooflineText'
import { initialState, type Kept } from '../../src/panel/state'
import { csvOf, markdownOf } from '../../src/panel/textTable'
import type { PanelNetwork } from '../../src/protocol/panel'
import { long, resnet, single, vgg16, withUnknown } from './networks'

function network(analysis: ReturnType<typeof resnet>, device?: string): PanelNetwork {
  const model = panelModel(analysis, { uri: 'file:///m', ...(device ? { device } : {}) })
  if (model.state !== 'network') throw new Error('no network')
  return model
}
const state = (kept: Partial<Kept> = {}) => initialState(kept)
const measure = (text: string): number => 6 * text.length
const layoutOf = (model: PanelNetwork, width = 716, kept: Partial<Kept> = {}) => {
  const points = pointsOf(model)
  const moves = movesOf(state(kept), model, points)
  return rooflineLayout(points, moves, model.roofline.device, { width, height: 430 }, () => 'layer', measure)
}
const pointOf = (model: PanelNetwork, id: string): Point =>
  pointsOf(model).find(({ layers }) => layers.some(i => model.layers[i]!.id === id))!

describe('points', () => {
  const model = network(resnet())

  test('equal layers are one point; intensity is FLOPs over bytes', () => {
    const point = pointOf(model, 'layer1.1.conv1')
    expect(point.layers.map(i => model.layers[i]!.id)).toEqual(['layer1.1.conv1', 'layer1.2.conv1'])
    expect(point.flops).toBe(2 * 256 * 64 * 56 * 56)
    // Input, output and weights once, two bytes each.
    expect(point.intensity).toBeCloseTo(point.flops / (2 * ((256 + 64) * 56 * 56 + 256 * 64)), 9)
    expect(pointsOf(model).reduce((sum, { layers }) => sum + layers.length, 0)).toBe(54)
  })

  test('counting in FLOPs moves nothing', () => {
    const flops = panelModel(resnet(), { uri: 'file:///m', unit: 'FLOPs' }) as PanelNetwork
    expect(pointsOf(flops)).toEqual(pointsOf(model))
  })

  test('what is unknown has no point', () => {
    expect(pointsOf(network(withUnknown()))).toHaveLength(2)
  })

  test('the selected proposal moves its layer; ticked ones take its place', () => {
    const vgg = network(vgg16())
    const points = pointsOf(vgg)
    expect(movesOf(state(), vgg, points)).toEqual([])
    const [move] = movesOf(state({ selection: ['conv4_2'], form: 'reduce' }), vgg, points)
    expect(move!.from).toEqual(pointOf(vgg, 'conv4_2'))
    expect(move!.to.map(({ kind, flops }) => [kind, flops])).toEqual([
      ['reduce', 2 * 512 * 128 * 28 * 28],
      ['spatial', 2 * 9 * 128 * 512 * 28 * 28],
    ])
    const ticks = vgg.bottlenecks.groups.flatMap(({ proposals }) => proposals.map(({ id }) => id)).slice(0, 2)
    expect(movesOf(state({ selection: ['conv1_2'], ticks }), vgg, points).length).toBe(2)
  })
})

describe('where the time goes', () => {
  test('shares of kinds add up to the whole, and so do arithmetic, memory and launches', () => {
    for (const model of [network(resnet()), network(vgg16(), 'cortex-a76-fp32'), network(long(30))]) {
      const { kinds, time } = model.roofline
      const sum = (of: 'share' | 'timeShare') => kinds.reduce((total, kind) => total + kind[of], 0)
      expect(sum('share')).toBeCloseTo(1, 9)
      expect(sum('timeShare')).toBeCloseTo(1, 9)
      expect(time.arithmetic + time.memory + time.launches).toBeCloseTo(time.seconds, 12)
    }
  })

  test('ResNet-50 on a T4: most layers wait for memory', () => {
    const model = network(resnet())
    // 65 TFLOP/s over 320 GB/s.
    expect(rooflineFinding(model)).toBe(
      '48 of 54 layers wait for memory on T4 fp16, left of 203 FLOP/B; 3.7% of the least time is arithmetic.',
    )
    expect(model.roofline.kinds.map(({ kind, layers, waits }) => [kind, layers, waits])).toEqual([
      ['spatial', 17, 11],
      ['reduce', 15, 15],
      ['expand', 20, 20],
      ['project', 1, 1],
      ['dense', 1, 1],
    ])
    expect(model.roofline.deviceTexts['t4-fp16']).toBe('T4 fp16: 65 TFLOP/s, 320 GB/s, 5 µs')
    expect(model.roofline.deviceTexts['cortex-a76-fp32']).toBe('Raspberry Pi 5 fp32: 153.6 GFLOP/s, 17.1 GB/s')
  })
})

describe('scales', () => {
  const point = (flops: number, intensity: number, layers = [0]): Point => ({
    kind: 'spatial',
    layers,
    flops,
    intensity,
  })

  test('the domain holds the middle 95% of the work, and what lies near it', () => {
    const points = [point(1e9, 100), point(1e9, 200), point(1e6, 1)]
    const [low, high] = domainOf(points, each => each.intensity)
    expect(low).toBeGreaterThan(1)
    expect(low).toBeLessThan(100)
    expect(high).toBeGreaterThan(200)
    expect(domainOf([...points, point(1e6, 20)], each => each.intensity)[0]).toBeLessThan(20)
  })

  test('one layer stands in the middle of a decade or so', () => {
    const [low, high] = domainOf([point(1e9, 100)], each => each.intensity)
    expect(low * high).toBeCloseTo(1e4, 4)
    expect(high / low).toBeCloseTo(16, 6)
  })

  test.each([
    [[20, 600], 20, [20, 50, 100, 200, 500]],
    [[20, 600], 3, [50, 100, 500]],
    [[1e-7, 3e-6], 9, [1e-7, 2e-7, 5e-7, 1e-6, 2e-6]],
    [[1, 1e6], 8, [1, 10, 100, 1e3, 1e4, 1e5, 1e6]],
  ])('round values in %j', (domain, most, values) => {
    expect(ticksOf(domain as [number, number], most)).toEqual(values)
  })
})

describe('layout', () => {
  test('the ridge is peak over bandwidth; a level line there costs peak times its time', () => {
    const layout = layoutOf(network(resnet()))
    const ridge = layout.labels.find(({ look }) => look === 'ridge')!
    expect([ridge.text, ridge.x]).toEqual(['203', layout.ridge])
    for (const line of layout.lines) {
      const bend = line.find(({ x }) => Math.abs(x - layout.ridge) < 1e-6)
      if (bend && line.at(-1)!.x > layout.ridge + 1) expect(line.at(-1)!.y).toBeCloseTo(bend.y, 6)
    }
    const times = layout.labels.filter(({ look }) => look === 'time').map(({ text }) => text)
    expect(times).toEqual(expect.arrayContaining(['1 µs', '2 µs', '5 µs', '10 µs', '20 µs']))
  })

  test('up to the ridge, twice the work at twice the intensity moves as many bytes in equal time', () => {
    const layout = layoutOf(network(resnet()))
    const at = (text: string, look: 'x' | 'y'): number => layout.labels.find(label => label.text === text)![look]
    const [across, up] = [at('100', 'x') - at('50', 'x'), at('50M', 'y') - at('100M', 'y')]
    for (const [start, end] of layout.lines)
      if (end!.x < layout.ridge + 1e-6) expect((start!.y - end!.y) / up).toBeCloseTo((end!.x - start!.x) / across, 6)
  })

  test('what lies far from the middle of the work stands on the edge, with its values', () => {
    const layout = layoutOf(network(resnet()))
    const outside = layout.marks.filter(mark => mark.outside)
    expect(outside.map(({ point }) => point.kind)).toEqual(['dense'])
    expect(outside[0]!.x).toBeLessThan(layout.left + 12)
    expect(layout.labels.filter(({ look }) => look === 'edge').map(({ text }) => text)).toEqual([
      '← layer, 1.0 FLOP/B, 4.1M',
    ])
  })

  test('marks do not cover each other; moved ones have a line to their place', () => {
    const layout = layoutOf(network(resnet()))
    layout.marks.forEach((a, i) => {
      for (const b of layout.marks.slice(i + 1)) {
        const apart = (a.size + b.size) / 2 - 0.01
        expect(Math.abs(a.x - b.x) >= apart || Math.abs(a.y - b.y) >= apart).toBe(true)
      }
    })
    const moved = layout.marks.filter(({ home }) => home)
    expect(moved.length).toBeGreaterThan(0)
    for (const { x, y, home } of moved) {
      expect(home!.x).toBe(x)
      expect(home!.y).not.toBe(y)
    }
  })

  test.each([296, 456, 688, 716])('labels do not meet at %i px', width => {
    for (const model of [
      network(resnet()),
      network(vgg16()),
      network(single()),
      network(long(300)),
      network(withUnknown()),
    ]) {
      const { labels } = layoutOf(model, width, { selection: ['conv4_2'] })
      const boxes = labels.map(({ text, x, y, anchor }) => {
        const left = anchor === 'start' ? x : anchor === 'end' ? x - measure(text) : x - measure(text) / 2
        return { text, left, right: left + measure(text), y }
      })
      for (const [i, a] of boxes.entries()) {
        expect(a.left, a.text).toBeGreaterThanOrEqual(0)
        expect(a.right, a.text).toBeLessThanOrEqual(width)
        for (const b of boxes.slice(i + 1))
          expect(Math.abs(a.y - b.y) > 11 || a.right <= b.left || b.right <= a.left, `${a.text} / ${b.text}`).toBe(true)
      }
    }
  })

  test('ten thousand different layers are drawn in a moment', () => {
    const points = Array.from(
      { length: 10_000 },
      (_, i): Point => ({
        kind: 'spatial',
        layers: [i],
        flops: 1e8 + i * 1e3,
        intensity: 40 + (i % 997) / 10,
      }),
    )
    const { device } = network(single()).roofline
    const start = performance.now()
    rooflineLayout(points, [], device, { width: 716, height: 430 }, () => 'x', measure)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

test('the table has a row a layer, as CSV and as Markdown', () => {
  const model = network(vgg16())
  const shown = { app: undefined as never, state: state(), model }
  const table = rooflineTable(shown)
  expect(table).toHaveLength(17)
  const [id, kind, macs, bytes] = table[1]!
  // conv1_1: 9 · 3 · 64 weights and 64 biases, 3 and 64 maps of 224².
  expect([id, kind, macs, bytes]).toEqual([
    'conv1_1',
    'k×k',
    9 * 3 * 64 * 224 * 224,
    2 * (67 * 224 * 224 + 9 * 3 * 64 + 64),
  ])
  expect(
    csvOf([
      ['a,b', 1],
      ['say "x"', 2],
    ]),
  ).toBe('"a,b",1\n"say ""x""",2\n')
  expect(markdownOf([['a|b'], [1]])).toBe('| a\\|b |\n| --- |\n| 1 |\n')
})
