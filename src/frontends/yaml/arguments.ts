import type { Span } from '../../base/text'
import type { Problem } from '../../core/problem'
import { nearest } from '../nearest'
import type { YamlNode } from '../yamlSource'
import type { LayerType, Param, Val, Values } from './params'
import { problem, type Reading, readValue, type Scope } from './values'

/** An option as a row gives it; `key` is null in a positional row. */
export interface Given {
  readonly name: string
  readonly key: Span | null
  readonly value: YamlNode | null
}

/**
 * The options of a layer, checked and with defaults filled in; null when one is missing or wrong, which is then
 * reported. `who` names the layer in messages, `head` is where a missing option is shown.
 */
export function readArguments(
  type: LayerType,
  options: readonly Given[],
  scope: Scope,
  reading: Reading,
  who: string,
  head: Span,
): Values | null {
  // Keys are the table's own names, so that a plain object is safe; it is what engines are fast with.
  const values: Record<string, Val> = {}
  let fine = true
  const misspelt = new Set<string | null>()
  for (const option of options) {
    const param = type.params.find(p => p.name === option.name)
    if (!param) {
      const names = type.params.map(p => p.name)
      // A key that is only begun, without a value, may become any option that starts like it.
      const begun = option.value === null ? names.filter(name => name.startsWith(option.name)) : []
      for (const name of begun.length ? begun : [nearest(option.name, names)]) misspelt.add(name)
      if (begun.length === 0) reading.report(unknownOption(type.name, names, option))
      continue
    }
    const read = readValue(option.value, scope, reading)
    const value = asPython(param, read)
    if (value === undefined) fine = false
    else if (value !== null) {
      const wrong = misfit(param, value)
      if (wrong) {
        const span = option.value?.span ?? option.key ?? head
        reading.report(
          problem('bad-argument', span, `${who} expects ${param.name} to be ${wrong} and gets ${show(value)}.`),
        )
        fine = false
      } else values[param.name] = value
    } else if (param.default !== undefined || param.inferred) values[param.name] = param.default ?? null
  }
  for (const param of type.params) {
    if (values[param.name] !== undefined) continue
    if (param.default !== undefined || param.inferred) values[param.name] = param.default ?? null
    else {
      if (fine && !misspelt.has(param.name)) {
        const empty = options.find(o => o.name === param.name)
        reading.report(
          problem('bad-argument', empty?.key ?? head, `${who} needs ${param.name}: ${param.doc.toLowerCase()}`),
        )
      }
      fine = false
    }
  }
  const refused = fine ? (type.check?.(values) ?? null) : null
  if (refused !== null) reading.report(problem('bad-argument', head, `${who} ${refused}`))
  return fine && refused === null ? values : null
}

/** `None` is nothing, and where true or false is meant, YAML 1.1 also takes yes and no, on and off. */
function asPython(param: Param, value: Val | undefined): Val | undefined {
  if (value === 'None') return null
  if (param.type !== 'bool' || typeof value !== 'string') return value
  return /^(?:yes|on)$/i.test(value) ? true : /^(?:no|off)$/i.test(value) ? false : value
}

/** A key that the layer does not have, with the nearest that it has. */
export function unknownOption(type: string, names: readonly string[], option: Given): Problem {
  const near = nearest(option.name, names)
  const span = option.key ?? option.value?.span ?? { start: 0, end: 0 }
  return {
    code: 'unknown-option',
    severity: 'warning',
    span,
    message: `${type} has no option ${option.name}${near ? `; is it ${near}?` : '.'}`,
    ...(near && option.key
      ? { fixes: [{ title: `Change ${option.name} to ${near}`, edits: [{ span, newText: near }], preferred: true }] }
      : {}),
  }
}

/** What the option should be, in words, when the value does not fit; else null. */
function misfit(param: Param, value: Val): string | null {
  const { type, axes = 1, least = 1, choices = [] } = param
  const isWhole = (v: Val): boolean => typeof v === 'number' && Number.isSafeInteger(v) && v >= least && v <= LARGEST
  const wholes = `${least === 1 ? 'a whole number from 1' : least === 0 ? 'a whole number from 0' : 'a whole number'}`
  const list = (fits: (v: Val) => boolean): boolean =>
    Array.isArray(value) && value.length === axes && value.every(fits)
  switch (type) {
    case 'int':
      return isWhole(value) ? null : wholes
    case 'ints':
      return isWhole(value) || list(isWhole) ? null : `${wholes}${perAxisWords(axes)}`
    case 'padding':
      if (isWhole(value) || list(isWhole) || choices.includes(value as string)) return null
      return `${wholes}${perAxisWords(axes)}, or ${choices.join(' or ')}`
    case 'size': {
      const fits = (v: Val): boolean => v === null || isWhole(v)
      const right =
        isWhole(value) || (Array.isArray(value) && value.length >= 1 && value.length <= 3 && value.every(fits))
      return right && (param.axes === undefined || !Array.isArray(value) || value.length === axes)
        ? null
        : `${wholes}${perAxisWords(axes)}`
    }
    case 'list':
      return isWhole(value) || (Array.isArray(value) && value.length > 0 && value.every(isWhole))
        ? null
        : `whole numbers`
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? null : 'a number'
    case 'numbers': {
      const fits = (v: Val): boolean => typeof v === 'number' && v > 0 && v <= 65536
      return fits(value) || (Array.isArray(value) && value.length > 0 && value.every(fits)) ? null : 'a positive number'
    }
    case 'bool':
      return typeof value === 'boolean' ? null : 'true or false'
    case 'choice':
      return choices.includes(value as string) ? null : `one of ${choices.join(', ')}`
  }
}

const perAxisWords = (axes: number): string => (axes === 1 ? '' : `, or ${axes} of them`)

export function show(value: Val): string {
  const text = Array.isArray(value) ? `[${value.slice(0, 8).map(show).join(', ')}]` : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** No layer of a real network has a size beyond this; larger ones are mistakes and would overflow the counts. */
const LARGEST = 2 ** 31 - 1
