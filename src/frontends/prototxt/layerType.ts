import type { Span } from '../../base/text'
import type { Dim } from '../../core/dim'
import type { GraphBuilder, Origin, Site, Value } from '../../core/graph'
import type { Problem } from '../../core/problem'
import type { Shape } from '../../core/shape'
import type { LayerText, Network } from './network'
import type { FieldType, MessageType } from './schema'
import type { Shared } from './weights'

/** One layer at work: what it reads, and where its parts go. */
export interface Step {
  readonly layer: LayerText
  readonly network: Network
  readonly site: Site
  readonly builder: GraphBuilder
  /** Of every bottom; a lost value where there is no such blob. */
  readonly bottoms: readonly Value[]
  /** The first top is the first bottom: the layer writes over what it reads. */
  readonly inPlace: boolean
  /** Weights that layers name in `param { name }`. */
  readonly shared: Map<string, Shared>
  readonly data: DataSource
}

/** Where layers that read data get their sizes. */
export interface DataSource {
  /** The batch that the file gives, which is N everywhere. */
  batch: number | null
  /** Makes an input of the network; sizes that were chosen for it come before those of the file. */
  input(name: string, shape: Shape | null): Value
  /** Notes that a number of channels or a size is nobody's word. */
  assume(): void
  /** Whether sizes were chosen for an input. */
  isChosen(name: string): boolean
}

/** A type of layer. */
export interface LayerType {
  /** As `type` spells it, the usual name first. */
  readonly names: readonly [string, ...string[]]
  readonly doc: string
  /** The field that holds its parameters, and what may stand in it; several where it is made of several. */
  readonly params?: Readonly<Record<string, MessageType>>
  /** How many bottoms it takes: exactly, or at least. Absent where any number will do. */
  readonly bottoms?: number | readonly [number, number]
  /** The tops' values in order; a layer may have fewer tops than that. */
  build(step: Step): readonly Value[]
}

/** Where a layer, or one part of it, comes from: `conv1` and `conv1.flatten`. */
export const origin = (step: Step, part?: string, type: string = step.layer.type): Origin => {
  const { name, type: own } = step.layer
  const path = name === '' ? own : name
  return { site: step.site, path: part === undefined ? path : `${path}.${part}`, type }
}

/** Several nodes that one layer spells. */
export function scope(step: Step, body: () => Value): Value {
  return step.builder.scope(origin(step), step.bottoms, () => [body()])[0]!
}

export function report(step: Step, problem: Problem): void {
  step.builder.problem(problem)
}

/** An error at a place of this layer. */
export function fail(step: Step, code: Problem['code'], message: string, span: Span = step.layer.header): void {
  report(step, { code, severity: 'error', span, message })
}

/** What comes of a layer whose parameters cannot be read. */
export const unreadable = (step: Step, why: string, shape: Shape | null = null): readonly Value[] =>
  step.builder.unknown(why, step.bottoms, origin(step), Array(Math.max(1, step.layer.tops.length)).fill(shape))

export const shapeOf = (step: Step, at = 0): Shape | null => step.bottoms[at]?.shape ?? null

/** A size as a number; null where it is a symbol or unknown. */
export const numberOf = (dim: Dim | undefined): number | null => (typeof dim === 'number' ? dim : null)

/** All fields that may stand in the parameters of a layer under a name. */
export const fieldsOf = (type: LayerType | undefined, param: string): readonly FieldType[] =>
  type?.params?.[param]?.fields ?? []
