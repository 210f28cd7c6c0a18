/**
 * The head of the page, and what its menus do:
 *
 *   [resnet50 v] [input 3×224×224 ✎] [count in MACs v] [T4 fp16 v]                pin copy export …
 *   4.09G   25.6M    4.82 MB                51.1 MB         427 px            572 µs
 *   MACs    params   peak activations, fp16 weights, fp16   receptive field   least time, T4 fp16
 */
import { html, nothing, type TemplateResult } from 'lit'
import type { PanelUnit } from '../protocol/panel'
import { isNarrow, type Shown } from './app'
import { copyTable, exportItems } from './exports'
import { type MenuItem, menu } from './menu'
import { icon, iconButton, select } from './parts'

export function header(shown: Shown): TemplateResult {
  const { app, state, model } = shown
  const narrow = isNarrow(state)
  const names = model.models.map(name => ({ value: name, label: name }))
  return html`
    <header class="header">
      ${select('Model', '', names, model.model, name => app.send({ type: 'chooseModel', model: name }))}
      ${model.input === '' ? nothing : inputChip(shown)}
      ${narrow ? nothing : [unitSelect(shown), deviceSelect(shown)]}
      <span class="spacer"></span>
      <div class="actions" role="toolbar" aria-label="Panel" @keydown=${toolbarKeys}>
        ${iconButton(
          'pinned',
          state.pinned ? 'Follow the editor again' : 'Stop following the editor',
          () => {
            app.update({ pinned: !state.pinned })
            app.send({ type: 'pin', pinned: !state.pinned })
          },
          { pressed: state.pinned },
        )}
        ${
          narrow
            ? nothing
            : [
                iconButton('copy', 'Copy as Markdown', () => copyTable(shown, 'markdown')),
                menuButton(shown, 'export', 'export', 'Export', [exportItems(shown)]),
              ]
        }
        ${menuButton(shown, 'more', 'ellipsis', 'More actions', moreItems(shown, narrow))}
      </div>
    </header>
  `
}

export function figures({ state, model }: Shown): TemplateResult {
  const narrow = isNarrow(state)
  const shownFigures = narrow ? model.figures.slice(0, 4) : model.figures
  return html`
    <dl class="figures ${model.broken ? 'broken' : ''}">
      ${shownFigures.map(
        ({ value, label, shortLabel }) => html`
          <div class="figure">
            <dt>${narrow ? shortLabel : label}</dt>
            <dd>${value}</dd>
          </div>
        `,
      )}
    </dl>
  `
}

/** What the model is given. A script that draws on tensors of its own is given nothing. */
const inputChip = ({ app, state, model }: Shown): TemplateResult => html`
  <button
    type="button"
    class="chip input-chip"
    aria-label="Input ${model.input}${model.inputAssumed ? ', assumed' : ''}: change"
    title=${model.inputAssumed ? 'The input is assumed. Set its shape' : 'Set the input shape'}
    @click=${() => app.send({ type: 'editInput' })}
  >
    ${isNarrow(state) ? nothing : html`<span class="chip-prefix">input</span>`}
    <span class="chip-value">${model.input}</span>
    ${model.inputAssumed ? html`<span class="chip-prefix assumed">(assumed)</span>` : nothing} ${icon('edit')}
  </button>
`

const unitSelect = ({ app, model }: Shown): TemplateResult =>
  select(
    'Count in',
    'count in',
    UNITS.map(unit => ({ value: unit, label: unit })),
    model.unit,
    unit => app.send({ type: 'setUnit', unit: unit as PanelUnit }),
  )

const deviceSelect = ({ app, model }: Shown): TemplateResult =>
  select(
    'Device',
    '',
    model.devices.map(({ id, name }) => ({ value: id, label: name })),
    model.device,
    device => app.send({ type: 'setDevice', device }),
  )

const UNITS: readonly PanelUnit[] = ['MACs', 'FLOPs']

function menuButton(
  { app, state }: Shown,
  which: 'export' | 'more',
  glyph: string,
  label: string,
  groups: readonly (readonly MenuItem[])[],
): TemplateResult {
  const open = state.menu === which
  const id = `menu-${which}`
  const close = (): void => {
    app.update({ menu: null })
    app.focus(`#${id}`)
  }
  const toggle = (event: Event): void => {
    event.stopPropagation()
    app.update({ menu: open ? null : which })
    if (!open) app.focus('.menu button')
  }
  return html`
    <span class="menu-place">
      ${iconButton(glyph, label, toggle, { popup: true, expanded: open, id })}
      ${open ? menu(label, groups, close) : nothing}
    </span>
  `
}

function moreItems(shown: Shown, narrow: boolean): MenuItem[][] {
  const { app, model } = shown
  const copies: MenuItem[] = [
    ...(narrow ? [{ label: 'Copy as Markdown', run: () => copyTable(shown, 'markdown') }] : []),
    { label: 'Copy as CSV', run: () => copyTable(shown, 'csv') },
    { label: 'Copy as JSON', run: () => app.send({ type: 'copy', format: 'json' }) },
  ]
  const keys: MenuItem[] = [
    {
      label: 'Keys',
      run: () => {
        app.update({ keysShown: true })
        app.focus('.keys button')
      },
    },
  ]
  if (!narrow) return [copies, keys]
  const units = UNITS.map(unit => ({
    label: `Count in ${unit}`,
    checked: unit === model.unit,
    run: () => app.send({ type: 'setUnit', unit }),
  }))
  const devices = model.devices.map(({ id, name }) => ({
    label: name,
    checked: id === model.device,
    run: () => app.send({ type: 'setDevice', device: id }),
  }))
  return [units, devices, copies, exportItems(shown), keys]
}

/** Arrows move inside the toolbar; Tab passes every button, as each does something of its own. */
function toolbarKeys(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (!step || (event.target as HTMLElement).closest('.menu')) return
  const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.icon-button')]
  const at = buttons.indexOf(event.target as HTMLElement)
  if (at < 0) return
  event.preventDefault()
  buttons[(at + step + buttons.length) % buttons.length]!.focus()
}
