import { html, nothing, svg, type TemplateResult } from 'lit'
import type { PanelDetail } from '../../protocol/panelAdvice'
import type { Shown } from '../app'
import { type CurveLayout, type CurveText, curveLayout } from './curveLayout'
import type { Row } from './picks'
import { setWidth } from './setWidth'
import { moved, stepsFor } from './widths'
import { spokenWidth } from './words'

/** The cost over r as a picture, with a slider on its axis that is moved by pointer and by keys. */
export function curveChart(shown: Shown, row: Row, detail: PanelDetail, r: number, width: number): TemplateResult {
  const { app, state, model } = shown
  const layout = curveLayout(detail, r, width, model.unit, app.measure)
  const { multiple } = state
  const curve = detail.curve!
  const steps = stepsFor(curve, multiple)
  const to = (next: number, how: { dragging?: boolean; released?: boolean } = {}): void =>
    setWidth(shown, row, detail, next, how)
  return html`
    <div class="curve" @pointerdown=${(event: PointerEvent) => drag(event, shown, layout, steps.snap, curve.mixed, to)}>
      <svg
        id="chart"
        class="chart curve-chart"
        width=${layout.width}
        height=${layout.height}
        role="img"
        aria-label=${finding(detail, row.name, model.unit)}
        aria-details="curve-costs"
      >
        ${svg`
          ${layout.grid.map(
            ({ y, label }) => svg`
              <line class="grid" x1=${layout.left} x2=${layout.right} y1=${y} y2=${y}></line>
              <text x=${layout.left - 6} y=${y + 4} text-anchor="end">${label}</text>
            `,
          )}
          <line class="zero" x1=${layout.left} x2=${layout.right} y1=${layout.bottom} y2=${layout.bottom}></line>
          <text x=${layout.left - 6} y=${layout.bottom + 4} text-anchor="end">0</text>
          <line class="one" x1=${layout.left} x2=${layout.right} y1=${layout.one} y2=${layout.one}></line>
          ${text(layout.asWritten, 'curve-name')}
          ${layout.ticks.map(tick => text(tick))}
          ${layout.lines.map(line => svg`<path class="curve-line metric-${line.id}" d=${line.path}></path>`)}
          ${layout.ends.map(
            ({ id, x, label }) => svg`
              <path class="curve-end metric-${id}" d="M${x} ${layout.one + 1}l5 9h-10Z"></path>
              ${label ? text(label, 'curve-end-text') : nothing}
            `,
          )}
          <line class="handle" x1=${layout.handle.x} x2=${layout.handle.x} y1=${layout.top} y2=${layout.bottom}></line>
          ${layout.lines.map(({ id, mark }) =>
            mark === null
              ? nothing
              : svg`<circle class="curve-mark metric-${id}" cx=${layout.handle.x} cy=${mark} r="4"></circle>`,
          )}
          ${layout.lines.map(({ id, label }) => text(label, `curve-name metric-${id}`))}
          <rect class="grip" x=${layout.handle.x - 5} y=${layout.bottom - 1} width="10" height="16" rx="3"></rect>
          <text class="curve-r" x=${layout.handle.textX} y=${layout.bottom + 32} text-anchor="middle">${layout.handle.text}</text>
        `}
      </svg>
      <div
        class="curve-slider"
        role="slider"
        tabindex="0"
        aria-label="Width r of ${row.name}"
        aria-valuemin=${steps.smallest}
        aria-valuemax=${steps.widest}
        aria-valuenow=${r}
        aria-valuetext=${spokenWidth(shown, detail, r)}
        .style=${`left: ${layout.handle.x - 8}px; top: ${layout.bottom - 4}px` as never}
        @keydown=${(event: KeyboardEvent) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return
          const next = moved(event, r, curve, multiple)
          if (next === undefined) return
          event.preventDefault()
          to(next)
        }}
      ></div>
    </div>
  `
}

const text = ({ text: content, x, y, anchor }: CurveText, className = ''): TemplateResult =>
  svg`<text class=${className} x=${x} y=${y} text-anchor=${anchor}>${content}</text>`

/** Follows the pointer until it is let go; the width snaps to the multiple, but for Alt. */
function drag(
  event: PointerEvent,
  { app }: Shown,
  layout: CurveLayout,
  snap: (r: number) => number,
  mixed: boolean,
  to: (r: number, how: { dragging?: boolean; released?: boolean }) => void,
): void {
  if (event.button !== 0) return
  const area = event.currentTarget as HTMLElement
  const { left } = area.getBoundingClientRect()
  const widest = Math.round(layout.widthAt(layout.right))
  const move = ({ clientX, altKey }: PointerEvent, how: { dragging?: boolean; released?: boolean }): void => {
    const wanted = layout.widthAt(clientX - left)
    to(altKey && !mixed ? Math.min(widest, Math.max(1, Math.round(wanted))) : snap(wanted), how)
  }
  const follow = (next: PointerEvent): void => move(next, { dragging: true })
  const end = (last: PointerEvent): void => {
    area.removeEventListener('pointermove', follow)
    area.removeEventListener('pointerup', end)
    area.removeEventListener('pointercancel', end)
    move(last, { released: true })
  }
  event.preventDefault()
  area.setPointerCapture(event.pointerId)
  area.addEventListener('pointermove', follow)
  area.addEventListener('pointerup', end)
  area.addEventListener('pointercancel', end)
  move(event, { dragging: true })
  app.focus('.curve-slider')
}

/** What the picture says, in a sentence or two. */
function finding({ curve, device }: PanelDetail, name: string, unit: string): string {
  const { macs, time, traffic } = curve!.breakEven
  const pays = (what: string, r: number | null): string => `${what} ${r === null ? 'at no width' : `up to r ${r}`}`
  const parts = [pays(unit, macs), pays(`least time on ${device.name}`, time), pays('traffic', traffic)]
  return `Cost of ${name} over the width r, from 0 to ${curve!.widest}. It pays in ${parts.join(', in ')}.`
}
