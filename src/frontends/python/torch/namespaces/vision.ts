import type { Dim } from '../../../../core/dim'
import type { Run } from '../../interpreter/run'
import { native, tuple } from '../../interpreter/types'
import type { PyValue } from '../../interpreter/values'
import { guarded } from '../nn/define'
import { computed, typed } from '../operations/gather'
import { computedWeights, numbersOf } from '../operations/products'
import { shapeOf } from '../operations/shape'
import { PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { dim, int, tensor } from '../values'

const vision = (name: string, body: (run: Run, args: readonly PyValue[]) => PyValue): [string, PyValue] => [
  name,
  native(name, (run, args, kwargs) => guarded(run, name, args, kwargs, () => body(run, args))),
]

/** How many boxes there are. */
const boxes = (value: PyValue | undefined): Dim => (value instanceof PyTensor ? (value.shape?.[0] ?? null) : null)

/** Compiled ops of torchvision, which its Python files call as torch.ops.torchvision.…. */
export const visionOperations: readonly [string, PyValue][] = [
  // No version of CUDA, as torch.version.cuda says.
  vision('_cuda_version', () => -1),
  vision('nms', (run, [all, scores]) => typed(computed(run, 'nms', [tensor(all), tensor(scores)], [null]), 'int64')),
  ...['roi_align', 'roi_pool', 'ps_roi_align', 'ps_roi_pool'].map(name =>
    vision(name, (run, [input, rois, , height, width]) => {
      const x = tensor(input)
      const size: Dim[] = [dim(height!), dim(width!)]
      const channels = shapeOf(x)[1]!
      const area = typeof size[0] === 'number' && typeof size[1] === 'number' ? size[0] * size[1] : null
      const out = name.startsWith('ps_')
        ? typeof channels === 'number' && area
          ? Math.floor(channels / area)
          : null
        : channels
      const inputs = [x, ...(rois instanceof PyTensor ? [rois] : [])]
      const result = computed(run, name, inputs, [boxes(rois), out, ...size])
      return name === 'roi_align' ? result : tuple([result, computed(run, name, inputs, result.shape)])
    }),
  ),
  // deform_conv2d(input, weight, offset, mask, bias, stride, pad, dilation (each twice), groups, …): a convolution's MACs.
  vision('deform_conv2d', (run, args) => {
    const [x, weight, shift, mask, bias] = args.map(a => (a instanceof PyTensor ? a : null))
    const numbers = args.slice(5, 11).map(a => int(a))
    const [outChannels, perGroup, ...kernel] = numbersOf(tensor(weight ?? undefined))
    const groups = int(args[11], 1)
    const dilation = numbers.slice(4, 6)
    const attributes = {
      inChannels: perGroup === null ? null : perGroup! * groups,
      outChannels: outChannels!,
      kernel: kernel as number[],
      stride: numbers.slice(0, 2),
      dilation,
      padding: numbers.slice(2, 4).map(p => [p, p] as const),
      groups,
      bias: bias !== null,
    }
    const inputs = [x, shift, mask].filter((t): t is PyTensor => t !== null)
    const all = [...inputs, ...computedWeights([weight!, bias!])]
    return traceOf(run).weighted(run, 'conv2d', attributes, all, 'deform_conv2d', [weight!, bias!])[0]!
  }),
]
