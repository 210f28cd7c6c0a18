import { describe, expect, test } from 'vitest'
import { deviceById } from '../../src/analysis/advice'
import { type Analysis, analyze } from '../../src/analysis/analyze'
import { panelCompare, sinceText } from '../../src/features/panelCompare'
import type { Side } from '../../src/features/reportCompare'
import { compareLines } from '../../src/panel/compare/compareRows'
import { compareCsv, compareMarkdown } from '../../src/panel/compare/compareText'
import { countsText, isSame, sameText } from '../../src/panel/compare/compareWords'
import type { PanelCompared } from '../../src/protocol/panelCompare'
import { long, resnet, single, vgg16, withUnknown } from '../panel/networks'

const side = (analysis: Analysis, label = analysis.source.name): Side => ({ label, analysis, model: analysis.model()! })
const compare = (a: Analysis, b: Analysis, unit: 'MACs' | 'FLOPs' = 'MACs'): PanelCompared =>
  panelCompare(side(a), side(b), { unit, device: deviceById('t4-fp16') })

const NET = `input: [3, 32, 32]
layers:
  - Conv2d: {name: stem, out_channels: 8, kernel_size: 3, padding: 1}
  - ReLU
  - MaxPool2d: {kernel_size: 2}
  - Conv2d: {name: body, out_channels: 16, kernel_size: 3, padding: 1}
`
const yaml = (text: string): Analysis => analyze({ uri: 'file:///net.yaml', name: 'net.yaml', text })!

describe('groups', () => {
  test.each([
    ['ResNet-50 and 101', resnet(), resnet([3, 4, 23, 3])],
    ['ResNet-101 and 50, whose third stage is divided otherwise', resnet([3, 4, 23, 3]), resnet()],
    ['ResNet-50 and VGG-16', resnet(), vgg16()],
    ['a long chain and a shorter one', long(300), long(260)],
    ['one layer and many', single(), vgg16()],
  ])('of %s add up to the totals of both', (_, a, b) => {
    const { groups, totals } = compare(a, b)
    for (const of of ['a', 'b'] as const) {
      const model = (of === 'a' ? a : b).model()!
      const sum = (key: 'work' | 'params'): number => groups.reduce((all, group) => all + (group[of]?.[key] ?? 0), 0)
      expect(sum('work')).toBe(model.totals.macs)
      expect(sum('params')).toBe(model.totals.params)
      for (const group of groups) {
        const rows = group.rows.filter(row => row.kind !== 'rest')
        expect(rows.reduce((all, row) => all + (row[of]?.work ?? 0), 0)).toBe(group[of]?.work ?? 0)
      }
    }
    expect(totals.length).toBe(6)
    expect(new Set(groups.map(({ id }) => id)).size).toBe(groups.length)
  })

  test('of ResNet-101 against 50: the third stage alone lost blocks', () => {
    const { groups, counts } = compare(resnet([3, 4, 23, 3]), resnet())
    // 17 blocks of three convolutions.
    expect(counts).toEqual({ equal: 54, changed: 0, added: 0, removed: 51 })
    const changed = groups.filter(group => group.rows.some(row => row.mark !== '=' && row.kind !== 'rest'))
    expect(changed.map(({ name }) => name)).toEqual(['layer3'])
    expect(
      changed[0]!.rows
        .filter(row => row.mark === '−')
        .map(({ name }) => name)
        .slice(0, 3),
    ).toEqual(['6.conv1', '6.conv2', '6.conv3'])
    // 1·1·1024·256 + 3·3·256·256 + 1·1·256·1024 products on 14·14, 17 times.
    expect(changed[0]!.a!.work - changed[0]!.b!.work).toBe(17 * 196 * (2 * 1024 * 256 + 9 * 256 * 256))
  })

  test('count in the unit that is asked for', () => {
    const [macs, flops] = (['MACs', 'FLOPs'] as const).map(unit => compare(single(), vgg16(), unit))
    expect(flops!.largest).toBe(2 * macs!.largest)
    expect(flops!.totals[0]).toMatchObject({ label: 'FLOPs', b: '30.9G' })
  })
})

describe('totals', () => {
  test('have a sign and a direction', () => {
    const { totals } = compare(yaml(NET), yaml(NET.replace('out_channels: 16', 'out_channels: 8')))
    // 221,184 + 294,912 products, of which the second half goes.
    expect(totals.slice(0, 2)).toMatchObject([
      { id: 'macs', a: '516k', b: '369k', change: '−29%', direction: 'gain' },
      { id: 'params', a: '1.4k', b: '808', change: '−42%', direction: 'gain' },
    ])
    expect(totals.find(({ id }) => id === 'field')).toMatchObject({ change: '=', direction: 'same' })
  })

  test('that leave something out have no difference', () => {
    const { totals, groups } = compare(single(), withUnknown())
    expect(totals[0]).toMatchObject({ change: '?', direction: 'unknown', shares: null })
    expect(totals[0]!.b).toMatch(/^≥ /)
    expect(groups.some(group => group.b?.atLeast)).toBe(true)
  })
})

