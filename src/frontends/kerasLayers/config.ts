import type { Value } from '../../core/graph'
import type { Drawing } from './define'

/** The value of an argument that the front end could not find out. What depends on it is not known. */
export const UNKNOWN: unique symbol = Symbol('unknown')

/** No default: the argument must be given. */
export const REQUIRED: unique symbol = Symbol('required')

/** What an argument of a layer may be: plain data, another layer, or a value that is not known. */
export type ConfigValue =
  | null
  | boolean
  | number
  | string
  | typeof UNKNOWN
  | InnerLayer
  | WholeFloat
  | readonly ConfigValue[]
  | { readonly [name: string]: ConfigValue }

/** A float without a fraction: `64 / 2` is 32.0, which Keras 3 does not take for a size. */
export class WholeFloat {
  constructor(readonly value: number) {}
}

/** A layer's arguments by their Keras 3 names; those with a default may be left out. */
export type Config = Readonly<Record<string, ConfigValue | undefined>>

/**
 * A layer given as an argument of another one: of TimeDistributed, Bidirectional, or as an activation. `config` is what
 * its wrapper may read (`units`); `call` draws it with weights of its own for each drawing.
 */
export class InnerLayer {
  constructor(
    readonly type: string,
    readonly config: Config,
    readonly call: (inputs: readonly Value[], draw: Drawing) => readonly Value[],
  ) {}
}

/** Keras refuses these arguments. The message is a sentence without the layer's name: `strides must be above 0`. */
export class BadConfig extends Error {
  constructor(
    message: string,
    /** The argument to look at. */
    readonly argument?: string,
  ) {
    super(message)
  }
}

/** The arguments do not go with this input; they may with another. */
export class Misfit extends BadConfig {}

/** What a layer does cannot be told, because an argument is not known. */
export class UnknownConfig extends Error {}

export function argument(config: Config, name: string): ConfigValue | undefined {
  const value = Object.hasOwn(config, name) ? config[name] : undefined
  if (value === UNKNOWN) throw new UnknownConfig(`${name} is not known`)
  return value
}

/** A whole number; fails as Keras does for anything else. */
export function whole(config: Config, name: string): number {
  const value = argument(config, name)
  if (value === undefined) throw new BadConfig(`${name} is missing`, name)
  return wholeOf(value, name)
}

/** As `whole`, null where the argument is None, missing or not known: what it decides is then unknown alone. */
export function wholeOrNull(config: Config, name: string): number | null {
  const value = Object.hasOwn(config, name) ? config[name] : undefined
  return value === undefined || value === null || value === UNKNOWN ? null : wholeOf(value, name)
}

/** As `wholeOrNull`, and 32.0 counts as 32: Keras 2 converted sizes, Keras 3 refuses them (see `ofFloat`). */
export function convertedOrNull(config: Config, name: string): number | null {
  const value = Object.hasOwn(config, name) ? config[name] : undefined
  return value instanceof WholeFloat ? value.value : wholeOrNull(config, name)
}

/** What Keras 3 says to an argument that Keras 2 converted. */
export function ofFloat(config: Config, name: string): BadConfig | null {
  const value = config[name]
  return value instanceof WholeFloat
    ? new BadConfig(`Keras 3 expects ${name} to be a whole number and gets the float ${spell(value)}`, name)
    : null
}

/** Any number, whole or not; null for everything else. */
export const numberOf = (value: ConfigValue | undefined): number | null =>
  typeof value === 'number' ? value : value instanceof WholeFloat ? value.value : null

/** A number from `low` to `high`; fails as Keras does for anything else. */
export function within(config: Config, name: string, low: number, high = Number.POSITIVE_INFINITY): void {
  const value = Object.hasOwn(config, name) ? config[name] : undefined
  if (value === UNKNOWN || value === undefined || typeof value === 'boolean') return
  const number = numberOf(value)
  if (number !== null && number >= low && number <= high) return
  const wanted = high === Number.POSITIVE_INFINITY ? `of at least ${low}` : `from ${low} to ${high}`
  throw new BadConfig(`${name} expects a number ${wanted} and gets ${spell(value)}`, name)
}

/** One number for all of `rank` axes, or one an axis; among several Keras takes `floats` where they make no weights. */
export function eachOf(config: Config, name: string, rank: number, floats = false): number[] {
  const value = argument(config, name)
  if (!Array.isArray(value)) return Array<number>(rank).fill(whole(config, name))
  if (value.length !== rank) throw new BadConfig(`${name} expects ${rank} numbers and gets ${value.length}`, name)
  return value.map(item => (floats && item instanceof WholeFloat ? item.value : wholeOf(item, name)))
}

/** A list of whole numbers, or one. */
export function wholes(config: Config, name: string): number[] {
  const value = argument(config, name)
  return Array.isArray(value) ? value.map(item => wholeOf(item, name)) : [whole(config, name)]
}

export function flag(config: Config, name: string): boolean {
  const value = argument(config, name)
  return !isFalse(value)
}

/** What Python takes for false. */
function isFalse(value: ConfigValue | undefined): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  if (value instanceof WholeFloat) return value.value === 0
  return typeof value === 'object' && !(value instanceof InnerLayer) && Object.keys(value).length === 0
}

/** A word in lower case; null for None and where it is missing. */
export function word(config: Config, name: string): string | null {
  const value = argument(config, name)
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value.toLowerCase()
  throw new BadConfig(`${name} expects a string`, name)
}

/** One of a few words. */
export function oneOf<W extends string>(config: Config, name: string, words: readonly W[]): W {
  const value = word(config, name)
  const found = words.find(w => w === value)
  if (found !== undefined) return found
  const wanted = words.map(w => `"${w}"`).join(' or ')
  throw new BadConfig(`${name} expects ${wanted} and gets ${value === null ? 'None' : `"${value}"`}`, name)
}

function wholeOf(value: ConfigValue, name: string): number {
  if (value === UNKNOWN) throw new UnknownConfig(`${name} is not known`)
  if (typeof value === 'number' && Number.isInteger(value)) return value
  // To Python True is 1.
  if (typeof value === 'boolean') return value ? 1 : 0
  throw new BadConfig(`${name} expects a whole number and gets ${spell(value)}`, name)
}

/** A value as Python writes it, short. */
export function spell(value: ConfigValue | undefined): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return `"${value.slice(0, 40)}"`
  if (typeof value === 'number') return String(value)
  if (value instanceof WholeFloat)
    return Number.isSafeInteger(value.value) ? value.value.toFixed(1) : String(value.value)
  if (Array.isArray(value)) return `(${value.slice(0, 4).map(spell).join(', ')}${value.length > 4 ? ', …' : ''})`
  return value instanceof InnerLayer ? value.type : 'a value'
}
