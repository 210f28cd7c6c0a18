import type { Run } from '../interpreter/run'

const KEY = Symbol('keras names')

/** How often each prefix was given out in this run. */
export function uniqueIds(run: Run): Map<string, number> {
  let ids = run.state.get(KEY) as Map<string, number> | undefined
  if (!ids) {
    ids = new Map()
    run.state.set(KEY, ids)
  }
  return ids
}

/** `conv2d`, then `conv2d_1`: the name of a layer that is given none (keras.src.utils.naming.auto_name). */
export function autoName(run: Run, className: string): string {
  const ids = uniqueIds(run)
  const prefix = snakeCase(className)
  const count = ids.get(prefix) ?? 0
  ids.set(prefix, count + 1)
  return count === 0 ? prefix : `${prefix}_${count}`
}

/** `SeparableConv2D` is separable_conv2d (keras.src.utils.naming.to_snake_case). */
export const snakeCase = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
