import { describe, expect, test } from 'vitest'
import { checkDiagnostics, fixesAt } from '../../support/check'
import { input, layer, messages, openNet } from './open'

const NAME = 'net.prototxt'
const INPUT = 'input: "data"\ninput_shape { dim: 1 dim: 8 dim: 16 dim: 16 }'
const image = input('x', 1, 8, 16, 16)
const conv = (fields: string): string => `convolution_param { ${fields} }`

test('problems stand where the reader can do something about them', () => {
  checkDiagnostics(
    `${INPUT}
layer {
  name: "conv1"
  type: "Convolution"
  bottom: "dta"
          ^^^^^ dangling-reference: conv1 reads dta, which no layer writes. Did you mean data?
  top: "conv1"
  convolution_param {
    num_output: 8
    kernel_sise: 3
    ^^^^^^^^^^^ unknown-option: Caffe knows no kernel_sise in convolution_param. Did you mean kernel_size?
    kernel_size: 3
    group: 3
           ^ groups-not-dividing: conv1: groups 3 does not divide 8 output channels.
  }
}
layer {
^^^^^^^ duplicate-name: Another layer is called conv1 too. Both are counted; stored weights are loaded into the first alone.
  name: "conv1"
  type: "Relu"
        ^^^^^^ unknown-layer: Caffe has no Relu layer. Did you mean ReLU?
  bottom: "data"
  top: "conv1"
       ^^^^^^^ duplicate-name: conv1 writes conv1, which conv1 writes already.
}
layer {
  name: "sum"
  type: "Eltwise"
  bottom: "data"
  bottom: "later"
          ^^^^^^^ dangling-reference: sum reads later, which pool writes, further down.
  top: "sum"
}
layer {
  name: "pool"
  type: "Pooling"
  bottom: "data"
  top: "later"
  pooling_param { pool: MEAN kernel_size: 2 }
                        ^^^^ bad-argument: pool expects pool to be MAX, AVE or STOCHASTIC and gets MEAN.
}`,
    NAME,
  )
})

describe('numbers', () => {
  const of = (type: string, params: string, bottoms = 'x', more = ''): string[] =>
    messages(openNet(image + more + layer('y', type, bottoms, params)))

  test.each([
    ['Convolution', conv('kernel_size: 3'), 'bad-argument: y has no num_output: how much it gives is not known.'],
    [
      'Convolution',
      conv('num_output: 0 kernel_size: 3'),
      'bad-argument: y expects num_output to be a whole number from 1 and gets 0.',
    ],
    ['Convolution', conv('num_output: 8'), 'bad-argument: y has no kernel_size: the window is not known.'],
    ['Convolution', conv('num_output: 8 kernel_h: 3'), 'bad-argument: y has no kernel_w: the window is not known.'],
    [
      'Convolution',
      conv('num_output: 8 kernel_size: 3 kernel_h: 3 kernel_w: 3'),
      'bad-argument: y expects kernel_size or kernel_h and kernel_w, not both.',
    ],
    [
      'Convolution',
      conv('num_output: 8 kernel_size: 1 kernel_size: 2 kernel_size: 3'),
      'bad-argument: y expects kernel_size once or 2 times and gets it 3 times.',
    ],
    [
      'Convolution',
      conv('num_output: x kernel_size: 3'),
      'bad-argument: y expects num_output to be a whole number and gets x.',
    ],
    [
      'Convolution',
      conv('num_output: 8 kernel_size: 20'),
      'kernel-too-large: Kernel 20 is larger than the padded input 16: y gets N×8×16×16 from x.',
    ],
    [
      'Pooling',
      'pooling_param { kernel_size: 2 pad: 2 }',
      'bad-argument: y expects pad below the kernel 2 and gets 2.',
    ],
    ['LRN', 'lrn_param { local_size: 4 }', 'bad-argument: y expects local_size to be odd and gets 4.'],
    [
      'Slice',
      'slice_param { slice_point: 3 }',
      'bad-argument: y expects one slice_point less than tops, 0, and gets 1.',
    ],
    [
      'Reshape',
      'reshape_param { shape { dim: 0 dim: 7 } }',
      'shape-mismatch: y: N×7 cannot hold 2048 elements: N×8×16×16 from x.',
    ],
    [
      'Reshape',
      'reshape_param { shape { dim: 0 dim: 0 dim: 0 dim: 0 dim: 0 } }',
      'bad-argument: y keeps a size that its bottom does not have: N×8×16×16 from x.',
    ],
    [
      'ShuffleChannel',
      'shuffle_channel_param { group: 3 }',
      'groups-not-dividing: y: group 3 does not divide 8 channels.',
    ],
    [
      'PSROIPooling',
      'psroi_pooling_param { output_dim: 2 group_size: 3 }',
      'bad-argument: y expects 2 bottoms and gets 1.',
    ],
    ['Tile', '', 'bad-argument: y has no tiles: how much it gives is not known.'],
  ])('%s %s', (type, params, message) => {
    expect(of(type, params)).toContain(message)
  })

  test('two bottoms that do not fit', () => {
    const z = input('z', 1, 8, 20, 20)
    expect(of('Crop', '', 'x z', z)).toEqual(['shape-mismatch: y cannot cut N×8×20×20 from z out of N×8×16×16 from x.'])
    expect(of('Scale', '', 'x z', input('z', 1, 7))[0]).toMatch(/^shape-mismatch: y expects its second bottom to be 8/)
    expect(of('Axpy', '', 'f x x', input('f', 1, 7, 1, 1))[0]).toMatch(
      /^shape-mismatch: y expects one factor a channel/,
    )
    expect(
      of('PSROIPooling', 'psroi_pooling_param { output_dim: 2 group_size: 3 }', 'x r', input('r', 4, 5))[0],
    ).toMatch(/^shape-mismatch: y expects 2 · 3² = 18 input channels and gets 8/)
  })

  test('a type that is missing', () => {
    expect(messages(openNet(`${image}layer { name: "y" bottom: "x" top: "y" }`))).toEqual([
      'unknown-layer: y has no type.',
    ])
  })
})

describe('fixes', () => {
  const text = (bottom: string): string =>
    `${INPUT}\nlayer {\n  name: "r"\n  type: "ReLU"\n  bottom: ${bottom}\n  top: "r"\n}\n`

  test('a bottom that is misspelled', () => {
    const { titles, preferred, after } = fixesAt(text('"da$0ta1"'), NAME)
    expect([titles, preferred, after]).toEqual([['Change to data'], [true], text('"data"')])
  })

  test('a sum of maps with other channels: the convolution before is set', () => {
    const net = (channels: string, at = ''): string => `${INPUT}
layer { name: "a" type: "Convolution" bottom: "data" top: "a" convolution_param { num_output: ${channels} kernel_size: 1 } }
layer { name: "b" type: "BatchNorm" bottom: "a" top: "a" }
layer { name: "s" type: "Eltwise" bottom: "data" bottom: "${at}a" top: "s" }
`
    const { titles, after } = fixesAt(net('12', '$0'), NAME)
    expect([titles[0], after]).toEqual(['Set num_output of a to 8', net('8')])
  })
})
