import { formatShape } from '../../../../core/shape'
import { type Run, raise, refuse } from '../../interpreter/run'
import { type PyClass, PyFloat, type PyValue } from '../../interpreter/values'
import { callLayer, type PyNNModule } from '../module'
import type { PyTensor } from '../tensor'
import { count, int } from '../values'
import { addParameter, type Bound, input, keep, keeps, kept, layerClass } from './define'

/** Class, function, and its arguments after `self` with the defaults they have; all of them keep the shape. */
const POINTWISE: readonly (readonly [string, string, Bound])[] = [
  ['ReLU', 'relu', { inplace: false }],
  ['ReLU6', 'relu6', { inplace: false }],
  ['ELU', 'elu', { alpha: new PyFloat(1), inplace: false }],
  ['CELU', 'celu', { alpha: new PyFloat(1), inplace: false }],
  ['SELU', 'selu', { inplace: false }],
  ['GELU', 'gelu', { approximate: 'none' }],
  ['SiLU', 'silu', { inplace: false }],
  ['Mish', 'mish', { inplace: false }],
  ['LeakyReLU', 'leaky_relu', { negative_slope: new PyFloat(0.01), inplace: false }],
  ['RReLU', 'rrelu', { lower: new PyFloat(1 / 8), upper: new PyFloat(1 / 3), inplace: false }],
  ['Hardtanh', 'hardtanh', { min_val: -1, max_val: 1, inplace: false, min_value: null, max_value: null }],
  ['Hardswish', 'hardswish', { inplace: false }],
  ['Hardsigmoid', 'hardsigmoid', { inplace: false }],
  ['Hardshrink', 'hardshrink', { lambd: new PyFloat(0.5) }],
  ['Softshrink', 'softshrink', { lambd: new PyFloat(0.5) }],
  ['Tanhshrink', 'tanhshrink', {}],
  ['Softplus', 'softplus', { beta: 1, threshold: 20 }],
  ['Softsign', 'softsign', {}],
  ['LogSigmoid', 'logsigmoid', {}],
  ['Sigmoid', 'sigmoid', {}],
  ['Tanh', 'tanh', {}],
  ['Threshold', 'threshold', { threshold: 0, value: 0, inplace: false }],
]

const pointwise = POINTWISE.map(([name, fn, defaults]) =>
  layerClass(name, {
    signature: Object.keys(defaults)
      .map(a => `${a}=`)
      .join(', '),
    init: keeps(defaults),
    forward: (run, self, args) => callLayer(run, self, 'activation', { function: fn }, [input(args)])[0]!,
  }),
)

const prelu = layerClass('PReLU', {
  signature: 'num_parameters=, init=, device=, dtype=',
  init: (run, self, args) => {
    keep(run, self, { num_parameters: args.num_parameters ?? 1 })
    addParameter(run, self, 'weight', [args.num_parameters === undefined ? 1 : count(args.num_parameters)])
  },
  forward: (run, self, args) =>
    callLayer(run, self, 'prelu', { parameters: count(kept(run, self, 'num_parameters').num_parameters) }, [
      input(args),
    ])[0]!,
})

const glu = layerClass('GLU', {
  signature: 'dim=',
  init: keeps({ dim: -1 }),
  forward: (run, self, args) =>
    callLayer(run, self, 'activation', { function: 'glu', halves: int(kept(run, self, 'dim').dim, -1) }, [
      input(args),
    ])[0]!,
})

const softmaxes = ['Softmax', 'LogSoftmax', 'Softmin'].map(name =>
  layerClass(name, {
    signature: 'dim=',
    init: keeps({ dim: null }),
    forward: (run, self, args) => {
      const x = input(args)
      return callLayer(run, self, 'softmax', { axis: softmaxAxis(kept(run, self, 'dim').dim, x) }, [x])[0]!
    },
  }),
)

/** The axis of a softmax; PyTorch's choice where none is given (_get_softmax_dim). */
export function softmaxAxis(dim: PyValue | undefined, x: PyTensor): number {
  if (dim !== undefined && dim !== null) return inRange(int(dim), x)
  const rank = x.shape?.length ?? 2
  return rank === 0 || rank === 1 || rank === 3 ? 0 : 1
}

function inRange(axis: number, { shape }: PyTensor): number {
  const rank = shape?.length
  if (rank === undefined || (axis >= -Math.max(1, rank) && axis < Math.max(1, rank))) return axis
  const range = `${-rank} to ${rank - 1}`
  return refuse('IndexError', `Dimension out of range (expected to be in range of [${range}], but got ${axis})`, {
    code: 'bad-argument',
    message: who =>
      `${who} expects a dimension from ${range.replace('-', '−')} and gets ${axis}: ${formatShape(shape!)}.`,
    argument: 'dim',
    values: [rank - 1],
  })
}

const softmax2d = layerClass('Softmax2d', {
  signature: '',
  forward: (run, self, args) => {
    const x = input(args)
    if (x.shape && x.shape.length !== 3 && x.shape.length !== 4) {
      raise('ValueError', `Softmax2d: expected input to be 3D or 4D, got ${x.shape.length}D instead`)
    }
    return callLayer(run, self, 'softmax', { axis: -3 }, [x])[0]!
  },
})

/** Dropout does nothing in inference, and must be given a probability. */
const dropouts = ['Dropout', 'Dropout1d', 'Dropout2d', 'Dropout3d', 'AlphaDropout', 'FeatureAlphaDropout'].map(name =>
  layerClass(name, {
    signature: 'p=, inplace=',
    init: (run, self, args) => {
      const p = args.p instanceof PyFloat ? args.p.value : typeof args.p === 'number' ? args.p : null
      if (p !== null && (p < 0 || p > 1)) {
        raise('ValueError', `dropout probability has to be between 0 and 1, but got ${p}`)
      }
      keeps({ p: new PyFloat(0.5), inplace: false })(run, self, args)
    },
    forward: (run: Run, self: PyNNModule, args: Bound) => callLayer(run, self, 'dropout', {}, [input(args)])[0]!,
  }),
)

/** Activations and dropout of torch.nn (torch/nn/modules/activation.py, dropout.py). */
export const activations: readonly PyClass[] = [...pointwise, prelu, glu, ...softmaxes, softmax2d, ...dropouts]
