/**
 * Two models side by side:
 *
 *   [A vgg16.yaml @ HEAD v] [B vgg16.yaml, working tree v] [Changed|All]    ▭ A outlined, B filled  ~ changed  + added
 *   MACs               params              traffic, fp16
 *   15.5G → 8.09G −48%   138M → 132M −4.6%   322 MB → 315 MB −2.3%
 *      layer            what it is                A, MACs  B, MACs   B − A  MACs, to 1.85G      params, B − A
 *    > block1 2 layers, no change                   1.94G        =       =                                  =
 *   ~  conv3_2          3×3 256→256 ⇒ 64→64         1.85G     116M  −1.73G  [▪              ]           −553k
 */
import { html, nothing, type TemplateResult } from 'lit'
import type { PanelCompared } from '../../protocol/panelCompare'
import { isNarrow, type Shown } from '../app'
import { segmented } from '../parts'
import type { Comparison } from '../state'
import { compareTable } from './compareTable'
import { isSame, sameText } from './compareWords'
import { nothingChosen, refusal, sideSelect } from './sides'
import { totalsStrip } from './totals'
import './compare.css'

export function compareTab(shown: Shown): TemplateResult {
  const comparison = comparisonOf(shown)
  return html`
    <section role="tabpanel" id="view-compare" aria-labelledby="tab-compare">
      ${comparison ? tab(shown, comparison) : nothing}
    </section>
  `
}

/** The last answer, unless it is of another document. */
export const comparisonOf = ({ state, model }: Shown): Comparison | null =>
  state.comparison?.uri === model.uri ? state.comparison : null

/** What charts and tables of the tab are made of; null where there is nothing to export. */
export function comparedOf(shown: Shown): PanelCompared | null {
  const result = comparisonOf(shown)?.result
  return result?.state === 'compared' && !isSame(result) ? result : null
}

function tab(shown: Shown, comparison: Comparison): TemplateResult {
  const { app, state } = shown
  const { compare } = state
  const { result } = comparison
  return html`
    <div class="controls">
      ${sideSelect(shown, 'a', comparison)} ${sideSelect(shown, 'b', comparison)}
      ${segmented('Layers', VIEWS, compare.all ? 'all' : 'changed', view =>
        app.update({ compare: { ...compare, all: view === 'all', toggled: [], unfolded: [] } }),
      )}
      <span class="spacer"></span>
      ${isNarrow(state) ? nothing : LEGEND}
    </div>
    ${
      result === null
        ? refusal('The comparison failed; the output channel ConvLens says why.')
        : result.state === 'refused'
          ? refusal(`${result.side.toUpperCase()}: ${result.message}`)
          : content(shown, comparison, result)
    }
  `
}

function content(shown: Shown, comparison: Comparison, compared: PanelCompared): TemplateResult {
  const { a, b } = compared
  if (JSON.stringify(comparison.a) === JSON.stringify(comparison.b)) return nothingChosen(shown, comparison)
  return html`
    ${a.model === b.model && a.input === b.input ? nothing : html`<p class="note-line">${modelsText(compared)}</p>`}
    ${totalsStrip(compared)}
    ${
      isSame(compared) && !shown.state.compare.all
        ? html`<p class="nothing">${sameText(compared)}</p>`
        : compareTable(shown, compared)
    }
  `
}

/** What is compared, where that is not the same model on the same input. */
function modelsText({ a, b }: PanelCompared): string {
  if (a.input === b.input) return `A is ${a.model}, B is ${b.model}, both on ${a.input}.`
  return `A is ${a.model} on ${a.input}, B is ${b.model} on ${b.input}.`
}

const VIEWS = [
  { value: 'changed', label: 'Changed' },
  { value: 'all', label: 'All' },
]

const LEGEND = html`
  <p class="legend" aria-hidden="true">
    <svg width="27" height="12">
      <rect class="bar kind-spatial" x="1" y="3" width="13" height="6"></rect>
      <rect class="outline" x="0.5" y="0.5" width="26" height="11"></rect>
    </svg>
    A outlined, B filled <span class="legend-mark">~ changed</span> <span class="legend-mark">+ added</span>
    <span class="legend-mark">− removed</span>
  </p>
`
