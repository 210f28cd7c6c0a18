import type { Span } from '../../base/text'
import { GraphBuilder, type Site } from '../../core/graph'
import type { BuildOptions, BuiltModel } from '../frontend'
import { nearest } from '../nearest'
import type { Key } from './key'
import { layerTypes, typeOf } from './layers'
import type { LayerType, Output, Step } from './layerType'
import { batched, NETWORK_NAMES, networkInput } from './network'
import type { Section } from './syntax'

/** Runs the sections in their order, each on the output of the one before, as Darknet's parser does. */
export function buildNetwork(all: readonly Section[], text: string, options: Pick<BuildOptions, 'inputs'>): BuiltModel {
  const builder = new GraphBuilder()
  const [first] = all
  const network = first && NETWORK_NAMES.includes(first.name) ? first : undefined
  const sections = network ? all.slice(1) : all
  if (!network && first) {
    const message = `Darknet expects [net] as the first section and gets [${first.name}].`
    builder.problem({ code: 'syntax', severity: 'error', span: first.header, message })
  }
  const input = networkInput(network, options.inputs, builder)
  let previous: Output = { value: builder.input(input.image ? 'image' : 'input', batched(input)), image: input.image }
  const earlier: Output[] = []
  for (let index = 0; index < sections.length && !builder.isFull; index++) {
    const section = sections[index]!
    const type = typeOf.get(section.name)
    const site = new SectionSite(section, index, type)
    const step: Step = { index, section, text, site, builder, previous, earlier, sections }
    previous = type ? type.build(step) : unknownType(step)
    earlier.push(previous)
    if (HEADS.has(section.name)) builder.output(previous.value)
  }
  const last = sections[earlier.length - 1]
  if (last && !HEADS.has(last.name)) builder.output(previous.value)
  return { graph: builder.build(), inputs: [{ shape: input.shape }], inputAssumed: false }
}

/** Heads give their boxes to the outside, wherever they stand. */
const HEADS: ReadonlySet<string> = new Set(['yolo', 'Gaussian_yolo', 'region', 'detection', 'iseg'])

/** The places of the attributes are looked up only where a problem needs them: most sections have none. */
class SectionSite implements Site {
  readonly span: Span
  readonly anchor: number
  readonly name: string
  private places: Site['attributes']

  constructor(
    private readonly section: Section,
    index: number,
    private readonly type: LayerType | undefined,
  ) {
    this.span = section.header
    this.anchor = section.header.end
    this.name = `[${section.name}] ${index}`
  }

  get attributes(): NonNullable<Site['attributes']> {
    this.places ??= attributePlaces(this.section, this.type)
    return this.places
  }
}

function attributePlaces(section: Section, type: LayerType | undefined): NonNullable<Site['attributes']> {
  const places: Record<string, { span: Span; spelled: string }> = {}
  const known = type && attributeKeys.get(type)
  for (const { key, valueSpan, value } of known ? section.options : []) {
    const name = known?.get(key)
    if (name !== undefined && value !== null) places[name] ??= { span: valueSpan, spelled: key }
  }
  return places
}

/** Per type of layer, which key sets which attribute. */
const attributeKeys: ReadonlyMap<LayerType, ReadonlyMap<string, string>> = new Map(
  layerTypes.map(type => [type, new Map(type.keys.filter(hasAttribute).map(key => [key.name, key.attribute]))]),
)

function hasAttribute(key: Key): key is Key & { attribute: string } {
  return key.attribute !== undefined
}

/** Darknet prints "Type not recognized" and goes on with nothing. */
function unknownType(step: Step): Output {
  const { section, builder, site } = step
  const guess = nearest(section.name, [...typeOf.keys()])
  const name = { start: section.header.start + 1, end: section.header.start + 1 + section.name.length }
  builder.problem({
    code: 'unknown-layer',
    severity: 'warning',
    span: section.header,
    message: `Darknet has no [${section.name}] layer.${guess ? ` Did you mean [${guess}]?` : ''}`,
    ...(guess
      ? { fixes: [{ title: `Change to ${guess}`, edits: [{ span: name, newText: guess }], preferred: true }] }
      : {}),
  })
  const from = { site, path: String(step.index), type: section.name }
  const [value] = builder.unknown(`Darknet has no [${section.name}] layer`, [step.previous.value], from)
  return { value: value!, image: true }
}
