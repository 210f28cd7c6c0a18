import type { Span } from '../../base/text'
import { nearest } from '../nearest'
import { fail, report, type Step } from './layerType'
import type { Option, Section } from './syntax'

/** One entry of a list with commas. */
export interface Entry {
  readonly text: string
  readonly span: Span
}

/** No network joins more layers than this at one place. */
const MAX_ENTRIES = 1000

/** The option that Darknet uses: the first of that name (src/option_list.c option_find). */
export function find(section: Section, key: string): Option | undefined {
  for (const option of section.options) if (option.key === key) return option
  return undefined
}

/**
 * A whole number as C's atoi reads it, which ignores what follows the digits; the fallback where the key is absent.
 * Null, with a problem, where there are no digits or too many.
 */
export function whole(step: Step, key: string, fallback: number): number | null {
  const option = find(step.section, key)
  if (!option) return fallback
  if (option.value === null) return null
  const number = digits(option.value)
  if (number === null) {
    const message = `${step.site.name} expects ${key} to be a whole number and gets ${shorten(option.value)}.`
    fail(step, 'bad-argument', message, option.valueSpan)
  } else if (String(number) !== option.value && !/^[+-]?\d+$/.test(option.value)) {
    const message = `Darknet reads ${key} as ${number}: it takes whole numbers, not ${shorten(option.value)}.`
    report(step, { code: 'bad-argument', severity: 'warning', span: option.valueSpan, message })
  }
  return number
}

/** Any number but 0 switches it on; what is no number counts as 0, as in Darknet. */
export function isOn(step: Step, key: string): boolean {
  const value = find(step.section, key)?.value
  return value !== undefined && value !== null && (digits(value) ?? 0) !== 0
}

/**
 * A word, the fallback where the key is absent or empty. One that Darknet does not know is told and null: an error where
 * Darknet stops at it, a warning where it goes on.
 */
export function choice(
  step: Step,
  key: string,
  fallback: string,
  known: readonly string[],
  severity: 'error' | 'warning' = 'warning',
): string | null {
  const option = find(step.section, key)
  if (option === undefined || option.value === null) return fallback
  if (known.includes(option.value)) return option.value
  const guess = nearest(option.value, known)
  report(step, {
    code: 'bad-argument',
    severity,
    span: option.valueSpan,
    message: `${step.site.name}: Darknet knows no ${key} ${shorten(option.value)}.${guess ? ` Did you mean ${guess}?` : ''}`,
    ...(guess
      ? {
          fixes: [
            { title: `Change to ${guess}`, edits: [{ span: option.valueSpan, newText: guess }], preferred: true },
          ],
        }
      : {}),
  })
  return null
}

/** The entries of a list with their places; null where the key or its value is absent, or there are too many. */
export function entries(step: Step, key: string): readonly Entry[] | null {
  const option = find(step.section, key)
  if (!option || option.value === null) return null
  const { start, end } = option.valueSpan
  const parts = step.text.slice(start, end).split(',', MAX_ENTRIES + 1)
  if (parts.length > MAX_ENTRIES) {
    report(step, {
      code: 'limit',
      severity: 'warning',
      span: option.valueSpan,
      message: `${step.site.name}: ${key} has more than ${MAX_ENTRIES} entries; it is not read.`,
    })
    return null
  }
  const found: Entry[] = []
  let from = start
  for (const part of parts) {
    const blank = part.length - part.trimStart().length
    const text = part.trim()
    found.push({ text, span: { start: from + blank, end: from + blank + text.length } })
    from += part.length + 1
  }
  return found
}

/** The digits at the start of a text, as a number; null without digits or beyond 32 bits. */
export function digits(text: string): number | null {
  const match = /^[+-]?\d+/.exec(text)
  if (!match) return null
  const number = Number(match[0])
  return Math.abs(number) < 2 ** 31 ? number : null
}

export const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text)
