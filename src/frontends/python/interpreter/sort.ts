import { compare, truthy } from './operators'
import type { Run } from './run'
import type { Kwargs, PyValue } from './values'

/** sorted(values, key=, reverse=): stable, by the program's own `<`; null where a comparison is not known. */
export function sortValues(run: Run, values: readonly PyValue[], kwargs: Kwargs): PyValue[] | null {
  const key = kwargs.get('key') ?? null
  const reverse = kwargs.get('reverse') === true
  const keyed = values.map(value => ({ value, key: key === null ? value : run.call(key, [value]) }))
  let known = true
  const less = (a: PyValue, b: PyValue): boolean => {
    const result = truthy(run, compare(run, '<', a, b))
    if (typeof result !== 'boolean') known = false
    return result === true
  }
  keyed.sort((a, b) => {
    run.budget.step()
    const [x, y] = reverse ? [b, a] : [a, b]
    return less(x.key, y.key) ? -1 : less(y.key, x.key) ? 1 : 0
  })
  return known ? keyed.map(k => k.value) : null
}
