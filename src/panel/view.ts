import { html, nothing, type TemplateResult } from 'lit'
import type { PanelTab } from '../protocol/panel'
import type { App, Shown } from './app'
import { isNarrow } from './app'
import { banners } from './banners'
import { bottlenecksTab } from './bottlenecks/bottlenecksTab'
import { compareTab } from './compare/compareTab'
import { costTab } from './cost/costTab'
import { patterns } from './cost/patterns'
import { figures, header } from './header'
import { keysDialog } from './keys'
import { link } from './parts'
import { pictureTab } from './picture/pictureTab'
import { rooflineTab } from './roofline/rooflineTab'
import { tabs } from './tabs'
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js'

/** The whole page for a state. */
export function view(app: App): TemplateResult {
  const { state } = app
  const { model } = state
  return html`
    <svg id="patterns" class="patterns" width="0" height="0" aria-hidden="true">${patterns()}</svg>
    <div class="progress" aria-hidden="true">
      ${state.reading ? html`<vscode-progress-bar aria-label="Reading ${state.reading}"></vscode-progress-bar>` : nothing}
    </div>
    <main class="page ${isNarrow(state) ? 'narrow' : ''}">
      ${
        model?.state === 'network'
          ? network({ app, state, model })
          : model?.state === 'empty'
            ? noNetwork(app, model.file)
            : firstReading(app)
      }
    </main>
    ${state.keysShown ? keysDialog(app) : nothing}
    <div class="hidden-data" aria-live="polite">${state.said}</div>
  `
}

const TABS: Readonly<Record<PanelTab, (shown: Shown) => TemplateResult>> = {
  cost: costTab,
  bottlenecks: bottlenecksTab,
  picture: pictureTab,
  compare: compareTab,
  roofline: rooflineTab,
}

function network(shown: Shown): TemplateResult {
  const { state } = shown
  return html`
    <div class="sticky">${header(shown)}</div>
    ${banners(shown)} ${state.tab === 'compare' ? nothing : figures(shown)}
    <div class="sticky under-header">${tabs(shown)}</div>
    ${TABS[state.tab](shown)}
  `
}

function noNetwork(app: App, file: string): TemplateResult {
  return html`
    <div class="empty">
      <p><strong>No network in ${file}.</strong></p>
      <p class="quiet">${WHAT_IS_READ}</p>
      <p>${link('Open an example network', () => app.send({ type: 'openExample' }))}</p>
    </div>
  `
}

/** The formats of the front ends, in words. */
const WHAT_IS_READ =
  'ConvLens reads PyTorch and Keras code, Ultralytics and layer-list YAML, Caffe prototxt, Darknet cfg and Keras JSON, without running anything.'

/** Nothing for the first moment, then grey lines and the file being read. */
function firstReading({ state }: App): TemplateResult | typeof nothing {
  if (state.failure) return html`<div class="banner error" role="alert"><div>${state.failure}</div></div>`
  if (!state.reading) return nothing
  return html`
    <div class="skeleton" aria-hidden="true">
      ${[90, 60, 100, 74, 82, 40].map(width => html`<div .style=${`width: ${width}%` as never}></div>`)}
    </div>
    <p class="quiet">Reading ${state.reading}.</p>
  `
}
