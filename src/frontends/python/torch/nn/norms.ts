import type { ChannelNorm } from '../../../../core/ops/norm'
import type { Shape } from '../../../../core/shape'
import { type Run, raise, refuse } from '../../interpreter/run'
import { classmethodClass, native, tuple } from '../../interpreter/types'
import { type PyClass, PyFloat, PyList, PyTuple, type PyValue, PyWrapped } from '../../interpreter/values'
import { nearestDivisors } from '../divisors'
import { callLayer, type PyNNModule } from '../module'
import { bool, count, int } from '../values'
import { addBuffer, addParameter, type Bound, input, keep, keeps, kept, layerClass, noParameter } from './define'

const EPS = new PyFloat(1e-5)
const MOMENTUM = new PyFloat(0.1)
const SIGNATURE = 'num_features, eps=, momentum=, affine=, track_running_stats=, device=, dtype='

/** torch.nn.modules.batchnorm._NormBase: what batch and instance norms share. Programs test for it. */
const normBase = layerClass('_NormBase', { signature: SIGNATURE, init: normalize(true) })
const batchNormBase = layerClass('_BatchNorm', { signature: SIGNATURE, bases: [normBase] })
const instanceNormBase = layerClass('_InstanceNorm', { signature: SIGNATURE, bases: [normBase] })

/** Registers weight and bias where it is affine, the running statistics where it tracks them. */
function normalize(byDefault: boolean) {
  return (run: Run, self: PyNNModule, args: Bound): void => {
    const features = count(args.num_features)
    const affine = bool(args.affine, byDefault)
    const tracks = bool(args.track_running_stats, byDefault)
    keep(run, self, {
      num_features: args.num_features,
      eps: args.eps ?? EPS,
      momentum: args.momentum === undefined ? MOMENTUM : args.momentum,
      affine,
      track_running_stats: tracks,
    })
    for (const name of ['weight', 'bias']) {
      if (affine) addParameter(run, self, name, [features])
      else noParameter(self, name)
    }
    for (const name of ['running_mean', 'running_var']) {
      if (tracks) addBuffer(run, self, name, [features])
      else self.buffers.set(name, null)
    }
    if (!tracks) self.buffers.set('num_batches_tracked', null)
  }
}

function channelNormOf(run: Run, self: PyNNModule, axis: number): ChannelNorm {
  return {
    channels: count(kept(run, self, 'num_features').num_features),
    axis,
    scale: self.parameters.get('weight') != null,
    shift: self.parameters.get('bias') != null,
    statistics: self.buffers.get('running_mean') != null ? 'buffer' : 'none',
  }
}

const batchNorms = ['BatchNorm1d', 'BatchNorm2d', 'BatchNorm3d', 'SyncBatchNorm'].map((name, i) =>
  layerClass(name, {
    signature: name === 'SyncBatchNorm' ? SIGNATURE.replace('device', 'process_group=, device') : SIGNATURE,
    bases: [batchNormBase],
    init: normalize(true),
    forward: (run, self, args) => {
      const x = input(args)
      checkRank(x.shape, i === 3 ? null : i + 1, true)
      return callLayer(run, self, 'batch_norm', channelNormOf(run, self, 1), [x])[0]!
    },
  }),
)

const instanceNorms = ([1, 2, 3] as const).map(rank =>
  layerClass(`InstanceNorm${rank}d`, {
    signature: SIGNATURE,
    bases: [instanceNormBase],
    init: normalize(false),
    forward: (run, self, args) => {
      const x = input(args)
      checkRank(x.shape, rank, false)
      const axis = x.shape === null ? 1 : x.shape.length - rank - 1
      const attributes = channelNormOf(run, self, axis)
      // Without weights PyTorch takes any number of channels.
      const channels = attributes.scale || attributes.statistics === 'buffer' ? attributes.channels : null
      return callLayer(run, self, 'instance_norm', { ...attributes, channels }, [x])[0]!
    },
  }),
)

/** The dimensions that a norm of so many spatial axes takes (_check_input_dim): batch norm 1d also takes N×C. */
function checkRank(shape: Shape | null, spatial: number | null, batch: boolean): void {
  if (shape === null) return
  const rank = shape.length
  if (spatial === null) {
    if (rank < 2) raise('ValueError', `expected at least 2D input (got ${rank}D input)`)
    return
  }
  const allowed = batch ? (spatial === 1 ? [2, 3] : [spatial + 2]) : [spatial + 1, spatial + 2]
  if (!allowed.includes(rank)) {
    raise('ValueError', `expected ${allowed.map(r => `${r}D`).join(' or ')} input (got ${rank}D input)`)
  }
}

