import { type JsonNode, members } from './json'

/** Objects in the form of the one that they replace: on one line, or with its indentation. */
export function printed(objects: readonly unknown[], like: JsonNode, text: string): string {
  const own = text.slice(like.offset, like.offset + like.length)
  if (!own.includes('\n')) {
    const spaced = /":\s/.test(own)
    const [comma, colon] = spaced ? [', ', ': '] : [',', ':']
    return objects.map(object => flat(object, comma, colon)).join(comma)
  }
  const lineStart = text.lastIndexOf('\n', like.offset - 1) + 1
  const base = /^[ \t]*/.exec(text.slice(lineStart, like.offset))![0]
  const [first] = members(like)
  const at = first ? first[1].parent!.offset : like.offset
  const inner = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at) + 1, at))![0]
  const unit = inner.startsWith(base) && inner.length > base.length ? inner.slice(base.length) : '  '
  const eol = own.includes('\r\n') ? '\r\n' : '\n'
  return objects.map(object => JSON.stringify(object, null, unit).replaceAll('\n', eol + base)).join(`,${eol}${base}`)
}

function flat(value: unknown, comma: string, colon: string): string {
  if (Array.isArray(value)) return `[${value.map(item => flat(item, comma, colon)).join(comma)}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const parts = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${JSON.stringify(key)}${colon}${flat(item, comma, colon)}`)
  return `{${parts.join(comma)}}`
}
