import { PyParameter, PyTensor } from '../tensor'
import { tensor } from '../values'
import { type Operation, operation } from './define'

/** Functions that have a form which writes into its tensor, whatever shape that gives it. */
const NAMES = new Set(
  `squeeze unsqueeze transpose swapaxes swapdims t tril triu
   addcmul addcdiv lerp clamp_min clamp_max addmm addmv addbmm baddbmm`.split(/\s+/),
)

/** `x.unsqueeze_(0)`: every name that holds the tensor sees the result. Parameters stay what they are. */
export const inPlaceForms = (rows: readonly Operation[]): readonly Operation[] => {
  const given = new Set(rows.map(o => o.name))
  return rows
    .filter(o => NAMES.has(o.name) && !given.has(`${o.name}_`))
    .map(({ name, signature, run: body }) =>
      operation(`${name}_`, 'method', signature ?? null, (run, args, all) => {
        const x = tensor(args.input ?? all[0])
        if (x instanceof PyParameter) return x
        const result = body(run, args, all)
        return result instanceof PyTensor ? x.become(result) : x
      }),
    )
}
