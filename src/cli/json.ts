/** JSON indented by two spaces, where what fits on a line stays on one: shapes, layers, problems. */
export function prettyJson(value: unknown, indent = ''): string {
  const line = JSON.stringify(value)
  if (typeof value !== 'object' || value === null || indent.length + line.length <= WIDTH) return spaced(value, line)
  const inner = `${indent}  `
  const parts = Array.isArray(value)
    ? value.map(item => prettyJson(item, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}: ${prettyJson(item, inner)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return `${open}\n${parts.map(part => inner + part).join(',\n')}\n${indent}${close}`
}

const WIDTH = 160

/** The same on one line, with spaces after commas and colons. */
function spaced(value: unknown, line: string): string {
  if (typeof value !== 'object' || value === null) return line
  if (Array.isArray(value)) return `[${value.map(item => spaced(item, JSON.stringify(item))).join(', ')}]`
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.length === 0) return '{}'
  return `{ ${entries.map(([key, item]) => `${JSON.stringify(key)}: ${spaced(item, JSON.stringify(item))}`).join(', ')} }`
}
