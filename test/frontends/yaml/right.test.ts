import { describe, expect, test } from 'vitest'
import { built, rows } from './support'

/**
 * Rows, the output for an input of 3×8×8, params and MACs. Sizes follow torch's documentation:
 * floor((H + 2p − d (k − 1) − 1) / s) + 1; weights k² · Cin/groups · Cout, and as many MACs at each output position.
 */
const RIGHT: readonly (readonly [string, string, number, number])[] = [
  ['  - {type: Conv2d, out_channels: 4, kernel_size: 3}', 'N×4×6×6', 3 * 4 * 9 + 4, 3 * 4 * 9 * 36],
  ['  - {type: nn.Conv2d, in_channels: 3, out_channels: 4, kernel_size: 3, bias: False}', 'N×4×6×6', 108, 108 * 36],
  ['  - {type: torch.nn.Conv2d, out_channels: 4, kernel_size: 1, bias: no}', 'N×4×8×8', 12, 12 * 64],
  [
    '  - Conv2d: {out_channels: 4, kernel_size: [3, 1], stride: [2, 1], padding: [1, 0], bias: false}',
    'N×4×4×8',
    36,
    36 * 32,
  ],
  ['  - Conv2d: {out_channels: 6, kernel_size: 3, padding: same, groups: 3, bias: false}', 'N×6×8×8', 54, 54 * 64],
  ['  - Conv2d: {out_channels: 2, kernel_size: 3, dilation: 2, bias: false}', 'N×2×4×4', 54, 54 * 16],
  ['  - Conv2d: {out_channels: 2, kernel_size: 4, padding: same, bias: false}', 'N×2×8×8', 96, 96 * 64],
  ['  - Conv2d:\n      out_channels: 2\n      kernel_size: 1\n      bias: false\n    name: a', 'N×2×8×8', 6, 384],
  ['  - LazyConv2d: {out_channels: 2, kernel_size: 1, bias: false}', 'N×2×8×8', 6, 384],
  ['  - ConvTranspose2d: {out_channels: 2, kernel_size: 2, stride: 2, bias: false}', 'N×2×16×16', 24, 24 * 64],
  [
    '  - ConvTranspose2d: {out_channels: 2, kernel_size: 3, stride: 2, padding: 1, output_padding: 1, bias: false}',
    'N×2×16×16',
    54,
    54 * 64,
  ],
  ['  - MaxPool2d: 2', 'N×3×4×4', 0, 0],
  ['  - MaxPool2d: {kernel_size: 3, stride: 2, ceil_mode: true}', 'N×3×4×4', 0, 0],
  ['  - MaxPool2d: {kernel_size: 3, stride: 2}', 'N×3×3×3', 0, 0],
  ['  - AvgPool2d: {kernel_size: 3, stride: 1, padding: 1}', 'N×3×8×8', 0, 0],
  ['  - AdaptiveAvgPool2d: 1', 'N×3×1×1', 0, 0],
  ['  - AdaptiveMaxPool2d: {output_size: [2, null]}', 'N×3×2×8', 0, 0],
  ['  - Flatten\n  - Linear: 10', 'N×10', 192 * 10 + 10, 1920],
  [
    '  - Flatten\n  - {type: Linear, in_features: 192, out_features: 10, bias: false}\n  - {type: Softmax, dim: 1}',
    'N×10',
    1920,
    1920,
  ],
  ['  - BatchNorm2d\n  - ReLU\n  - Dropout: 0.5', 'N×3×8×8', 6, 0],
  ['  - {type: BatchNorm2d, num_features: 3, affine: false}', 'N×3×8×8', 0, 0],
  ['  - {type: GroupNorm, num_groups: 3}\n  - {type: InstanceNorm2d}\n  - PReLU', 'N×3×8×8', 7, 0],
  ['  - {type: LayerNorm, normalized_shape: [3, 8, 8]}', 'N×3×8×8', 384, 0],
  ['  - {type: LayerNorm, normalized_shape: 8, bias: false}', 'N×3×8×8', 8, 0],
  ['  - {type: Upsample, scale_factor: 2, mode: bilinear}', 'N×3×16×16', 0, 0],
  ['  - {type: Upsample, size: [5, 7]}', 'N×3×5×7', 0, 0],
  ['  - Conv2d: {out_channels: 4, kernel_size: 1, bias: false}\n  - PixelShuffle: 2', 'N×1×16×16', 12, 768],
  ['  - ZeroPad2d: 1\n  - {type: ReflectionPad2d, padding: [1, 2, 3, 4]}', 'N×3×17×13', 0, 0],
  ['  - {type: Permute, dims: [0, 2, 3, 1]}\n  - Linear: 5', 'N×8×8×5', 20, 960],
  ['  - {type: Unflatten, dim: 1, unflattened_size: [3, 1]}', 'N×3×1×8×8', 0, 0],
  ['  - {type: Reshape, shape: [12, -1]}', 'N×12×16', 0, 0],
  ['  - {type: ReLU, name: a}\n  - Sigmoid\n  - {type: Mul, from: [a, -1]}', 'N×3×8×8', 0, 0],
  ['  - {type: ReLU, name: a}\n  - {type: ReLU, from: input}\n  - {type: Concat, from: [a, 1, 0]}', 'N×9×8×8', 0, 0],
  ['  - {type: ReLU, repeat: 3}', 'N×3×8×8', 0, 0],
  [
    '  - {type: Conv2d, out_channels: 4, kernel_size: 3, padding: 1, bias: false, repeat: 2, first: {stride: 2}}',
    'N×4×4×4',
    252,
    252 * 16,
  ],
  ['  - {type: ReLU, when: false}\n  - {type: Tanh, when: true}', 'N×3×8×8', 0, 0],
  ['  - residual:\n      - Conv2d: {out_channels: 3, kernel_size: 1, bias: false}', 'N×3×8×8', 9, 576],
  [
    '  - residual:\n      - Conv2d: {out_channels: 5, kernel_size: 1, bias: false}\n    shortcut:\n      - Conv2d: {out_channels: 5, kernel_size: 1, bias: false}',
    'N×5×8×8',
    30,
    1920,
  ],
  ['  - branches:\n      - []\n      - - Conv2d: {out_channels: 5, kernel_size: 1, bias: false}', 'N×8×8×8', 15, 960],
  ['  - branches:\n      a: [ReLU]\n      b: [Sigmoid]\n    merge: mul', 'N×3×8×8', 0, 0],
  ['  - branches:\n      - ReLU\n      - Tanh\n    merge: add', 'N×3×8×8', 0, 0],
  ['  - layers: [ReLU, {Conv2d: {out_channels: 3, kernel_size: 1, bias: false}}]\n    repeat: 2', 'N×3×8×8', 18, 1152],
  ['  - Conv2d: [3, 4, 3, 1, 1]', 'N×4×8×8', 112, 108 * 64],
  ['  - {type: Conv2d, args: {out_channels: 4, kernel_size: 1, bias: false}}', 'N×4×8×8', 12, 768],
  ['  - {type: nn.Conv2d, args: [3, 4, 1]}\n  - Dropout: [0.1]\n  - AdaptiveAvgPool2d: [2, 2]', 'N×4×2×2', 16, 768],
  ['  - type: nn.Sequential\n    layers: [ReLU, Flatten]', 'N×192', 0, 0],
  ['  - GLU: {dim: 2}', 'N×3×4×8', 0, 0],
]

