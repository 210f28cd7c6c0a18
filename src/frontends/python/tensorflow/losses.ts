import type { Run } from '../interpreter/run'
import type { PyValue } from '../interpreter/values'
import { computed } from '../torch/operations/gather'
import { copyOf, shapeOf } from '../torch/operations/shape'
import type { PyTensor } from '../torch/tensor'
import { tensorsIn } from '../torch/values'
import { type Row, row, tensorOf } from './define'

/** Losses of TensorFlow's own (tf.nn): one number an example, or one an element. */
export const lossRows: readonly Row[] = [
  ...[
    'softmax_cross_entropy_with_logits',
    'softmax_cross_entropy_with_logits_v2',
    'sparse_softmax_cross_entropy_with_logits',
  ].map(name =>
    row(`tf.nn.${name} tf.compat.v1.nn.${name}`, null, (run, named, args) => {
      const logits = tensorOf(run, named.logits ?? args[1] ?? null)
      return computed(run, name, given(run, logits, named, args), shapeOf(logits).slice(0, -1))
    }),
  ),
  ...['sigmoid_cross_entropy_with_logits', 'weighted_cross_entropy_with_logits'].map(name =>
    row(`tf.nn.${name} tf.compat.v1.nn.${name}`, null, (run, named, args) => {
      const logits = tensorOf(run, named.logits ?? args[1] ?? null)
      return computed(run, name, given(run, logits, named, args), shapeOf(logits))
    }),
  ),
  row('tf.nn.l2_loss', 't', (run, { t }) => computed(run, 'l2_loss', [tensorOf(run, t)], [])),
  ...['nce_loss', 'sampled_softmax_loss'].map(name =>
    row(`tf.nn.${name} tf.compat.v1.nn.${name}`, null, (run, named, args) => {
      const inputs = tensorOf(run, named.inputs ?? args[3] ?? null)
      return computed(run, name, [inputs], shapeOf(inputs).slice(0, 1))
    }),
  ),
  row('tf.nn.in_top_k tf.math.in_top_k tf.compat.v1.nn.in_top_k', null, (run, named, args) =>
    copyOf(tensorOf(run, named.targets ?? args[0] ?? null)),
  ),
]

const given = (
  run: Run,
  logits: PyTensor,
  named: Readonly<Record<string, PyValue | undefined>>,
  args: readonly PyValue[],
): PyTensor[] => {
  void run
  const others = tensorsIn([...args, ...Object.values(named).filter(v => v !== undefined)])
  return [logits, ...others.filter(t => t !== logits)]
}
