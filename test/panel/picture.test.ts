import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analysis/analyze'
import { formatCount, formatExact } from '../../src/base/format'
import { N } from '../../src/core/dim'
import { each, pads } from '../../src/core/window'
import { panelModel } from '../../src/features/panelModel'
import { widthOf } from '../../src/panel/bottlenecks/picks'
import { BACK, beamBetween, facesOf, inside } from '../../src/panel/picture/cabinet'
import { linesOf } from '../../src/panel/picture/captions'
import { cellsLayout } from '../../src/panel/picture/cellsLayout'
import { asWritten, canBeReplaced, largestPaying, sumOf, through } from '../../src/panel/picture/chain'
import { mapsOfGroup, profileLayout } from '../../src/panel/picture/profileLayout'
import { accountsOf } from '../../src/panel/picture/profileSums'
import { chosenFor, targetOf } from '../../src/panel/picture/target'
import { placeRows } from '../../src/panel/picture/volumes'
import { chainsOf, finding, roundNumber, volumesLayout } from '../../src/panel/picture/volumesChart'
import { initialState, type Kept } from '../../src/panel/state'
import type { PanelNetwork } from '../../src/protocol/panel'
import type { PanelGeometry } from '../../src/protocol/panelPicture'
import { long, resnet, Sketch, single, vgg16, withUnknown } from './networks'

function network(analysis: ReturnType<typeof resnet>): PanelNetwork {
  const model = panelModel(analysis, { uri: 'file:///m' })
  if (model.state !== 'network') throw new Error('no network')
  return model
}
const state = (kept: Partial<Kept> = {}) => initialState(kept)
/** Six pixels a character: near enough to a font of 11 px. */
const measure = (text: string): number => 6 * text.length

/** A k×k convolution on a square map, padded so that stride 1 keeps the size. */
function geometry(cin: number, cout: number, k: number, size: number, stride = 1): PanelGeometry {
  const s = new Sketch()
  s.builder.output(s.conv('conv', s.input(cin, size), cout, k, stride))
  return network(s.analysis('one', 'one.yaml', [cin, size, size])).picture.geometries[0]!
}
const { forms } = network(single()).picture

