/** What each tab gives to take along: its table as text, and its charts beside the one that is shown. */
import type { PanelTab } from '../protocol/panel'
import type { App, Shown } from './app'
import { withListPicture } from './bottlenecks/listPicture'
import { hasList, listCsv, listMarkdown } from './bottlenecks/listText'
import { withComparePicture } from './compare/comparePicture'
import { comparedOf } from './compare/compareTab'
import { compareCsv, compareMarkdown } from './compare/compareText'
import { paperText } from './cost/paper'
import { exportPicture } from './exportPicture'
import type { MenuItem } from './menu'
import { pictureTable } from './picture/pictureText'
import { rooflineTable } from './roofline/rooflineText'
import { csvOf, markdownOf, type TextTable } from './textTable'

interface TabTable {
  csv(shown: Shown): string
  markdown(shown: Shown): string
}

const written = (table: (shown: Shown) => TextTable): TabTable => ({
  csv: shown => csvOf(table(shown)),
  markdown: shown => markdownOf(table(shown)),
})

/** Tables that the page writes itself; the layers of the Cost tab are written by the server. */
const TABLES: Partial<Record<PanelTab, TabTable>> = {
  bottlenecks: { csv: listCsv, markdown: listMarkdown },
  compare: { csv: shown => compareCsv(comparedOf(shown)!), markdown: shown => compareMarkdown(comparedOf(shown)!) },
  picture: written(pictureTable),
  roofline: written(rooflineTable),
}

const PAPER: TabTable = {
  csv: shown => paperText(shown, 'csv'),
  markdown: shown => paperText(shown, 'markdown'),
}

const isPaper = ({ state, model }: Shown): boolean =>
  state.tab === 'cost' && state.view === 'paper' && model.layers.length > 1

/** Undefined where the tab has nothing to write. */
function tableOf(shown: Shown): TabTable | undefined {
  const { tab } = shown.state
  if (isPaper(shown)) return PAPER
  const isEmpty = (tab === 'bottlenecks' && !hasList(shown)) || (tab === 'compare' && !comparedOf(shown))
  return isEmpty ? undefined : TABLES[tab]
}

/** Puts the table of the tab on the clipboard. */
export function copyTable(shown: Shown, format: 'markdown' | 'csv'): void {
  const { app } = shown
  const table = tableOf(shown)
  if (table) app.send({ type: 'copyText', text: table[format](shown), said: 'Copied' })
  else app.send({ type: 'copy', format })
}

export function exportItems(shown: Shown): MenuItem[] {
  const { app, state } = shown
  const table = tableOf(shown)
  return [
    {
      label: 'Table as CSV…',
      run: () =>
        app.send({ type: 'export', format: 'csv', ...(table ? { data: table.csv(shown), tab: state.tab } : {}) }),
    },
    ...(table
      ? [
          {
            label: 'Table as Markdown…',
            run: () => app.send({ type: 'export', format: 'md', data: table.markdown(shown), tab: state.tab }),
          },
        ]
      : []),
    ...(isPaper(shown)
      ? [
          {
            label: 'Table as LaTeX…',
            run: () => app.send({ type: 'export', format: 'tex', data: paperText(shown, 'latex') }),
          },
        ]
      : []),
    { label: 'Everything as JSON…', run: () => app.send({ type: 'export', format: 'json' }) },
    ...(isPaper(shown)
      ? []
      : state.tab === 'compare'
        ? comparisons(shown)
        : charts(app, state.tab === 'bottlenecks' ? 'Curve' : 'Chart')),
    ...(state.tab === 'bottlenecks' && table ? lists(shown) : []),
    ...(state.tab === 'picture' ? profiles(app) : []),
  ]
}

const charts = (app: App, name: string): MenuItem[] => [
  { label: `${name} as SVG…`, run: () => void exportPicture(app, 'svg') },
  { label: `${name} as PNG…`, run: () => void exportPicture(app, 'png') },
]

/** The second chart of the Picture tab, where the layer is in a block. */
function profiles(app: App): MenuItem[] {
  const chart = document.querySelector<SVGSVGElement>('#profile')
  if (!chart) return []
  return (['svg', 'png'] as const).map(format => ({
    label: `Channels as ${format.toUpperCase()}…`,
    run: () => void exportPicture(app, format, chart),
  }))
}

function comparisons(shown: Shown): MenuItem[] {
  const compared = comparedOf(shown)
  if (!compared) return []
  return (['svg', 'png'] as const).map(format => ({
    label: `Chart as ${format.toUpperCase()}…`,
    run: () => void withComparePicture(shown, compared, chart => exportPicture(shown.app, format, chart)),
  }))
}

const lists = (shown: Shown): MenuItem[] =>
  (['svg', 'png'] as const).map(format => ({
    label: `List as ${format.toUpperCase()}…`,
    run: () => void withListPicture(shown, chart => exportPicture(shown.app, format, chart)),
  }))
