import { describe, expect, test } from 'vitest'
import { panelModel } from '../../src/features/panelModel'
import { barsOf, fittingLevel, selectedBars } from '../../src/panel/cost/bars'
import { DEPTH, depthLayout } from '../../src/panel/cost/depthLayout'
import { icicleLayout } from '../../src/panel/cost/icicleLayout'
import { tableRows } from '../../src/panel/cost/tableRows'
import { initialState, type Kept, layersOnLine, type State } from '../../src/panel/state'
import { axisCount, depthFinding, lowerBound, spoken, spokenLayer } from '../../src/panel/words'
import type { PanelNetwork } from '../../src/protocol/panel'
import { long, resnet, single, vgg16, withUnknown } from './networks'

function network(analysis: ReturnType<typeof resnet>): PanelNetwork {
  const model = panelModel(analysis, { uri: 'file:///m' })
  if (model.state !== 'network') throw new Error('no network')
  return model
}
/** Six pixels a character: near enough to a font of 11 px. */
const measure = (text: string): number => 6 * text.length
const state = (kept: Partial<Kept> = {}, more: Partial<State> = {}): State => ({ ...initialState(kept), ...more })

describe('depth chart', () => {
  const model = network(resnet())
  const layout = depthLayout(model, 'layers', 1068, false, measure)

  test('heights are to scale from 0', () => {
    const of = (id: string) => layout.bars.find(placed => placed.bar.id === id)!
    expect(of('conv1').up).toBeCloseTo(DEPTH.work, 6)
    expect(of('layer1.0.conv2').up! / of('conv1').up!).toBeCloseTo(115605504 / 118013952, 6)
    expect(of('layer4.0.conv2').down).toBeCloseTo(DEPTH.params, 6)
    expect(of('fc').down! / of('layer4.0.conv2').down!).toBeCloseTo(2049000 / 2359296, 6)
  })

  test('bars do not touch; stages stand further apart and fill the width', () => {
    const gaps = layout.bars.slice(1).map((placed, i) => placed.x - layout.bars[i]!.x - layout.bars[i]!.width)
    expect(new Set(gaps.map(gap => gap.toFixed(3)))).toEqual(new Set(['3.000', '8.000']))
    expect(gaps.filter(gap => gap > 5).length).toBe(5)
    expect(layout.right).toBeCloseTo(1068, 6)
  })

  test('brackets name what fits', () => {
    expect(layout.brackets.map(({ name, work }) => [name, work])).toEqual([
      ['', ''],
      ['layer1', '668M MACs · 16%'],
      ['layer2', '1.03G MACs · 25%'],
      ['layer3', '1.46G MACs · 36%'],
      ['layer4', '809M MACs · 20%'],
      ['head', ''],
    ])
    expect(layout.brackets.map(bracket => bracket.params).filter(Boolean)).toEqual([
      '216k params · 0.8%',
      '1.2M params · 4.8%',
      '7.1M params · 28%',
      '15.0M params · 59%',
    ])
  })

  test('ticks are two or three round numbers', () => {
    expect(layout.workTicks.map(tick => tick.label)).toEqual(['50M', '100M'])
    expect(layout.paramTicks.map(tick => tick.label)).toEqual(['1M', '2M'])
  })

  test('more layers than fit are rolled up', () => {
    const many = network(long())
    expect(fittingLevel(many, 'layers', 1000, 3, 8)).toBe('stages')
    expect(fittingLevel(many, 'layers', 300 * 7 + 9 * 5 - 3, 3, 8)).toBe('blocks')
    expect(fittingLevel(many, 'layers', 900 * 7 + 9 * 5 - 3, 3, 8)).toBe('layers')
    expect(depthLayout(many, 'layers', 1068, false, measure).bars.length).toBe(10)
  })

  test('what is not known has no height', () => {
    const { bars } = depthLayout(network(withUnknown()), 'layers', 1068, false, measure)
    expect(bars.map(({ up, down }) => [up === null, down === null])).toEqual([
      [false, false],
      [false, false],
      [true, true],
      [true, false],
    ])
  })

  test('a selected container selects its bars at every level', () => {
    expect(selectedBars(model, barsOf(model, 'layers'), ['layer2.0/']).size).toBe(4)
    expect([...selectedBars(model, barsOf(model, 'stages'), ['layer2.0.conv1'])]).toEqual(['layer2/'])
    expect([...selectedBars(model, barsOf(model, 'blocks'), ['layer2.0.conv1'])]).toEqual(['layer2.0/'])
  })
})

