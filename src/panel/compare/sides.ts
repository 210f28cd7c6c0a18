import { html, nothing, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { live } from 'lit/directives/live.js'
import { plural } from '../../base/format'
import type { CompareChoice, CompareOffers } from '../../protocol/panelCompare'
import { isNarrow, type Shown } from '../app'
import { tickedPicks } from '../bottlenecks/picks'
import type { Option } from '../parts'
import type { Comparison } from '../state'

/** The list of what may stand on a side, with the last entries leading to more of it. */
export function sideSelect(shown: Shown, side: 'a' | 'b', { offers, ...chosen }: Comparison): TemplateResult {
  const { app } = shown
  const choice = chosen[side]
  const value = JSON.stringify(choice)
  const options = optionsOf(shown, choice, offers)
  const name = side.toUpperCase()
  const changed = (event: Event): void => {
    const picked = (event.target as HTMLElement & { value: string }).value
    if (picked === value) return
    // The list goes back to what it showed until the extension has asked which one.
    if (picked === FILE || picked === REVISION) {
      app.send({ type: 'compareWith', side, what: picked })
      app.update({})
    } else app.update({ compare: { ...shown.state.compare, [side]: JSON.parse(picked) as CompareChoice } })
  }
  return html`
    <span class="chip side">
      <span class="chip-prefix" aria-hidden="true">${name}</span>
      ${keyed(
        // A select shows the text that an option had when it was chosen.
        JSON.stringify(options),
        html`<vscode-single-select
        label="Side ${name}"
        aria-label="Side ${name}"
        .value=${live(value)}
        @change=${changed}
      >
        ${options.map(
          option =>
            html`<vscode-option value=${option.value} ?selected=${option.value === value}>${option.label}</vscode-option>`,
        )}
      </vscode-single-select>`,
      )}
    </span>
  `
}

const FILE = 'file'
const REVISION = 'revision'

function optionsOf(shown: Shown, choice: CompareChoice, offers: CompareOffers): Option[] {
  const { state, model } = shown
  const ticked = tickedPicks(state, model).length
  const label = (each: CompareChoice): string => sideLabel(shown, each, offers)
  const choices: CompareChoice[] = [
    { kind: 'shown' },
    ...(ticked ? [{ kind: 'picks' as const }] : []),
    ...(offers.git ? offers.revisions.map(ref => ({ kind: 'revision' as const, ref })) : []),
    ...model.models.filter(name => name !== model.model).map(name => ({ kind: 'model' as const, model: name })),
    ...offers.files.map(({ uri }) => ({ kind: 'file' as const, uri })),
  ]
  const texts = choices.map(each => JSON.stringify(each))
  // What was chosen may no longer be offered: a file that was closed, a revision of another session.
  const all = texts.includes(JSON.stringify(choice)) ? choices : [choice, ...choices]
  return [
    ...all.map(each => ({ value: JSON.stringify(each), label: label(each) })),
    ...(offers.git ? [{ value: REVISION, label: 'Another revision…' }] : []),
    { value: FILE, label: 'Another file…' },
  ]
}

/** `vgg16.yaml @ HEAD`, `vgg16.yaml, working tree`, `resnet101`. */
export function sideLabel({ state, model }: Shown, choice: CompareChoice, { git, files }: CompareOffers): string {
  switch (choice.kind) {
    case 'shown':
      return git ? (isNarrow(state) ? 'working tree' : `${model.file}, working tree`) : model.model
    case 'model':
      return choice.model
    case 'picks':
      return `with ${plural(state.ticks.length, 'ticked proposal')}`
    case 'revision':
      return `${model.file} @ ${choice.ref}`
    case 'file':
      return (
        files.find(({ uri }) => uri === choice.uri)?.label ?? decodeURIComponent(choice.uri.split('/').at(-1) ?? '')
      )
  }
}

/** What may be chosen, where both sides are the same. */
export function nothingChosen({ model }: Shown, { offers }: Comparison): TemplateResult {
  const ways = [
    ...(offers.git ? ['a git revision'] : []),
    ...(model.models.length > 1 ? ['another model of this file'] : []),
    'another file',
    'this one with ticked proposals',
  ]
  const list = `${ways.slice(0, -1).join(', ')} or ${ways.at(-1)}`
  return html`<p class="nothing">Both sides are the same. Choose ${list}.</p>`
}

/** What is said where a side cannot be read. */
export const refusal = (text: string): TemplateResult | typeof nothing =>
  text ? html`<div class="banner warning" role="note"><div>${text}</div></div>` : nothing
