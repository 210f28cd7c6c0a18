import type { Span } from '../../base/text'
import { messageOf, scalarOf, scalarsOf } from './fields'
import { fail, type Step } from './layerType'
import type { Message, Scalar } from './parse'
import { shorten } from './spelling'

/** The parameters of a layer, undefined where it has none: all defaults. */
export const paramOf = (step: Step, name: string): Message | undefined => messageOf(step.layer.message, name)

export const has = (message: Message | undefined, key: string): boolean => scalarOf(message, key) !== undefined

/** A whole number; the fallback where it is absent, null with a problem where it is none. */
export function whole(step: Step, message: Message | undefined, key: string, fallback: number): number
export function whole(step: Step, message: Message | undefined, key: string, fallback: null): number | null
export function whole(step: Step, message: Message | undefined, key: string, fallback: number | null): number | null {
  const scalar = scalarOf(message, key)
  return scalar ? (numberIn(step, key, scalar) ?? fallback) : fallback
}

/** Every number of a repeated field; those that are none are told and left out. */
export function wholes(step: Step, message: Message | undefined, key: string): number[] {
  return scalarsOf(message, key).flatMap(scalar => numberIn(step, key, scalar) ?? [])
}

/** A fraction; the fallback where it is absent or none. */
export function fraction(message: Message | undefined, key: string, fallback: number): number {
  const text = scalarOf(message, key)?.text
  const number = text === undefined || text === '' ? Number.NaN : Number(text.replace(/f$/i, ''))
  return Number.isNaN(number) ? fallback : number
}

/** `true`, `t` and `1` are true, as in protobuf's text format. */
export function flag(message: Message | undefined, key: string, fallback: boolean): boolean {
  const text = scalarOf(message, key)?.text
  return text === undefined ? fallback : ['true', 'True', 't', '1'].includes(text)
}

/** A word of a list, or its number in it; the first problem of a layer is told, and the fallback taken. */
export function word<W extends string>(
  step: Step,
  message: Message | undefined,
  key: string,
  known: readonly W[],
  fallback: W,
): W {
  const scalar = scalarOf(message, key)
  if (!scalar) return fallback
  const found = known.find(name => name === scalar.text) ?? known[Number(scalar.text)]
  if (found !== undefined) return found
  const message_ = `${step.site.name} expects ${key} to be ${listed(known)} and gets ${shorten(scalar.text)}.`
  fail(step, 'bad-argument', message_, scalar.span)
  return fallback
}

/** `MAX, AVE or STOCHASTIC`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

export const spanOf = (message: Message | undefined, key: string): Span | undefined => scalarOf(message, key)?.span

/** A number that a layer cannot do without, from 1; null, with a problem, where it is missing. */
export function needed(step: Step, message: Message | undefined, key: string): number | null {
  const scalar = scalarOf(message, key)
  const number = scalar ? numberIn(step, key, scalar) : null
  if (number !== null && number >= 1) return number
  if (!scalar) fail(step, 'bad-argument', `${step.site.name} has no ${key}: how much it gives is not known.`)
  else if (number !== null) {
    const message_ = `${step.site.name} expects ${key} to be a whole number from 1 and gets ${number}.`
    fail(step, 'bad-argument', message_, scalar.span)
  }
  return null
}

function numberIn(step: Step, key: string, { text, kind, span }: Scalar): number | null {
  const number = kind === 'number' && /^[-+]?(?:\d+|0[xX][\da-fA-F]+)$/.test(text) ? Number(text) : null
  if (number !== null && Math.abs(number) < 2 ** 31) return number
  fail(step, 'bad-argument', `${step.site.name} expects ${key} to be a whole number and gets ${shorten(text)}.`, span)
  return null
}
