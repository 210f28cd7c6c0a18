import { svg, type TemplateResult } from 'lit'
import type { PanelPlace } from '../../protocol/panel'
import type { Shown } from '../app'

/** A mark that can be pointed at and reached by keys. */
export interface Hit {
  readonly id: string
  /** Layers that the mark stands for together; the one of its id where absent. */
  readonly ids?: readonly string[]
  readonly label: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Shift and an arrow go to the next group. */
  readonly group: number
  readonly place: PanelPlace | null
}

interface Options {
  readonly label: string
  readonly hits: readonly Hit[]
  readonly selected: ReadonlySet<string>
  /** ↑ and ↓, where the chart has levels. */
  vertical?(hit: Hit, step: 1 | -1): void
}

/**
 * The marks of a chart as a listbox: one of them is reached by Tab, arrows go on and select, Enter goes to the line,
 * Space holds the readout.
 */
export function chartListbox(shown: Shown, { label, hits, selected, vertical }: Options): TemplateResult {
  const { app, state } = shown
  const entry = hits.find(hit => hit.id === state.focus.chart) ?? hits.find(hit => selected.has(hit.id)) ?? hits[0]
  const go = (hit: Hit | undefined): void => {
    if (!hit) return
    app.update({ focus: { ...state.focus, chart: hit.id } })
    app.select(hit.ids ?? [hit.id])
    app.focus(`[data-hit="${CSS.escape(hit.id)}"]`)
  }
  const keys = (event: KeyboardEvent, hit: Hit, at: number): void => {
    const back = event.key === 'ArrowLeft'
    if (back || event.key === 'ArrowRight')
      go(event.shiftKey ? nextGroup(hits, at, back) : hits[back ? at - 1 : at + 1])
    else if (event.key === 'Home') go(hits[0])
    else if (event.key === 'End') go(hits.at(-1))
    else if (vertical && (event.key === 'ArrowUp' || event.key === 'ArrowDown'))
      vertical(hit, event.key === 'ArrowUp' ? -1 : 1)
    else if (event.key === 'Enter') app.reveal(hit.place)
    else if (event.key === ' ') {
      app.select(hit.ids ?? [hit.id])
      app.update({ held: !state.held })
    } else return
    event.preventDefault()
  }
  return svg`
    <g role="listbox" aria-label=${label} aria-orientation="horizontal" @pointerleave=${() => app.update({ hover: null })}>
      ${hits.map(
        (hit, at) => svg`
          <rect
            class="hit"
            role="option"
            data-hit=${hit.id}
            aria-label=${hit.label}
            aria-selected=${String(selected.has(hit.id))}
            tabindex=${hit === entry ? 0 : -1}
            x=${hit.x}
            y=${hit.y}
            width=${hit.width}
            height=${hit.height}
            @pointerenter=${() => app.update({ hover: hit.id })}
            @click=${() => {
              app.update({ focus: { ...state.focus, chart: hit.id } })
              app.select(hit.ids ?? [hit.id])
            }}
            @dblclick=${() => app.reveal(hit.place)}
            @keydown=${(event: KeyboardEvent) => keys(event, hit, at)}
          ></rect>
        `,
      )}
    </g>
  `
}

/** The first mark of the next group, or of the one before. */
function nextGroup(hits: readonly Hit[], at: number, back: boolean): Hit | undefined {
  const { group } = hits[at]!
  if (!back) return hits.slice(at).find(hit => hit.group !== group)
  const before = hits.slice(0, at).findLast(hit => hit.group !== group)
  return before && hits.find(hit => hit.group === before.group)
}
