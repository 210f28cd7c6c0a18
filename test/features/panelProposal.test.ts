import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { kernelsTime } from '../../src/advisor/bound'
import { directOf } from '../../src/advisor/candidates'
import { deviceById } from '../../src/advisor/devices'
import { directWork, FORM_NAMES, kernelWork } from '../../src/advisor/forms'
import { analyze } from '../../src/analysis/analyze'
import { applyEdits } from '../../src/analysis/edits'
import { candidatesOf, placeOf } from '../../src/analysis/proposals'
import { panelApplied, panelBudget } from '../../src/features/panelApplied'
import { panelModel } from '../../src/features/panelModel'
import { panelProposal } from '../../src/features/panelProposal'
import { costAt, moved, stepsFor } from '../../src/panel/bottlenecks/widths'
import type { PanelDetail, PanelHolds, PanelPick } from '../../src/protocol/panelAdvice'
import { vgg16Text } from '../panel/vgg16'

const read = (name: string, text: string) => analyze({ uri: `file:///${name}`, name, text })!
const vgg = read('vgg16.yaml', vgg16Text())
const resnet = read('resnet18.yaml', readFileSync('examples/resnet18.yaml', 'utf8'))
const uri = 'file:///vgg16.yaml'

/** The row of a layer, as the page picks it. */
function pick(name: string, more: Partial<PanelPick> = {}, analysis = vgg): PanelPick {
  const model = panelModel(analysis, { uri })
  if (model.state !== 'network') throw new Error('no network')
  const rows = [...model.bottlenecks.groups.flatMap(group => group.proposals), ...model.bottlenecks.refused]
  const row = rows.find(each => each.name === name)!
  return { place: row.at, name: row.group, form: 'bottleneck', ...more }
}
const detail = (name: string, more: Partial<PanelPick> = {}, analysis = vgg): PanelDetail =>
  panelProposal(analysis, { uri, pick: pick(name, more, analysis) }, 7)!
const holds = (of: PanelDetail): PanelHolds => {
  if (!of.outcome.holds) throw new Error(of.outcome.refused)
  return of.outcome
}

describe('one proposal', () => {
  // DESIGN's picture panel-bottlenecks: 3×3, 256→256 on 56×56 through 64 on a T4 in fp16.
  test('of the picture', () => {
    const conv = detail('conv3_2')
    expect(conv).toMatchObject({ version: 7, kernel: '3×3', channels: '256→256', size: '56×56', count: 1, width: 64 })
    expect(conv.share.toFixed(2)).toBe('0.12')
    expect(conv.curve).toMatchObject({ widest: 256, mixed: false, cin: 256 })
    expect(conv.curve!.breakEven).toEqual({ macs: 229, params: 229, traffic: 43, time: 183 })
    const { before, after, model } = holds(conv)
    expect([before.macs, after.macs]).toEqual([9 * 256 * 256 * 3136, (256 * 64 + 9 * 64 * 64 + 64 * 256) * 3136])
    // Bias stays on the last layer: 256 of it.
    expect([before.params, after.params]).toEqual([9 * 256 * 256 + 256, 256 * 64 + 9 * 64 * 64 + 64 * 256 + 256])
    expect([before.kernels, after.kernels]).toEqual([1, 3])
    expect(after.activations).toBe((64 + 64 + 256) * 3136)
    expect(model.before.macs - model.after.macs).toBe(before.macs - after.macs)
  })
  test('in steps, with the maps between', () => {
    const sizes = (of: PanelDetail) => of.steps.map(({ kernel, from, to, narrow }) => [kernel, from, to, narrow.to])
    expect(sizes(detail('conv4_1', { form: 'reduce', width: 32 }))).toEqual([
      ['1×1', 256, 32, true],
      ['3×3', 32, 512, false],
    ])
    expect(sizes(detail('conv4_1', { form: 'separable' }))).toEqual([
      ['depthwise 3×3', 256, 256, false],
      ['1×1', 256, 512, false],
    ])
    expect(detail('conv4_1', { form: 'separable' }).width).toBeNull()
  })
  test('with a norm and an activation between', () => {
    const { between, after } = holds(detail('conv3_2', { between: 'norm' }))
    expect(between).toBe('norm')
    // Two norms of 64 channels with scale and shift.
    expect(after.params).toBe(256 * 64 + 9 * 64 * 64 + 64 * 256 + 256 + 2 * 2 * 64)
  })
  test('above break-even is drawn and says so', () => {
    const wide = detail('conv3_2', { width: 232 })
    expect(wide.curve).not.toBeNull()
    expect(wide.width).toBe(232)
    expect(wide.outcome).toMatchObject({ holds: false, refused: expect.stringContaining('r 232 costs more MACs') })
  })
  test('of a layer that is left alone says why, without a curve', () => {
    const stem = detail('conv1_1')
    expect(stem.curve).toBeNull()
    expect(stem.outcome).toEqual({ holds: false, refused: 'Only 3 input channels.' })
  })
  test('at a place where nothing stands is none', () => {
    const nowhere = { place: '1:1', form: 'reduce' } as const
    expect(panelProposal(vgg, { uri, pick: nowhere }, 0)).toBeNull()
    expect(panelProposal(undefined, { uri, pick: nowhere }, 0)).toBeNull()
  })
})