const groupNorm = layerClass('GroupNorm', {
  signature: 'num_groups, num_channels, eps=, affine=, device=, dtype=',
  init: (run, self, args) => {
    const groups = count(args.num_groups)
    const channels = count(args.num_channels)
    if (groups !== null && channels !== null && groups > 0 && channels % groups !== 0) {
      refuse('ValueError', 'num_channels must be divisible by num_groups', {
        code: 'groups-not-dividing',
        message: who => `${who}: groups ${groups} does not divide ${channels} channels.`,
        argument: 'num_groups',
        values: nearestDivisors(groups, channels),
      })
    }
    keeps({ eps: EPS, affine: true })(run, self, args)
    for (const name of ['weight', 'bias']) {
      if (bool(args.affine, true)) addParameter(run, self, name, [channels])
      else noParameter(self, name)
    }
  },
  forward: (run, self, args) => {
    const { num_groups, num_channels } = kept(run, self, 'num_groups num_channels')
    const affine = self.parameters.get('weight') != null
    const attributes = {
      groups: int(num_groups),
      channels: count(num_channels),
      axis: 1,
      scale: affine,
      shift: affine,
      statistics: 'none',
    } as const
    return callLayer(run, self, 'group_norm', attributes, [input(args)])[0]!
  },
})

/** The trailing dimensions that LayerNorm and RMSNorm are given, one number or several. */
export const trailing = (value: PyValue | undefined): (number | null)[] =>
  value instanceof PyTuple || value instanceof PyList ? value.items.map(count) : [count(value)]

const [layerNorm, rmsNorm] = (['LayerNorm', 'RMSNorm'] as const).map(name => {
  const rms = name === 'RMSNorm'
  return layerClass(name, {
    signature: `normalized_shape, eps=, elementwise_affine=, ${rms ? '' : 'bias=, '}device=, dtype=`,
    init: (run, self, args) => {
      const shape = trailing(args.normalized_shape)
      const { normalized_shape } = args
      const affine = bool(args.elementwise_affine, true)
      keep(run, self, {
        normalized_shape:
          normalized_shape instanceof PyList || normalized_shape instanceof PyTuple
            ? tuple(normalized_shape.items)
            : tuple([normalized_shape!]),
        eps: args.eps ?? (rms ? null : EPS),
        elementwise_affine: affine,
      })
      if (affine) addParameter(run, self, 'weight', shape)
      else noParameter(self, 'weight')
      if (rms) return
      if (affine && bool(args.bias, true)) addParameter(run, self, 'bias', shape)
      else noParameter(self, 'bias')
    },
    forward: (run, self, args) => {
      const attributes = {
        shape: trailing(kept(run, self, 'normalized_shape').normalized_shape),
        scale: self.parameters.get('weight') != null,
        shift: self.parameters.get('bias') != null,
        ...(rms ? { rms } : {}),
      }
      return callLayer(run, self, 'layer_norm', attributes, [input(args)])[0]!
    },
  })
}) as [PyClass, PyClass]

const [crossMap, localResponse] = (['CrossMapLRN2d', 'LocalResponseNorm'] as const).map(name =>
  layerClass(name, {
    signature: 'size, alpha=, beta=, k=',
    init: keeps({ alpha: new PyFloat(1e-4), beta: new PyFloat(0.75), k: 1 }),
    forward: (run, self, args) =>
      callLayer(run, self, 'local_response_norm', { size: int(kept(run, self, 'size').size) }, [input(args)])[0]!,
  }),
) as [PyClass, PyClass]

/** Normalization of torch.nn (torch/nn/modules/batchnorm.py, instancenorm.py, normalization.py). */
export const norms: readonly PyClass[] = [
  ...batchNorms,
  ...instanceNorms,
  groupNorm,
  layerNorm,
  rmsNorm,
  crossMap,
  localResponse,
]

/** Base classes that are not members of torch.nn but of its modules: programs ask for them by name. */
export const normBases: readonly PyClass[] = [normBase, batchNormBase, instanceNormBase]

/** SyncBatchNorm.convert_sync_batchnorm changes nothing that is counted. */
const [, , , syncBatchNorm] = batchNorms as [PyClass, PyClass, PyClass, PyClass]
syncBatchNorm.dict.set(
  'convert_sync_batchnorm',
  new PyWrapped(
    classmethodClass,
    native('convert_sync_batchnorm', (_, [, module]) => module ?? null),
  ),
)
