import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Asked, everyRewriting, filesOf, layersOf, opened, rewritten, textAfter } from '../rewriting'
import { rows } from './support'

const changed = (text: string, path: string, asked: Partial<Asked> = {}): string =>
  textAfter(text, path, { form: 'reduce', between: 'nothing', ...asked }, 'net.convlens.yaml')

/** Rewrites `conv` in a list of rows on an input of 64 channels, and gives the rows after it. */
const list = (text: string, asked: Partial<Asked> = {}, path = 'conv', input = '[64, 16, 16]'): string => {
  const head = rows('', input)
  const whole = changed(head + text, path, asked)
  return whole.startsWith(head) ? whole.slice(head.length) : whole
}

describe('a row as a mapping on lines', () => {
  const conv = (name: string, ...options: readonly string[]): string =>
    [`  - type: Conv2d`, ...(name ? [`name: ${name}`] : []), ...options].join('\n    ')
  const text = `  # Three by three.
${conv('conv', 'out_channels: 128  # twice', 'kernel_size: 3', 'stride: 2', 'padding: 1')}
  - type: BatchNorm2d
  - type: Conv2d
    out_channels: 32
    kernel_size: 1
    from: conv
`
  const around = (...made: readonly string[]): string => {
    const start = text.indexOf('  - type: Conv2d')
    return `${text.slice(0, start)}${made.join('\n')}${text.slice(text.indexOf('\n  - type: BatchNorm2d'))}`
  }
  const last = conv('conv', 'out_channels: 128  # twice', 'kernel_size: 1')
  const window = ['kernel_size: 3', 'stride: 2', 'padding: 1']
  const reduce = conv('conv_reduce', 'out_channels: 16', 'kernel_size: 1', 'bias: false')
  const norm = '  - type: BatchNorm2d\n  - type: ReLU'

  test('reduce: the last keeps the name and the bias', () => {
    const own = conv('conv', 'out_channels: 128  # twice', ...window)
    expect(list(text)).toBe(around(reduce, own))
    expect(list(text, { between: 'norm' })).toBe(around(reduce, norm, own))
  })

  test('bottleneck', () => {
    const narrow = conv('conv_narrow', 'out_channels: 16', ...window, 'bias: false')
    expect(list(text, { form: 'bottleneck' })).toBe(around(reduce, narrow, last))
    expect(list(text, { form: 'bottleneck', between: 'norm' })).toBe(around(reduce, norm, narrow, norm, last))
  })

  test('expand', () => {
    expect(list(text, { form: 'expand' })).toBe(
      around(conv('conv_narrow', 'out_channels: 16', ...window, 'bias: false'), last),
    )
  })

  test('separable', () => {
    expect(list(text, { form: 'separable' })).toBe(
      around(conv('conv_depthwise', 'out_channels: 64', ...window, 'groups: 64', 'bias: false'), last),
    )
  })

  test('line ends stay', () => {
    const crlf = (s: string): string => s.replaceAll('\n', '\r\n')
    const whole = rows(text, '[64, 16, 16]')
    const after = changed(crlf(whole), 'conv', { form: 'bottleneck', between: 'norm' })
    expect(after).toBe(crlf(changed(whole, 'conv', { form: 'bottleneck', between: 'norm' })))
  })

  test('channels that are given are given for the new widths', () => {
    const given = (channels: number, ...options: readonly string[]) => conv('', `in_channels: ${channels}`, ...options)
    expect(list(given(64, 'out_channels: 32', 'kernel_size: 3'), { form: 'bottleneck' }, '0')).toBe(
      [
        given(64, 'out_channels: 16', 'kernel_size: 1', 'bias: false'),
        given(16, 'out_channels: 16', 'kernel_size: 3', 'bias: false'),
        given(16, 'out_channels: 32', 'kernel_size: 1'),
      ].join('\n'),
    )
  })

  test('no bias stays no bias', () => {
    const plain = (...options: readonly string[]) => conv('', ...options)
    expect(list(plain('bias: False', 'kernel_size: 3', 'out_channels: 32'), { form: 'expand' }, '0')).toBe(
      [
        plain('bias: False', 'kernel_size: 3', 'out_channels: 16'),
        plain('bias: False', 'kernel_size: 1', 'out_channels: 32'),
      ].join('\n'),
    )
  })
})

