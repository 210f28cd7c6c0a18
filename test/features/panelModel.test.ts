import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analysis/analyze'
import { panelModel } from '../../src/features/panelModel'
import type { PanelNetwork, PanelParams, PanelRow } from '../../src/protocol/panel'
import { analysisOf, resnet, Sketch, single, vgg16, withShapeError, withUnknown } from '../panel/networks'

function network(analysis: ReturnType<typeof resnet>, params: Partial<PanelParams> = {}): PanelNetwork {
  const model = panelModel(analysis, { uri: analysis.source.uri, ...params })
  if (model.state !== 'network') throw new Error('no network')
  return model
}
const figures = (model: PanelNetwork): string[] => model.figures.map(({ value, label }) => `${value} ${label}`)
const rowAt = (rows: readonly PanelRow[], ...path: string[]): PanelRow => {
  const found = rows.find(row => row.name === path[0])!
  return path.length === 1 ? found : rowAt(found.children, ...path.slice(1))
}

describe('figures', () => {
  // The design's pictures, computed by hand there: panel-cost and panel-bottlenecks.
  test('of ResNet-50', () => {
    expect(figures(network(resnet()))).toEqual([
      '4.09G MACs',
      '25.6M params',
      '4.82 MB peak activations, fp16',
      '51.1 MB weights, fp16',
      '427 px receptive field',
      '572 µs least time, T4 fp16',
    ])
  })
  test('of VGG-16', () => {
    expect(network(vgg16()).figures.map(({ value }) => value)).toEqual([
      '15.5G',
      '138M',
      '12.8 MB',
      '277 MB',
      '212 px',
      '1.35 ms',
    ])
  })
  test('in FLOPs and fp32', () => {
    const model = network(resnet(), { unit: 'FLOPs', device: 't4-fp32' })
    expect(figures(model).slice(0, 4)).toEqual([
      '8.18G FLOPs',
      '25.6M params',
      '9.63 MB peak activations, fp32',
      '102 MB weights, fp32',
    ])
    expect(model.stages.find(stage => stage.name === 'layer3')!.work).toBe(2 * 1464336384)
  })
  test('carry ≥ where something is not counted', () => {
    const model = network(withUnknown())
    expect(figures(model).every(text => text.startsWith('≥ '))).toBe(true)
    expect(model.layers.find(layer => layer.id === 'conv3')!.work).toBeNull()
  })
})

describe('layers and rows', () => {
  const model = network(resnet())
  // The readout of the design's picture of the Cost tab.
  test('a layer', () => {
    expect(model.layers.find(layer => layer.id === 'layer3.0.conv2')).toMatchObject({
      kind: 'spatial',
      what: '3×3, stride 2 256→256',
      input: 'N×256×28×28',
      output: 'N×256×14×14',
      params: 589824,
      work: 115605504,
      field: '107',
    })
    expect(model.layers.map(layer => layer.kind).filter(kind => kind === 'spatial').length).toBe(17)
  })
  test('a stage and a block', () => {
    expect(rowAt(model.rows, 'layer3')).toMatchObject({ note: '6 blocks', output: 'N×1024×14×14', params: 7098368 })
    expect(rowAt(model.rows, 'layer3', '0')).toMatchObject({ note: 'Bottleneck', work: 372506624 })
    expect(rowAt(model.rows, 'layer3', '0', '4 norms')).toMatchObject({
      kind: 'rest',
      params: 2 * (256 + 256 + 1024 + 1024),
    })
  })
  test('places are the lines of the text', () => {
    const text = resnet().source.text.split('\n')
    for (const layer of model.layers)
      expect(text[layer.place!.line - 1]).toBe(`${layer.id}: ${layer.what.startsWith('linear') ? 'Linear' : 'Conv2d'}`)
  })
  test('layers that are never called are a row of their own', () => {
    const s = new Sketch()
    s.builder.output(s.conv('a', s.input(3, 8), 4, 1))
    s.builder.layer('linear', { inFeatures: 10, outFeatures: 5, bias: true }, s.origin('spare', 'Linear'))
    const found = network(s.analysis('m', 'm.yaml', [3, 8, 8]))
    expect(found.rows.at(-1)).toMatchObject({ name: 'never called', what: 'spare', params: 55, work: 0 })
    expect(found.params).toBe(12 + 55)
  })
})