describe('layers in place of a convolution', () => {
  // Example 4 of GoogLeNet's 5×5: 32 filters on 28×28×256, direct and through a 1×1 to 16.
  const five = geometry(256, 32, 5, 28)

  test('the 5×5 of 28×28×256 through 16 comes out to the digit', () => {
    const links = through(five, forms.reduce, 16)
    expect(asWritten(five).macs).toBe(160_563_200)
    expect(links.map(({ weights, macs }) => [weights, macs])).toEqual([
      [4_096, 3_211_264],
      [12_800, 10_035_200],
    ])
    expect(formatExact(sumOf(links, 'macs'))).toBe('13,246,464')
    expect([formatCount(160_563_200), formatCount(13_246_464)]).toEqual(['161M', '13.2M'])
    // 5² · 256 · 32 ÷ (256 + 5² · 32) = 193.9; maps add 2 · 28² for each of r.
    expect(largestPaying(five, forms.reduce, 'macs')).toBe(193)
    expect(largestPaying(five, forms.reduce, 'traffic')).toBe(78)
  })

  test.each([
    // 100×20×20 → 40: 5×5 direct 100,000 weights and 40.0M MACs; through 20, 22,000 and 8.8M.
    [geometry(100, 40, 5, 20), 20, 100_000, 22_000, 40_000_000, 8_800_000],
    // 4×4 256 → 256 through 64: 278,528 against 1,048,576 weights. The even kernel shrinks 28 to 29.
    [
      geometry(256, 256, 4, 28),
      64,
      1_048_576,
      278_528,
      1_048_576 * 29 * 29,
      64 * 256 * 28 * 28 + 16 * 64 * 256 * 29 * 29,
    ],
  ])('published examples: weights and MACs', (direct, r, weights, through_, macs, throughMacs) => {
    expect([asWritten(direct).weights, asWritten(direct).macs]).toEqual([weights, macs])
    const links = through(direct, forms.reduce, r)
    expect([sumOf(links, 'weights'), sumOf(links, 'macs')]).toEqual([through_, throughMacs])
  })

  test('stride stays on the k×k; a bottleneck writes small maps behind it', () => {
    const strided = geometry(64, 128, 3, 56, 2)
    const [first, middle, last] = through(strided, forms.bottleneck, 16)
    expect([first!.output, middle!.output, last!.output]).toEqual([
      [56, 56],
      [28, 28],
      [28, 28],
    ])
    expect([first!.stride, middle!.stride]).toEqual([
      [1, 1],
      [2, 2],
    ])
    const [depthwise, pointwise] = through(strided, forms.separable, 0)
    expect([depthwise!.kind, depthwise!.weights, pointwise!.weights]).toEqual(['depthwise', 9 * 64, 64 * 128])
    expect(largestPaying(strided, forms.separable, 'macs')).toBe(null)
  })

  const table = new URL('../../../shared/oracle/bottleneck.csv', import.meta.url)
  if (existsSync(table))
    test('every row of an independent table', () => {
      const [head, ...rows] = readFileSync(table, 'utf8').trim().split('\n')
      const names = head!.trim().split(',')
      const letters = { A: 'reduce', B: 'bottleneck', C: 'expand' } as const
      for (const row of rows) {
        const cells = row.trim().split(',')
        const of = (name: string): number => Number(cells[names.indexOf(name)])
        const [k, g] = [of('k'), of('g')]
        const direct: PanelGeometry = {
          op: 'convolution',
          kernel: [k, k],
          stride: [of('s'), of('s')],
          dilation: [1, 1],
          padding: [of('p'), of('p')],
          groups: g,
          cin: of('cin'),
          cout: of('cout'),
          input: [of('h'), of('h')],
          output: [of('ho'), of('ho')],
          weights: of('par_direct'),
          bias: 0,
          macs: of('mac_direct'),
          traffic: of('traffic_direct'),
        }
        const form = letters[cells[names.indexOf('form')] as 'A']
        const links = through(direct, forms[form], of('r'))
        const sums = [sumOf(links, 'macs'), sumOf(links, 'weights'), sumOf(links, 'traffic')]
        expect(sums, row).toEqual([of('mac'), of('par'), of('traffic')])
        const most = of('r_breakeven_mac')
        const largest = largestPaying(direct, forms[form], 'macs')
        expect(largest ?? 0, row).toBe(Math.ceil(most) - 1)
      }
      expect(rows).toHaveLength(59)
    })

  test('widths are rounded as the advisor rounds them', () => {
    expect([widthOf(256, 16, 8), widthOf(192, 16, 8), widthOf(3, 4, 8), widthOf(100, 4, 8)]).toEqual([16, 16, 8, 24])
  })
})

describe('cabinet projection', () => {
  const box = { x: 10, y: 100, length: 50, height: 30, depth: 100 }

  test('depth goes back at 0.42 of its length and 38°', () => {
    expect([BACK.x.toFixed(4), BACK.y.toFixed(4)]).toEqual(['0.3310', '0.2586'])
    const { front, top, side } = facesOf(box)
    expect(front.map(({ x, y }) => [x, y])).toEqual([
      [10, 100],
      [60, 100],
      [60, 130],
      [10, 130],
    ])
    expect(top[1]!.x).toBeCloseTo(10 + 33.1, 1)
    expect(top[1]!.y).toBeCloseTo(100 - 25.86, 1)
    expect(side[2]!.y).toBeCloseTo(130 - 25.86, 1)
  })

  test('a box inside lies where its channel, row and column are', () => {
    const inner = inside(box, { right: 5, down: 10, back: 50 }, { length: 1, height: 2, depth: 3 })
    expect([inner.x, inner.y]).toEqual([10 + 5 + 50 * BACK.x, 100 + 10 - 50 * BACK.y])
    const [start] = beamBetween(inner, box)
    expect(start!.x).toBeCloseTo(inner.x + 1 + 3 * BACK.x, 9)
  })
})