describe('other spellings', () => {
  test.each([
    [
      'the type as the key, options in braces',
      '  - Conv2d: {name: conv, out_channels: 32, kernel_size: 3, stride: 2, padding: 1}\n  - ReLU6\n',
      `  - Conv2d: {name: conv_reduce, out_channels: 16, kernel_size: 1, bias: false}
  - BatchNorm2d
  - ReLU6
  - Conv2d: {name: conv_narrow, out_channels: 16, kernel_size: 3, stride: 2, padding: 1, bias: false}
  - BatchNorm2d
  - ReLU6
  - Conv2d: {name: conv, out_channels: 32, kernel_size: 1}
  - ReLU6
`,
    ],
    [
      'the type as the key, options on lines, a setting beside it',
      '  - nn.Conv2d:\n      stride: 2\n      # Wide.\n      out_channels: 32\n      kernel_size: 3\n    name: conv\n  - nn.LeakyReLU: {negative_slope: 0.1}\n',
      `  - nn.Conv2d:
      out_channels: 16
      kernel_size: 1
      bias: false
    name: conv_reduce
  - nn.BatchNorm2d
  - nn.LeakyReLU: {negative_slope: 0.1}
  - nn.Conv2d:
      stride: 2
      out_channels: 16
      kernel_size: 3
      bias: false
    name: conv_narrow
  - nn.BatchNorm2d
  - nn.LeakyReLU: {negative_slope: 0.1}
  - nn.Conv2d:
      out_channels: 32
      kernel_size: 1
    name: conv
  - nn.LeakyReLU: {negative_slope: 0.1}
`,
    ],
    [
      'in braces on a line',
      '  - { type: "Conv2d", name: "conv", out_channels: 32, kernel_size: [3, 3] }\n',
      `  - { type: "Conv2d", name: conv_reduce, out_channels: 16, kernel_size: 1, bias: false }
  - {type: BatchNorm2d}
  - {type: ReLU}
  - { type: "Conv2d", name: conv_narrow, out_channels: 16, kernel_size: [3, 3], bias: false }
  - {type: BatchNorm2d}
  - {type: ReLU}
  - { type: "Conv2d", name: "conv", out_channels: 32, kernel_size: 1 }
`,
    ],
    [
      'options by position',
      '  - name: conv\n    Conv2d: [64, 32, 3, 2, 1]\n',
      `  - name: conv_reduce
    Conv2d: [64, 16, 1, 1, 0, 1, 1, False]
  - BatchNorm2d
  - ReLU
  - name: conv_narrow
    Conv2d: [16, 16, 3, 2, 1, 1, 1, False]
  - BatchNorm2d
  - ReLU
  - name: conv
    Conv2d: [16, 32, 1]
`,
    ],
  ])('%s', (_, text, expected) => {
    expect(list(text, { form: 'bottleneck', between: 'norm' })).toBe(expected)
  })

  test('rows in brackets', () => {
    const text = 'input: [64, 8, 8]\nlayers: [{type: Conv2d, out_channels: 32, kernel_size: 3}, ReLU]\n'
    expect(changed(text, '0')).toBe(
      text.replace('[{', '[{type: Conv2d, out_channels: 16, kernel_size: 1, bias: false}, {'),
    )
  })

  test('a name that is taken, and rows in dimensions other than two', () => {
    const text = '  - Conv1d: {name: conv, out_channels: 32, kernel_size: 3}\n  - Tanh: {name: conv_reduce}\n'
    expect(list(text, { between: 'norm' }, 'conv', '[64, 16]').split('\n').slice(0, 3)).toEqual([
      '  - Conv1d: {name: conv_reduce2, out_channels: 16, kernel_size: 1, bias: false}',
      '  - BatchNorm1d',
      '  - Tanh',
    ])
  })
})