describe('the curve in the page', () => {
  const device = deviceById('t4-fp16')
  const groups = (analysis: typeof vgg) => candidatesOf(analysis.model()!, { form: 'separable', device }).candidates
  test.each(FORM_NAMES)('is the sum of the closed formulas over the calls: %s', form => {
    for (const analysis of [vgg, resnet]) {
      for (const group of groups(analysis)) {
        const of = panelProposal(
          analysis,
          { uri, pick: { place: placeOf(analysis, group), name: group.name, form, ratio: 4 } },
          0,
        )
        if (!of?.curve) continue
        const r = 24
        const calls = group.nodes.map(node => ({ node, direct: directOf(node)! }))
        const first = calls[0]!.direct.cin
        const work = calls.map(({ direct }) => kernelWork(form, direct, (r * direct.cin) / first))
        const at = costAt(of.curve, of.device, r)
        expect(at.macs).toBeCloseTo(sum(work.flat().map(part => part.macs)), 3)
        expect(at.traffic).toBeCloseTo(sum(work.flat().map(part => part.traffic)), 3)
        expect(at.time).toBeCloseTo(sum(work.map(parts => kernelsTime(parts, device))), 12)
        expect(at.kernels).toBe(work.flat().length)
        expect(of.curve.before.macs).toBe(sum(calls.map(({ direct }) => directWork(direct).macs)))
      }
    }
  })
  test('ends where the sum of all calls stops paying', () => {
    const { curve, device: of } = detail('conv2', {}, resnet)
    expect(curve!.mixed).toBe(true)
    for (const key of ['macs', 'params', 'traffic'] as const) {
      const end = curve!.breakEven[key]!
      expect(costAt(curve!, of, end)[key]).toBeLessThan(curve!.before[key])
      expect(costAt(curve!, of, end + 1)[key]).toBeGreaterThanOrEqual(curve!.before[key])
    }
    // Three kernels for each of eight calls cost more launches than they save.
    expect(curve!.breakEven.time).toBeNull()
  })
})

describe('keys of the slider', () => {
  const { curve } = detail('conv3_2')
  const press = (key: string, r: number, shiftKey = false, multiple = 8) =>
    moved({ key, shiftKey }, r, curve!, multiple)
  test.each([
    ['ArrowRight', 64, 72],
    ['ArrowRight', 66, 72],
    ['ArrowLeft', 66, 64],
    ['ArrowLeft', 8, 8],
    ['ArrowRight', 256, 256],
    ['PageUp', 200, 256],
    ['PageDown', 64, 32],
    ['Home', 64, 8],
    ['End', 64, 224],
    ['b', 229, 43],
  ])('%s from %i goes to %i', (key, from, to) => {
    expect(press(key, from)).toBe(to)
  })
  test('Shift goes by 1, other keys nowhere, and a multiple of 1 is free', () => {
    expect(press('ArrowLeft', 64, true)).toBe(63)
    expect(press('a', 64)).toBeUndefined()
    expect(press('ArrowLeft', 64, false, 1)).toBe(63)
  })
  test('a multiple wider than the layer does not leave the axis', () => {
    const { snap, widest } = stepsFor({ ...curve!, widest: 24 }, 32)
    expect([snap(0), snap(100), widest]).toEqual([24, 24, 24])
  })
})

describe('several together', () => {
  const picks = ['conv4_2', 'conv4_3', 'conv4_1', 'conv3_2', 'conv3_3'].map(name => pick(name))
  test('come to the totals of the picture, and to edits that give them', () => {
    const applied = panelApplied(vgg, { uri, picks }, 3)!
    expect(applied).toMatchObject({ version: 3, count: 5, dropped: [] })
    expect((applied.after.macs / 1e9).toFixed(2)).toBe('8.09')
    expect((applied.after.time * 1e3).toFixed(2)).toBe('1.20')
    const offset = ({ line, character }: { line: number; character: number }) => vgg.lineStarts[line]! + character
    const edits = applied.edits.map(({ range, newText }) => ({
      span: { start: offset(range.start), end: offset(range.end) },
      newText,
    }))
    const edited = read('vgg16.yaml', applyEdits(vgg.source.text, edits)).model()!
    expect(edited.totals.macs).toBe(applied.after.macs)
    expect(edited.totals.params).toBe(applied.after.params)
    expect(edited.problems).toEqual([])
  })
  test('leave out with a reason what cannot be written', () => {
    const applied = panelApplied(vgg, { uri, picks: [pick('conv1_1'), pick('conv3_2')] }, 0)!
    expect(applied.count).toBe(1)
    expect(applied.dropped).toEqual([{ pick: pick('conv1_1'), reason: 'Only 3 input channels.' }])
  })
})

describe('a budget', () => {
  const budget = (of: 'macs' | 'params', most: number, unit: 'MACs' | 'FLOPs' = 'MACs') =>
    panelBudget(vgg, { uri, of, most, unit }, 0)!
  test('is met by picks that the list has', () => {
    const { met, picks, text } = budget('macs', 8e9)
    expect(met).toBe(true)
    const applied = panelApplied(vgg, { uri, picks }, 0)!
    expect(applied.after.macs).toBeLessThanOrEqual(8e9)
    expect(text).toMatch(/^\d edits: 7\.\d+G MACs\.$/)
    expect(picks.every(({ place, name }) => placeOf(vgg, { site: siteOf(name!) } as never) === place)).toBe(true)
  })
  test('that the model keeps already needs nothing', () => {
    expect(budget('macs', 16e9)).toMatchObject({ met: true, picks: [], text: 'It has 15.5G MACs already.' })
    expect(budget('macs', 16e9, 'FLOPs').text).toBe('It has 30.9G FLOPs already.')
  })
  test('that cannot be met says how low it gets', () => {
    expect(budget('params', 1e6)).toMatchObject({ met: false, picks: [] })
    expect(budget('params', 1e6).text).toMatch(/^It does not get under 1\.0M params\. .* gets down to 12\dM params\.$/)
  })
})

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0)
const siteOf = (name: string) => vgg.model()!.graph.nodes.find(node => node.origin.path === name)!.origin.site