describe('volumes', () => {
  const rows = (g: PanelGeometry, r: number) => [[asWritten(g)], through(g, forms.bottleneck, r)]

  test('both rows share their scales, and the places of first and last volume', () => {
    const { scales, rows: placed } = placeRows(rows(geometry(256, 256, 3, 28), 64), 780, () => 150, 92)
    const boxes = placed.map(({ volumes }) => volumes.map(volume => volume.box))
    expect(boxes[0]![0]).toEqual(boxes[1]![0])
    expect(boxes[0]!.at(-1)).toEqual(boxes[1]!.at(-1))
    expect(boxes[1]!.map(({ length }) => length / scales.channel)).toEqual([256, 64, 64, 256])
    for (const { height, depth } of boxes[1]!) expect([height, depth]).toEqual([28 * scales.cell, 28 * scales.cell])
  })

  test.each([
    [28, 2.6],
    [56, 2.6],
    [112, 1.3],
    [14, 5.2],
    [2, 8],
  ])('a map of %i has %f pixels a position where there is room', (size, cell) => {
    expect(placeRows([[asWritten(geometry(16, 16, 1, size))]], 1500, () => 100, 92).scales.cell).toBeCloseTo(cell, 9)
  })

  test('over 512 channels a volume is broken, and only then', () => {
    const { rows: placed, scales } = placeRows([[asWritten(geometry(512, 2048, 1, 7))]], 780, () => 100, 92)
    expect(placed[0]!.volumes.map(({ broken }) => broken)).toEqual([false, true])
    expect(placed[0]!.volumes[1]!.box.length).toBeCloseTo(512 * scales.channel, 9)
  })

  test('the kernel box goes through all channels of its input, inside it', () => {
    const { rows: placed, scales } = placeRows([[asWritten(geometry(256, 32, 5, 28))]], 780, () => 100, 92)
    const { volumes, beams } = placed[0]!
    const [before] = volumes
    const { source } = beams[0]!
    expect(source.length).toBe(before!.box.length)
    expect([source.height, source.depth]).toEqual([5 * scales.cell, 5 * scales.cell])
    // Output row 14 reads rows 12 to 16.
    const back = source.x - before!.box.x
    expect(back / BACK.x / scales.cell).toBeCloseTo(12, 9)
    expect((source.y + 12 * scales.cell * BACK.y - before!.box.y) / scales.cell).toBeCloseTo(12, 9)
  })

  test('a depthwise kernel sees one channel, in the middle', () => {
    const s = new Sketch()
    s.builder.output(s.conv('dw', s.input(64, 28), 64, 3, 1, { groups: 64 }))
    const [g] = network(s.analysis('dw', 'dw.yaml', [64, 28, 28])).picture.geometries
    expect(canBeReplaced(g!)).toBe(false)
    const { rows: placed } = placeRows([[asWritten(g!)]], 780, () => 100, 92)
    expect(placed[0]!.beams[0]!.source.length).toBeLessThan(4)
    expect(linesOf(asWritten(g!), 'MACs')).toEqual(['64 kernels 3×3×1', '576 weights', '452k MACs'])
  })

  test.each([296, 456, 688, 1068])('words stand apart and inside %i px', width => {
    const model = network(vgg16())
    for (const form of ['reduce', 'bottleneck', 'expand', 'separable'] as const) {
      for (const g of model.picture.geometries.filter(canBeReplaced)) {
        const layout = volumesLayout(
          model,
          { geometry: g, instead: { form, width: widthOf(g.cin, 4, 8) } },
          width,
          measure,
        )
        for (const { captions } of layout.rows) {
          const boxes = captions.map(({ text, x, y, anchor }) => {
            const left = anchor === 'start' ? x : x - measure(text) / 2
            return { text, left, right: left + measure(text), y }
          })
          for (const [i, a] of boxes.entries()) {
            expect(a.left, a.text).toBeGreaterThanOrEqual(-1)
            expect(a.right, a.text).toBeLessThanOrEqual(width + 1)
            for (const b of boxes.slice(i + 1))
              expect(Math.abs(a.y - b.y) > 10 || a.right <= b.left || b.right <= a.left, `${a.text} / ${b.text}`).toBe(
                true,
              )
          }
        }
      }
    }
  })

  test('lengths of scale bars are round', () => {
    expect([0.4, 1, 7, 99, 112, 560].map(roundNumber)).toEqual([1, 1, 5, 50, 100, 500])
  })
})