describe('who takes what', () => {
  test('indices in the same list count on; the first takes what the row took', () => {
    const text = `  - Conv2d: {out_channels: 64, kernel_size: 1}
  - ReLU
  - Conv2d: {name: conv, from: 0, out_channels: 64, kernel_size: 3, padding: 1}
  - Add: {from: [-1, 1]}
  - Add: {from: [-1, -2, 2, -4]}
  - Add: {from: [conv, -5, 3]}
`
    expect(list(text)).toBe(`  - Conv2d: {out_channels: 64, kernel_size: 1}
  - ReLU
  - Conv2d: {name: conv_reduce, from: 0, out_channels: 16, kernel_size: 1, bias: false}
  - Conv2d: {name: conv, from: -1, out_channels: 64, kernel_size: 3, padding: 1}
  - Add: {from: [-1, 1]}
  - Add: {from: [-1, -2, 3, -5]}
  - Add: {from: [conv, -6, 4]}
`)
  })

  test('a condition holds for all of the rows', () => {
    const text = `input: [64, 8, 8]
blocks:
  one:
    params: {wide: true}
    layers:
      - Conv2d: {when: "\${wide}", out_channels: 64, kernel_size: 3, padding: 1}
layers:
  - one
  - one: {wide: false}
`
    expect(changed(text, '0.0').split('\n').slice(5, 7)).toEqual([
      '      - Conv2d: {when: "${wide}", out_channels: 16, kernel_size: 1, bias: false}',
      '      - Conv2d: {when: "${wide}", out_channels: 64, kernel_size: 3, padding: 1}',
    ])
  })

  test('rows of a branch are counted by themselves', () => {
    const text = `  - branches:
      a:
        - Conv2d: {name: conv, out_channels: 32, kernel_size: 3, padding: 1}
        - ReLU
        - Add: {from: [0, 1]}
      b: []
    merge: concat
  - ReLU: {from: 0}
`
    expect(list(text, {}, '0.a.conv')).toBe(
      text
        .replace(
          '        - Conv',
          '        - Conv2d: {name: conv_reduce, out_channels: 16, kernel_size: 1, bias: false}\n        - Conv',
        )
        .replace('[0, 1]', '[1, 2]'),
    )
  })
})

describe('a block that runs with several widths', () => {
  const text = (params: string, channels: string, ...uses: readonly string[]): string => `input: [64, 16, 16]
blocks:
  pair:
    params: {${params}}
    layers:
      - residual:
          - type: Conv2d
            out_channels: ${channels}
            kernel_size: 3
            padding: 1
          - ReLU
layers:
${uses.map(use => `  - ${use}\n`).join('')}`

  test('a part of the parameter that the input has as many channels as', () => {
    const uses = ['pair: {width: 64}', 'Conv2d: {out_channels: 128, kernel_size: 1}', 'pair: {width: 128}']
    const after = changed(text('width: ', '${width}', ...uses), '0.0_0')
    expect(after.split('\n').slice(6, 11)).toEqual([
      '          - type: Conv2d',
      '            out_channels: ${width // 4}',
      '            kernel_size: 1',
      '            bias: false',
      '          - type: Conv2d',
    ])
    const quarters = ['pair: {width: 16}', 'Conv2d: {out_channels: 128, kernel_size: 1}', 'pair: {width: 32}']
    expect(changed(text('width: ', '${width * 4}', ...quarters), '0.0_0')).toContain('out_channels: ${width}\n')
  })

  test('with the rounding where a part is no multiple of 8', () => {
    const uses = ['pair: {width: 64}', 'Conv2d: {out_channels: 80, kernel_size: 1}', 'pair: {width: 80}']
    // 64 / 4 is 16; 80 / 4 is 20, which is half way between 16 and 24 and so is 24.
    const after = changed(text('width: ', '${width}', ...uses), '0.0_0')
    expect(after).toContain('out_channels: ${max(8, (width + 16) // 32 * 8)}\n')
    expect(changed(text('width: ', '${width}', ...uses), '0.0_0', { form: 'separable' })).toContain(
      'groups: ${width}\n',
    )
    expect(changed(text('width: ', '${width}', ...uses), '0.0_0', { width: 24 })).toContain('out_channels: 24\n')
  })

  test('refused where no parameter says it', () => {
    const uses = ['pair', 'Conv2d: {out_channels: 128, kernel_size: 1}', 'pair']
    expect(changed(text('', '64', ...uses).replace('residual:', 'layers:'), '0.0_0')).toBe(
      'Its calls need several widths, and no parameter of the block gives them.',
    )
  })
})

