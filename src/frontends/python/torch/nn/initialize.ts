import { elements } from '../../../../core/shape'
import { type Run, raise } from '../../interpreter/run'
import { native, pyModule, tuple } from '../../interpreter/types'
import { asNumber, asString, PyFloat, PyUnknown, type PyValue } from '../../interpreter/values'
import { PyTensor } from '../tensor'

/** fan_in and fan_out of a weight (torch/nn/init.py). */
function fans(value: PyValue | undefined): PyValue {
  const shape = value instanceof PyTensor ? value.shape : null
  if (shape === null) return new PyUnknown('this weight is not known')
  if (shape.length < 2) {
    return raise('ValueError', 'Fan in and fan out can not be computed for tensor with fewer than 2 dimensions')
  }
  const field = elements(shape.slice(2))
  const [out, into] = shape
  if (field === null || typeof out !== 'number' || typeof into !== 'number')
    return new PyUnknown('this weight is not known')
  return tuple([into * field, out * field])
}

const GAINS: Readonly<Record<string, number>> = { tanh: 5 / 3, relu: Math.SQRT2, selu: 3 / 4 }

function gain(name: PyValue | undefined, parameter: PyValue | undefined): PyValue {
  const slope = asNumber(parameter ?? null) ?? 0.01
  const kind = asString(name ?? null) ?? ''
  return new PyFloat(kind === 'leaky_relu' ? Math.sqrt(2 / (1 + slope * slope)) : (GAINS[kind] ?? 1))
}

const fill = (name: string): PyValue => native(name, (_: Run, args, kwargs) => args[0] ?? kwargs.get('tensor') ?? null)

const FILLS =
  'uniform_ normal_ trunc_normal_ constant_ ones_ zeros_ eye_ dirac_ xavier_uniform_ xavier_normal_ kaiming_uniform_ kaiming_normal_ orthogonal_ sparse_'.split(
    ' ',
  )

/** torch.nn.init: numbers change, shapes and counts do not; every function gives back its tensor. */
export const initModule = pyModule(
  'torch.nn.init',
  [
    ...FILLS.map((name): [string, PyValue] => [name, fill(name)]),
    ['calculate_gain', native('calculate_gain', (_, [name, parameter]) => gain(name, parameter))],
    ['_calculate_fan_in_and_fan_out', native('_calculate_fan_in_and_fan_out', (_, [weight]) => fans(weight))],
    [
      '_calculate_correct_fan',
      native('_calculate_correct_fan', (_, [weight, mode]) => {
        const both = fans(weight)
        if (!(typeof both === 'object' && both !== null && 'items' in both)) return both
        return (both.items as readonly PyValue[])[asString(mode ?? null) === 'fan_out' ? 1 : 0] ?? null
      }),
    ],
  ],
  name => (name.startsWith('__') ? undefined : fill(name)),
)
