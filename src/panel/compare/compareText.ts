import type { PanelCompareCost, PanelCompared } from '../../protocol/panelCompare'
import { groupCosts, layerCosts, MARK_NAMES } from './compareWords'

/** Every layer of either side as CSV with exact numbers: `?` is unknown, an empty cell is a layer that a side lacks. */
export function compareCsv({ groups, unit }: PanelCompared): string {
  const head = ['group', 'change', 'layer', 'what', ...[unit, 'params'].flatMap(of => [`A ${of}`, `B ${of}`])]
  const cells = (a: PanelCompareCost | null, b: PanelCompareCost | null, of: keyof PanelCompareCost): string[] =>
    [a, b].map(side => (side ? String(side[of] ?? '?') : ''))
  const rows = groups.flatMap(group =>
    group.rows.map(({ mark, title, what, a, b }) => [
      group.name,
      MARK_NAMES[mark],
      title,
      what,
      ...cells(a, b, 'work'),
      ...cells(a, b, 'params'),
    ]),
  )
  return [head, ...rows].map(row => `${row.map(quoted).join(',')}\n`).join('')
}

/** Totals, and every layer that changed, as Markdown. */
export function compareMarkdown({ a, b, totals, groups, unit }: PanelCompared): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  const body = groups.flatMap(group => {
    const changed = group.rows.filter(row => row.mark !== '=')
    const sum = groupCosts(group.a, group.b)
    const equal = group.rows.length - changed.length
    return [
      [
        '',
        `**${group.name || 'all layers'}**`,
        equal ? `${equal} unchanged` : '',
        sum.a,
        sum.b,
        sum.work.text,
        sum.params.text,
      ],
      ...changed.map(row => {
        const costs = layerCosts(row.a, row.b)
        return [row.mark, row.title, row.what, costs.a, costs.b, costs.work.text, costs.params.text]
      }),
    ]
  })
  const head = ['', 'layer', 'what it is', `A, ${unit}`, `B, ${unit}`, 'B − A', 'params, B − A']
  return [
    `A: ${a.label}, ${a.model}, input ${a.input}\\\nB: ${b.label}, ${b.model}, input ${b.input}\n\n`,
    line(['', 'A', 'B', 'B − A']),
    '|---|---:|---:|---:|\n',
    ...totals.map(total => line([total.label, total.a, total.b, total.change])),
    '\n',
    line(head),
    '|---|---|---|---:|---:|---:|---:|\n',
    ...body.map(line),
  ].join('')
}

/** What a spreadsheet would run as a formula is led in by an apostrophe. */
function quoted(cell: string): string {
  const safe = /^[=+\-@]/.test(cell) ? `'${cell}` : cell
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
