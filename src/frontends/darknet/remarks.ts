import type { Problem } from '../../core/problem'
import { nearest } from '../nearest'
import type { Key } from './key'
import { typeOf } from './layers'
import { commonKeys, NETWORK_NAMES, networkKeys } from './network'
import type { Option, Section } from './syntax'
import { shorten } from './values'

/** More remarks than this help nobody. */
const MAX_REMARKS = 300

/** The keys that Darknet reads in a section; undefined for a section that it does not know. */
export function keysOf(name: string): readonly Key[] | undefined {
  if (NETWORK_NAMES.includes(name)) return networkKeys
  const type = typeOf.get(name)
  return type && [...type.keys, ...commonKeys]
}

/** Keys that Darknet does not read there ("Unused field") and keys given twice, of which it takes the first. */
export function remarks(sections: readonly Section[]): readonly Problem[] {
  const found: Problem[] = []
  for (const section of sections) {
    const known = knownKeys(section.name)
    const seen = new Map<string, Option>()
    for (const option of section.options) {
      if (found.length >= MAX_REMARKS) return found
      if (option.key === '') continue
      const first = seen.get(option.key)
      if (first) found.push(duplicate(option, first))
      else {
        seen.set(option.key, option)
        if (known && !known.has(option.key) && option.value !== null) found.push(unread(section, option, known))
      }
    }
  }
  return found
}

const duplicate = (option: Option, first: Option): Problem => ({
  code: 'duplicate-name',
  severity: first.value === option.value ? 'hint' : 'info',
  span: option.keySpan,
  message: `Darknet takes the first ${shorten(option.key)}=${shorten(first.value ?? '')}; this one has no effect.`,
  related: [{ span: first.keySpan, message: 'The one that is taken' }],
})

function unread(section: Section, option: Option, known: ReadonlySet<string>): Problem {
  const guess = nearest(option.key, [...known])
  return {
    code: 'unknown-option',
    severity: guess ? 'info' : 'hint',
    span: option.keySpan,
    message: `Darknet does not read ${shorten(option.key)} in [${section.name}].${guess ? ` Did you mean ${guess}?` : ''}`,
    ...(guess
      ? { fixes: [{ title: `Change to ${guess}`, edits: [{ span: option.keySpan, newText: guess }], preferred: true }] }
      : {}),
  }
}

const cache = new Map<string, ReadonlySet<string>>()

function knownKeys(name: string): ReadonlySet<string> | undefined {
  const cached = cache.get(name)
  if (cached) return cached
  const keys = keysOf(name)
  if (!keys) return undefined
  const names = new Set(keys.map(key => key.name))
  cache.set(name, names)
  return names
}
