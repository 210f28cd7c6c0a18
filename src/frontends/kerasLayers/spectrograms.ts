import { mulDim } from '../../core/dim'
import { BadConfig, flag, Misfit, numberOf, oneOf, whole, wholeOrNull } from './config'
import { type LayerKind, sizeAt } from './define'
import { isChannelsLast } from './parts'

/** Spectrograms of sounds (keras/src/layers/preprocessing/stft_spectrogram.py, mel_spectrogram.py). */
export const spectrograms: readonly LayerKind[] = [
  {
    name: 'STFTSpectrogram',
    parameters: {
      mode: 'log',
      frame_length: 256,
      frame_step: null,
      fft_length: null,
      window: 'hann',
      periodic: false,
      scaling: 'density',
      padding: 'valid',
      expand_dims: false,
      data_format: null,
    },
    rank: 3,
    composite: () => true,
    // Each channel is convolved by itself with the waves of a Fourier transform, which are weights.
    draw: (config, [x], draw) => {
      const frame = whole(config, 'frame_length')
      const step = wholeOrNull(config, 'frame_step') ?? Math.floor(frame / 2)
      if (step < 1 || step > frame)
        throw new BadConfig(
          `frame_step expects a number from 1 to frame_length ${frame} and gets ${step}`,
          'frame_step',
        )
      const fft = wholeOrNull(config, 'fft_length') ?? 2 ** Math.ceil(Math.log2(frame))
      if (fft < frame)
        throw new BadConfig(`fft_length expects at least frame_length ${frame} and gets ${fft}`, 'fft_length')
      const mode = oneOf(config, 'mode', ['log', 'magnitude', 'psd', 'real', 'imag', 'angle', 'stft'])
      const padding = oneOf(config, 'padding', ['valid', 'same'])
      const last = isChannelsLast(config)
      const [batch, channels] = [x!.shape?.[0] ?? null, sizeAt(x, last ? -1 : 1)]
      const frequencies = Math.floor(fft / 2) + 1
      const time = x!.shape?.[last ? 1 : 2] ?? null
      if (typeof time === 'number' && padding === 'valid' && time < frame)
        throw new Misfit(`frame_length ${frame} is longer than its input of ${time}`, 'frame_length')
      const folded = draw.op('reshape', { shape: [batch === null ? null : mulDim(batch, channels), time, 1] }, [x!])
      const attributes = {
        kernel: [frame],
        stride: [step],
        dilation: [1],
        padding: padding === 'same' ? ('same' as const) : [[0, 0] as const],
        channelsLast: true as const,
        inChannels: 1,
        outChannels: frequencies,
        groups: 1,
        bias: false,
      }
      const kernels = mode === 'real' || mode === 'imag' ? [mode] : ['real', 'imag']
      const waves = kernels.map(name => draw.part(`${name}_kernel`, 'conv1d', attributes, [folded]))
      const steps = waves[0]!.shape?.[1] ?? null
      const bins = mode === 'stft' ? 2 * frequencies : frequencies
      const all = channels === null ? null : channels * bins
      const shape = flag(config, 'expand_dims')
        ? last
          ? [batch, steps, bins, channels]
          : [batch, channels, steps, bins]
        : last
          ? [batch, steps, all]
          : [batch, all, steps]
      return [draw.op('compute', { function: 'spectrogram', shapes: [shape] }, waves)]
    },
  },
  {
    name: 'MelSpectrogram',
    parameters: {
      fft_length: 2048,
      sequence_stride: 512,
      sequence_length: null,
      window: 'hann',
      sampling_rate: 16000,
      num_mel_bins: 128,
      min_freq: 20,
      max_freq: null,
      power_to_db: true,
      top_db: 80,
      mag_exp: 2,
      min_power: 1e-10,
      ref_power: 1,
    },
    draw: (config, [x], draw) => {
      const length = numberOf(config.sequence_length) ?? whole(config, 'fft_length')
      if (length > whole(config, 'fft_length'))
        throw new BadConfig(`sequence_length expects at most fft_length and gets ${length}`, 'sequence_length')
      const time = x!.shape?.at(-1)
      // The sound is padded by half a window on both sides.
      const steps = typeof time === 'number' ? 1 + Math.floor(time / whole(config, 'sequence_stride')) : null
      const shape = x!.shape ? [...x!.shape.slice(0, -1), whole(config, 'num_mel_bins'), steps] : null
      return [draw.op('compute', { function: 'mel_spectrogram', shapes: [shape] }, [x!])]
    },
  },
]
