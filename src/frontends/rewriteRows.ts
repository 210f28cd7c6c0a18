import type { Span } from '../base/text'
import type { TextEdit } from '../core/problem'
import type { RewriteRequest, RewriteStep, StepChannels } from '../core/rewrite'

/**
 * What rewriting has in common in formats that are lists of layers. New rows are put before the row of the convolution,
 * which becomes the last of them: so it keeps its name, its comments and whoever takes its output.
 */
export interface Insertion {
  /** The row that is rewritten, by its index before. */
  readonly at: number
  /** How many rows are put before it. */
  readonly count: number
}

/** A number in the text that names a row: negative ones count back from the row that they stand in. */
export interface RowReference {
  /** The row that it stands in. */
  readonly row: number
  readonly written: number
  readonly span: Span
}

/**
 * The number that names, from a row, the same row as before. The rewritten row itself hands what it takes to the first
 * of the new rows, which has its index. A number that names no earlier row, nor the input as row −1, stays as it is.
 */
export function renumbered({ row, written }: Omit<RowReference, 'span'>, { at, count }: Insertion): number {
  const moved = (index: number): number => (index >= at ? index + count : index)
  const target = written < 0 ? row + written : written
  if (row === at || target < -1 || target >= row) return written
  return written < 0 ? moved(target) - moved(row) : moved(target)
}

/**
 * The edits that let all numbers name the same rows as before; null where one place of the text is read by several rows
 * (through an anchor) that would have to change it differently.
 */
export function referenceEdits(references: Iterable<RowReference>, insertion: Insertion): TextEdit[] | null {
  const found = new Map<number, { span: Span; before: number; after: number }>()
  for (const reference of references) {
    const { span, written: before } = reference
    const after = renumbered(reference, insertion)
    const known = found.get(span.start)
    if (known && known.after !== after) return null
    found.set(span.start, { span, before, after })
  }
  return [...found.values()]
    .filter(({ before, after }) => before !== after)
    .map(({ span, after }) => ({ span, newText: String(after) }))
}

/** Why `referenceEdits` has no answer. */
export const SHARED_REFERENCE = 'Two rows share one row number through an anchor, and it would have to change for one.'

/** Edits in text order. An insertion that touches what is replaced behind it becomes one edit with it. */
export function inOrder(edits: readonly TextEdit[]): TextEdit[] {
  const ordered: TextEdit[] = []
  for (const edit of [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)) {
    const last = ordered.at(-1)
    if (last && last.span.start === edit.span.start) {
      ordered[ordered.length - 1] = { span: edit.span, newText: last.newText + edit.newText }
    } else ordered.push(edit)
  }
  return ordered
}

/** Channels of a step's input or output at the first call; null where the width is not given. */
export function channelsOf(which: StepChannels, { nodes, width }: RewriteRequest): number | null {
  const { inChannels, outChannels } = nodes[0]!.attributes as {
    inChannels?: number | null
    outChannels?: number | null
  }
  return (which === 'in' ? inChannels : which === 'out' ? outChannels : width.each?.[0]) ?? null
}

/** Whether the steps before the last are followed by a norm and an activation. */
export const isNormed = (steps: readonly RewriteStep[]): boolean => steps.some(step => step.normed)

/** What a step does, as part of a name: `conv5_reduce`. */
export const roleOf = ({ kind, depthwise }: RewriteStep): string =>
  kind === 'pointwise' ? 'reduce' : depthwise ? 'depthwise' : 'narrow'

/** A name for a new row that no other has. */
export function freshName(name: string, role: string, taken: ReadonlySet<string>): string {
  const base = `${name}_${role}`
  if (!taken.has(base)) return base
  for (let i = 2; ; i++) if (!taken.has(`${base}${i}`)) return `${base}${i}`
}

/**
 * The number to write so that a format's scaling makes `wanted` of it: one of `preferred`, else the plain quotient, else
 * a multiple of 8, else the largest. Null where none does. `factor` is about what the scaling multiplies by.
 */
export function widthToWrite(
  wanted: number,
  factor: number,
  scaled: (written: number) => number,
  preferred: readonly number[] = [],
): number | null {
  if (!(factor > 0)) return null
  const most = Math.floor(wanted / factor)
  const least = Math.max(1, most - Math.min(MAX_TRIES, Math.ceil(8 / factor) + 1))
  const tries = [...preferred, wanted / factor]
  for (let n = most - (most % 8); n >= least; n -= 8) tries.push(n)
  for (let n = most; n >= least; n--) tries.push(n)
  return tries.find(n => Number.isSafeInteger(n) && n >= 1 && scaled(n) === wanted) ?? null
}

const MAX_TRIES = 4096

/** Arguments by position with some set, those in between filled up with their defaults. */
export function withArguments(
  given: readonly string[],
  set: Readonly<Partial<Record<number, string>>>,
  defaults: readonly string[],
): string[] {
  const length = Math.max(given.length, ...Object.keys(set).map(at => Number(at) + 1))
  return Array.from({ length }, (_, i) => set[i] ?? given[i] ?? defaults[i] ?? '')
}

/** The line end that is used around a place. */
export function lineEndAt(text: string, at: number): string {
  const next = text.indexOf('\n', at)
  const end = next < 0 ? text.lastIndexOf('\n', at) : next
  if (end < 0) return text.includes('\r') ? '\r' : '\n'
  return text[end - 1] === '\r' ? '\r\n' : '\n'
}

/** Where the line of a place starts, behind a byte order mark. */
export function lineStartAt(text: string, at: number): number {
  for (let i = at; i > 0; i--) if (text[i - 1] === '\n' || text[i - 1] === '\r') return i
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0
}

const BYTE_ORDER_MARK = 0xfeff
