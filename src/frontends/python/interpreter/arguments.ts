import { raise } from './run'
import type { Kwargs, PyValue } from './values'

/**
 * Binds the arguments of a function of ours by the names in `signature`: `x, dim=, *, keepdim=`. A name with `=` may be
 * left out (undefined); what stands after `*` takes keywords only. Unknown keywords are ignored where `open` is given.
 */
export function bindNative(
  name: string,
  signature: string,
  args: readonly PyValue[],
  kwargs: Kwargs,
  open = false,
): Record<string, PyValue | undefined> {
  const { names, positional, required } = parseSignature(signature)
  const bound: Record<string, PyValue | undefined> = {}
  if (args.length > positional && !open)
    raise('TypeError', `${name}() takes ${positional} positional arguments but ${args.length} were given`)
  for (let i = 0; i < Math.min(args.length, positional); i++) bound[names[i]!] = args[i]
  for (const [key, value] of kwargs) {
    if (!names.includes(key)) {
      if (open) continue
      raise('TypeError', `${name}() got an unexpected keyword argument '${key}'`)
    }
    if (Object.hasOwn(bound, key)) raise('TypeError', `${name}() got multiple values for argument '${key}'`)
    bound[key] = value
  }
  for (const key of required)
    if (!Object.hasOwn(bound, key)) raise('TypeError', `${name}() missing required argument: '${key}'`)
  return bound
}

interface Signature {
  readonly names: readonly string[]
  readonly positional: number
  readonly required: readonly string[]
}

const cache = new Map<string, Signature>()

function parseSignature(signature: string): Signature {
  let parsed = cache.get(signature)
  if (!parsed) {
    const parts = signature
      .split(',')
      .map(p => p.trim())
      .filter(Boolean)
    const star = parts.indexOf('*')
    const all = parts.filter(p => p !== '*')
    parsed = {
      names: all.map(p => p.replace('=', '')),
      positional: star < 0 ? all.length : star,
      required: all.filter(p => !p.endsWith('=')),
    }
    cache.set(signature, parsed)
  }
  return parsed
}