describe('a row that uses a block around one convolution', () => {
  const text = `input: [64, 16, 16]
blocks:
  conv_bn:
    params: {channels: , kernel: 3, stride: 1}
    layers:
      - Conv2d:
          out_channels: \${channels}
          kernel_size: \${kernel}
          stride: \${stride}
          padding: \${kernel // 2}
          bias: false
      - BatchNorm2d
layers:
  - conv_bn: {name: one, channels: 64}
  - ReLU
  - conv_bn: {name: two, channels: 64, stride: 2} # half
  - ReLU
`

  test('the block is left alone', () => {
    expect(changed(text, 'two.0', { form: 'bottleneck' })).toBe(
      text.replace(
        '  - conv_bn: {name: two, channels: 64, stride: 2} # half',
        `  - Conv2d: {name: two_reduce, out_channels: 16, kernel_size: 1, bias: false}
  - Conv2d: {name: two_narrow, out_channels: 16, kernel_size: 3, stride: 2, padding: 1, bias: false}
  - conv_bn: {name: two, channels: 64, kernel: 1} # half`,
      ),
    )
  })

  test('what it fixes cannot be another', () => {
    const fixed = text.replace('kernel_size: ${kernel}', 'kernel_size: 3')
    expect(changed(fixed, 'two.0', { form: 'expand' })).toBe('Block conv_bn fixes its kernel_size.')
    expect(changed(fixed, 'two.0')).toBe(
      fixed.replace(
        '  - conv_bn: {name: two',
        '  - Conv2d: {name: two_reduce, out_channels: 16, kernel_size: 1, bias: false}\n  - conv_bn: {name: two',
      ),
    )
  })

  test('what it does before the convolution would be done before the new rows', () => {
    const before = text.replace('    layers:\n', '    layers:\n      - ReLU\n')
    expect(changed(before, 'two.1')).toBe('Block conv_bn begins with something other than the convolution.')
  })
})

describe('refused', () => {
  test.each([
    [
      '  - Conv2d: {name: conv, repeat: 2, out_channels: 64, kernel_size: 3}\n',
      'conv.0',
      'Its row is repeated as a whole.',
    ],
    [
      '  - &one {type: Conv2d, name: conv, out_channels: 64, kernel_size: 3}\n',
      'conv',
      'No row can be put before it: an anchor, a tag or a key stands there.',
    ],
    [
      '  - ReLU: &base {}\n  - type: Conv2d\n    <<: *base\n    out_channels: 64\n    kernel_size: 3\n',
      '1',
      'It takes options from elsewhere in the file, through an anchor.',
    ],
    [
      '  - branches:\n      a: {type: Conv2d, out_channels: 64, kernel_size: 3, padding: 1}\n      b: []\n',
      '0.a.0',
      'It is a branch by itself and no row of a list.',
    ],
  ])('%#', (text, path, sentence) => {
    expect(list(text, {}, path)).toBe(sentence)
  })
})

