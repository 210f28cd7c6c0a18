import type { Attributes, OpName } from '../../core/ops'
import type { Shape } from '../../core/shape'

/** A value as a file gives it, expressions evaluated. */
export type Val = number | string | boolean | null | readonly Val[]

/**
 * What an option takes. `ints` is one whole number for every axis or one an axis (`axes` of them), `list` any number of
 * whole numbers, `padding` is `ints` or one of the `choices`, `shape` a list where −1 or null may stand for one size.
 */
export type ParamType = 'int' | 'ints' | 'list' | 'number' | 'numbers' | 'bool' | 'choice' | 'padding' | 'size'

/** One option of a layer, as torch.nn names it. */
export interface Param {
  readonly name: string
  readonly type: ParamType
  readonly doc: string
  /** Absent where it must be given. */
  readonly default?: Val
  /** Read off the input where it is not given, and checked where it is. */
  readonly inferred?: true
  /** Least value of a whole number; 1 where nothing is said. */
  readonly least?: number
  readonly axes?: number
  readonly choices?: readonly string[]
  /** The attribute of our op that it becomes: faults are shown at its value. */
  readonly attribute?: string
}

/** An op with its attributes. */
export interface Call {
  readonly op: OpName
  readonly attributes: Attributes<OpName>
}

/** Options by name: every one the layer has, defaults filled in. */
export type Values = Readonly<Record<string, Val>>

/** One type of layer: what it is called, what it takes, and the ops it stands for, run one after the other. */
export interface LayerType {
  readonly name: string
  readonly doc: string
  readonly params: readonly Param[]
  /** Several inputs are joined by it (Concat, Add); all else takes one. */
  readonly joins?: true
  /** What torch refuses although each option fits alone, as the end of a sentence that the layer begins. */
  check?(values: Values): string | null
  calls(values: Values, input: Shape | null): readonly Call[]
}

export const call = <K extends OpName>(op: K, attributes: Attributes<K>): Call => ({
  op,
  attributes: attributes as Attributes<OpName>,
})

export const numberOf = (values: Values, name: string): number => values[name] as number
export const flagOf = (values: Values, name: string): boolean => values[name] as boolean
export const textOf = (values: Values, name: string): string => values[name] as string
export const numbersOf = (values: Values, name: string): readonly number[] => values[name] as readonly number[]

/** A whole number that the file gives, or a dimension of the input; null where neither tells. */
export function given(values: Values, name: string, input: Shape | null, fromEnd: number): number | null {
  const value = values[name]
  if (typeof value === 'number') return value
  const dim = input?.at(-fromEnd)
  return typeof dim === 'number' && input!.length >= fromEnd ? dim : null
}

/** The same number for every axis, or the list as it is. */
export const perAxis = (value: Val | undefined, axes: number): number[] =>
  typeof value === 'number' ? Array(axes).fill(value) : [...(value as readonly number[])]

export const whole = (name: string, doc: string, rest: Partial<Param> = {}): Param => ({
  name,
  type: 'int',
  doc,
  ...rest,
})
export const flag = (name: string, value: boolean, doc: string): Param => ({ name, type: 'bool', default: value, doc })
export const real = (name: string, value: Val | undefined, doc: string): Param => ({
  name,
  type: 'number',
  doc,
  ...(value === undefined ? {} : { default: value }),
})
export const choice = (name: string, value: string, choices: readonly string[], doc: string): Param => ({
  name,
  type: 'choice',
  default: value,
  choices,
  doc,
})