describe('what is drawn', () => {
  test('the selected layer; else the heaviest k×k that has something to reduce', () => {
    const model = network(resnet())
    const id = (kept: Partial<Kept>) => model.layers[targetOf(state(kept), model)!.layer]!.id
    expect(id({})).toBe('layer1.0.conv2')
    expect(id({ selection: ['conv1'] })).toBe('conv1')
    expect(id({ selection: ['fc'] })).toBe('fc')
    expect(id({ selection: ['layer3/'] })).toMatch(/^layer3\.\d\.conv2$/)
    expect(targetOf(state(), network(withUnknown()))).not.toBe(null)
  })

  test('form and width are those that were set on the Bottlenecks tab', () => {
    const model = network(vgg16())
    const target = targetOf(state({ selection: ['conv4_2'] }), model)!
    const { key, ...set } = chosenFor(state(), model, target)
    expect(set).toEqual({ form: 'bottleneck', width: 128 })
    expect(chosenFor(state({ choices: { [key]: { form: 'reduce', width: 40 } } }), model, target)).toEqual({
      key,
      form: 'reduce',
      width: 40,
    })
  })

  test('its finding says both sums', () => {
    const s = new Sketch()
    s.builder.output(s.conv('conv', s.input(256, 28), 32, 5))
    const model = network(s.analysis('one', 'one.yaml', [256, 28, 28]))
    const subject = { geometry: model.picture.geometries[0]!, instead: { form: 'reduce', width: 16 } as const }
    expect(finding(model, subject)).toBe(
      '32 kernels 5×5×256 make 28×28×32 from 28×28×256: 160,563,200 MACs. ' +
        'Through a 1×1 to 16: 13,246,464 MACs, ÷ 12.',
    )
    expect(chainsOf(model, subject).map(({ title }) => title)).toEqual(['direct', 'through a 1×1 to 16'])
  })

  test('transposed, one-dimensional, three-dimensional and linear layers say what they are', () => {
    const s = new Sketch()
    const window = (k: number, rank: number) => ({
      kernel: each(k, rank),
      stride: each(1, rank),
      dilation: each(1, rank),
    })
    const add = (op: 'conv1d' | 'conv3d' | 'conv_transpose2d', shape: number[], rank: number, more = {}) => {
      const x = s.builder.input('x', [N, ...shape])
      const attributes = {
        ...window(3, rank),
        padding: pads(1, rank),
        inChannels: shape[0]!,
        outChannels: 8,
        groups: 1,
        bias: false,
      }
      return s.builder.add(op as 'conv2d', { ...attributes, ...more }, [x], s.origin(op, op))
    }
    s.builder.output(add('conv1d', [4, 100], 1))
    s.builder.output(add('conv3d', [4, 6, 10, 12], 3))
    s.builder.output(add('conv_transpose2d', [4, 10, 10], 2, { outputPadding: [0, 0] }))
    s.builder.output(s.linear('fc', s.builder.input('v', [N, 7, 32]), 16))
    const model = network(s.analysis('kinds', 'kinds.yaml', [4, 100]))
    const lines = model.picture.geometries.map(g => linesOf(asWritten(g), 'MACs').join(' · '))
    expect(lines).toEqual([
      '8 kernels 3×4 · 96 weights · 9.6k MACs',
      '8 kernels 3×3×3×4 · 864 weights · 622k MACs',
      '4 kernels 3×3×8, transposed · 288 weights · 28.8k MACs',
      '16 rows of 32 · 512 weights · 3.6k MACs',
    ])
    expect(model.picture.geometries.some(g => canBeReplaced(g) && g.op !== 'convolution')).toBe(false)
  })
})