describe('rows by position', () => {
  const text = `input_size: [32, 32]
input_channel: 16
width_multiple: 0.5
backbone:
  [
    [-1, 1, Conv, [64, 3, 2], {activation: LeakyReLU}], # 0
    [-1, 1, Conv, [128, 3, 1, null, 1, SiLU]],  # 1
    [-1, 1, nn.Conv2d, [64, 3, 1], {padding: 1}],
    [[-1, 0], 1, Concat, [1]]
  ]
head:
  [
    [-2, 1, Conv, [64, 3]],
    [[2, -3], 1, Concat, [1]]
  ]
`
  const row = (path: string, asked: Partial<Asked>, from: number): string[] => {
    const made = textAfter(text, path, { form: 'bottleneck', between: 'norm', ...asked }, 'net.yaml')
    return made
      .split('\n')
      .slice(from, from + 4)
      .map(line => line.trim())
  }

  test('with a norm: kindle’s convolution, scaled in the backbone', () => {
    // 64 × 0.5 = 32 come in, and 8 = 16 × 0.5.
    expect(row('1', {}, 6)).toEqual([
      '[-1, 1, Conv, [16, 1, 1, null, 1, SiLU]],',
      '[-1, 1, Conv, [16, 3, 1, null, 1, SiLU]],',
      '[-1, 1, Conv, [128, 1, 1, null, 1, SiLU]],  # 1',
      '[-1, 1, nn.Conv2d, [64, 3, 1], {padding: 1}],',
    ])
    expect(row('0', { form: 'separable' }, 5)).toEqual([
      '[-1, 1, DWConv, [32, 3, 2], {activation: LeakyReLU}],',
      '[-1, 1, Conv, [64, 1, 1], {activation: LeakyReLU}], # 0',
      '[-1, 1, Conv, [128, 3, 1, null, 1, SiLU]],  # 1',
      '[-1, 1, nn.Conv2d, [64, 3, 1], {padding: 1}],',
    ])
  })

  test('without: torch.nn’s, which is not scaled', () => {
    expect(row('0', { between: 'nothing' }, 5)).toEqual([
      '[-1, 1, nn.Conv2d, [8, 1], {bias: False}],',
      '[-1, 1, nn.Conv2d, [8, 3, 2, 1], {bias: False}],',
      '[-1, 1, Conv, [64, 1, 1], {activation: LeakyReLU}], # 0',
      '[-1, 1, Conv, [128, 3, 1, null, 1, SiLU]],  # 1',
    ])
  })

  test('a row of torch.nn’s, with its norm and activation as rows, and the numbers behind it', () => {
    const made = textAfter(text, '2', { form: 'expand', between: 'norm' }, 'net.yaml')
    expect(made.split('\n').slice(7)).toEqual([
      '    [-1, 1, nn.Conv2d, [16, 3, 1], {padding: 1, bias: False}],',
      '    [-1, 1, nn.BatchNorm2d, []],',
      '    [-1, 1, nn.ReLU, []],',
      '    [-1, 1, nn.Conv2d, [64, 1, 1], {}],',
      '    [[-1, 0], 1, Concat, [1]]',
      '  ]',
      'head:',
      '  [',
      '    [-2, 1, Conv, [64, 3]],',
      '    [[5, -3], 1, Concat, [1]]',
      '  ]',
      '',
    ])
  })

  test('rows of the head, which is not scaled', () => {
    const made = textAfter(text, '4', { form: 'reduce', between: 'norm' }, 'net.yaml')
    expect(made.split('\n').slice(12)).toEqual([
      '    [-2, 1, Conv, [16, 1]],',
      '    [-1, 1, Conv, [64, 3]],',
      '    [[2, -4], 1, Concat, [1]]',
      '  ]',
      '',
    ])
  })

  test('refused', () => {
    const why = (from: string, to: string, path: string) => {
      const file = opened(text.replace(from, to), 'net.yaml')
      const outcome = rewritten(file, file.groups.find(({ paths }) => paths.includes(path))!, {
        form: 'reduce',
        between: 'norm',
      })
      return 'refused' in outcome && outcome.refused
    }
    expect(why('[-1, 1, Conv, [128', '[-1, 3, Conv, [128', '1')).toBe('Row 1 repeats it 3 times.')
    expect(why('Conv, [128, 3, 1, null, 1, SiLU]', 'Bottleneck, [64]', '1')).toBe('It is built inside Bottleneck.')
    expect(why('[-1, 1, Conv, [128', '&a [-1, 1, Conv, [128', '1')).toMatch(/^No row can be put before it/)
  })
})

test('the 5×5 of Inception behind a 1×1, as the paper has it', () => {
  const text = readFileSync(new URL('../../../examples/inception-5x5-direct.yaml', import.meta.url), 'utf8')
  const file = opened(text, 'inception-5x5-direct.yaml')
  const outcome = rewritten(file, file.groups[0]!, { form: 'reduce', between: 'nothing', width: 16 })
  if ('refused' in outcome) throw new Error(outcome.refused)
  expect(outcome.differs).toBeNull()
  expect(layersOf(outcome.model)).toEqual(['conv2d 256→16 1×1 N×16×28×28', 'conv2d 16→32 5×5 N×32×28×28'])
  expect([file.model.totals.macs, outcome.model.totals.macs]).toEqual([160_563_200, 13_246_464])
})

test.each(['../../../examples/', '../../../../shared/corpora/yaml_layers/'])(
  'every place of every file with every form, %s',
  folder => {
    for (const { name, text } of filesOf(new URL(folder, import.meta.url), /\.yaml$/)) {
      expect(everyRewriting(text, name.split('/').at(-1)!, 1000).wrong, name).toEqual([])
    }
  },
  120_000,
)
