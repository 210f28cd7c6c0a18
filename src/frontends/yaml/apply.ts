import type { Origin, Value } from '../../core/graph'
import { nearest } from '../nearest'
import type { Given } from './arguments'
import type { Item } from './items'
import { layerTypes, NOT_MODELLED, plainName } from './layers'
import type { LayerType, Val } from './params'
import type { Run } from './state'
import { problem } from './values'

/** Adds the ops that a layer stands for and gives the last one's output; several make a scope on the layer's line. */
export function apply(
  run: Run,
  type: LayerType,
  values: Readonly<Record<string, Val>>,
  inputs: readonly Value[],
  origin: Origin,
): Value {
  const calls = type.calls(values, inputs[0]?.shape ?? null)
  const add = (): Value => {
    let at = inputs
    for (const { op, attributes } of calls) at = [run.builder.add(op, attributes, at, origin)]
    return at[0]!
  }
  return calls.length === 1 ? add() : run.builder.scope(origin, inputs, () => [add()])[0]!
}

/** `first: {stride: 2}` replaces options in the first of several repeats. */
export function overridden(run: Run, item: Item): readonly Given[] {
  const entry = item.settings.get('first')
  const map = run.file.resolve(entry?.value ?? null)
  if (map?.kind !== 'map') {
    if (entry?.value)
      run.report(problem('bad-argument', entry.value.span, 'first expects options of the first repeat, as a mapping.'))
    return item.options
  }
  const own = map.entries.map(e => ({ name: e.key.raw, key: e.key.span, value: e.value }))
  return [...item.options.filter(o => !own.some(n => n.name === o.name)), ...own]
}

/** The one input of a layer that takes one. */
export function single(run: Run, item: Item, inputs: readonly Value[]): Value {
  if (inputs.length > 1) {
    const span = item.settings.get('from')?.value?.span ?? item.head
    run.report(problem('bad-argument', span, `${item.site.name} takes one input and gets ${inputs.length}.`))
    return run.builder.lost('')
  }
  return inputs[0]!
}

/** A type that the table does not have: not modelled, or probably a slip. */
export function notKnown(run: Run, item: Item, inputs: readonly Value[], origin: Origin): Value {
  const name = plainName(item.type)
  if (NOT_MODELLED.has(name)) return run.builder.unknown(`${name} is not modelled`, inputs, origin)[0]!
  const near = nearest(name, [...layerTypes.map(t => t.name), ...run.blocks.keys()])
  run.report({
    code: 'unknown-layer',
    severity: 'warning',
    span: item.typeSpan,
    message: `${item.type || 'This'} is not a known layer${near ? `; is it ${near}?` : '.'}`,
    ...(near
      ? {
          fixes: [
            {
              title: `Change ${item.type} to ${near}`,
              edits: [{ span: item.typeSpan, newText: near }],
              preferred: true,
            },
          ],
        }
      : {}),
  })
  return run.builder.unknown(`${item.type || 'it'} is not known`, inputs, origin)[0]!
}

/** A row of which nothing can be known, for a reason that is told in words. */
export const lost = (run: Run, item: Item, path: string, inputs: readonly Value[], reason: string): Value =>
  run.builder.unknown(reason, inputs, { site: item.site, path, type: item.type })[0]!
