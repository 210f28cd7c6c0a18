/**
 * On a name of forward code, or a `return`, the shapes that it stands for and what the line calls:
 *
 *   **out**, 16 times: 64×56×56 ×3, 128×28×28 ×4, …        (and what a small constant tensor holds)
 *   ---
 *   layer      in → out                    params  MACs
 *   conv1 ×16  N×256×56×56 → N×64×56×56 …    4.3M  938M
 */
import type { Analysis, Binding } from '../analysis/analyze'
import { formatCount, plural } from '../base/format'
import { contains, positionAt } from '../base/text'
import { formatShape, type Shape } from '../core/shape'
import { type CalledAt, calledPlaces } from './calledAt'
import { escapeMarkdown, spellShape } from './explain'
import { bound, known, type Unit } from './hintLabel'
import { numbersText } from './numbers'

/** The binding whose name stands at an offset. */
export const bindingAt = (analysis: Analysis, offset: number): Binding | undefined =>
  analysis.model()?.bindings?.find(({ site }) => contains(site.span, offset))

/** Heading and table, in blocks of Markdown. */
export function bindingBlocks(binding: Binding, analysis: Analysis, unit: Unit): string[] {
  const model = analysis.model()
  if (!model) return []
  const { line } = positionAt(analysis.lineStarts, binding.site.span.start)
  const called = binding.parameter
    ? []
    : calledPlaces(model).filter(place => positionAt(analysis.lineStarts, place.called.span.start).line === line)
  return [[shapes(binding), ...numbers(binding)].join('\n\n'), called.length > 0 ? layers(called, unit) : ''].filter(
    Boolean,
  )
}

/** What a small constant tensor holds. */
function numbers({ shapes }: Binding): string[] {
  const [first] = shapes
  const sizes = first?.of[0]?.filter(dim => typeof dim === 'number')
  if (shapes.length !== 1 || !first?.data || !sizes || sizes.length !== first.of[0]!.length) return []
  return [`\`\`\`text\n${numbersText(first.data, sizes)}\n\`\`\``]
}

/** Tooltip of the shape of one name: its dimensions spelled, or its shapes counted. */
export function shapes({ name, shapes }: Binding): string {
  const total = shapes.reduce((sum, { count }) => sum + count, 0)
  const [first] = shapes
  if (!first) return ''
  const single = shapes.length === 1 && first.of.length === 1 ? first.of[0] : null
  if (single) return `**${escapeMarkdown(name)}**${times(total)}: ${spellShape(single)}`
  const rows = shapes.slice(0, MOST_ROWS).map(({ of, count }) => `${ofAll(of)}${count > 1 ? ` ×${count}` : ''}`)
  const more = shapes.length > rows.length ? `, … ${shapes.length - rows.length} more` : ''
  return `**${escapeMarkdown(name)}**${times(total)}: ${rows.join(', ')}${more}`
}

const times = (count: number): string => (count > 1 ? `, ${plural(count, 'time')}` : '')

const ofAll = (shapes: readonly (Shape | null)[]): string =>
  shapes.length === 1 ? formatShape(shapes[0]!) : `(${shapes.map(formatShape).join(', ')})`

/** What the line calls, in the order of the calls. */
function layers(called: readonly CalledAt[], unit: Unit): string {
  const rows = called.map(({ summary: { site, calls } }) => {
    const [first] = calls
    const params = known(calls, node => node.cost.params)
    const macs = known(calls, node => node.cost.macs)
    const work = { ...macs, value: unit === 'FLOPs' ? 2 * macs.value : macs.value }
    const from = first?.inputs
      .slice(0, 3)
      .map(value => formatShape(value.shape))
      .join(', ')
    const into = first?.outputs
      .slice(0, 3)
      .map(value => formatShape(value.shape))
      .join(', ')
    const name = `${escapeMarkdown(site.name)}${calls.length > 1 ? ` ×${calls.length}` : ''}`
    const count = (sum: typeof params): string =>
      sum.exact && sum.value === 0 ? '–' : bound(sum) + formatCount(sum.value)
    return `| ${[name, `${from || '–'} → ${into === from && into !== '?' ? 'same' : into || '–'}`, count(params), count(work)].join(' | ')} |`
  })
  return [
    `| layer | in → out${called.some(c => c.summary.calls.length > 1) ? ' (first call)' : ''} | params | ${unit} |`,
    '|:--|:--|--:|--:|',
    ...rows,
  ].join('\n')
}

const MOST_ROWS = 8
