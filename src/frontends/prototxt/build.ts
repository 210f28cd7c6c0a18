import type { Span } from '../../base/text'
import { GraphBuilder, type Value } from '../../core/graph'
import type { BuildOptions, BuiltModel } from '../frontend'
import { declaredInputs, inputsOf } from './inputs'
import { typeOf } from './layers'
import { fail, type LayerType, origin, type Step } from './layerType'
import type { LayerText, Named, Network } from './network'
import { isPartOf, type State } from './phases'
import { anchors, LayerSite } from './sites'
import { tellDangling, tellSameName, tellSameTop, unknownType } from './tell'
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
      if (!blob) return tellDangling(builder, layer, site.name, name, blobs, makers)
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
