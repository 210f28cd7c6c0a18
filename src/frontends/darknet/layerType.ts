import type { GraphBuilder, Layer, Origin, Site, Value } from '../../core/graph'
import type { Problem } from '../../core/problem'
import type { Key } from './key'
import type { Section } from './syntax'

/** What a section gives to the sections after it. */
export interface Output {
  readonly value: Value
  /** Whether Darknet keeps a width, height and channels of it: layers that slide a window need them. */
  readonly image: boolean
  /** The weights of a convolution, for another section's `share_index`. */
  readonly shared?: SharedWeights
}

export interface SharedWeights {
  readonly convolution: Layer<'conv2d'>
  readonly norm: Layer<'batch_norm'> | null
}

/** One section at work: what stands before it and where its layers go. */
export interface Step {
  /** Darknet counts from the section after [net]. */
  readonly index: number
  readonly section: Section
  /** The text of the file. */
  readonly text: string
  readonly site: Site
  readonly builder: GraphBuilder
  /** What the section before gives; the input of the network at index 0. */
  readonly previous: Output
  readonly earlier: readonly Output[]
  /** All layer sections of the file, by index. */
  readonly sections: readonly Section[]
}

/** A type of section. */
export interface LayerType {
  /** As a header spells it, the usual name first. */
  readonly names: readonly [string, ...string[]]
  readonly doc: string
  readonly keys: readonly Key[]
  build(step: Step): Output
}

/** The origin of a section's layer, or of one part of it: `12` and `12.conv`. */
export const origin = (step: Step, part?: string, type: string = step.section.name): Origin => ({
  site: step.site,
  path: part === undefined ? String(step.index) : `${step.index}.${part}`,
  type,
})

/** Several nodes that one section spells. */
export function scope(step: Step, inputs: readonly Value[], body: () => Value): Value {
  return step.builder.scope(origin(step), inputs, () => [body()])[0]!
}

export function report(step: Step, problem: Problem): void {
  step.builder.problem(problem)
}

/** An error with this section's header or a value of it. */
export function fail(step: Step, code: Problem['code'], message: string, span = step.section.header): void {
  report(step, { code, severity: 'error', span, message })
}
