/**
 * What may be put in place of a k×k convolution, and what it costs, in closed formulas over the width r.
 *
 * Notation: Cin and Cout channels, k² positions of the kernel, g groups, HW input and H′W′ output positions of one
 * image, r channels between. Direct: k² Cin Cout/g H′W′ MACs and k² Cin Cout/g weights. Traffic is ideal: every map and
 * every weight is moved once. Sources: GoogLeNet (Szegedy et al. 2015) for `reduce`, ResNet (He et al. 2016) for
 * `bottleneck`, low-rank output (Jaderberg et al. 2014; Denton et al. 2014) for `expand`, MobileNet (Howard et al. 2017)
 * for `separable`.
 */

import { type Polynomial, valueAt } from '../base/polynomial'

export const FORM_NAMES = ['reduce', 'bottleneck', 'expand', 'separable'] as const
export type FormName = (typeof FORM_NAMES)[number]

/** A convolution as it stands. */
export interface Direct {
  /** Positions of the kernel: k² of a square one. */
  readonly window: number
  readonly cin: number
  readonly cout: number
  readonly groups: number
  /** HW: positions of the input. */
  readonly input: number
  /** H′W′: positions of the output. */
  readonly output: number
  /** Bias elements, which stay on the last layer whatever is put in place. */
  readonly bias: number
}

/** Channels of a map: a number, or the width that is looked for. */
export type Channels = number | 'r'

/** One layer of a form: which map it reads, which it writes, and the positions of its kernel. */
export interface Step {
  readonly window: number
  readonly from: Channels
  readonly to: Channels
  readonly input: number
  readonly output: number
  /** Every channel is filtered alone. */
  readonly depthwise?: true
}

/** What one kernel, or several, cost for one image. Traffic in elements. */
export interface Work {
  readonly macs: number
  readonly params: number
  readonly traffic: number
}

/** The layers that each form puts in place; stride, padding and dilation stay on the k×k. */
export function stepsOf(form: FormName, { window, cin, cout, input, output }: Direct): Step[] {
  switch (form) {
    case 'reduce':
      return [
        { window: 1, from: cin, to: 'r', input, output: input },
        { window, from: 'r', to: cout, input, output },
      ]
    case 'bottleneck':
      return [
        { window: 1, from: cin, to: 'r', input, output: input },
        { window, from: 'r', to: 'r', input, output },
        { window: 1, from: 'r', to: cout, input: output, output },
      ]
    case 'expand':
      return [
        { window, from: cin, to: 'r', input, output },
        { window: 1, from: 'r', to: cout, input: output, output },
      ]
    case 'separable':
      return [
        { window, from: cin, to: cin, input, output, depthwise: true },
        { window: 1, from: cin, to: cout, input: output, output },
      ]
  }
}

/** MACs k² Cin Cout/g H′W′, params k² Cin Cout/g + bias, traffic Cin HW + Cout H′W′ + params. */
export function directWork({ window, cin, cout, groups, input, output, bias }: Direct): Work {
  const weights = (window * cin * cout) / groups
  return { macs: weights * output, params: weights + bias, traffic: cin * input + cout * output + weights + bias }
}

/** What each kernel of a form costs at width r, in order. The bias is the last one's. */
export const kernelWork = (form: FormName, direct: Direct, r: number): Work[] =>
  kernelPolynomials(form, direct).map(({ macs, params, traffic }) => ({
    macs: valueAt(macs, r),
    params: valueAt(params, r),
    traffic: valueAt(traffic, r),
  }))

/** The same as polynomials in r. */
export function kernelPolynomials(form: FormName, direct: Direct): Record<keyof Work, Polynomial>[] {
  const steps = stepsOf(form, direct)
  return steps.map((step, i) => {
    const weights = weightsOf(step)
    const params = sum(weights, [i === steps.length - 1 ? direct.bias : 0, 0, 0])
    return { macs: scale(weights, step.output), params, traffic: sum(mapsOf(step), params) }
  })
}

/** What a form costs in all at width r. */
export const formWork = (form: FormName, direct: Direct, r: number): Work => kernelWork(form, direct, r).reduce(add)

/**
 * The width at which a form costs as much as the direct convolution: below it, it costs less. Null where it never does.
 * MACs of `reduce`: k² Cin Cout/g ÷ (ρ Cin + k² Cout) with ρ = HW/H′W′; of `expand`: k² Cin Cout/g ÷ (k² Cin + Cout);
 * of `bottleneck` the positive root of k² r² + (ρ Cin + Cout) r = k² Cin Cout/g. Params are the same with ρ = 1, and
 * traffic adds the maps between, 2 r for each of their positions. `separable` has no width and gives null.
 */
export function breakEven(form: FormName, direct: Direct, of: keyof Work): number | null {
  const before = directWork(direct)[of]
  const total = stepsOf(form, direct)
    .map(step => (of === 'macs' ? scale(weightsOf(step), step.output) : weightsOf(step)))
    .reduce(sum)
  const [constant, linear, square] =
    of === 'traffic' ? sum(total, stepsOf(form, direct).map(mapsOf).reduce(sum)) : total
  const left = before - constant - (of === 'macs' ? 0 : direct.bias)
  if (left <= 0 || (linear === 0 && square === 0)) return null
  return square === 0 ? left / linear : (Math.sqrt(linear * linear + 4 * square * left) - linear) / (2 * square)
}

export const add = (a: Work, b: Work): Work => ({
  macs: a.macs + b.macs,
  params: a.params + b.params,
  traffic: a.traffic + b.traffic,
})

const channels = (c: Channels): Polynomial => (c === 'r' ? [0, 1, 0] : [c, 0, 0])
const scale = ([a, b, c]: Polynomial, by: number): Polynomial => [a * by, b * by, c * by]
const sum = (a: Polynomial, b: Polynomial): Polynomial => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]

/** k² from · to, or k² from for a depthwise layer. */
function weightsOf({ window, from, to, depthwise }: Step): Polynomial {
  if (depthwise) return scale(channels(from), window)
  const [a, b] = [channels(from), channels(to)]
  return scale([a[0] * b[0], a[0] * b[1] + a[1] * b[0], a[1] * b[1]], window)
}

/** The elements of the map that is read and of the one that is written. */
const mapsOf = ({ from, to, input, output }: Step): Polynomial =>
  sum(scale(channels(from), input), scale(channels(to), output))
