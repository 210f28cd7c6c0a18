import { expect, test } from 'vitest'
import { N } from '../../src/core/dim'
import { quote } from '../../src/features/reportCsv'
import { escapeMarkdown } from '../../src/features/reportMarkdown'
import { reportRows } from '../../src/features/reportTree'
import { net, origin, site } from '../core/build'

test.each([
  ['plain', 'plain'],
  [12, '12'],
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['two\nlines', '"two\nlines"'],
  ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\tx', "'\tx"],
])('a csv cell %j is %j', (cell, expected) => {
  expect(quote(cell)).toBe(expected)
})

test.each([
  ['a|b', 'a\\|b'],
  ['<img src=x>', '\\<img src=x\\>'],
  ['[x](y) *z* `w` _v_', '\\[x\\](y) \\*z\\* \\`w\\` \\_v\\_'],
  ['a\n\nb', 'a b'],
  ['&lt;', '&amp;lt;'],
])('markdown text %j is %j', (text, expected) => {
  expect(escapeMarkdown(text)).toBe(expected)
})

test('rows: composites before what stands on lines of its own in them; what one line spells is one row', () => {
  const n = net()
  const x = n.builder.input('x', [N, 8, 4, 4])
  const block = { site: site('block', 10), path: 'stage.0', type: 'Block' }
  const inner = { site: site('inner', 20), path: 'stage.0.cv', type: 'Conv' }
  const [y] = n.builder.scope(block, [x], () => {
    const [z] = n.builder.scope(inner, [x], () => {
      const attributes = { channels: 8, axis: 1, scale: true, shift: true, statistics: 'buffer' } as const
      const conv = n.conv(x, 'ignored', 8, 1)
      return [n.builder.add('batch_norm', attributes, [conv], { ...inner, path: 'stage.0.cv.bn' })]
    })
    return [
      n.builder.add('activation', { function: 'relu' }, [z!], { ...origin('r', 'ReLU', 30), path: 'stage.0.act' }),
    ]
  })
  n.builder.output(y!)
  const rows = reportRows(n.builder.build())
  // The convolution has a place of its own inside the composite `cv`; the norm shares the composite's.
  expect(rows.map(r => [r.depth, r.name, r.type, r.composite, r.params.value, r.macs.value])).toEqual([
    [0, 'stage.0', 'Block', true, 72 + 16, 1024],
    [1, 'cv', 'Conv', true, 72 + 16, 1024],
    [2, 'ignored', 'conv2d', false, 72, 1024],
    [1, 'act', 'ReLU', false, 0, 0],
  ])
})
