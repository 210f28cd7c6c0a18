import type { Span } from '../../../base/text'
import { type Conflict, nameOf } from '../../../core/faults'
import type { Fix } from '../../../core/problem'
import { elements } from '../../../core/shape'
import type { Correction } from '../../frontend'
import type * as ast from '../syntax/ast'
import { argumentOf, builtAt } from './layers'
import { numberChanges } from './numbers'
import { pathTo, type Text, textOf } from './tree'

/**
 * A map that a linear layer gets is flattened first: alone where it fits then, else with the number that it would have.
 * What fits the last axis is no fix.
 */
export function flattenChanges(conflict: Conflict, file: Text): Correction[] {
  const { fault, inputs, origin, attributes } = conflict
  const shape = inputs[0]?.shape
  if (fault.attribute !== 'inFeatures' || !shape || shape.length <= 3 || origin.type !== 'Linear') return []
  const flattened = elements(shape.slice(1))
  const insertion =
    insideSequential(origin.site.span, file) ?? (origin.called ? aroundArgument(origin.called.span, file) : null)
  if (!insertion || flattened === null) return []
  const { what, edits } = insertion
  if (flattened === attributes.inFeatures) return [{ title: `Insert ${what}`, edits, preferred: true }]
  const built = builtAt(origin.site, origin.type, file)
  const argument = built && argumentOf(built, 'inFeatures')
  if (!argument?.value) return []
  const inFeatures = attributes.inFeatures as number
  return numberChanges(
    file,
    argument.value,
    `in_features of ${nameOf(origin)}`,
    inFeatures,
    flattened,
    'flattened',
  ).map(({ title, edits: numbers, only }) => ({
    title: `Insert ${what} and s${title.slice(1)}`,
    edits: [...edits, ...numbers],
    only: only!,
  }))
}

interface Insertion {
  readonly what: string
  readonly edits: Fix['edits']
}

/** `self.fc(x)` becomes `self.fc(torch.flatten(x, 1))`. */
function aroundArgument(span: Span, file: Text): Insertion | null {
  const { module, text } = file
  const call = pathTo(module, span).at(-1)
  const argument = call?.kind === 'Call' ? (call as ast.Call).args[0] : undefined
  if (argument?.star !== 0 || (call as ast.Call).args.length !== 1) return null
  const { start, end } = argument.value
  const importsTorch = module.body.some(s => s.kind === 'Import' && s.names.some(n => n.name === 'torch' && !n.alias))
  const simple = ['Name', 'Attribute', 'Call'].includes(argument.value.kind)
  if (!importsTorch && !simple) return null
  const [before, after] = importsTorch ? ['torch.flatten(', ', 1)'] : ['', '.flatten(1)']
  return {
    what: `${before}${end - start > LONGEST ? '…' : text.slice(start, end)}${after}`,
    edits: [
      { span: { start, end: start }, newText: before },
      { span: { start: end, end }, newText: after },
    ].filter(edit => edit.newText !== ''),
  }
}

/** `nn.Flatten(1)` before a layer that is listed in an nn.Sequential. */
function insideSequential(span: Span, file: Text): Insertion | null {
  const path = pathTo(file.module, span)
  const layer = path.at(-1) as ast.Call | undefined
  const holder = path.findLast(n => n !== layer && (n.kind === 'Call' || n.kind === 'List' || n.kind === 'Tuple'))
  if (layer?.kind !== 'Call' || layer.func.kind !== 'Attribute' || !holder) return null
  const lists =
    holder.kind === 'List' ||
    (holder.kind === 'Call' && /(?:^|\.)Sequential$/.test(textOf((holder as ast.Call).func, file)))
  const items =
    holder.kind === 'List'
      ? (holder as ast.Sequence).items
      : ((holder as Partial<ast.Call>).args ?? []).map(a => a.value)
  if (!lists || !items.includes(layer as ast.Expression)) return null
  const what = `${textOf(layer.func.value, file)}.Flatten(1)`
  const indent = /(?:^|\n)([ \t]*)$/.exec(file.text.slice(0, layer.start))?.[1]
  const at = { start: layer.start, end: layer.start }
  return { what, edits: [{ span: at, newText: `${what},${indent === undefined ? ' ' : `\n${indent}`}` }] }
}

/** A longer argument is not repeated in a title. */
const LONGEST = 24
