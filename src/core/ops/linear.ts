import { formula, type Op, wholeNumbers } from '../op'
import { elements } from '../shape'

export interface Linear {
  readonly inFeatures: number | null
  readonly outFeatures: number | null
  readonly bias: boolean
}

/** A linear layer on the last axis: …×in becomes …×out (torch.nn.Linear). MACs: in · out at every other position. */
export const linear: Op<Linear> = {
  name: 'linear',
  infer: ({ inFeatures, outFeatures }, [input]) => {
    const bad = wholeNumbers(1, { outFeatures, inFeatures })
    if (bad.length || !input) return { shapes: [null], faults: bad }
    const got = input.at(-1)
    const shapes = [[...input.slice(0, -1), outFeatures]]
    if (typeof got !== 'number' || inFeatures === null || got === inFeatures) return { shapes }
    const flattened = elements(input.slice(1))
    const hint =
      flattened === inFeatures
        ? ' Flatten it first?'
        : input.length > 3
          ? ` Flattened it would be ${flattened ?? '?'}.`
          : ''
    return {
      shapes,
      faults: [
        {
          code: 'shape-mismatch',
          attribute: 'inFeatures',
          value: got,
          input: 0,
          message: ({ who, from }) =>
            input.length > 2
              ? `${who} expects ${inFeatures} input features and gets ${got}, the last of ${from(0)}.${hint}`
              : `${who} expects ${inFeatures} input features and gets ${got}: ${from(0)}.`,
        },
      ],
    }
  },
  weights: ({ inFeatures, outFeatures, bias }) => [
    { name: 'weight', shape: [outFeatures, inFeatures], kind: 'trainable' },
    ...(bias ? [{ name: 'bias', shape: [outFeatures], kind: 'trainable' } as const] : []),
  ],
  macs: ({ inFeatures, outFeatures }, [input]) => {
    const rows = input ? elements(input.slice(0, -1)) : null
    return formula([['in', inFeatures], ['out', outFeatures], ...(rows === 1 ? [] : ([['positions', rows]] as const))])
  },
  otherOps: ({ bias }, _, [output]) => (bias ? elements(output ?? null) : 0),
}
