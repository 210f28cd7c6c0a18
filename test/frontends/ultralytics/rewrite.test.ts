import { describe, expect, test } from 'vitest'
import { type Asked, everyRewriting, filesOf, layersOf, opened, rewritten, textAfter } from '../rewriting'

const norm = { between: 'norm' } as const

/** Rewrites row 1 of a text of rows and gives the text after it. */
const changed = (text: string, asked: Partial<Asked> = {}, name = 'net.yaml', path = 'model.1.conv'): string =>
  textAfter(text, path, { form: 'reduce', ...norm, ...asked }, name)

const NET = `# A network.
nc: 7
scales: # [depth, width, max_channels]
  n: [0.50, 0.25, 1024]
  m: [1.00, 1.50, 512]
backbone:
  # [from, repeats, module, args]
  - [-1, 1, Conv, [256, 3, 2]] # 0-P1/2
  - [-1, 1, Conv, [512, 3, 2]] # 1-P2/4
  - [-1, 2, C2f, [512, True]]
  - [0, 1, Conv, [512, 3, 2]]

head:
  - [[-1, 1], 1, Concat, [1]] # row 1
  - [-3, 1, Conv, [256, 1]]
  - [[-2, 0, 4], 1, Concat, [1]]
  - [[4, 6], 1, Detect, [nc]] # Detect
`

/** The text above with lines replaced, counted from 1: an empty list of lines for none. */
const withLines = (changed: Readonly<Record<number, string | readonly string[]>>): string =>
  NET.split('\n')
    .flatMap((line, i) => changed[i + 1] ?? line)
    .join('\n')

describe('rows are put before, and later rows count on', () => {
  // At scale n 64 channels come in: r is 16, which a width of 0.25 makes of 64. Row −3 of row 5 is row 2, which moves
  // along with it.
  const shifted = (by: number) => ({
    14: `  - [[-1, ${1 + by}], 1, Concat, [1]] # row 1`,
    16: `  - [[-2, 0, ${4 + by}], 1, Concat, [1]]`,
    17: `  - [[${4 + by}, ${6 + by}], 1, Detect, [nc]] # Detect`,
  })

  test('reduce', () => {
    const rows = ['  - [-1, 1, Conv, [64, 1, 1]]', '  - [-1, 1, Conv, [512, 3, 2]] # 1-P2/4']
    expect(changed(NET)).toBe(withLines({ 9: rows, ...shifted(1) }))
  })

  test('bottleneck', () => {
    const rows = ['[-1, 1, Conv, [64, 1, 1]]', '[-1, 1, Conv, [64, 3, 2]]', '[-1, 1, Conv, [512, 1, 1]] # 1-P2/4']
    expect(changed(NET, { form: 'bottleneck' })).toBe(withLines({ 9: rows.map(row => `  - ${row}`), ...shifted(2) }))
  })

  test('expand: the k×k keeps its stride and goes before', () => {
    const rows = ['[-1, 1, Conv, [64, 3, 2]]', '[-1, 1, Conv, [512, 1, 1]] # 1-P2/4']
    expect(changed(NET, { form: 'expand' })).toBe(withLines({ 9: rows.map(row => `  - ${row}`), ...shifted(1) }))
  })

  test('separable: as many channels as the row before is written with', () => {
    const rows = ['[-1, 1, DWConv, [256, 3, 2]]', '[-1, 1, Conv, [512, 1, 1]] # 1-P2/4']
    expect(changed(NET, { form: 'separable' })).toBe(withLines({ 9: rows.map(row => `  - ${row}`), ...shifted(1) }))
  })
})

test('a row far back is taken by the first of the new rows; the last takes that', () => {
  const lines = changed(NET, {}, 'net.yaml', 'model.3.conv').split('\n')
  expect(lines.slice(10, 12)).toEqual(['  - [0, 1, Conv, [64, 1, 1]]', '  - [-1, 1, Conv, [512, 3, 2]]'])
})

test('a relative number that leads over the new rows counts them', () => {
  const lines = changed(NET, {}, 'net.yaml', 'model.3.conv').split('\n')
  // Row 5 took row 2; now it is row 6, and row 2 is where it was.
  expect(lines.find(line => line.includes('[256, 1]'))).toBe('  - [-4, 1, Conv, [256, 1]]')
})

test('the number is that which the chosen scale makes the width of', () => {
  const width = (name: string, asked: Partial<Asked> = {}) => {
    const file = opened(NET, name)
    const group = file.groups.find(({ paths }) => paths.includes('model.1.conv'))!
    const outcome = rewritten(file, group, { form: 'reduce', ...norm, ...asked })
    return 'refused' in outcome ? outcome.refused : [outcome.width, outcome.differs]
  }
  // 256 × 0.25 = 64 come in.
  expect(width('yolo8n.yaml', { width: 24 })).toEqual(['96', null])
  expect(width('yolo8n.yaml', { width: 20 })).toBe('Channels are multiples of 8 here, not 20.')
  // 256 × 1.5 = 384 come in: 96 = 64 × 1.5, and 40 = 8 · ceil(24 × 1.5 / 8).
  expect(width('yolo8m.yaml')).toEqual(['64', null])
  expect(width('yolo8m.yaml', { width: 40 })).toEqual(['24', null])
  expect(width('yolo8m.yaml', { width: 800 })).toBe('No number is scaled to 800 channels here.')
})