describe('rows that are right stay silent', () => {
  test.each(RIGHT)('%s gives %s', (list, output, params, macs) => {
    const { problems, output: got, sums } = built(rows(list))
    expect(problems).toEqual([])
    expect([got, sums.params, sums.macs, sums.completeness]).toEqual([output, params, macs, 'exact'])
  })
})

describe('other forms of a file', () => {
  test.each<[string, string, string]>([
    ['model: with layers inside', 'model:\n  name: n\n  input: [3, 8, 8]\n  layers:\n    - Flatten\n', 'N×192'],
    ['model: as the list', 'input: [3, 8, 8]\nmodel:\n  - Flatten\n', 'N×192'],
    ['several inputs', 'input: {a: [3, 8, 8], b: [5, 8, 8]}\nlayers:\n  - {type: Concat, from: [a, b]}\n', 'N×8×8×8'],
    [
      'anchors and merge keys',
      'input: [3, 8, 8]\nc: &c {type: Conv2d, out_channels: 4, kernel_size: 3}\nlayers:\n  - *c\n  - <<: *c\n    out_channels: 5\n',
      'N×5×4×4',
    ],
    [
      'one dimension',
      'input: [2, 100]\nlayers:\n  - Conv1d: {out_channels: 4, kernel_size: 3}\n  - MaxPool1d: 2\n',
      'N×4×49',
    ],
    ['three dimensions', 'input: [2, 4, 8, 8]\nlayers:\n  - Conv3d: {out_channels: 4, kernel_size: 3}\n', 'N×4×2×6×6'],
    ['indices', 'input: [7]\nlayers:\n  - Embedding: {num_embeddings: 10, embedding_dim: 4}\n', 'N×7×4'],
    ['one number', 'input: 784\nlayers:\n  - Linear: 10\n', 'N×10'],
    ['an input as the command line takes it', 'input: 3x8x8\nlayers:\n  - Flatten\n', 'N×192'],
    ['sizes and channels apart', 'input_size: [8, 8]\ninput_channels: 3\nlayers:\n  - Flatten\n', 'N×192'],
    ['CRLF', 'input: [3, 8, 8]\r\nlayers:\r\n  - type: Flatten # joined\r\n', 'N×192'],
  ])('%s', (_, text, output) => {
    const net = built(text)
    expect(net.problems).toEqual([])
    expect(net.output).toBe(output)
  })

  test('an input that nobody names is assumed from the first layer', () => {
    const { model, output, problems } = built(
      'layers:\n  - {type: Conv2d, in_channels: 1, out_channels: 8, kernel_size: 3, padding: 1}\n',
    )
    expect([model.inputAssumed, output, problems]).toEqual([true, 'N×8×224×224', []])
    expect(built('model:\n- type: Linear\n  in_features: 2\n  out_features: 10\n').output).toBe('N×10')
  })
})

