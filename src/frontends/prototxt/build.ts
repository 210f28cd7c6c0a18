import type { Span } from '../../base/text'
import { GraphBuilder, type Value } from '../../core/graph'
import type { BuildOptions, BuiltModel } from '../frontend'
import { declaredInputs, inputsOf, inputView, tellMissingSize } from './inputs'
import { typeOf } from './layers'
import { fail, type LayerType, origin, report, type Step } from './layerType'
import type { LayerText, Named, Network } from './network'
import { isPartOf, type State } from './phases'
import { anchors, LayerSite } from './sites'
import { closest, shorten } from './spelling'
import type { Shared } from './weights'

/** A blob while the layers run in their order. */
interface Blob {
  value: Value
  /** Where it is first written, which all that name it lead to. */
  readonly definition: Span
  readonly by: string
  isRead: boolean
  readonly isInput: boolean
}

/** Runs the layers of one state in their order, as Caffe's Net does (src/caffe/net.cpp). */
export function buildNetwork(network: Network, state: State, options: BuildOptions): BuiltModel {
  const builder = new GraphBuilder()
  const layers = network.layers.filter(layer => isPartOf(layer, state))
  const data = inputsOf(builder, layers, options)
  const blobs = new Map<string, Blob>()
  const names = new Map<string, LayerText>()
  const shared = new Map<string, Shared>()
  const anchorOf = anchors(network.text)
  for (const { name, value, span } of declaredInputs(network, builder, data)) {
    blobs.set(name, { value, definition: span, by: 'the input', isRead: true, isInput: true })
  }
  const makers = lazyMakers(network)
  for (const layer of layers) {
    if (builder.isFull) break
    const type = typeOf.get(layer.type)
    const site = new LayerSite(layer, type, anchorOf(layer.header.start))
    const read = (name: Named): Value => {
      const blob = blobs.get(name.text)
      if (!blob) return tellDangling(builder, layer, site.name, name, [...blobs.keys()], makers)
      builder.link(name.span, blob.definition)
      blob.isRead = true
      return blob.value
    }
    const inPlace = layer.tops.length > 0 && layer.tops[0]!.text === layer.bottoms[0]?.text
    const step: Step = { layer, network, site, builder, bottoms: layer.bottoms.map(read), inPlace, shared, data }
    tellSameName(step, names)
    const made = hasBottoms(step, type) ? (type?.build(step) ?? unknownType(step)) : lostTops(step)
    layer.tops.forEach(({ text, span }, i) => {
      const value = made[i] ?? builder.lost(text)
      const before = blobs.get(text)
      if (before && layer.bottoms[i]?.text === text) {
        builder.link(span, before.definition)
        before.value = value
        before.isRead = false
        return
      }
      if (before) tellSameTop(step, { text, span }, before)
      const isInput = type?.bottoms === 0
      blobs.set(text, { value, definition: span, by: site.name, isRead: false, isInput })
    })
  }
  for (const { value, isRead, isInput } of blobs.values()) if (!isRead && !isInput) builder.output(value)
  return {
    graph: builder.build(),
    inputs: data.used,
    inputAssumed: data.assumed,
    corrections: problem => problem.fixes ?? [],
  }
}

/** Whether a layer has as many bottoms as its type takes; too few of them leave nothing to compute with. */
function hasBottoms(step: Step, type: LayerType | undefined): boolean {
  const bottoms = type?.bottoms ?? ([1, Number.POSITIVE_INFINITY] as const)
  const [least, most] = typeof bottoms === 'number' ? [bottoms, bottoms] : bottoms
  const got = step.bottoms.length
  if (!type || LENIENT.has(type.names[0]) || (got >= least && got <= most)) return true
  const wanted = least === most ? String(least) : most >= 1000 ? `at least ${least}` : `${least} to ${most}`
  const message = `${step.site.name} expects ${wanted} bottom${wanted === '1' ? '' : 's'} and gets ${got}.`
  fail(step, 'bad-argument', message)
  return got >= least && got > 0
}

/** Types that take what they are given. */
const LENIENT: ReadonlySet<string> = new Set(['Silence'])

const lostTops = (step: Step): readonly Value[] =>
  step.builder.unknown(
    'it has too few bottoms',
    step.bottoms,
    origin(step),
    step.layer.tops.map(() => null),
  )

/** The layers, of whatever phase, that write a blob. */
function lazyMakers({ layers }: Network): () => ReadonlyMap<string, LayerText> {
  let found: Map<string, LayerText> | undefined
  return () => {
    found ??= new Map(layers.toReversed().flatMap(layer => layer.tops.map(({ text }) => [text, layer] as const)))
    return found
  }
}

/** A bottom that no layer before writes: Caffe stops at it. */
function tellDangling(
  builder: GraphBuilder,
  layer: LayerText,
  who: string,
  { text, span }: Named,
  known: readonly string[],
  makers: () => ReadonlyMap<string, LayerText>,
): Value {
  const maker = makers().get(text)
  const guess = maker ? null : closest(text, known.slice(-MOST_GUESSED))
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

/** Blobs that a misspelled name is compared with: the nearest. */
const MOST_GUESSED = 2000

/** A blob has one writer, unless a layer works in place (src/caffe/net.cpp AppendTop). */
function tellSameTop(step: Step, { text, span }: Named, before: Blob): void {
  report(step, {
    code: 'duplicate-name',
    severity: 'error',
    span,
    message: `${step.site.name} writes ${shorten(text)}, which ${before.by} writes already.`,
    related: [{ span: before.definition, message: `${before.by} writes it here` }],
  })
}

/** Layers of one name are several layers; stored weights go to the first alone (net.cpp CopyTrainedLayersFrom). */
function tellSameName(step: Step, names: Map<string, LayerText>): void {
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

/** Caffe stops at a type that it does not know; a fork may know it. */
function unknownType(step: Step): readonly Value[] {
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
  const guess = closest(type, [...typeOf.keys()])
  builder.problem({
    code: 'unknown-layer',
    severity: 'warning',
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
