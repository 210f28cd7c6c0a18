import { type Convention, isConvolution, isTransposed, times, written } from './convention'

/** Netscope CNN Analyzer, column "macc". */
export const netscope: Convention = {
  name: 'netscope',
  title: 'Netscope macc',
  unit: 'macc',
  source: 'dgschwend/netscope: src/analyzer.coffee',
  says: [
    'Local response norm counts its size an element, scale layers and products of maps 1 an element.',
    'Transposed convolutions count at the output, divided by the stride, and ignore groups.',
    'Comparisons, additions, divisions and exponentials stand in columns of their own.',
  ],
  work(node) {
    if (isTransposed(node)) {
      const { inChannels, kernel, stride } = node.attributes as unknown as Sizes
      return inChannels === null ? null : times((inChannels * product(kernel)) / product(stride), written(node))
    }
    if (isConvolution(node) || node.op === 'linear') return node.cost.macs
    switch (node.op) {
      case 'local_response_norm':
        return times(node.attributes.size as number, written(node))
      case 'scale':
        return written(node)
      case 'elementwise':
        return node.attributes.function === 'mul' ? written(node) : 0
      default:
        return 0
    }
  },
}

interface Sizes {
  readonly inChannels: number | null
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1)
