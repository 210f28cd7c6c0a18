import type { GraphBuilder, Layer, Origin, Site, Value } from '../../core/graph'
import type { Activation } from './activations'

/** A tensor, or null where a module is only declared: it then counts its weights and runs nothing. */
export type Tensor = Value | null

/** What a row gives and takes: a tensor, or a list of such. */
export type Feed = Value | readonly Feed[]

/** What is the same for a whole model while it is built. */
export interface Build {
  readonly builder: GraphBuilder
  /** What `Conv` applies by default: SiLU, or what the key `activation` says; null where that is not understood. */
  readonly activation: Activation | null
  /** Detection heads of the v3 to v9 kind, with full convolutions in the class tower. */
  legacy: boolean
  /** The number of classes, which is the number of texts of open-vocabulary models. */
  readonly classes: number | null
  /** The default activation as one layer, where it has weights: every `Conv` shares it. */
  sharedActivation: Layer | null
  /** Text embeddings as they stand at this row, and as they were at the start. */
  text: { readonly original: Value; current: Value } | null
}

/** Where a module is built: its path in the model and the row that declares it. */
export interface Place {
  readonly build: Build
  readonly site: Site
  readonly path: string
}

/** The place of a child: `model.2` and `cv1` give `model.2.cv1`. */
export const sub = (at: Place, name: string | number): Place => ({
  build: at.build,
  site: at.site,
  path: `${at.path}.${name}`,
})

export const originOf = (at: Place, type: string): Origin => ({ site: at.site, path: at.path, type })

/** What a constructor or a forward pass of the framework would raise, found while a row is built; the row catches it. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly code: 'bad-argument' | 'shape-mismatch' = 'bad-argument',
  ) {
    super(message)
  }
}

/** Raises what the framework would, unless the condition holds. The message lacks its subject: `expects … and gets …`. */
export function demand(condition: boolean, message: string, code?: Refusal['code']): void {
  if (!condition) throw new Refusal(message, code)
}
