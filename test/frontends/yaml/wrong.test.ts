import { describe, expect, test } from 'vitest'
import { built, rows } from './support'

/** Rows on an input of 3×8×8, and what is said. */
const WRONG: readonly (readonly [string, ...string[]])[] = [
  [
    '  - {type: Conv2d, in_channels: 4, out_channels: 8, kernel_size: 3}',
    'shape-mismatch "4" Conv2d 0 expects 4 input channels and gets 3: N×3×8×8 from the input.',
  ],
  [
    '  - {type: Conv2d, name: a, out_channels: 6, kernel_size: 1}\n  - {type: Conv2d, name: b, in_channels: 3, out_channels: 8, kernel_size: 3}',
    'shape-mismatch "3" b expects 3 input channels and gets 6: N×6×8×8 from a.',
  ],
  [
    '  - {type: Conv2D, out_channels: 8, kernel_size: 3}',
    'unknown-layer "Conv2D" Conv2D is not a known layer; is it Conv2d?',
  ],
  ['  - Relu', 'unknown-layer "Relu" Relu is not a known layer; is it ReLU?'],
  ['  - MyGate: {width: 3}', 'unknown-layer "MyGate" MyGate is not a known layer.'],
  [
    '  - {type: Conv2d, out_channels: 8, kernel: 3}',
    'unknown-option "kernel" Conv2d has no option kernel; is it kernel_size?',
  ],
  [
    '  - {type: Conv2d, out_chanels: 8, kernel_size: 3}',
    'unknown-option "out_chanels" Conv2d has no option out_chanels; is it out_channels?',
  ],
  ['  - {type: ReLU, strid: 2}', 'unknown-option "strid" ReLU has no option strid.'],
  ['  - type: Conv2d', 'bad-argument "Conv2d" Conv2d 0 needs out_channels: channels of the output.'],
  [
    '  - {type: Conv2d, out_channels: many, kernel_size: 3}',
    'bad-argument "many" Conv2d 0 expects out_channels to be a whole number from 1 and gets many.',
  ],
  [
    '  - {type: Conv2d, out_channels: 8.5, kernel_size: 3}',
    'bad-argument "8.5" Conv2d 0 expects out_channels to be a whole number from 1 and gets 8.5.',
  ],
  [
    '  - {type: Conv2d, out_channels: 0, kernel_size: 3}',
    'bad-argument "0" Conv2d 0 expects out_channels to be a whole number from 1 and gets 0.',
  ],
  [
    '  - {type: Conv2d, out_channels: -8, kernel_size: 3}',
    'bad-argument "-8" Conv2d 0 expects out_channels to be a whole number from 1 and gets -8.',
  ],
  [
    '  - {type: Conv2d, out_channels: .nan, kernel_size: 3}',
    'bad-argument ".nan" Conv2d 0 expects out_channels to be a whole number from 1 and gets NaN.',
  ],
  [
    '  - {type: Conv2d, out_channels: 1e40, kernel_size: 3}',
    'bad-argument "1e40" Conv2d 0 expects out_channels to be a whole number from 1 and gets 1e+40.',
  ],
  [
    '  - {type: Conv2d, out_channels: "8", kernel_size: 3}',
    'bad-argument "\\"8\\"" Conv2d 0 expects out_channels to be a whole number from 1 and gets 8.',
  ],
  [
    '  - {type: Conv2d, out_channels: 8, kernel_size: [3, 3, 3]}',
    'bad-argument "[3, 3, 3]" Conv2d 0 expects kernel_size to be a whole number from 1, or 2 of them and gets [3, 3, 3].',
  ],
  [
    '  - {type: Conv2d, out_channels: 8, kernel_size: {h: 3}}',
    'bad-argument "{h: 3}" A value is expected here and not a mapping.',
  ],
  [
    '  - {type: Conv2d, out_channels: 8, kernel_size: 3, padding: sme}',
    'bad-argument "sme" Conv2d 0 expects padding to be a whole number from 0, or 2 of them, or same or valid and gets sme.',
  ],
  [
    '  - {type: Conv2d, out_channels: 8, kernel_size: 3, padding: -1}',
    'bad-argument "-1" Conv2d 0 expects padding to be a whole number from 0, or 2 of them, or same or valid and gets -1.',
  ],
  [
    '  - {type: Conv2d, out_channels: 8, kernel_size: 3, bias: maybe}',
    'bad-argument "maybe" Conv2d 0 expects bias to be true or false and gets maybe.',
  ],
  [
    '  - {type: Conv2d, out_channels: 8, kernel_size: 3, groups: 2}',
    'groups-not-dividing "2" Conv2d 0: groups 2 does not divide 3 input channels.',
  ],
  [
    '  - {type: Conv2d, out_channels: 8, kernel_size: 9}',
    'kernel-too-large "9" Kernel 9 is larger than the padded input 8: Conv2d 0 gets N×3×8×8 from the input.',
  ],
  [
    '  - {type: BatchNorm2d, num_features: 16}',
    'shape-mismatch "16" BatchNorm2d 0 expects 16 channels and gets 3: N×3×8×8 from the input.',
  ],
  ['  - {type: GroupNorm, num_groups: 2}', 'groups-not-dividing "2" GroupNorm 0: groups 2 does not divide 3 channels.'],
  [
    '  - {type: LayerNorm, normalized_shape: 7}',
    'shape-mismatch "7" LayerNorm 0 expects the last dimensions to be 7 and gets N×3×8×8 from the input.',
  ],
  [
    '  - {type: Linear, in_features: 192, out_features: 10}',
    'shape-mismatch "192" Linear 0 expects 192 input features and gets 8, the last of N×3×8×8 from the input. Flatten it first?',
  ],
  [
    '  - Flatten\n  - {type: Linear, in_features: 100, out_features: 10}',
    'shape-mismatch "100" Linear 1 expects 100 input features and gets 192: N×192 from Flatten 0.',
  ],
  [
    '  - {type: Upsample, scale_factor: -2}',
    'bad-argument "-2" Upsample 0 expects scale_factor to be a positive number and gets -2.',
  ],
  [
    '  - {type: GELU, approximate: yes}',
    'bad-argument "yes" GELU 0 expects approximate to be one of none, tanh and gets yes.',
  ],
  ['  - Upsample', 'bad-argument "Upsample" Upsample 0 needs size or scale_factor.'],
  [
    '  - {type: Upsample, size: 4, scale_factor: 2}',
    'bad-argument "Upsample" Upsample 0 takes size or scale_factor and not both.',
  ],
  [
    '  - {type: Conv2d, out_channels: 8, kernel_size: 3, padding: same, stride: 2}',
    'bad-argument "Conv2d" Conv2d 0 takes padding same with stride 1 only.',
  ],
  [
    '  - {type: MaxPool2d, kernel_size: 2, padding: 2}',
    'bad-argument "MaxPool2d" MaxPool2d 0 expects padding of at most half its kernel, 2, and gets 2.',
  ],
  [
    '  - {type: ConvTranspose2d, out_channels: 8, kernel_size: 3, stride: 2, output_padding: 2}',
    'bad-argument "ConvTranspose2d" ConvTranspose2d 0 expects output_padding under its stride or dilation, 2, and gets 2.',
  ],
  [
    '  - PixelShuffle: 2',
    'shape-mismatch "PixelShuffle: 2" PixelShuffle 0 expects a multiple of 4 and gets 3: N×3×8×8 from the input.',
  ],
  [
    '  - {type: Reshape, shape: [5, -1]}',
    'shape-mismatch "{type: Reshape, shape: [5, -1]}" Reshape 0: N×5×−1 cannot hold 192 elements: N×3×8×8 from the input.',
  ],
  [
    '  - {type: Permute, dims: [0, 1]}',
    'bad-argument "{type: Permute, dims: [0, 1]}" Permute 0 expects an order of 4 dimensions and gets 0, 1: N×3×8×8 from the input.',
  ],
  [
    '  - {type: ReLU, from: later}\n  - {type: ReLU, name: later}',
    'dangling-reference "later" later comes later; a row can only take what was computed before it.',
  ],
  [
    '  - {type: ReLU, name: conv1}\n  - {type: ReLU, from: convl}',
    'dangling-reference "convl" There is no row convl; is it conv1?',
  ],
  ['  - {type: ReLU, name: me, from: me}', 'dangling-reference "me" me cannot take its own output.'],
  ['  - ReLU\n  - {type: ReLU, from: 1}', 'dangling-reference "1" Row 1 cannot take its own output.'],
  ['  - ReLU\n  - {type: ReLU, from: 2}\n  - ReLU', 'dangling-reference "2" Row 1 takes row 2, which comes later.'],
  ['  - ReLU\n  - {type: ReLU, from: 9}', 'dangling-reference "9" Row 1 takes row 9, and there are rows 0 to 1.'],
  ['  - ReLU\n  - {type: ReLU, from: -5}', 'dangling-reference "-5" Row 1 takes row -5, and there are rows 0 to 1.'],
  [
    '  - {type: ReLU, from: {a: 1}}',
    'dangling-reference "{a: 1}" from expects the name or the index of a row, or a list of them.',
  ],
  [
    '  - ReLU\n  - {type: Conv2d, from: [0, -1], out_channels: 2, kernel_size: 1}',
    'bad-argument "[0, -1]" Conv2d 1 takes one input and gets 2.',
  ],
  ['  - Add', 'bad-argument "Add" Add 0 joins several inputs and gets 1; name them in from.'],
  [
    '  - {type: MaxPool2d, kernel_size: 2, name: p}\n  - {type: Concat, from: [p, input]}',
    'shape-mismatch "{type: Concat, from: [p, input]}" Concat 1: cat along 1: sizes differ beside it, 4×4 and 8×8: N×3×4×4 from p, N×3×8×8 from the input.',
  ],
  ['  - {type: ReLU, name: a}\n  - {type: Tanh, name: a}', 'duplicate-name "a" a is also the name of row 0.'],
  ['  - {type: ReLU, repeat: 1e9}', 'limit "1e9" ReLU 0: repeat 1000000000 is over the limit of 10,000.'],
  [
    '  - {type: ReLU, repeat: 2.5}',
    'bad-argument "2.5" ReLU 0 expects repeat to be a whole number from 0 and gets 2.5.',
  ],
  ['  - {type: ReLU, repeat: -1}', 'bad-argument "-1" ReLU 0 expects repeat to be a whole number from 0 and gets -1.'],
  ['  - {type: ReLU, when: 3}', 'bad-argument "3" ReLU 0 expects when to be true or false and gets 3.'],
  [
    '  - {type: ReLU, repeat: 2, first: [1]}',
    'bad-argument "[1]" first expects options of the first repeat, as a mapping.',
  ],
  [
    '  - branches: [[], []]\n    merge: join',
    'bad-argument "join" merge expects one of concat, add, mul and gets join.',
  ],
  ['  - branches: 5', 'bad-argument "5" branches expects a list of branches, each a list of rows.'],
  ['  - residual: 7', 'bad-argument "7" residual expects a list of rows.'],
  ['  - residual: []\n    stride: 2', 'unknown-option "stride" residual has no option stride.'],
  [
    '  - residual:\n      - Conv2d: {out_channels: 9, kernel_size: 1}',
    'shape-mismatch "residual:" residual 0: cannot add N×9×8×8 and N×3×8×8, they differ at dimension 1.',
  ],
  ['  - name: nothing', 'bad-argument "name: nothing" A row names its layer: type, or the layer itself as the key.'],
  ['  - 5', 'bad-argument "5" A row names its layer: type, or the layer itself as the key.'],
  ['  - *gone', 'bad-argument "*gone" A row names its layer: type, or the layer itself as the key.'],
  [
    '  - {type: Conv2d, out_channels: *gone, kernel_size: 3}',
    'dangling-reference "*gone" There is no anchor gone before this.',
  ],
  ['  - {type: Conv2d, out_channels: "${c}", kernel_size: 3}', 'bad-argument "c" c is no parameter here.'],
  ['  - {type: Conv2d, out_channels: "${4 *}", kernel_size: 3}', 'bad-argument "*" A value is missing at the end.'],
  ['  - {type: Conv2d, out_channels: "${4 // 0}", kernel_size: 3}', 'bad-argument "//" Division by 0.'],
  [
    '  - {type: Conv2d, out_channels: "${2 ** 99}", kernel_size: 3}',
    'bad-argument "**" The result is too large to be exact.',
  ],
  [
    '  - {type: Conv2d, out_channels: "${import(1)}", kernel_size: 3}',
    'bad-argument "import" There is no function import.',
  ],
  [
    '  - {type: Conv2d, out_channels: "${4", kernel_size: 3}',
    'bad-argument "${4" This expression has no closing brace.',
  ],
  ['  - {type: Conv2d, out_channels: 8, kernel_size: 3', 'syntax "{" This { is never closed.'],
  [
    '  - type: Conv2d\n    out_channels: 8\n    kernel_size: 3\n    stride: 1\n    stride: 2',
    'duplicate-name "stride" stride is given twice; the last one counts.',
  ],
]

