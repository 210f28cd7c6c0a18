import type { Origin, Value } from '../../core/graph'
import type { YamlNode, YamlScalar } from '../yamlSource'
import type { Item } from './items'
import { lineAnchor } from './place'
import type { Place, Run } from './state'
import { problem, readValue, textOf } from './values'

/** Branches as a list of lists, or by name; nothing at all is the input itself. */
export function branchesOf(
  run: Run,
  item: Item,
): { name: string; site: Origin['site'] | null; rows: readonly YamlNode[] }[] {
  const entry = item.settings.get('branches')!
  const node = run.file.resolve(entry.value)
  const rowsOf = (branch: YamlNode | null): readonly YamlNode[] => {
    const at = run.file.resolve(branch)
    if (at?.kind === 'list') return at.items
    if (at?.kind === 'map' || (at?.kind === 'scalar' && typeof at.value === 'string')) return [branch!]
    if (at?.kind === 'scalar' && at.value !== null) {
      run.report(problem('bad-argument', branch!.span, 'A branch is a list of rows.'))
    }
    return []
  }
  if (node?.kind === 'list') return node.items.map((b, i) => ({ name: String(i), site: null, rows: rowsOf(b) }))
  if (node?.kind === 'map') {
    return node.entries.map(({ key, value }) => {
      return { name: String(key.value), site: branchSite(run, key), rows: rowsOf(value) }
    })
  }
  run.report(
    problem(
      'bad-argument',
      entry.value?.span ?? entry.key.span,
      'branches expects a list of branches, each a list of rows.',
    ),
  )
  return []
}

/** A named branch has a line of its own, and so a sum of its own. */
function branchSite(run: Run, key: YamlScalar): Origin['site'] {
  const known = run.branches.get(key)
  if (known) return known
  const { span } = key
  const site = { span, anchor: lineAnchor(run.file.text, span.start), name: String(key.value) }
  run.branches.set(key, site)
  return site
}

const MERGES = ['concat', 'add', 'mul']

/** Joins branches as the row says: along an axis, by their sum or by their product. */
export function merge(run: Run, item: Item, outputs: readonly Value[], origin: Origin, place: Place): Value {
  const entry = item.settings.get('merge')
  const how = entry ? textOf(run.file, entry.value) : 'concat'
  if (how === 'add' || how === 'mul') {
    return run.builder.add('elementwise', { function: how }, outputs, {
      ...origin,
      type: how === 'add' ? 'Add' : 'Mul',
    })
  }
  if (how !== 'concat' && entry) {
    const span = entry.value?.span ?? entry.key.span
    run.report(problem('bad-argument', span, `merge expects one of ${MERGES.join(', ')} and gets ${how ?? 'nothing'}.`))
    return run.builder.unknown(`merge ${how} is not known`, outputs, origin)[0]!
  }
  const dim = item.settings.get('dim')
  const axis = dim ? readValue(dim.value, place.scope, run) : 1
  if (typeof axis === 'number' && Number.isInteger(axis)) {
    return run.builder.add('concat', { axis }, outputs, { ...origin, type: 'Concat' })
  }
  run.report(problem('bad-argument', dim!.value?.span ?? dim!.key.span, 'dim expects a whole number.'))
  return run.builder.unknown('its dim is not known', outputs, origin)[0]!
}
