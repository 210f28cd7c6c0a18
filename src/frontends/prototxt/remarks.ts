import type { Problem } from '../../core/problem'
import { nearest } from '../nearest'
import { typeOf } from './layers'
import type { LayerText, Network } from './network'
import type { Field, Message } from './parse'
import { type FieldType, layerFields, type MessageType, networkFields, oldLayerFields } from './schema'
import { shorten } from './spelling'

/** More remarks than this help nobody. */
const MAX_REMARKS = 300

/** Fields that Caffe does not know where they stand, and fields given twice of which there may be one. */
export function remarks({ root, layers }: Network): readonly Problem[] {
  const found: Problem[] = []
  look(root, { fields: networkFields }, 'the network', found)
  for (const layer of layers) {
    if (found.length >= MAX_REMARKS) break
    look(layer.message, { fields: fieldsOfLayer(layer) }, layer.type || 'the layer', found)
  }
  return found.slice(0, MAX_REMARKS)
}

/** All that may stand in a layer of this type; of a type that nobody knows, all that layers have in common. */
export function fieldsOfLayer({ type, old }: Pick<LayerText, 'type' | 'old'>): readonly FieldType[] {
  const key = `${type} ${old}`
  const cached = cache.get(key)
  if (cached) return cached
  const own = Object.entries(typeOf.get(type)?.params ?? {}).map(
    ([name, message]): FieldType => ({ name, kind: 'message', doc: `Parameters of ${type}.`, fallback: '', message }),
  )
  const fields = [...layerFields, ...(old ? oldLayerFields : []), ...own]
  if (cache.size < MOST_TYPES) cache.set(key, fields)
  return fields
}

const cache = new Map<string, readonly FieldType[]>()
const MOST_TYPES = 500

function look(message: Message, type: MessageType, where: string, found: Problem[]): void {
  const seen = new Map<string, Field>()
  for (const field of message.fields) {
    if (found.length >= MAX_REMARKS) return
    const known = type.fields.find(({ name }) => name === field.name)
    if (!known) {
      if (!type.open && !ELSEWHERE.has(field.name)) found.push(...unknown(field, type, where))
      continue
    }
    const first = seen.get(field.name)
    if (first && !known.repeated) found.push(twice(field, first))
    seen.set(field.name, first ?? field)
    if (known.message && field.value.kind === 'message' && known.name !== 'layer' && known.name !== 'layers') {
      look(field.value, known.message, field.name, found)
    }
  }
}

/** Parameters of another type of layer: Caffe reads them and does nothing with them. */
const ELSEWHERE: ReadonlySet<string> = new Set([...typeOf.values()].flatMap(({ params }) => Object.keys(params ?? {})))

function unknown({ name, nameSpan }: Field, { fields }: MessageType, where: string): Problem[] {
  const guess = nearest(
    name,
    fields.map(field => field.name),
  )
  // Parameters of a type that only a fork has.
  if (!guess && name.endsWith('_param')) return []
  const problem: Problem = {
    code: 'unknown-option',
    severity: guess ? 'warning' : 'hint',
    span: nameSpan,
    message: `Caffe knows no ${shorten(name)} in ${where}.${guess ? ` Did you mean ${guess}?` : ''}`,
    ...(guess
      ? { fixes: [{ title: `Change to ${guess}`, edits: [{ span: nameSpan, newText: guess }], preferred: true }] }
      : {}),
  }
  return [problem]
}

const twice = (field: Field, first: Field): Problem => ({
  code: 'duplicate-name',
  severity: 'warning',
  span: field.nameSpan,
  message: `${shorten(field.name)} is given twice; Caffe expects it once.`,
  related: [{ span: first.nameSpan, message: 'The first one' }],
})