describe('what is wrong is said once, where it is, with both numbers', () => {
  test.each(WRONG.filter(w => w.length > 1).map(([list, ...said]) => [list, said] as const))('%s', (list, said) => {
    expect(built(rows(list)).problems).toEqual(said)
  })

  test('there are enough of them', () => expect(WRONG.length).toBeGreaterThan(55))
})

describe('a file as a whole', () => {
  test.each<[string, string, string[]]>([
    [
      'a negative size',
      rows('  - ReLU', '[3, -8, 8]'),
      ['bad-argument "[3, -8, 8]" input expects sizes without the batch, such as [3, 224, 224].'],
    ],
    ['no rows', 'input: [3, 8, 8]\nlayers:\n', ['no-model "layers" layers holds no layers yet.']],
    [
      'a slip in a root key',
      'inptu: [3, 8, 8]\nlayers: [ReLU]\n',
      ['unknown-option "inptu" inptu has no meaning here; is it input?'],
    ],
    ['other keys of the root', 'lr: 0.1\noptimizer: sgd\ninput: [3, 8, 8]\nlayers: [ReLU]\n', []],
    [
      'a block that uses itself',
      'input: [3, 8, 8]\nblocks:\n  a: [b]\n  b: [a]\nlayers: [a]\n',
      ['bad-argument "a" Block a uses itself: a → b → a.'],
    ],
    [
      'a parameter that is missing',
      'input: [3, 8, 8]\nblocks:\n  a:\n    params: {c: }\n    layers: [ReLU]\nlayers: [a]\n',
      ['bad-argument "a" a 0 needs c, a parameter of block a.'],
    ],
    [
      'an option that a block has not',
      'input: [3, 8, 8]\nblocks:\n  a:\n    params: {width: 3}\n    layers: [ReLU]\nlayers: [{a: {widht: 4}}]\n',
      ['unknown-option "widht" Block a has no option widht; is it width?'],
    ],
    [
      'an unknown name in a block',
      'input: [3, 8, 8]\nblocks:\n  a:\n    params: {c: 3}\n    layers:\n      - Dropout: {p: "${c * w}"}\nlayers: [a, a]\n',
      ['bad-argument "w" w is no parameter here. Known: c.'],
    ],
  ])('%s', (_, text, said) => expect(built(text).problems).toEqual(said))
})