test('the number of classes is not scaled and so stands for no other width', () => {
  const text = NET.replace('nc: 7', 'nc: 64')
  // 64 would stay 64; 62 × 0.25 is rounded up to 16.
  expect(changed(text)).toMatch(/- \[-1, 1, Conv, \[(6[123]|5\d|4[1-9]), 1, 1\]\]/)
})

describe('style', () => {
  const old = `nc: 7\r\nbackbone:\r\n  [[-1, 1, Conv, [64, 3, 2]],  # 0\r\n   [ -1 , 1, 'Conv', [ 64,3 ] ],  # 1\r\n   [-1, 3, C3, [64]]]\r\nhead:\r\n  [[[1, 2], 1, Detect, [nc]]]\r\n`

  test('brackets, line ends, blanks and quotes as in the row', () => {
    expect(changed(old)).toBe(
      old
        .replace(`[ -1 , 1, 'Conv', [ 64,3 ] ]`, `[ -1 , 1, 'Conv', [ 16,1 ] ],\r\n   [ -1 , 1, 'Conv', [ 64,3 ] ]`)
        .replace('[1, 2]', '[2, 3]'),
    )
  })

  test('the first row of such a list', () => {
    const wide = old.replace('nc: 7', 'nc: 7\r\nch: 16')
    expect(changed(wide, {}, 'net.yaml', 'model.0.conv')).toBe(
      wide
        .replace('[[-1, 1, Conv, [64, 3, 2]],', '[[-1, 1, Conv, [8, 1, 1]],\r\n   [-1, 1, Conv, [64, 3, 2]],')
        .replace('[1, 2]', '[2, 3]'),
    )
  })

  test('all rows on one line', () => {
    const text = 'nc: 7\nbackbone: [[-1, 1, Conv, [64, 3]], [-1, 1, Conv, [64, 3]], [0, 1, Conv, [8, 1]]]\nhead: []\n'
    expect(changed(text, { form: 'separable' })).toBe(
      text
        .replace('[64, 3]], [0', '[64, 1]], [0')
        .replace('[-1, 1, Conv, [64, 1]]', '[-1, 1, DWConv, [64, 3]], [-1, 1, Conv, [64, 1]]'),
    )
  })

  test('rows on several lines', () => {
    const row = '  - - -1\n    - 1\n    - Conv\n    - - 64 # wide\n      - 3\n'
    const text = `nc: 7\nbackbone:\n${row}${row}  - - 1\n    - 1\n    - Conv\n    - [32, 1]\nhead: []\n`
    expect(changed(text)).toBe(
      `nc: 7\nbackbone:\n${row}  - - -1\n    - 1\n    - Conv\n    - - 16\n      - 1\n${row}  - - 2\n    - 1\n    - Conv\n    - [32, 1]\nhead: []\n`,
    )
  })

  test('an activation that is switched off stays off on the last, and the new rows have theirs', () => {
    const text =
      'nc: 7\nbackbone:\n  - [-1, 1, Conv, [64, 3]]\n  - [-1, 1, Conv, [64, 3, 1, None, 1, 1, False]]\nhead: []\n'
    expect(changed(text, { form: 'bottleneck' })).toBe(
      text.replace(
        '- [-1, 1, Conv, [64, 3, 1, None, 1, 1, False]]',
        '- [-1, 1, Conv, [16, 1, 1]]\n  - [-1, 1, Conv, [16, 3, 1, None, 1, 1]]\n  - [-1, 1, Conv, [64, 1, 1, None, 1, 1, False]]',
      ),
    )
  })
})