describe('channel profile', () => {
  const file = readFileSync('examples/googlenet.yaml', 'utf8')
  const google = network(analyze({ uri: 'file:///googlenet.yaml', name: 'googlenet.yaml', text: file })!)
  const block = google.blocks.find(({ id }) => id === 'inception3a')!

  test('inception(3a): what it reads, six maps and their concatenation', () => {
    const { sources, inner } = mapsOfGroup(google.picture.maps, block.first, block.last)
    const channels = (list: number[]) => list.map(i => google.picture.maps[i]!.channels)
    expect(channels(sources)).toEqual([192])
    expect(google.picture.maps[sources[0]!]!.size).toBe('28×28')
    // Table 1 of the paper: 64, 96 → 128, 16 → 32, pool proj 32, 256 out.
    expect(channels(inner)).toEqual([64, 96, 128, 16, 32, 32, 256])
    expect(google.picture.maps[inner.at(-1)!]!.by).toBe('concat')
    expect(inner.filter(i => google.picture.maps[i]!.pooled).map(i => google.picture.maps[i]!.channels)).toEqual([32])
  })

  test('thickness is channels on one scale; branches end in their parts of the concatenation', () => {
    const layout = profileLayout(google, block, 780, { left: 84, right: 108 })!
    const of = (channels: number) => layout.bars.filter(bar => google.picture.maps[bar.map]!.channels === channels)
    const scale = of(256)[0]!.height / 256
    for (const { map, height } of layout.bars)
      expect(height / scale).toBeCloseTo(google.picture.maps[map]!.channels!, 6)
    expect(new Set([64, 128].flatMap(channels => of(channels).map(({ x }) => x))).size).toBe(1)
    expect(of(96)[0]!.x).toBeLessThan(of(128)[0]!.x)
    const ends = layout.ribbons.filter(({ to }) => google.picture.maps[to]!.channels === 256)
    expect(ends.map(({ hue }) => hue)).toEqual(['moved', 'moved', 'moved', 'moved'])
    const last = ends.map(({ stops }) => stops.at(-1)!)
    expect(last.map(({ top, bottom }) => Math.round((bottom - top) / scale))).toEqual([64, 128, 32, 32])
    for (const [i, { top }] of last.slice(1).entries()) expect(top).toBeCloseTo(last[i]!.bottom, 6)
    expect(layout.ribbons.filter(({ hue }) => hue === 'spatial')).toHaveLength(2)
  })

  test('its sum, and that of its k×k layers on the wide map', () => {
    // 128,049,152 in the file (the paper: 128M); 3×3 and 5×5 on 192 maps instead of 96 and 16, without those two 1×1.
    const positions = 28 * 28
    const direct = (64 * 192 + 128 * 9 * 192 + 32 * 25 * 192 + 32 * 192) * positions
    expect(direct).toBe(303_464_448 + 32 * 192 * positions)
    expect(accountsOf(google, block).map(({ title, lines }) => [title, lines[0]!.text])).toEqual([
      ['as in the file', '128,049,152 MACs'],
      ['without its 2 1×1 reductions', `${formatExact(direct)} MACs`],
    ])
  })

  test('a shortcut passes beside the maps between', () => {
    const model = network(resnet())
    const { first, last } = model.blocks.find(({ id }) => id === 'layer1.1')!
    const layout = profileLayout(model, { first, last }, 780, { left: 84, right: 108 })!
    const long_ = layout.ribbons.find(({ stops }) => stops.length > 2)!
    for (const { x, top, bottom } of long_.stops.slice(1, -1))
      for (const bar of layout.bars.filter(each => Math.abs(each.x - x) < 10))
        expect(bar.y >= bottom || bar.y + bar.height <= top).toBe(true)
  })

  test('more steps than fit are left out, and counted', () => {
    const model = network(long(300))
    const layout = profileLayout(model, { first: 0, last: model.layers.length }, 780, { left: 84, right: 108 })!
    expect(layout.columns).toBeLessThan(layout.allColumns)
    // 900 layers, and what they read.
    expect(layout.allColumns).toBe(901)
    expect(Math.max(...layout.bars.map(({ x }) => x))).toBeLessThanOrEqual(780 - 108)
  })
})

