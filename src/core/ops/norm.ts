import { type Fault, type Op, type WeightSpec, wholeNumbers } from '../op'
import { elements, resolveAxis, type Shape } from '../shape'

export interface ChannelNorm {
  readonly channels: number | null
  /** Axis of the channels; 1 for channels first. */
  readonly axis: number
  /** Learnable scale and shift. */
  readonly scale: boolean
  readonly shift: boolean
  /** Running mean and variance, stored as buffers; `frozen` ones are counted as non-trainable params (Keras). */
  readonly statistics: 'none' | 'buffer' | 'frozen'
  /** One number more is stored, which the statistics are divided by (Caffe's BatchNorm). */
  readonly factor?: true
}

/** Batch normalization over the channel axis; 2 operations an element in inference (torch.nn.BatchNorm2d). */
export const batchNorm: Op<ChannelNorm> = channelNorm('batch_norm')
/** Instance normalization; 7 operations an element: mean, variance, and the affine map are computed at run time. */
export const instanceNorm: Op<ChannelNorm> = channelNorm('instance_norm')

export interface GroupNorm extends ChannelNorm {
  readonly groups: number
}

/** Group normalization (torch.nn.GroupNorm): groups must divide the channels. */
export const groupNorm: Op<GroupNorm> = {
  ...channelNorm('group_norm'),
  infer: (attributes, inputs) => {
    const { groups, channels } = attributes
    const bad = wholeNumbers(1, { groups })
    if (bad.length) return { shapes: [inputs[0] ?? null], faults: bad }
    const { shapes, faults = [] } = channelNorm('group_norm').infer(attributes, inputs)
    if (channels === null || channels % groups === 0) return { shapes, faults }
    const fault: Fault = {
      code: 'groups-not-dividing',
      attribute: 'groups',
      message: ({ who }) => `${who}: groups ${groups} does not divide ${channels} channels.`,
    }
    return { shapes, faults: [...faults, fault] }
  },
}

export interface LayerNorm {
  /** The trailing dimensions that are normalized together. */
  readonly shape: readonly (number | null)[]
  readonly scale: boolean
  readonly shift: boolean
  /** RMSNorm leaves out the mean. */
  readonly rms?: boolean
}

/** Layer normalization over the last dimensions (torch.nn.LayerNorm); 7 operations an element. */
export const layerNorm: Op<LayerNorm> = {
  name: 'layer_norm',
  quiet: true,
  infer: ({ shape }, [input]) => {
    if (!input) return { shapes: [null] }
    const tail = input.slice(input.length - shape.length)
    const differs = shape.some((want, i) => want !== null && typeof tail[i] === 'number' && tail[i] !== want)
    if (!differs && shape.length <= input.length) return { shapes: [input] }
    const fault: Fault = {
      code: 'shape-mismatch',
      input: 0,
      ...(shape.length === 1 && typeof tail[0] === 'number' ? { attribute: 'shape', value: tail[0] } : {}),
      message: ({ who, from }) => `${who} expects the last dimensions to be ${shape.join('×')} and gets ${from(0)}.`,
    }
    return { shapes: [input], faults: [fault] }
  },
  weights: ({ shape, scale, shift }) => affine(shape, scale, shift),
  otherOps: (_, [input]) => times(7, input),
}

export interface LocalResponseNorm {
  readonly size: number
}

/** Local response normalization across channels (torch.nn.LocalResponseNorm); size + 3 operations an element. */
export const localResponseNorm: Op<LocalResponseNorm> = {
  name: 'local_response_norm',
  quiet: true,
  infer: ({ size }, [input]) => ({ shapes: [input ?? null], faults: wholeNumbers(1, { size }) }),
  otherOps: ({ size }, [input]) => times(size + 3, input),
}

function channelNorm(name: string): Op<ChannelNorm> {
  const perElement = name === 'batch_norm' ? 2 : 7
  return {
    name,
    quiet: true,
    infer: ({ channels, axis }, [input]) => {
      const bad = wholeNumbers(1, { channels })
      if (bad.length || !input) return { shapes: [input ?? null], faults: bad }
      const at = resolveAxis(axis, input.length)
      const got = at === null ? null : input[at]!
      if (typeof got !== 'number' || channels === null || got === channels) return { shapes: [input] }
      const fault: Fault = {
        code: 'shape-mismatch',
        attribute: 'channels',
        value: got,
        input: 0,
        message: ({ who, from }) => `${who} expects ${channels} channels and gets ${got}: ${from(0)}.`,
      }
      return { shapes: [input], faults: [fault] }
    },
    weights: ({ channels, scale, shift, statistics, factor }) => [
      ...affine([channels], scale, shift),
      ...(statistics === 'none' ? [] : statisticsOf(channels, statistics === 'frozen' ? 'frozen' : 'buffer')),
      ...(factor ? [{ name: 'factor', shape: [1], kind: 'buffer' } as const] : []),
    ],
    otherOps: (_, [input]) => times(perElement, input),
  }
}

const affine = (shape: Shape, scale: boolean, shift: boolean): WeightSpec[] => [
  ...(scale ? [{ name: 'weight', shape, kind: 'trainable' } as const] : []),
  ...(shift ? [{ name: 'bias', shape, kind: 'trainable' } as const] : []),
]

const statisticsOf = (channels: number | null, kind: 'frozen' | 'buffer'): WeightSpec[] => [
  { name: 'running_mean', shape: [channels], kind },
  { name: 'running_var', shape: [channels], kind },
]

function times(perElement: number, shape: Shape | null | undefined): number | null {
  const count = elements(shape ?? null)
  return count === null ? null : count * perElement
}