describe('refused', () => {
  const net = (row: string, more = ''): string =>
    `nc: 7\n${more}backbone:\n  - [-1, 1, Conv, [64, 3]]\n  - ${row}\n  - [-1, 1, Conv, [64, 1]]\nhead: []\n`
  const why = (row: string, asked: Partial<Asked> = {}, more = '', path = 'model.1.conv'): string =>
    changed(net(row, more), asked, 'net.yaml', path)

  test.each(['reduce', 'bottleneck', 'expand'] as const)('%s without a norm', form => {
    expect(why('[-1, 1, Conv, [64, 3]]', { form, between: 'nothing' })).toBe(
      'Conv always has a norm and an activation.',
    )
  })

  test('a module around it', () => {
    expect(why('[-1, 1, Bottleneck, [64]]', {}, '', 'model.1.cv1.conv')).toBe('It is built inside Bottleneck.')
    expect(why('[-1, 1, Focus, [64, 3]]', {}, '', 'model.1.conv.conv')).toBe('It is built inside Focus.')
  })

  test('a row that repeats it, also where a scale makes one of it', () => {
    expect(why('[-1, 2, Conv, [64, 3]]', {}, '', 'model.1.0.conv')).toBe('Row 1 repeats it 2 times.')
    expect(why('[-1, 2, Conv, [64, 3]]', {}, 'depth_multiple: 0.5\n')).toBe('Row 1 repeats it 2 times.')
  })

  test('anchors and aliases', () => {
    expect(why('&row [-1, 1, Conv, [64, 3]]')).toBe(
      'No row can be put before it: an anchor, a tag or a key stands there.',
    )
    const shared = '[-1, 1, Conv, &args [64, 3]]\n  - [-1, 1, Conv, *args]'
    expect(why(shared, {}, '', 'model.2.conv')).toBe('Its arguments stand elsewhere, behind an alias.')
    const alias = '&row [-1, 1, Conv, [64, 3]]\n  - *row'
    expect(why(alias, {}, '', 'model.2.conv')).toBe('Its row is an alias of another row.')
  })

  test('two rows that share a number of which one would change', () => {
    // Row −2 is row 1 for row 3, over the new row, and row 2 for row 4, behind it.
    const text =
      'nc: 7\nbackbone:\n  - [-1, 1, Conv, [64, 3]]\n  - [-1, 1, Conv, [64, 3]]\n  - [-1, 1, Conv, [64, 3]]\n  - [&at [-1, -2], 1, Concat, [1]]\n  - [*at, 1, Concat, [1]]\nhead: []\n'
    expect(changed(text, {}, 'net.yaml', 'model.2.conv')).toBe(
      'Two rows share one row number through an anchor, and it would have to change for one.',
    )
  })
})

test('torch’s convolution has neither norm nor scale: rows of such before a Conv, where there is one scale', () => {
  const text = 'nc: 7\nbackbone:\n  - [-1, 1, Conv, [64, 3]]\n  - [-1, 1, Conv, [64, 3, 2]]\nhead: []\n'
  expect(changed(text, { form: 'separable', between: 'nothing' })).toBe(
    text.replace(
      '- [-1, 1, Conv, [64, 3, 2]]',
      '- [-1, 1, nn.Conv2d, [64, 64, 3, 2, 1, 1, 64, False]]\n  - [-1, 1, Conv, [64, 1, 1]]',
    ),
  )
  expect(changed(NET, { form: 'separable', between: 'nothing' })).toBe('Conv always has a norm and an activation.')
})

test('a row of torch’s convolution', () => {
  const text = 'nc: 7\nbackbone:\n  - [-1, 1, Conv, [64, 3]]\n  - [-1, 1, nn.Conv2d, [64, 32, 3, 1, 1]]\nhead: []\n'
  const rows = (form: Asked['form']) =>
    changed(text, { form, between: 'nothing' }, 'net.yaml', 'model.1').split('\n').slice(3, -2)
  expect(rows('reduce')).toEqual([
    '  - [-1, 1, nn.Conv2d, [64, 16, 1, 1, 0, 1, 1, False]]',
    '  - [-1, 1, nn.Conv2d, [16, 32, 3, 1, 1]]',
  ])
  expect(rows('bottleneck')).toEqual([
    '  - [-1, 1, nn.Conv2d, [64, 16, 1, 1, 0, 1, 1, False]]',
    '  - [-1, 1, nn.Conv2d, [16, 16, 3, 1, 1, 1, 1, False]]',
    '  - [-1, 1, nn.Conv2d, [16, 32, 1, 1]]',
  ])
  expect(changed(text, {}, 'net.yaml', 'model.1')).toBe(
    'The framework would take the norm between to have the channels of the input.',
  )
})

test('the layers of the text after it, listed', () => {
  const file = opened(NET, 'net.yaml')
  const group = file.groups.find(({ paths }) => paths.includes('model.1.conv'))!
  const outcome = rewritten(file, group, { form: 'bottleneck', ...norm })
  if ('refused' in outcome) throw new Error(outcome.refused)
  // Of 640×640 in: half in row 0, a quarter behind the 3×3.
  expect(layersOf(outcome.model).slice(3, 12)).toEqual([
    'conv2d 64→16 1×1 N×16×320×320',
    'batch_norm N×16×320×320',
    'activation N×16×320×320',
    'conv2d 16→16 3×3 N×16×160×160',
    'batch_norm N×16×160×160',
    'activation N×16×160×160',
    'conv2d 16→128 1×1 N×128×160×160',
    'batch_norm N×128×160×160',
    'activation N×128×160×160',
  ])
})

const corpora = filesOf(new URL('../../../../shared/corpora/ultralytics/', import.meta.url), /\.yaml$/)

test('every place of every file with every form: refused with a sentence, or just what was asked for', () => {
  for (const { name, text } of [...corpora, { name: 'net.yaml', text: NET }]) {
    const { wrong, done } = everyRewriting(text, name.split('/').at(-1)!)
    expect(wrong).toEqual([])
    expect(done, name).toBeGreaterThan(0)
  }
}, 120_000)
