import { describe, expect, test } from 'vitest'
import { layerLists } from '../../../src/frontends/yaml'

/** Labels offered at `$0`, and the text that the first of them replaces. */
function offered(marked: string): { labels: string[]; replaced: string; inserts: Map<string, string | undefined> } {
  const offset = marked.indexOf('$0')
  const text = marked.replace('$0', '')
  const entries = layerLists.complete!({ uri: 'net.yaml', name: 'net.yaml', text }, offset)
  const { span } = entries[0] ?? { span: { start: 0, end: 0 } }
  return {
    labels: entries.map(e => e.label),
    replaced: text.slice(span.start, span.end),
    inserts: new Map(entries.map(e => [e.label, e.insert])),
  }
}

const TOP =
  'input: [3, 8, 8]\nblocks:\n  unit:\n    params: {width: 4, act: }\n    layers:\n      - Conv2d: {out_channels: "${wi$1}"}\nlayers:\n  - {type: ReLU, name: first}\n'
const top = TOP.replace('$1', 'dth')

describe('completion', () => {
  test.each<[string, string, string[], string[], string]>([
    ['types', `${top}  - type: Co$0`, ['Conv2d', 'ConvTranspose2d', 'Concat', 'unit'], ['out_channels', 'from'], 'Co'],
    ['types in flow', `${top}  - {type: $0}`, ['Conv2d', 'unit'], ['kernel_size'], ''],
    [
      'a new row',
      `${top}  - $0`,
      ['Conv2d', 'ReLU', 'unit', 'type', 'branches', 'residual', 'layers'],
      ['kernel_size'],
      '',
    ],
    [
      'options below type',
      `${top}  - type: Conv2d\n    out_channels: 3\n    ker$0\n  - ReLU\n`,
      ['kernel_size', 'stride', 'name', 'from', 'repeat'],
      ['out_channels', 'type', 'Conv2d'],
      'ker',
    ],
    [
      'options above others',
      `${top}  - type: MaxPool2d\n    $0\n    stride: 2\n`,
      ['kernel_size', 'ceil_mode'],
      ['stride'],
      '',
    ],
    ['options of sugar', `${top}  - Conv2d: {out_channels: 3, $0}`, ['kernel_size', 'bias'], ['out_channels'], ''],
    [
      'options of sugar on lines',
      `${top}  - Conv2d:\n      out_channels: 3\n      $0\n`,
      ['kernel_size'],
      ['out_channels'],
      '',
    ],
    ['parameters of a block', `${top}  - type: unit\n    $0`, ['width', 'act', 'name'], ['kernel_size'], ''],
    ['a flag', `${top}  - type: Conv2d\n    bias: $0`, ['true', 'false'], ['same'], ''],
    ['a choice', `${top}  - Conv2d: {padding_mode: re$0}`, ['reflect', 'replicate'], ['true'], 're'],
    ['padding', `${top}  - type: Conv2d\n    padding: $0`, ['same', 'valid'], [], ''],
    ['merge', `${top}  - branches: [[], []]\n    merge: $0`, ['concat', 'add', 'mul'], ['same'], ''],
    ['keys of branches', `${top}  - branches: [[], []]\n    $0`, ['merge', 'dim', 'name'], ['kernel_size'], ''],
    ['names', `${top}  - type: Add\n    from: [$0`, ['first'], ['Conv2d'], ''],
    ['a name', `${top}  - {type: ReLU, from: f$0}`, ['first'], ['Conv2d'], 'f'],
    ['parameters in an expression', TOP.replace('wi$1', 'wi$0'), ['width', 'act'], ['Conv2d'], 'wi'],
    ['keys of the file', `input: [3, 8, 8]\n$0`, ['layers', 'blocks', 'name'], ['input'], ''],
    ['kindle', 'input_channel: 3\nbackbone:\n  [\n    [-1, 1, Co$0', ['Conv', 'nn.Conv2d', 'C3'], ['Conv2d'], 'Co'],
  ])('%s', (_, text, present, absent, replaced) => {
    const { labels, replaced: got } = offered(text)
    expect(labels).toEqual(expect.arrayContaining(present))
    expect(labels.filter(l => absent.includes(l))).toEqual([])
    expect(got).toBe(replaced)
    expect(new Set(labels).size).toBe(labels.length)
  })

  test.each(['# a comm$0', `${top}  - type: ReLU # no$0`])('nothing in a comment: %s', text => {
    expect(offered(text).labels).toEqual([])
  })

  test('a type as a key brings its colon when it needs options', () => {
    const { inserts } = offered(`${top}  - $0`)
    expect([inserts.get('Conv2d'), inserts.get('ReLU')]).toEqual(['Conv2d: ', undefined])
  })
})