describe('icicle', () => {
  test('widths of every level are shares of the work', () => {
    const model = network(resnet())
    const { cells } = icicleLayout(model, 1000, 'layers', measure)
    for (const level of [0, 1, 3]) {
      const width = cells.filter(cell => cell.level === level).reduce((sum, cell) => sum + cell.width, 0)
      expect(width).toBeGreaterThan(999)
      expect(width).toBeLessThan(1000.01)
    }
    expect(cells.find(cell => cell.id === 'layer3/')!.width).toBeCloseTo(358.1, 1)
    expect(cells.find(cell => cell.id === 'layer3.0/')!.text).toBe('0')
  })
  test('layers too narrow to see are one cell', () => {
    const { cells } = icicleLayout(network(long()), 300, 'layers', measure)
    const joined = cells.filter(cell => cell.joined > 1)
    expect(joined.length).toBeGreaterThan(0)
    const drawn = cells.filter(cell => cell.level === 3).reduce((sum, cell) => sum + cell.joined, 0)
    expect(drawn).toBe(900)
  })
  test('the level cuts the rows off below', () => {
    const levels = (level: 'layers' | 'blocks' | 'stages') =>
      new Set(icicleLayout(network(resnet()), 1000, level, measure).cells.map(cell => cell.level))
    expect([levels('stages'), levels('blocks'), levels('layers')].map(set => set.size)).toEqual([2, 3, 4])
  })
  test('a flat list has no row of blocks', () => {
    const { cells } = icicleLayout(network(vgg16()), 1000, 'layers', measure)
    expect(cells.some(cell => cell.level === 2)).toBe(false)
  })
})

describe('table', () => {
  const model = network(resnet())
  test('stages are closed, and open one by one', () => {
    expect(tableRows(state(), model).map(({ name }) => name)).toEqual([
      'conv1',
      'bn1',
      'layer1',
      'layer2',
      'layer3',
      'layer4',
      'fc',
    ])
    const open = tableRows(state({ open: ['layer1/', 'layer1.1/'] }), model)
    expect(open.map(({ name, depth }) => `${depth} ${name}`).slice(2, 9)).toEqual([
      '0 layer1',
      '1 0',
      '1 1',
      '2 conv1',
      '2 conv2',
      '2 conv3',
      '2 3 norms',
    ])
  })
  test('a short list is open from the start', () => {
    expect(tableRows(state(), network(vgg16())).length).toBe(16 + 5)
  })
  test('sorting shows the leaves alone, unknown ones last', () => {
    const byWork = tableRows(state({ sort: { key: 'work', down: true } }), model)
    expect(byWork[0]!.name).toBe('conv1')
    expect(byWork.every(row => row.open === null)).toBe(true)
    const unknown = tableRows(state({ sort: { key: 'work', down: false } }), network(withUnknown()))
    expect(unknown.map(({ name }) => name)).toEqual(['conv1', 'conv2', 'gate', 'conv3'])
  })
  test('a filter keeps the containers of what it finds', () => {
    const rows = tableRows(state({}, { filter: 'layer3.0.conv' }), model)
    expect(rows.map(({ name }) => name)).toEqual(['layer3', '0', 'conv1', 'conv2', 'conv3'])
    expect(tableRows(state({}, { filter: 'no such layer' }), model)).toEqual([])
  })
})

describe('selection by the editor', () => {
  test('the line of one layer, and of none', () => {
    const model = network(resnet())
    const line = model.layers.find(layer => layer.id === 'layer2.0.conv3')!.place!.line
    expect(layersOnLine(model, line)).toEqual(['layer2.0.conv3'])
    expect(layersOnLine(model, 100_000)).toEqual([])
  })
  test('a line inside a block selects what it declares, not all of the block', () => {
    const model = network(single())
    const layer = model.layers[0]!
    const outer = { line: 10, endLine: 20 }
    const inner = { line: 12, endLine: 12 }
    const layers = [
      { ...layer, id: 'a', places: [inner, outer] },
      { ...layer, id: 'b', places: [{ line: 14, endLine: 14 }, outer] },
    ]
    expect(layersOnLine({ ...model, layers }, 12)).toEqual(['a'])
    expect(layersOnLine({ ...model, layers }, 17)).toEqual(['a', 'b'])
  })
})

describe('words', () => {
  test('axes drop decimals that say nothing', () => {
    expect([50e6, 1.5e6, 1e9, 200e9, 500, 20e3].map(axisCount)).toEqual(['50M', '1.5M', '1G', '200G', '500', '20k'])
  })
  test('lower bounds', () => {
    expect([lowerBound(5000, false), lowerBound(5000, true), lowerBound(0, true)]).toEqual(['5.0k', '≥ 5.0k', '?'])
  })
  test('a layer and the finding of a chart are read aloud as sentences', () => {
    const model = network(resnet())
    const layer = model.layers.find(each => each.id === 'layer3.0.conv2')!
    expect(spokenLayer(layer, 'MACs')).toBe(
      'layer3.0.conv2, 3 by 3, stride 2 256 to 256, 116 million MACs, 2.8 percent',
    )
    expect(depthFinding(model)).toBe(
      'Cost along depth, 54 layers. Most MACs are in layer3, 36%; most params in layer4, 59%.',
    )
    expect(spoken('≥ 1.81G MACs')).toBe('at least 1.81 billion MACs')
  })
})
