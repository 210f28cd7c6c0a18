import { type Supported, supported } from '../analysis/supported'

export const SUPPORTED_FORMATS = ['table', 'json', 'markdown'] as const
export type SupportedFormat = (typeof SUPPORTED_FORMATS)[number]

/** What is understood in each format, as text that ends with a line break. */
export function supportedReport(format: SupportedFormat): string {
  const all = supported()
  if (format === 'json') return `${JSON.stringify({ schemaVersion: 1, supported: all }, null, 2)}\n`
  return format === 'markdown' ? markdown(all) : table(all)
}

const table = (all: readonly Supported[]): string =>
  all
    .flatMap(({ format, groups }) =>
      groups.map(({ title, names }) => `${format}: ${title} (${names.length})\n${wrapped(names)}\n`),
    )
    .join('\n')

const markdown = (all: readonly Supported[]): string => {
  const rows = all.flatMap(({ format, groups }) =>
    groups.map(({ title, names }) => `| ${format} | ${title} | ${names.length} | ${names.map(code).join(' ')} |`),
  )
  return `| format | where | count | names |\n|:--|:--|--:|:--|\n${rows.join('\n')}\n`
}

const code = (name: string): string => `\`${name.replaceAll('|', '\\|')}\``

/** Names in lines of at most 100 columns. */
function wrapped(names: readonly string[]): string {
  const lines: string[] = []
  let line = ' '
  for (const name of names) {
    if (line.length + name.length + 1 > 100 && line.trim() !== '') {
      lines.push(line)
      line = ' '
    }
    line += ` ${name}`
  }
  return [...lines, line].join('\n')
}
