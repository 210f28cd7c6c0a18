import type { RewriteStep } from '../core/rewrite'
import type { FormName } from './forms'

/** What stands after each new map inside a form: nothing, or a norm and an activation as GoogLeNet and ResNet have them. */
export type Between = 'nothing' | 'norm'

/** The layers of a form, as a front end is to spell them: the order and channels of `stepsOf`. */
export function planOf(form: FormName, between: Between): readonly RewriteStep[] {
  const steps = PLANS[form]
  return steps.map((step, i) => {
    const last = i === steps.length - 1
    return { depthwise: false, ...step, last, normed: !last && between === 'norm' }
  })
}

const PLANS: Readonly<
  Record<FormName, readonly (Pick<RewriteStep, 'kind' | 'from' | 'to'> & { readonly depthwise?: boolean })[]>
> = {
  reduce: [
    { kind: 'pointwise', from: 'in', to: 'r' },
    { kind: 'spatial', from: 'r', to: 'out' },
  ],
  bottleneck: [
    { kind: 'pointwise', from: 'in', to: 'r' },
    { kind: 'spatial', from: 'r', to: 'r' },
    { kind: 'pointwise', from: 'r', to: 'out' },
  ],
  expand: [
    { kind: 'spatial', from: 'in', to: 'r' },
    { kind: 'pointwise', from: 'r', to: 'out' },
  ],
  separable: [
    { kind: 'spatial', from: 'in', to: 'in', depthwise: true },
    { kind: 'pointwise', from: 'in', to: 'out' },
  ],
}
