import { describe, expect, test } from 'vitest'
import { type Asked, everyRewriting, filesOf, layersOf, opened, rewritten, textAfter } from '../rewriting'

const asked = (more: Partial<Asked> = {}): Asked => ({ form: 'reduce', between: 'nothing', ...more })
const changed = (text: string, more: Partial<Asked> = {}, path = 'conv2'): string =>
  textAfter(text, path, asked(more), 'net.prototxt')

const HEAD = `name: "Small"
layer {
  name: "data"
  type: "Input"
  top: "data"
  input_param { shape: { dim: 1 dim: 64 dim: 32 dim: 32 } }
}
`

const CONV = `# The wide one.
layer {
  name: "conv2"
  type: "Convolution"
  bottom: "data"
  top: "conv2"
  param {
    lr_mult: 1
  }
  param {
    lr_mult: 2
  }
  convolution_param {
    num_output: 128
    pad: 1  # half of it
    kernel_size: 3
    stride: 2
    weight_filler {
      type: "xavier"
    }
    bias_filler {
      type: "constant"
      value: 0.2
    }
  }
}
`

const TAIL = `layer {
  name: "relu2"
  type: "ReLU"
  bottom: "conv2"
  top: "conv2"
}
`

const NARROW = `layer {
  name: "conv2_reduce"
  type: "Convolution"
  bottom: "data"
  top: "conv2_reduce"
  param {
    lr_mult: 1
  }
  convolution_param {
    num_output: 16
    bias_term: false
    kernel_size: 1
    weight_filler {
      type: "xavier"
    }
  }
}
`

describe('layers are put before the one that stands there', () => {
  const text = HEAD + CONV + TAIL
  const around = (before: string, last: string): string =>
    `${HEAD}# The wide one.\n${before}${last.replace('# The wide one.\n', '')}${TAIL}`
  const reading = (blob: string, conv = CONV): string => conv.replace('bottom: "data"', `bottom: "${blob}"`)

  test('reduce', () => {
    expect(changed(text)).toBe(around(NARROW, reading('conv2_reduce')))
  })

  test('a norm and an activation, as Caffe’s documentation writes them', () => {
    const norms = ['BatchNorm', 'Scale', 'ReLU'].map((type, i) => {
      const name = `conv2_reduce_${['bn', 'scale', 'relu'][i]}`
      const more = type === 'Scale' ? '  scale_param { bias_term: true }\n' : ''
      if (type === 'ReLU') return TAIL.replace('relu2', name).replaceAll('"conv2"', '"conv2_reduce"')
      return `layer {\n  name: "${name}"\n  type: "${type}"\n  bottom: "conv2_reduce"\n  top: "conv2_reduce"\n${more}}\n`
    })
    expect(changed(text, { between: 'norm' })).toBe(around(NARROW + norms.join(''), reading('conv2_reduce')))
  })

  test('bottleneck: the last one keeps the name, the bias and the top, and is a 1×1', () => {
    const spatial = NARROW.replaceAll('conv2_reduce', 'conv2_narrow')
      .replace('bottom: "data"', 'bottom: "conv2_reduce"')
      .replace('    kernel_size: 1\n', '    pad: 1\n    kernel_size: 3\n    stride: 2\n')
    const last = reading('conv2_narrow')
      .replace('kernel_size: 3', 'kernel_size: 1')
      .replace('    stride: 2\n', '')
      .replace('pad: 1  # half', '# half')
    expect(changed(text, { form: 'bottleneck' })).toBe(around(NARROW + spatial, last))
  })

  test('expand and separable', () => {
    const layers = (more: Partial<Asked>): string[] => {
      const file = opened(text, 'net.prototxt')
      const outcome = rewritten(file, file.groups[0]!, asked(more))
      if ('refused' in outcome) throw new Error(outcome.refused)
      expect(outcome.differs).toBeNull()
      return layersOf(outcome.model).filter(line => line.startsWith('conv'))
    }
    expect(layers({ form: 'expand' })).toEqual(['conv2d 64→16 3×3 N×16×16×16', 'conv2d 16→128 1×1 N×128×16×16'])
    expect(layers({ form: 'separable' })).toEqual([
      'conv2d 64→64 3×3 in 64 groups N×64×16×16',
      'conv2d 64→128 1×1 N×128×16×16',
    ])
  })
})

