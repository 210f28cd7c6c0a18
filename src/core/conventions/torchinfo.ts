import { type Convention, isConvolution, outputPositions, weights } from './convention'

/** torchinfo.summary, "Total mult-adds". */
export const torchinfo: Convention = {
  name: 'torchinfo',
  title: 'torchinfo mult-adds',
  unit: 'mult-adds',
  source: 'TylerYep/torchinfo: torchinfo/layer_info.py, calculate_macs',
  says: [
    'Convolutions count weights and bias at every output position; transposed ones at the output too.',
    'Every other layer counts each of its weights once: a linear layer on a sequence counts one position, a norm 2C.',
    'Matrix products outside of layers count nothing.',
  ],
  work(node) {
    if (node.op === 'parameter' || node.op === 'elementwise') return 0
    const stored = weights(node)
    if (stored === 0 || !isConvolution(node)) return stored
    const positions = outputPositions(node)
    return stored === null || positions === null ? null : stored * positions
  },
}