describe('fixes', () => {
  test.each<[string, string, string]>([
    [
      'channels',
      '  - {type: Conv2d, in_channels: 4, out_channels: 8, kernel_size: 3}',
      '  - {type: Conv2d, in_channels: 3, out_channels: 8, kernel_size: 3}',
    ],
    ['a spelling', '  - type: Relu', '  - type: ReLU'],
    [
      'an option',
      '  - {type: Conv2d, out_chanels: 8, kernel_size: 3}',
      '  - {type: Conv2d, out_channels: 8, kernel_size: 3}',
    ],
    [
      'a reference',
      '  - {type: ReLU, name: conv1}\n  - {type: ReLU, from: convl}',
      '  - {type: ReLU, name: conv1}\n  - {type: ReLU, from: conv1}',
    ],
    [
      'Flatten',
      '  - type: ReLU\n  - type: Linear\n    in_features: 192\n    out_features: 10',
      '  - type: ReLU\n  - type: Flatten\n  - type: Linear\n    in_features: 192\n    out_features: 10',
    ],
  ])('%s', (_, list, fixed) => {
    expect(built(rows(list)).fixed()).toBe(rows(fixed))
    expect(built(rows(fixed)).problems).toEqual([])
  })
})

describe('a row that is being typed leaves the others as they are', () => {
  const whole = '  - {type: Conv2d, name: c, out_channels: 4, kernel_size: 1, bias: false}\n'
  test.each(['  -\n', '  - \n', '  - type:\n', '  - type: \n'])('%j', begun => {
    const { output, sums } = built(rows(`${whole}${begun}  - Flatten\n`))
    expect([output, sums.params, sums.completeness]).toEqual(['N×256', 12, 'exact'])
  })
  test.each([
    '  - type: Conv2d\n    out_\n',
    '  - type: Con\n',
    '  - Conv2d: {out_channels: 8, kernel\n',
    '  - [1, 2\n',
  ])('%j', begun => {
    const { graph, sums } = built(rows(`${whole}${begun}  - {type: Flatten, from: c}\n`))
    expect([sums.macs, sums.completeness, graph.outputs[0]!.shape?.[1]]).toEqual([768, 'atLeast', 256])
  })
})
