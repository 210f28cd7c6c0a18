import type { ProblemCode } from './problem'
import type { Shape } from './shape'
import type { Window } from './window'

/** What an op makes of its inputs. A fault does not stop it: `shapes` then hold what the op declares to give. */
export interface Inference {
  readonly shapes: readonly (Shape | null)[]
  readonly faults?: readonly Fault[]
}

/** How a fault names the things it speaks of: the layer itself, and where an input comes from (`N×64×8×8 from conv1`). */
export interface Names {
  readonly who: string
  /** The fault's attribute as the file spells it, where it stands in the file. */
  readonly attribute?: string
  from(input: number): string
}

/** A conflict that the framework would raise when the model is built or run. */
export interface Fault {
  readonly code: ProblemCode
  /** A full sentence with both numbers: who expects what and gets what. */
  readonly message: (names: Names) => string
  /** The attribute to correct, and to what. */
  readonly attribute?: string
  readonly value?: number
  /** The input whose producer is the other side of the conflict. */
  readonly input?: number
}

/** Whether a weight is learned, stored but not learned by choice, or a statistic. */
export type WeightKind = 'trainable' | 'frozen' | 'buffer'

/** A tensor that a layer stores. */
export interface WeightSpec {
  readonly name: string
  readonly shape: Shape
  readonly kind: WeightKind
}

/** An attribute of every op: the output is written over the first input (Caffe: top equals bottom). */
export interface InPlace {
  readonly inPlace?: true
}

/** A product with its factors named, as the hover prints it: k² · Cin · Cout · H′ · W′ = 9 · 64 · 64 · 56 · 56. */
export interface Formula {
  readonly names: readonly string[]
  readonly values: readonly number[]
}

/**
 * What an op is: how shapes go through it and what it costs. All counts are for one image; null is unknown.
 * An absent function means none: no weights, no multiply-accumulates, no arithmetic.
 */
// biome-ignore lint/suspicious/noExplicitAny: attributes differ from op to op; GraphBuilder.add ties them to the name.
export interface Op<A = any> {
  readonly name: string
  infer(attributes: A, inputs: readonly (Shape | null)[]): Inference
  weights?(attributes: A): readonly WeightSpec[]
  /** Multiply-accumulates as a product whose factors the hover names. */
  macs?(attributes: A, inputs: readonly (Shape | null)[], outputs: readonly (Shape | null)[]): Formula | null
  /** Arithmetic that is no multiply-accumulate, in operations. */
  otherOps?(attributes: A, inputs: readonly (Shape | null)[], outputs: readonly (Shape | null)[]): number | null
  /** The window over the spatial axes, for stride and receptive field. */
  window?(attributes: A): Window
  /** `global`: every output sees the whole input. `resize`: stride follows the ratio of the spatial sizes. */
  readonly sees?: 'global' | 'resize'
  /** The output is the input's memory, seen differently; it costs no activation memory. */
  readonly view?: true
  /** Norms, activations and dropout: same shape in and out, quiet in the hints. */
  readonly quiet?: true
}

/** The value of a formula; null where a factor is unknown or no size, or the product is no safe integer. */
export function evaluate(formula: Formula | null | undefined): number | null {
  if (formula === undefined) return 0
  if (formula === null) return null
  if (!formula.values.every(value => value >= 0)) return null
  const product = formula.values.reduce((a, b) => a * b, 1)
  return Number.isSafeInteger(product) ? product : null
}

/** A formula from named factors; null as soon as one factor is unknown. */
export function formula(factors: readonly (readonly [string, number | null])[]): Formula | null {
  if (factors.some(([, value]) => value === null)) return null
  return { names: factors.map(f => f[0]), values: factors.map(f => f[1]!) }
}

/** Faults of attributes that must be whole numbers from `least` up; names are those of the attributes. */
export function wholeNumbers(
  least: number,
  attributes: Readonly<Record<string, number | null | readonly number[]>>,
): Fault[] {
  const faults: Fault[] = []
  for (const attribute of Object.keys(attributes)) {
    const value = attributes[attribute] ?? null
    if (value === null || (typeof value === 'number' ? isWhole(value, least) : value.every(n => isWhole(n, least))))
      continue
    const number = typeof value === 'number' ? value : value.find(n => !isWhole(n, least))!
    const wanted = number > LARGEST ? `at most ${LARGEST}` : `a whole number from ${least}`
    faults.push({
      code: 'bad-argument',
      attribute,
      message: ({ who, attribute: inFile }) =>
        `${who} expects ${inFile ?? spelled(attribute)} to be ${wanted} and gets ${number}.`,
    })
  }
  return faults
}

const isWhole = (number: number, least: number): boolean =>
  Number.isSafeInteger(number) && number >= least && number <= LARGEST

/** `inChannels` as users read it: `in_channels`. */
export const spelled = (attribute: string): string => attribute.replace(/[A-Z]/g, c => `_${c.toLowerCase()}`)

/** No layer of a real network has a size beyond this; larger ones are mistakes and would overflow the counts. */
const LARGEST = 2 ** 31 - 1
