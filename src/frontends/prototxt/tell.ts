import type { Span } from '../../base/text'
import type { GraphBuilder, Value } from '../../core/graph'
import { nearest } from '../nearest'
import { inputView, tellMissingSize } from './inputs'
import { typeOf } from './layers'
import { fail, origin, report, type Step } from './layerType'
import type { LayerText, Named } from './network'
import { shorten } from './spelling'

/** Who wrote a blob first, and where. */
interface Written {
  readonly definition: Span
  readonly by: string
}

/** A bottom that no layer before writes: Caffe stops at it. */
export function tellDangling(
  builder: GraphBuilder,
  layer: LayerText,
  who: string,
  { text, span }: Named,
  blobs: ReadonlyMap<string, unknown>,
  makers: () => ReadonlyMap<string, LayerText>,
): Value {
  const maker = makers().get(text)
  const guess = maker || blobs.size > MOST_GUESSED ? null : nearest(text, [...blobs.keys()])
  const why = maker
    ? maker === layer
      ? 'which it writes itself'
      : `which ${maker.name || maker.type} writes, ${maker.header.start > layer.header.start ? 'further down' : 'in another phase'}`
    : 'which no layer writes'
  builder.problem({
    code: 'dangling-reference',
    severity: 'error',
    span,
    message: `${who} reads ${shorten(text)}, ${why}.${guess ? ` Did you mean ${guess}?` : ''}`,
    ...(maker && maker !== layer ? { related: [{ span: maker.header, message: `${maker.name} writes it here` }] } : {}),
    ...(guess
      ? { fixes: [{ title: `Change to ${guess}`, edits: [{ span, newText: `"${guess}"` }], preferred: true }] }
      : {}),
  })
  return builder.lost(text)
}

/** In a network of more blobs a misspelled name is not compared with them all. */
const MOST_GUESSED = 2000

/** A blob has one writer, unless a layer works in place (src/caffe/net.cpp AppendTop). */
export function tellSameTop(step: Step, { text, span }: Named, before: Written): void {
  report(step, {
    code: 'duplicate-name',
    severity: 'error',
    span,
    message: `${step.site.name} writes ${shorten(text)}, which ${before.by} writes already.`,
    related: [{ span: before.definition, message: `${before.by} writes it here` }],
  })
}

/** Layers of one name are several layers; stored weights go to the first alone (net.cpp CopyTrainedLayersFrom). */
export function tellSameName(step: Step, names: Map<string, LayerText>): void {
  const { layer } = step
  if (layer.name === '') return
  const first = names.get(layer.name)
  if (!first) {
    names.set(layer.name, layer)
    return
  }
  report(step, {
    code: 'duplicate-name',
    severity: 'info',
    span: layer.header,
    message: `Another layer is called ${shorten(layer.name)} too. Both are counted; stored weights are loaded into the first alone.`,
    related: [{ span: first.header, message: 'The first one' }],
  })
}

/**
 * Caffe stops at a type that it does not know; a fork may know it. A misspelled one is warned of, one that is like none
 * of Caffe's is taken for that of a fork.
 */
export function unknownType(step: Step): readonly Value[] {
  const { layer, builder } = step
  const { type, typeSpan, tops, old } = layer
  const shapes = tops.map(() => null)
  const first = layer.bottoms.length === 0 ? tops[0]?.text : undefined
  // Data that a program reads: its sizes may be said elsewhere.
  if (first !== undefined && step.data.isChosen(first)) return [inputView(step, first, null)]
  if (type === 'Python') {
    if (first !== undefined) tellMissingSize(step)
    return builder.unknown('what a Python layer gives is not in the file', step.bottoms, origin(step), shapes)
  }
  if (type === '') {
    fail(step, 'unknown-layer', `${step.site.name} has no type.`)
    return builder.unknown('it has no type', step.bottoms, origin(step, undefined, 'layer'), shapes)
  }
  const guess = likeliestType(type)
  builder.problem({
    code: 'unknown-layer',
    severity: guess ? 'warning' : 'info',
    span: typeSpan!,
    message: `Caffe has no ${shorten(type)} layer.${guess ? ` Did you mean ${guess}?` : ''}`,
    ...(guess && !old
      ? {
          fixes: [
            { title: `Change to ${guess}`, edits: [{ span: typeSpan!, newText: `"${guess}"` }], preferred: true },
          ],
        }
      : {}),
  })
  return builder.unknown(`${shorten(type)} is not known`, step.bottoms, origin(step), shapes)
}

/** Long files repeat the same words. */
function likeliestType(type: string): string | null {
  const known = guesses.get(type)
  if (known !== undefined) return known
  const guess = nearest(type, [...typeOf.keys()])
  if (guesses.size < MOST_WORDS) guesses.set(type, guess)
  return guess
}

const guesses = new Map<string, string | null>()
const MOST_WORDS = 1000