describe('blocks', () => {
  const text = `input: [8, 16, 16]
blocks:
  unit:
    params: {out: , kernel: 3, act: true}
    layers:
      - type: Conv2d
        name: conv
        out_channels: \${out}
        kernel_size: \${kernel}
        padding: \${kernel // 2}
        bias: false
      - type: ReLU
        when: \${act}
  pair:
    params: [width]
    layers:
      - unit: {out: "\${width // 2}", kernel: 1}
      - {type: unit, out: "\${width}", act: false, name: second}
layers:
  - {type: pair, width: 16, name: stem}
  - pair: {width: 32, repeat: 2, name: body}
`
  // 1x1 8→8, 3x3 8→16; then 16→16, 16→32 and 32→16, 16→32.
  const weights = 8 * 8 + 9 * 8 * 16 + 16 * 16 + 9 * 16 * 32 + 32 * 16 + 9 * 16 * 32

  test('are expanded with their parameters, as scopes with module paths', () => {
    const { problems, sums, graph } = built(text)
    expect(problems).toEqual([])
    expect([sums.params, sums.macs]).toEqual([weights, weights * 256])
    expect(graph.nodes.filter(n => n.op === 'conv2d').map(n => n.origin.path)).toEqual([
      'stem.0.conv',
      'stem.second.conv',
      'body.0.0.conv',
      'body.0.second.conv',
      'body.1.0.conv',
      'body.1.second.conv',
    ])
    expect(graph.scopes.map(s => s.origin.path)).toContain('body.1')
  })

  test('share one site for a row that runs many times, with its anchor before a comment', () => {
    const { graph } = built(text.replace('type: Conv2d', 'type: Conv2d # odd kernels'))
    const sites = new Set(graph.nodes.filter(n => n.op === 'conv2d').map(n => n.origin.site))
    expect(sites.size).toBe(1)
    const [site] = sites
    expect(text.slice(site!.span.start, site!.anchor)).toBe('type: Conv2d')
  })

  test('link uses to definitions, parameters to declarations, from to rows', () => {
    const linked = `input: [3, 8, 8]
blocks:
  b:
    params: {c: 4}
    layers:
      - Conv2d: {out_channels: "\${c}", kernel_size: 1}
layers:
  - {type: b, name: first, c: 8}
  - {type: Add, from: [first, 0]}
`
    const { graph } = built(linked)
    const texts = graph.links.map(({ span, target }) => [
      linked.slice(span.start, span.end),
      linked.slice(target.start, target.end),
    ])
    expect(texts).toEqual([
      ['b', 'b'],
      ['c', 'c'],
      ['c', 'c'],
      ['first', 'first'],
      ['0', '{type: b, name: first, c: 8}'],
    ])
  })
})

test('the outline lists blocks and rows with what is in them', () => {
  const { file } = built(
    'input: [3, 8, 8]\nblocks:\n  b: [ReLU]\nlayers:\n  - {type: b, name: one}\n  - residual:\n      - Tanh\n',
  )
  const brief = (items: ReturnType<typeof file.outline>): unknown[] =>
    items.map(i => [i.kind, i.name, brief(i.children)])
  expect(brief(file.outline())).toEqual([
    ['block', 'b', [['layer', '0: ReLU', []]]],
    [
      'model',
      'net',
      [
        ['layer', 'one: b', []],
        ['layer', '1: residual', [['layer', '0: Tanh', []]]],
      ],
    ],
  ])
})
