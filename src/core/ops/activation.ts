import { divDim } from '../dim'
import type { Fault, Op } from '../op'
import { elements, resolveAxis } from '../shape'

export interface Activation {
  /** As torch.nn.functional spells it: relu, silu, gelu, … */
  readonly function: string
  /** The axis of which one half gates the other (torch.nn.GLU): the output has half of it. */
  readonly halves?: number
}

/** An activation: same shape, one operation an element. */
export const activation: Op<Activation> = {
  name: 'activation',
  quiet: true,
  infer: ({ halves }, [input]) => {
    if (halves === undefined || !input) return { shapes: [input ?? null] }
    const at = resolveAxis(halves, input.length)
    if (at === null) return { shapes: [null] }
    const size = input[at]!
    const half = typeof size === 'number' ? Math.floor(size / 2) : divDim(size, 2)
    const shapes = [input.map((dim, i) => (i === at ? half : dim))]
    if (typeof size !== 'number' || size % 2 === 0) return { shapes }
    const message: Fault['message'] = ({ who, from }) => `${who} expects an even size and gets ${size}: ${from(0)}.`
    return { shapes, faults: [{ code: 'shape-mismatch', input: 0, message }] }
  },
  otherOps: (_, [input]) => elements(input ?? null),
}

export interface PRelu {
  /** One slope in all, or one a channel (torch.nn.PReLU num_parameters). */
  readonly parameters: number | null
}

/** PReLU: a learnable slope for negative values. */
export const prelu: Op<PRelu> = {
  name: 'prelu',
  quiet: true,
  otherOps: (_, [input]) => elements(input ?? null),
  infer: ({ parameters }, [input]) => {
    const got = input?.[1]
    if (parameters === null || parameters === 1 || typeof got !== 'number' || got === parameters) {
      return { shapes: [input ?? null] }
    }
    return {
      shapes: [input ?? null],
      faults: [
        {
          code: 'shape-mismatch',
          attribute: 'parameters',
          value: got,
          input: 0,
          message: ({ who, from }) => `${who} expects ${parameters} channels and gets ${got}: ${from(0)}.`,
        },
      ],
    }
  },
  weights: ({ parameters }) => [{ name: 'weight', shape: [parameters], kind: 'trainable' }],
}

/** Softmax along an axis: 5 operations an element (maximum, subtract, exponential, sum, divide). */
export const softmax: Op<{ readonly axis: number }> = {
  name: 'softmax',
  quiet: true,
  infer: (_, [input]) => ({ shapes: [input ?? null] }),
  otherOps: (_, [input]) => {
    const count = elements(input ?? null)
    return count === null ? null : 5 * count
  },
}

/** Dropout and its kin do nothing in inference. */
export const dropout: Op<{ readonly p?: number | null }> = {
  name: 'dropout',
  quiet: true,
  view: true,
  infer: (_, [input]) => ({ shapes: [input ?? null] }),
}

/** Passes its input on. */
export const identity: Op<object> = { ...dropout, name: 'identity' }

export interface Scale {
  readonly channels: number | null
  readonly axis: number
  readonly scale: boolean
  readonly bias: boolean
}

/** A learnable factor, and shift, a channel (Caffe's Scale, LayerScale): one operation an element for each. */
export const scale: Op<Scale> = {
  name: 'scale',
  quiet: true,
  infer: ({ channels, axis }, [input]) => {
    const got = input?.at(axis)
    if (typeof got !== 'number' || channels === null || got === channels) return { shapes: [input ?? null] }
    return {
      shapes: [input ?? null],
      faults: [
        {
          code: 'shape-mismatch',
          attribute: 'channels',
          value: got,
          input: 0,
          message: ({ who, from }) => `${who} expects ${channels} channels and gets ${got}: ${from(0)}.`,
        },
      ],
    }
  },
  weights: ({ channels, scale, bias }) => [
    ...(scale ? [{ name: 'weight', shape: [channels], kind: 'trainable' } as const] : []),
    ...(bias ? [{ name: 'bias', shape: [channels], kind: 'trainable' } as const] : []),
  ],
  otherOps: ({ scale, bias }, [input]) => {
    const count = elements(input ?? null)
    return count === null ? null : count * (Number(scale) + Number(bias))
  },
}