test('rows of the shown model lead to its lines', () => {
  const shown = yaml(NET.replace('out_channels: 16', 'out_channels: 8'))
  const { groups } = panelCompare(side(yaml(NET)), side(shown), { shown: { analysis: shown, model: shown.model()! } })
  const rows = groups.flatMap(({ rows }) => rows)
  expect(rows.map(({ mark, layer, what, place }) => [mark, layer, what, place?.line])).toEqual([
    ['=', 'stem', '3×3 3→8', 3],
    ['~', 'body', '3×3 8→16 ⇒ 8→8', 6],
  ])
})

describe('what changed since', () => {
  const model = (text: string) => yaml(text).model()!
  test.each([
    ['the MACs', NET.replace('out_channels: 16', 'out_channels: 8'), '−29% MACs'],
    [
      'params alone',
      NET.replace('kernel_size: 3, padding: 1}\n  - ReLU', 'kernel_size: 3, padding: 1, bias: false}\n  - ReLU'),
      '−0.6% params',
    ],
    ['nothing', NET, null],
    ['a name', NET.replace('body', 'other'), null],
    ['something that is not known', `${NET}  - MyGate\n`, null],
  ])('%s', (_, text, said) => {
    expect(sinceText(model(NET), model(text), 'MACs')).toBe(said)
  })

  test('counts in FLOPs', () => {
    const text = NET.replace('out_channels: 16', 'out_channels: 8')
    expect(sinceText(model(NET), model(text), 'FLOPs')).toBe('−29% FLOPs')
  })
})

describe('lines of the table', () => {
  const view = { all: false, toggled: [], unfolded: [] }
  const compared = compare(resnet([3, 4, 6, 3]), resnet([3, 4, 7, 3]))
  const text = (lines: ReturnType<typeof compareLines>): string[] =>
    lines.map(line =>
      line.type === 'group'
        ? `${line.open ? 'v' : '>'} ${line.group.name}`
        : line.type === 'layer'
          ? `${line.row.mark} ${line.row.name}`
          : `${line.equal} equal`,
    )

  test('fold what did not change', () => {
    expect(text(compareLines(compared, view))).toEqual([
      '> stem',
      '> layer1',
      '> layer2',
      'v layer3',
      '+ 6.conv1',
      '+ 6.conv2',
      '+ 6.conv3',
      '~ norms and others',
      '19 equal',
      '> layer4',
      '> head',
    ])
  })

  test('show all of it, or one group, when that is asked for', () => {
    expect(text(compareLines(compared, { ...view, all: true })).filter(line => /^[=~+−]/.test(line)).length).toBe(58)
    const opened = text(compareLines(compared, { ...view, toggled: ['stem'], unfolded: ['layer3'] }))
    expect(opened.slice(0, 2)).toEqual(['v stem', '= conv1'])
    expect(opened).toContain('= 0.downsample.0')
    expect(opened).not.toContain('19 equal')
  })

  test('norms alone are a difference, and what only moves data is told as well', () => {
    const normed = NET.replace('  - ReLU\n', '  - BatchNorm2d\n  - ReLU\n')
    const found = compare(yaml(NET), yaml(normed))
    expect([isSame(found), found.counts.equal]).toEqual([false, 2])
    expect(found.groups.flatMap(({ rows }) => rows.filter(({ kind }) => kind === 'rest'))).toMatchObject([
      { mark: '+', name: 'norms and others', a: null, b: { work: 0, params: 16 } },
    ])
    expect(isSame(compare(yaml(NET), yaml(NET)))).toBe(true)
    const padded = compare(yaml(NET), yaml(NET.replace('  - ReLU\n', '  - ReLU\n  - Add: {from: [-1, -2]}\n')))
    expect(isSame(padded)).toBe(true)
    expect(sameText(padded)).toBe(
      '2 layers with the same maps, params and MACs; what stands between them is not the same.',
    )
  })

  test('count what became of the layers', () => {
    expect(countsText(compared)).toBe('3 added, 54 unchanged')
  })

  test('are written with exact numbers', () => {
    const csv = compareCsv(compared).trimEnd().split('\n')
    expect(csv[0]).toBe('group,change,layer,what,A MACs,B MACs,A params,B params')
    expect(csv).toContain('layer3,added,layer3.6.conv2,3×3 256→256,,115605504,,589824')
    expect(csv.length).toBe(1 + 57 + 1)
    const markdown = compareMarkdown(compared)
    expect(markdown).toContain('| + | layer3.6.conv2 | 3×3 256→256 | – | 116M | +116M | +590k |')
    expect(markdown).toContain('| MACs | 4.09G | 4.31G | +5.3% |')
  })
})
