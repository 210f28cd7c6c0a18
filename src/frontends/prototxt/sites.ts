import type { Span } from '../../base/text'
import type { Site } from '../../core/graph'
import { fieldsOf, type LayerType } from './layerType'
import type { LayerText } from './network'

/** The place of a layer. Where its attributes stand is looked up only when a problem needs it. */
export class LayerSite implements Site {
  readonly span: Span
  readonly whole: Span
  readonly name: string
  private places: Site['attributes']

  constructor(
    private readonly layer: LayerText,
    private readonly type: LayerType | undefined,
    readonly anchor: number,
  ) {
    this.span = layer.header
    this.whole = layer.field.span
    this.name = layer.name || (layer.type ? `the ${layer.type} layer` : 'the layer')
  }

  get attributes(): NonNullable<Site['attributes']> {
    this.places ??= attributePlaces(this.layer, this.type)
    return this.places
  }
}

function attributePlaces({ message }: LayerText, type: LayerType | undefined): NonNullable<Site['attributes']> {
  const places: Record<string, { span: Span; spelled: string }> = {}
  for (const { name: param, value } of message.fields) {
    if (value.kind !== 'message') continue
    const known = fieldsOf(type, param)
    for (const field of value.fields) {
      const attribute = known.find(({ name }) => name === field.name)?.attribute
      if (attribute === undefined || field.value.kind === 'message') continue
      places[attribute] ??= { span: field.value.span, spelled: field.name }
    }
  }
  return places
}

export const siteAt = (text: string, span: Span, name: string): Site => ({
  span,
  anchor: anchors(text)(span.start),
  name,
})

/**
 * Where the hint of what starts at an offset stands: the end of that line, before a trailing comment. Asked in text
 * order, each line is looked at once.
 */
export function anchors(text: string): (offset: number) => number {
  let [end, anchor] = [-1, -1]
  let start = 0
  return offset => {
    if (offset >= start && offset <= end) return anchor
    start = offset
    while (start > 0 && !isLineEnd(text.charCodeAt(start - 1))) start--
    end = offset
    while (end < text.length && !isLineEnd(text.charCodeAt(end))) end++
    const line = text.slice(start, end)
    const comment = [...line.matchAll(COMMENT)].find(match => match[0] === '#')
    anchor = start + line.slice(0, comment?.index).trimEnd().length
    return anchor
  }
}

const COMMENT = /"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|#/g

const isLineEnd = (code: number): boolean => code === 10 || code === 13
