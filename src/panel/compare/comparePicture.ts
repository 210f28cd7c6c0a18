import { html, render, svg, type TemplateResult } from 'lit'
import type { PanelCompared } from '../../protocol/panelCompare'
import type { Shown } from '../app'
import { kindClass } from '../parts'
import { axisCount } from '../words'
import { type CompareLine, compareLines } from './compareRows'
import { groupCosts, layerCosts } from './compareWords'

const [ROW, HEAD, PLOT, GAP, MARK] = [22, 66, 320, 16, 18]

/** The table as one picture, drawn outside the page's flow while `use` reads it. */
export async function withComparePicture(
  shown: Shown,
  compared: PanelCompared,
  use: (chart: SVGSVGElement) => Promise<void>,
): Promise<void> {
  const place = document.createElement('div')
  place.className = 'hidden-data'
  document.body.append(place)
  try {
    render(picture(shown, compared), place)
    await use(place.querySelector('svg')!)
  } finally {
    place.remove()
  }
}

interface Line {
  readonly line: CompareLine
  readonly name: string
  readonly what: string
  readonly cells: readonly string[]
}

function picture({ app, state }: Shown, compared: PanelCompared): TemplateResult {
  const { a, b, unit, largest, totals } = compared
  const lines = compareLines(compared, state.compare).slice(0, state.rowLimit).map(lineOf)
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(text => app.measure(text, 11, 600)))
  const heads = [`A, ${unit}`, `B, ${unit}`, 'B − A']
  const names = MARK + widest(lines.map(({ name }) => name)) + GAP
  const plot = names + widest(lines.map(({ what }) => what)) + GAP
  const columns = heads.map((head, i) => widest([head, ...lines.map(({ cells }) => cells[i] ?? '')]) + GAP)
  const ends = columns.map((_, i) => plot + columns.slice(0, i + 1).reduce((sum, each) => sum + each, 0))
  const start = ends.at(-1)! + GAP
  const top = totals.slice(0, 4).map(total => `${total.label} ${total.a} → ${total.b} ${total.change}`)
  const first = `A ${a.label}, ${a.model} (outline); B ${b.label}, ${b.model} (filled)`
  const width = Math.ceil(Math.max(start + PLOT + 2, widest([first, top.join(' · ')])))
  const length = (value: number): number => Math.max(1, (value / (largest || 1)) * PLOT)
  return html`
    <svg class="chart" width=${width} height=${HEAD + lines.length * ROW}>
      ${svg`
        <text class="stage-name" x="0" y="12">${first}</text>
        <text x="0" y="30">${top.join(' · ')}</text>
        ${heads.map((head, i) => svg`<text x=${ends[i]!} y=${HEAD - 8} text-anchor="end">${head}</text>`)}
        <text x=${start} y=${HEAD - 8}>${unit}, to ${axisCount(largest)}</text>
        ${lines.map(({ line, name, what, cells }, i) => {
          const y = HEAD + i * ROW
          const row = line.type === 'layer' ? line.row : null
          return svg`
            <text class="axis-name" x="0" y=${y + 15}>${row && row.mark !== '=' ? row.mark : ''}</text>
            <text class=${line.type === 'group' ? 'stage-name' : 'axis-name'} x=${MARK} y=${y + 15}>${name}</text>
            <text x=${names} y=${y + 15}>${what}</text>
            ${cells.map((cell, c) => svg`<text class="axis-name" x=${ends[c]!} y=${y + 15} text-anchor="end">${cell}</text>`)}
            ${row?.b?.work ? svg`<rect class="bar ${kindClass(row.kind)}" x=${start} y=${y + 7} width=${length(row.b.work)} height="8"></rect>` : ''}
            ${row?.a?.work ? svg`<rect class="outline" x=${start} y=${y + 4} width=${length(row.a.work)} height="14"></rect>` : ''}
          `
        })}
      `}
    </svg>
  `
}

function lineOf(line: CompareLine): Line {
  if (line.type === 'folded') return { line, name: `${line.equal} without change`, what: '', cells: [] }
  if (line.type === 'group') {
    const { group, equal, open } = line
    const { a, b, work } = groupCosts(group.a, group.b)
    return {
      line,
      name: group.name || 'all layers',
      what: open ? '' : `${equal} without change`,
      cells: [a, b, work.text],
    }
  }
  const { a, b, work } = layerCosts(line.row.a, line.row.b)
  return { line, name: line.row.name, what: line.row.what, cells: line.row.kind === 'rest' ? [] : [a, b, work.text] }
}
