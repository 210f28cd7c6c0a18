/** A sum beside a drawing: a title, a bar on a shared scale, and lines of text. */
import { nothing, svg, type TemplateResult } from 'lit'
import type { Point } from './cabinet'
import type { LinkKind } from './chain'

export interface Account {
  readonly title: string
  /** Parts of the bar; `outline` is drawn hollow. */
  readonly parts: readonly { readonly look: LinkKind | 'moved' | 'outline'; readonly macs: number }[]
  /** Behind the bar: `÷ 12`; empty for none. */
  readonly factor: string
  readonly lines: readonly { readonly text: string; readonly quiet: boolean }[]
}

const BAR = 14
export const LINE = 15
export const accountHeight = ({ lines }: Account): number => 20 + BAR + 6 + lines.length * LINE

/** `most` stands at the end of the longest bar. */
export function accountShape(
  { title, parts, factor, lines }: Account,
  { x, y }: Point,
  { width, most }: { readonly width: number; readonly most: number },
): TemplateResult {
  const scale = width / most
  let at = x
  const bars = parts.map(({ look, macs }) => {
    const length = Math.max(1, macs * scale)
    const inset = look === 'outline' ? 0.5 : 0
    const bar = svg`<rect
      class="solid-bar step-${look}"
      x=${at + inset}
      y=${y + 8 + inset}
      width=${Math.max(1, length - 1)}
      height=${BAR - 2 * inset}
    ></rect>`
    at += length
    return bar
  })
  // A bar that leaves no room has its factor on the first line.
  const beyond = factor !== '' && x + width - at < 44
  return svg`
    <text class="account-title" x=${x} y=${y}>${title}</text>
    ${bars}
    ${factor && !beyond ? svg`<text class="factor" x=${at + 8} y=${y + 19}>${factor}</text>` : nothing}
    ${lines.map(
      ({ text, quiet }, i) =>
        svg`<text class=${quiet ? '' : 'account-sum'} x=${x} y=${y + 36 + i * LINE}>${
          beyond && i === 0 ? svg`<tspan class="factor">${factor}</tspan> · ` : nothing
        }${text}</text>`,
    )}
  `
}
