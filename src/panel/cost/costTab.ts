import { html, nothing, type TemplateResult } from 'lit'
import type { PanelKind } from '../../protocol/panel'
import { isNarrow, type Shown } from '../app'
import { kindClass, segmented } from '../parts'
import type { CostView, Level } from '../state'
import { KIND_NAMES } from '../words'
import { depthChart, layoutDepth, rolledUp } from './depth'
import type { DepthLayout } from './depthLayout'
import { icicle } from './icicle'
import { paperView } from './paper'
import { readout } from './readout'
import { costTable } from './table'

/** The Cost tab: controls and legend, the readout, one of two charts, the table; or the table of a paper. */
export function costTab(shown: Shown): TemplateResult {
  const { app, state, model } = shown
  const width = state.width - 2 * (isNarrow(state) ? 12 : 16)
  const hasChart = model.layers.length > 1
  const depth = hasChart && state.view === 'depth' ? layoutDepth(shown, width) : undefined
  return html`
    <section role="tabpanel" id="view-cost" aria-labelledby="tab-cost">
      <div class="controls">
        ${
          hasChart
            ? [
                segmented('Chart', VIEWS, state.view, view => app.update({ view: view as CostView })),
                isNarrow(state) || state.view === 'paper'
                  ? nothing
                  : segmented('Level', LEVELS, state.level, level => app.update({ level: level as Level })),
              ]
            : nothing
        }
        <span class="spacer"></span>
        ${state.view === 'paper' ? nothing : legend(shown)}
      </div>
      ${hasChart && state.view === 'paper' ? paperView(shown) : charted(shown, width, depth)}
    </section>
  `
}

const charted = (shown: Shown, width: number, depth: DepthLayout | undefined): TemplateResult => html`
  ${readout(shown, depth ? rolledUp(shown, depth) : nothing)}
  ${depth ? depthChart(shown, depth) : shown.model.layers.length > 1 ? icicle(shown, width) : nothing}
  ${costTable(shown)}
`

const VIEWS = [
  { value: 'depth', label: 'Depth' },
  { value: 'icicle', label: 'Icicle' },
  { value: 'paper', label: 'Paper' },
]
const LEVELS = [
  { value: 'layers', label: 'Layers' },
  { value: 'blocks', label: 'Blocks' },
  { value: 'stages', label: 'Stages' },
]
const ORDER: readonly PanelKind[] = ['spatial', 'reduce', 'expand', 'project', 'depthwise', 'grouped', 'dense', 'other']

/** The kinds that occur, each with its mark. */
function legend({ model }: Shown): TemplateResult {
  const present = new Set(model.layers.map(layer => layer.kind))
  return html`
    <ul class="legend" aria-label="Kinds of layers">
      ${ORDER.filter(kind => present.has(kind)).map(
        kind => html`
          <li>
            <svg width="11" height="11" aria-hidden="true">
              <rect class="bar ${kindClass(kind)}" x="0.5" y="0.5" width="10" height="10"></rect>
            </svg>
            ${KIND_NAMES[kind]}
          </li>
        `,
      )}
    </ul>
  `
}