test('in the style of the file: one line, single quotes, the older form, line ends of Windows', () => {
  const line = `${HEAD}layer { name: 'c' type: 'Convolution' bottom: 'data' top: 'c' convolution_param { num_output: 128 kernel_size: 3 pad: 1 } }\n`
  expect(changed(line, { form: 'reduce' }, 'c').slice(HEAD.length)).toBe(
    `layer { name: 'c_reduce' type: 'Convolution' bottom: 'data' top: 'c_reduce' convolution_param { num_output: 16 bias_term: false kernel_size: 1 } }
layer { name: 'c' type: 'Convolution' bottom: 'c_reduce' top: 'c' convolution_param { num_output: 128 kernel_size: 3 pad: 1 } }
`,
  )
  const old = `input: "data"\ninput_dim: 1\ninput_dim: 64\ninput_dim: 32\ninput_dim: 32\nlayers {
  bottom: "data"
  top: "c"
  name: "c"
  type: CONVOLUTION
  blobs_lr: 1
  blobs_lr: 2
  convolution_param {
    num_output: 128
    kernel_size: 3
  }
}
`
  const after = changed(old, {}, 'c')
  expect(after).toContain(
    'layers {\n  bottom: "data"\n  top: "c_reduce"\n  name: "c_reduce"\n  type: CONVOLUTION\n  blobs_lr: 1\n  conv',
  )
  expect(after).toContain('layers {\n  bottom: "c_reduce"\n  top: "c"\n')
  expect(changed(old, { between: 'norm' }, 'c')).toBe('Layers of this form have no BatchNorm.')
  const windows = (HEAD + CONV).replaceAll('\n', '\r\n')
  expect(changed(windows, { form: 'bottleneck', between: 'norm' }).replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
})

test('the norms are like those of the file', () => {
  const norms = `layer { name: "bn" type: "BatchNorm" bottom: "conv2" top: "conv2" batch_norm_param { use_global_stats: true } }
layer { name: "sc" type: "Scale" bottom: "conv2" top: "conv2" scale_param { bias_term: true filler { value: 2 } } }
`
  const after = changed(HEAD + CONV + norms + TAIL, { between: 'norm' })
  expect(after).toContain(
    'layer { name: "conv2_reduce_bn" type: "BatchNorm" bottom: "conv2_reduce" top: "conv2_reduce" batch_norm_param { use_global_stats: true } }',
  )
  expect(after).toContain(
    'name: "conv2_reduce_scale" type: "Scale" bottom: "conv2_reduce" top: "conv2_reduce" scale_param { bias_term: true filler { value: 2 } }',
  )
})

test('weights that are shared stay as they are', () => {
  const named = CONV.replace('lr_mult: 1', 'name: "w"')
  expect(changed(HEAD + named)).toBe('It shares its weights with other layers.')
})

const corpora = new URL('../../../../shared/corpora/caffe/', import.meta.url)
const files = [
  ...filesOf(new URL('../../../examples/', import.meta.url), /\.prototxt$/),
  ...filesOf(
    corpora,
    /(?:alexnet|googlenet|SqueezeNet_v1.0|ResNet-50|mobilenet_v2|SE-BN-Inception|SE-ResNet-50|resnet18|xception|dpn68).*\.prototxt$/,
  ),
]

describe('every convolution of files that people wrote', () => {
  test.each([{ name: 'small.prototxt', text: HEAD + CONV + TAIL }, ...files])('$name', ({ name, text }) => {
    const { wrong } = everyRewriting(text, 'net.prototxt', 6)
    expect(wrong, name).toEqual([])
  })
})
