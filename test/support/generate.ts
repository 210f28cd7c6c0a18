/** Long and odd texts for tests of bounds and for the benchmark: definitions of `rows` layers in each format. */
export const longTexts: Readonly<Record<string, (rows: number) => { name: string; text: string }>> = {
  yaml: rows => ({
    name: 'long.yaml',
    text: `input: [16, 64, 64]\nlayers:\n${lines(rows, i => `  - Conv2d: {out_channels: ${16 + (i % 3) * 8}, kernel_size: 3, padding: 1}`)}`,
  }),
  ultralytics: rows => ({
    name: 'long-ultralytics.yaml',
    text: `nc: 80\nbackbone:\n${lines(rows, i => `  - [-1, 1, Conv, [${16 + (i % 3) * 8}, 3, 1]]  # ${i}`)}head: []\n`,
  }),
  prototxt: rows => ({
    name: 'long.prototxt',
    text: `input: "x"\ninput_shape { dim: 1 dim: 16 dim: 64 dim: 64 }\n${lines(rows - 1, i => `layer {\n  name: "conv${i}"\n  type: "Convolution"\n  bottom: "${i === 0 ? 'x' : `conv${i - 1}`}"\n  top: "conv${i}"\n  convolution_param {\n    num_output: ${16 + (i % 3) * 8}\n    kernel_size: 3\n    pad: 1\n  }\n}`)}`,
  }),
  darknet: rows => ({
    name: 'long.cfg',
    text: `[net]\nwidth=64\nheight=64\nchannels=3\n${lines(rows, i => `[convolutional]\nfilters=${16 + (i % 3) * 8}\nsize=3\npad=1`)}`,
  }),
}

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('')
