import { type Fault, formula, type Op, wholeNumbers } from '../op'
import { elements } from '../shape'

export interface Bilinear {
  readonly in1Features: number | null
  readonly in2Features: number | null
  readonly outFeatures: number | null
  readonly bias: boolean
}

/**
 * A bilinear form of two inputs on their last axes: …×in1 and …×in2 become …×out (torch.nn.Bilinear). MACs: in1 · in2 · out
 * at every other position.
 */
export const bilinear: Op<Bilinear> = {
  name: 'bilinear',
  infer: ({ in1Features, in2Features, outFeatures }, inputs) => {
    const bad = wholeNumbers(1, { outFeatures, in1Features, in2Features })
    const first = inputs[0] ?? inputs[1]
    if (bad.length || !first) return { shapes: [null], faults: bad }
    const faults = [in1Features, in2Features].flatMap((wanted, i): Fault[] => {
      const got = inputs[i]?.at(-1)
      if (typeof got !== 'number' || wanted === null || got === wanted) return []
      const message: Fault['message'] = ({ who, from }) =>
        `${who} expects ${wanted} features in its input ${i + 1} and gets ${got}: ${from(i)}.`
      return [{ code: 'shape-mismatch', attribute: `in${i + 1}Features`, value: got, input: i, message }]
    })
    return { shapes: [[...first.slice(0, -1), outFeatures]], faults }
  },
  weights: ({ in1Features, in2Features, outFeatures, bias }) => [
    { name: 'weight', shape: [outFeatures, in1Features, in2Features], kind: 'trainable' },
    ...(bias ? [{ name: 'bias', shape: [outFeatures], kind: 'trainable' } as const] : []),
  ],
  macs: ({ in1Features, in2Features, outFeatures }, [input]) =>
    formula([
      ['in1', in1Features],
      ['in2', in2Features],
      ['out', outFeatures],
      ['positions', input ? elements(input.slice(0, -1)) : null],
    ]),
  otherOps: ({ bias }, _, [output]) => (bias ? elements(output ?? null) : 0),
}