describe('bottlenecks', () => {
  const { bottlenecks } = network(vgg16())
  const proposals = bottlenecks.groups.flatMap(group => group.proposals)

  // advisor.md: 3×3 256→256 through 64 on 56×56 costs 12.9% more traffic and 8.47 times fewer MACs.
  test('conv3_2 of VGG-16 through 64', () => {
    const { work, traffic, ...proposal } = proposals.find(each => each.name === 'conv3_2')!
    expect(proposal).toMatchObject({
      kernel: '3×3',
      inChannels: '256',
      width: '64',
      outChannels: '256',
      size: '56²',
      count: 1,
    })
    expect(work.before / work.after).toBeCloseTo(8.47, 2)
    expect(traffic.after / traffic.before - 1).toBeCloseTo(0.129, 3)
  })
  // The design's picture of the tab: 6 pay in everything, 4 cost traffic, 2 lose time, 4 are not proposed.
  test('groups, refusals and badge', () => {
    expect(bottlenecks.groups.map(({ title, proposals: list }) => [title, list.length])).toEqual([
      ['Pays in MACs, traffic and time', 6],
      ['Pays in MACs and time, costs traffic', 4],
      ['Does not pay in time on T4 fp16', 2],
    ])
    expect(bottlenecks.groups[2]!.proposals.map(each => each.name)).toEqual(['conv1_2', 'conv2_1'])
    expect(bottlenecks.paying).toBe(10)
    expect(bottlenecks.refusedSummary).toBe('conv1_1 has only 3 input channels; fc6 to fc8 are linear')
    expect(bottlenecks.refused.map(each => each.name)).toEqual(['conv1_1', 'fc6', 'fc7', 'fc8'])
  })
  // advisor.md: reduce keeps the outputs, MACs r (Cin HW + k² Cout H′W′): 512→512 through 128 on 28×28.
  test('reduce at C/4', () => {
    const reduced = network(vgg16(), { form: 'reduce' }).bottlenecks
    const conv = reduced.groups.flatMap(group => group.proposals).find(each => each.name === 'conv4_2')!
    expect(conv.work.after).toBe(128 * (512 + 9 * 512) * 784)
    expect(conv.width).toBe('128')
  })
  test('a wider ratio gives a narrower r', () => {
    const eighth = network(vgg16(), { ratio: 8 }).bottlenecks.groups.flatMap(group => group.proposals)
    expect(eighth.find(each => each.name === 'conv4_2')!.width).toBe('64')
  })
  // The design's picture of the states: 3.61G as written against 25.4G.
  test('nothing to insert in ResNet-50, and what its bottlenecks save', () => {
    const { groups, present } = network(resnet()).bottlenecks
    expect(groups.every(group => group.proposals.length === 0)).toBe(true)
    expect(present!.text).toBe('Each of the 16 3×3 layers already sits between two 1×1s.')
    expect((present!.asWritten / 1e9).toFixed(2)).toBe('3.61')
    expect((present!.direct / 1e9).toFixed(1)).toBe('25.4')
  })
  // A block of one convolution and its norm is used from several lines; each of those lines is a layer of its own.
  test('lines of a file that uses blocks', () => {
    const file = 'examples/resnet18.yaml'
    const analysis = analyze({ uri: `file:///${file}`, name: 'resnet18.yaml', text: readFileSync(file, 'utf8') })!
    const list = network(analysis).bottlenecks
    const rows = list.groups.flatMap(group => group.proposals)
    // Two 3×3 in each of 8 basic blocks (He et al., table 1), from 64 channels on 56×56 to 512 on 7×7.
    expect(rows.map(each => [each.name, each.count, each.outChannels, each.size])).toEqual([
      ['conv1', 8, '64…512', '56²…7²'],
      ['conv2', 8, '64…512', '56²…7²'],
    ])
    expect(list.refused.map(each => each.reason)).toContain('Only 3 input channels')
    const lines = analysis.source.text.split('\n')
    for (const each of rows) expect(lines[each.place!.line - 1]).toContain(`name: ${each.name}`)
  })
  test('layers are those of the cost table', () => {
    const ids = new Set(network(vgg16()).layers.map(layer => layer.id))
    for (const each of proposals) expect(each.layers.every(id => ids.has(id))).toBe(true)
  })
})

describe('banners', () => {
  test('a shape error names both numbers and the line', () => {
    const [banner] = network(withShapeError()).banners
    expect(banner).toMatchObject({ severity: 'error', title: 'conv5', line: 2 })
    expect(banner!.text).toBe(
      'expects 128 input channels and gets 256: N×256×28×28 from conv4. After it, costs take its declared output.',
    )
  })
  test('what is not counted is listed once a line, with a report', () => {
    const [banner] = network(withUnknown()).banners
    expect(banner).toMatchObject({
      severity: 'warning',
      title: '1 line is not counted.',
      list: [{ line: 3, text: 'MyGate: not a known module' }],
    })
    expect(banner!.report).toBe('detector.yaml, detector: not counted\n- line 3, MyGate: not a known module')
  })
  test('a text that does not parse', () => {
    const s = new Sketch()
    s.conv('a', s.input(3, 8), 4)
    const span = { start: 0, end: 1 }
    const model = network(
      s.analysis('m', 'm.yaml', [3, 8, 8], [{ code: 'syntax', severity: 'error', span, message: 'x' }]),
    )
    expect(model.broken).toBe(true)
    expect(model.banners[0]).toMatchObject({
      severity: 'info',
      text: 'Line 1 does not parse yet. Numbers below leave it out.',
    })
    expect(model.figures[0]!.value).toMatch(/^≥ /)
  })
})

test('no network', () => {
  expect(panelModel(undefined, { uri: 'file:///a/my%20utils.py' })).toEqual({
    state: 'empty',
    uri: 'file:///a/my%20utils.py',
    file: 'my utils.py',
  })
})

test('a network without layers, and one with a single one', () => {
  const empty = network(analysisOf(new Sketch().builder.build(), '', 'none', 'none.yaml', [3, 8, 8]))
  expect(empty).toMatchObject({ layers: [], stages: [], rows: [], work: 0, params: 0 })
  expect(network(single()).layers.length).toBe(1)
})

test('the model is plain JSON', () => {
  const model = network(resnet())
  expect(JSON.parse(JSON.stringify(model))).toEqual(model)
})
