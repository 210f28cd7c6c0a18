import type { PanelChange } from '../../protocol/panel'
import type { Shown } from '../app'
import { csvOf, markdownOf } from '../textTable'
import { lineNumber } from '../words'
import { proposalsOf } from './picks'
import { asChosen } from './shownProposals'

/** The list as CSV with exact numbers: traffic in bytes, time in seconds. What is not proposed follows with its reason. */
export const listCsv = (shown: Shown): string => csvOf(table(shown))

/** The same as a Markdown table. */
export const listMarkdown = (shown: Shown): string => markdownOf(table(shown))

function table(shown: Shown): string[][] {
  const { model, state } = shown
  const { bottlenecks, unit } = model
  const both = (name: string): string[] => [`${name} before`, `${name} after`]
  const head = [
    ...['layer', 'calls', 'line', 'kernel', 'in', 'r', 'out', 'map', 'ticked'],
    ...[unit, 'traffic bytes', 'seconds'].flatMap(both),
    'group',
  ]
  const ends = ({ before, after }: PanelChange): string[] => [exact(before), exact(after)]
  const rows = bottlenecks.groups.flatMap(({ title, proposals }) =>
    proposals.map(proposal => {
      const { name, count, place, kernel, inChannels, width, outChannels, size, work, traffic, time } = asChosen(
        shown,
        proposal,
      )
      const line = place ? lineNumber(model, place.line) : ''
      const ticked = state.ticks.includes(proposal.id) ? 'yes' : ''
      const layer = [name, String(count), line, kernel, inChannels, width, outChannels, size, ticked]
      return [...layer, ...[work, traffic, time].flatMap(ends), title]
    }),
  )
  const refused = bottlenecks.refused.map(({ name, reason, place }) => {
    const cells: string[] = head.map(() => '')
    cells[0] = name
    cells[2] = place ? lineNumber(model, place.line) : ''
    cells[cells.length - 1] = `Not proposed: ${reason}`
    return cells
  })
  return [head, ...rows, ...refused]
}

/** Counts in full; seconds, a bound, without the digits that floating point adds. */
const exact = (value: number): string => String(Number.isInteger(value) ? value : Number(value.toPrecision(6)))

/** Whether there is a list to export. */
export const hasList = ({ model }: Shown): boolean => proposalsOf(model).length + model.bottlenecks.refused.length > 0