describe('small constant tensors', () => {
  // (3, 3, 2) holding 1 to 18, one 1×1 filter [1, 2]: a textbook's first 1×1 convolution.
  const values = {
    input: { shape: [3, 3, 2], data: Array.from({ length: 18 }, (_, i) => i + 1) },
    filter: { shape: [1, 1, 1, 2], data: [1, 2] },
    output: { shape: [3, 3, 1], data: [5, 11, 17, 23, 29, 35, 41, 47, 53] },
  }

  const scripted = (text: string): PanelNetwork =>
    network(analyze({ uri: 'file:///script.py', name: 'script.py', text })!)

  test('come from the program: a product with a matrix and a convolution, both by hand', () => {
    const model = scripted(readFileSync('examples/pointwise_by_hand.py', 'utf8'))
    expect(model.picture.values).toEqual({ 0: values, 1: values })
  })

  test('axes are brought into the order height, width, channel', () => {
    const model = scripted(
      'import torch\nimport torch.nn.functional as F\n' +
        'x = torch.tensor([[[[1, 2, 3], [4, 5, 6]], [[10, 20, 30], [40, 50, 60]]]])\n' +
        'w = torch.tensor([[[[1, 0], [0, 0]], [[0, 0], [0, 1]]]])\ny = F.conv2d(x, w)\n',
    )
    expect(model.picture.values[0]).toEqual({
      input: { shape: [2, 3, 2], data: [1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60] },
      filter: { shape: [1, 2, 2, 2], data: [1, 0, 0, 0, 0, 0, 0, 1] },
      // x[0, 0, 0] + x[1, 1, 1] and its neighbour.
      output: { shape: [1, 2, 1], data: [1 + 50, 2 + 60] },
    })
  })

  test('those of TensorFlow, channels last and filters by window, in and out, as well', () => {
    const model = scripted(
      'import tensorflow as tf\n' +
        'x = tf.constant([[[[1., 10.], [2., 20.], [3., 30.]], [[4., 40.], [5., 50.], [6., 60.]]]])\n' +
        // Window 2×2 of 2 channels in, 1 out: 1 for the first channel at the first place, 1 for the second at the last.
        'w = tf.constant([[[[1.], [0.]], [[0.], [0.]]], [[[0.], [0.]], [[0.], [1.]]]])\n' +
        'y = tf.nn.conv2d(x, w, strides=1, padding="VALID")\n',
    )
    expect(model.picture.values[0]).toEqual({
      input: { shape: [2, 3, 2], data: [1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60] },
      filter: { shape: [1, 2, 2, 2], data: [1, 0, 0, 0, 0, 0, 0, 1] },
      output: { shape: [1, 2, 1], data: [1 + 50, 2 + 60] },
    })
  })

  test('random ones have none', () => {
    expect(scripted(readFileSync('examples/pointwise_layer.py', 'utf8')).picture.values).toEqual({})
  })

  test('a grid a channel; the first output value is explained', () => {
    const { grids, formula } = cellsLayout(values, geometry(2, 1, 1, 3), 1068, measure)
    expect(grids.map(({ title, cells }) => [title, cells.map(({ text }) => text).join(' ')])).toEqual([
      ['input, channel 1', '1 3 5 7 9 11 13 15 17'],
      ['input, channel 2', '2 4 6 8 10 12 14 16 18'],
      ['filter, channel 1', '1'],
      ['filter, channel 2', '2'],
      ['output, channel 1', '5 11 17 23 29 35 41 47 53'],
    ])
    expect(formula).toBe('1·1 + 2·2 = 5')
    const negative = {
      ...values,
      filter: { shape: [1, 1, 1, 2], data: [1, -2] },
      output: { shape: [1, 1, 1], data: [-3] },
    }
    expect(cellsLayout(negative, geometry(2, 1, 1, 3), 1068, measure).formula).toBe('1·1 + 2·(−2) = −3')
    expect(grids.map(({ cells }) => cells.filter(({ lit }) => lit).length)).toEqual([1, 1, 1, 1, 1])
  })

  test('where there is no room beside, a grid goes below', () => {
    const { grids } = cellsLayout(values, geometry(2, 1, 1, 3), 296, measure)
    expect(new Set(grids.map(({ y }) => y)).size).toBeGreaterThan(1)
    for (const { x, columns } of grids) expect(x + columns * 26).toBeLessThanOrEqual(296)
  })
})

test('a state that an older version kept is opened without its model', () => {
  const { picture: _, ...older } = network(single())
  expect(initialState({ model: older as PanelNetwork }).model).toBe(null)
  expect(initialState({ model: network(single()) }).model).not.toBe(null)
})

describe('the message', () => {
  test('grows by less than a fifth for shapes and maps', () => {
    const model = network(long(300))
    const { picture, roofline, ...rest } = model
    const size = (part: object): number => JSON.stringify(part).length
    expect(model.layers).toHaveLength(900)
    expect((size(picture) + size(roofline)) / size(rest)).toBeLessThan(0.2)
  })
})
