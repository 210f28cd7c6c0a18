import { type Dim, mapDim } from '../../../core/dim'
import { computed } from '../torch/operations/gather'
import { elementwise } from '../torch/operations/pointwise'
import { shapeOf } from '../torch/operations/shape'
import { type Row, row, sizesIn, tensorOf } from './define'

/** Fourier transforms over the last axes: those of real numbers keep half of the last axis (tf.signal). */
export const signalRows: readonly Row[] = [
  row('tf.complex tf.dtypes.complex', 'real, imag', (run, { real, imag }) => {
    const [x, y] = [tensorOf(run, real), tensorOf(run, imag)]
    const result = elementwise(run, 'add', [x, y], null)
    result.dtype = 'complex64'
    return result
  }),
  ...['', '2d', '3d'].flatMap(transforms),
]

function transforms(rank: string): Row[] {
  const axes = rank === '' ? 1 : Number(rank[0])
  const transform = (name: string, lengths: (last: Dim) => Dim, given: boolean): Row =>
    row(
      `tf.signal.${name}${rank} tf.${name}${rank}`,
      'input|input_tensor, fft_length=',
      (run, { input, fft_length }) => {
        const x = tensorOf(run, input)
        const shape = [...shapeOf(x)]
        const sizes = given ? sizesIn(fft_length) : null
        sizes?.forEach((size, i) => {
          shape[shape.length - axes + i] = size
        })
        const last = shape.length - 1
        if (name !== 'irfft' || !sizes) shape[last] = lengths(shape[last] ?? null)
        const result = computed(run, `${name}${rank}`, [x], shape)
        result.dtype = name === 'irfft' ? 'float32' : 'complex64'
        return result
      },
    )
  return [
    transform('rfft', last => mapDim(last, n => Math.floor(n / 2) + 1), true),
    transform('irfft', last => mapDim(last, n => 2 * (n - 1)), true),
    transform('fft', last => last, false),
    transform('ifft', last => last, false),
  ]
}
