/** A value of a row's argument list, after Python's literals and names are looked up. */
export type Arg = null | boolean | number | string | readonly Arg[]

/** A kernel, stride or size: one number for both axes, or one an axis. */
export type Size = number | readonly [number, number]

export interface Parameter {
  readonly name: string
  readonly kind: Kind
  /** The default as Python spells it, and its value; undefined where an argument must be given. */
  readonly spelled: string | undefined
  readonly fallback: Arg | undefined
}

/** An argument that a module cannot take: which one (undefined when it is missing) and a sentence without its subject. */
export interface ArgumentFault {
  readonly argument: number | undefined
  readonly message: string
}

/**
 * Reads a signature such as `c1:int c2:int k:size=1 shortcut:bool=False`: names in order, each with the kind of value
 * it takes and the default that it has.
 */
export function parseSignature(text: string): readonly Parameter[] {
  if (text === '') return []
  return text.split(' ').map(part => {
    const [, name, kind, spelled] = /^(\w+):(\w+)(?:=(.*))?$/.exec(part)!
    return { name: name!, kind: kind as Kind, spelled, fallback: spelled === undefined ? undefined : literal(spelled) }
  })
}

/** Arguments in order, no more than parameters, defaults filled in; or the first one that does not fit its parameter. */
export function bind(parameters: readonly Parameter[], args: readonly Arg[]): readonly Arg[] | ArgumentFault {
  const bound: Arg[] = []
  for (let i = 0; i < parameters.length; i++) {
    const { name, kind, fallback } = parameters[i]!
    if (i >= args.length) {
      if (fallback === undefined)
        return { argument: undefined, message: `expects ${name}, ${WANTED[kind]}, and gets none` }
      bound.push(fallback)
      continue
    }
    const value = coerce(kind, args[i]!, fallback)
    if (value === undefined)
      return { argument: i, message: `expects ${name} to be ${WANTED[kind]} and gets ${show(args[i]!)}` }
    bound.push(value)
  }
  return bound
}

export const isFault = (value: unknown): value is ArgumentFault =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'message' in value

/** A value as Python would print it, cut where it is long. */
export function show(value: Arg): string {
  const text = python(value)
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}

/** Python's truth of a value. */
export const truthy = (value: Arg): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value))

export const isWhole = (value: unknown): value is number => Number.isSafeInteger(value)

type Kind = keyof typeof WANTED

const WANTED = {
  int: 'a whole number',
  float: 'a number',
  bool: 'true or false',
  size: 'a whole number or two',
  pad: 'a whole number or two, or None',
  ints: 'a list of whole numbers',
  text: 'a name',
  act: 'true or false',
  any: 'a value',
} as const

/** The value that a parameter of this kind sees; undefined when it cannot be one. None is taken where it is the default. */
function coerce(kind: Kind, given: Arg, fallback: Arg | undefined): Arg | undefined {
  if (given === null && fallback === null) return null
  // Python counts True as 1.
  const value = typeof given === 'boolean' && ['int', 'float', 'size', 'pad'].includes(kind) ? Number(given) : given
  switch (kind) {
    case 'int':
      return isWhole(value) ? value : undefined
    case 'float':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined
    case 'bool':
      return truthy(value)
    case 'size':
      return isWhole(value) || isPair(value) ? value : undefined
    case 'pad':
      return value === null || isWhole(value) || isPair(value) ? value : undefined
    case 'ints':
      return Array.isArray(value) && value.every(isWhole) ? value : undefined
    case 'text':
      return typeof value === 'string' ? value : undefined
    case 'act':
      return value === true
    case 'any':
      return value
  }
}

const isPair = (value: Arg): boolean => Array.isArray(value) && value.length === 2 && value.every(isWhole)

function literal(spelled: string): Arg {
  if (spelled === 'None') return null
  if (spelled === 'True' || spelled === 'False') return spelled === 'True'
  if (spelled.startsWith('(')) return spelled === '()' ? [] : spelled.slice(1, -1).split(',').map(literal)
  const number = Number(spelled)
  return Number.isNaN(number) ? spelled : number
}

function python(value: Arg): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number')
    return Number.isNaN(value) ? 'nan' : Math.abs(value) === Infinity ? `${value < 0 ? '-' : ''}inf` : String(value)
  return `[${value.slice(0, 10).map(python).join(', ')}${value.length > 10 ? ', …' : ''}]`
}
