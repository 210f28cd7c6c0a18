import type { RewriteAttempt } from '../../../core/rewrite'
import type { BoundCall } from './calls'
import type { Context } from './steps'

/** What an argument of a convolution, or of a helper that builds one, carries. */
export type Role = 'in' | 'out' | 'kernel' | 'stride' | 'padding' | 'dilation' | 'groups' | 'bias'

/** The arguments of something that is called: their names in order, and what each carries. */
export interface Signature {
  /** Those that may be given by position. */
  readonly positional: readonly string[]
  readonly named: ReadonlySet<string>
  /** Takes more by position. */
  readonly rest?: boolean
  /** Takes names that are not listed. */
  readonly open: boolean
  /** Of the whole numbers among the defaults, by name; null for a default that is none. */
  readonly defaults: ReadonlyMap<string, number | null>
  readonly roles: Readonly<Partial<Record<Role, string>>>
}

/** The words in which a framework spells what a rewrite needs: all that differs between PyTorch and Keras. */
export interface Spelling {
  /** Modules that have the layers as members, the usual one first: `torch.nn`. */
  readonly packages: readonly string[]
  /** The class of a convolution over so many axes. */
  convolution(rank: number): string
  /** The arguments of one of its convolution classes; null for a class that is none. */
  signatureOf(cls: string): Signature | null
  /** Arguments that say where and how numbers are stored: every layer gets them. */
  readonly storage: readonly string[]
  readonly sequence: { readonly name: string; readonly listed: boolean }
  /** A norm of r channels behind a convolution over so many axes, by the op that the network has; null for the usual. */
  norm(op: string | null, rank: number): string
  /** The argument of a norm that is its channels, by name and by position. */
  channelsOf(norm: string): { readonly name: string; readonly position: number }
  /** The class of an activation; null for a function that has none. */
  activation(fn: string): string | null
  /** Functions of the program's text that take a convolution's weight themselves. */
  readonly functional: RegExp
  /** Spells a constructor's replacement itself, where layers that follow each other are not written as one sequence. */
  readonly attempts?: (context: Context, bound: BoundCall) => Iterable<RewriteAttempt> | { readonly refused: string }
}
