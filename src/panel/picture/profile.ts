/**
 * The channels of a block along its depth. Thickness is channels; a ribbon is orange where a 1×1 makes the next map,
 * blue for a k×k, grey where data is only moved:
 *
 *      ┃─────── 64 1×1 ────┐
 *  192 ┃── 96 ━━ 128 3×3 ──┃ 256
 *      ┃── 16 ━━ 32 5×5 ───┃
 */
import { html, nothing, svg, type TemplateResult } from 'lit'
import { formatCount } from '../../base/format'
import type { PanelGroup, PanelNetwork } from '../../protocol/panel'
import { isNarrow, type Shown } from '../app'
import { chartListbox } from '../cost/listbox'
import { type Option, select } from '../parts'
import { spokenLayer } from '../words'
import { type Account, accountHeight, accountShape } from './account'
import { BAR, type ProfileBar, type ProfileLayout, profileLayout, type Ribbon } from './profileLayout'
import { accountsOf } from './profileSums'
import type { Target } from './target'

const SIDE = 250
const TOP = 10
const MOST_OPTIONS = 150

/** The profile of the block around a layer, or of the one that was chosen; nothing where there is no block. */
export function profile(shown: Shown, target: Target, width: number): TemplateResult | typeof nothing {
  const { app, state, model } = shown
  const groups = groupsOf(model)
  const found = groups.find(({ value }) => value === state.picture.profile) ?? around(groups, target)
  if (!found) return nothing
  const { group } = found
  const wide = width >= 680
  const accounts = accountsOf(model, group)
  const drawing = wide ? width - SIDE - 28 : width
  const margin = isNarrow(state) ? 62 : 84
  const layout = profileLayout(model, group, drawing, { left: margin, right: margin + 24 })
  if (!layout) return nothing
  const options: Option[] = groups.slice(0, MOST_OPTIONS).map(({ value, label }) => ({ value, label }))
  if (!options.some(({ value }) => value === found.value)) options.push({ value: found.value, label: found.label })
  return html`
    <div class="controls profile-controls">
      ${select('Channels of', 'channels of', options, found.value, value =>
        app.update({ picture: { ...state.picture, profile: value } }),
      )}
      <p class="note">Thickness = channels, left to right = depth; orange 1×1, blue k×k, grey moved.${cutText(layout)}</p>
    </div>
    ${chart(shown, found.label, layout, accounts, { width, wide })} ${hiddenTable(model, layout)}
  `
}

interface Choice {
  readonly value: string
  readonly label: string
  readonly group: PanelGroup
}

/** Blocks and stages with more than one layer, in order. */
function groupsOf({ blocks, stages }: PanelNetwork): Choice[] {
  const choices = (list: readonly PanelGroup[], noun: string): Choice[] =>
    list.flatMap((group, i) => {
      const name = group.name || group.id
      return group.last - group.first > 1
        ? [{ value: `${noun} ${i}`, label: noun === 'stage' ? `stage ${name}` : name, group }]
        : []
    })
  return [...choices(blocks, 'block'), ...choices(stages, 'stage')]
}

/** The smallest group that holds a layer. */
const around = (groups: readonly Choice[], { layer }: Target): Choice | undefined =>
  groups
    .filter(({ group }) => group.first <= layer && layer < group.last)
    .reduce<Choice | undefined>(
      (best, choice) =>
        best && best.group.last - best.group.first <= choice.group.last - choice.group.first ? best : choice,
      undefined,
    )

const cutText = ({ columns, allColumns }: ProfileLayout): string =>
  columns < allColumns ? ` The first ${columns} of ${allColumns} steps.` : ''

function chart(
  shown: Shown,
  name: string,
  layout: ProfileLayout,
  accounts: readonly Account[],
  { width, wide }: { width: number; wide: boolean },
): TemplateResult {
  const { app, state, model } = shown
  const { layers, picture } = model
  const bottom = TOP + layout.height + 12
  const accountsHeight = accounts.reduce((sum, account) => sum + accountHeight(account) + 18, 0)
  const height = wide ? Math.max(bottom, accountsHeight + 20) : bottom + accountsHeight + 14
  const barWidth = Math.min(SIDE, width)
  const most = Math.max(1, ...accounts.map(({ parts }) => parts.reduce((sum, { macs }) => sum + macs, 0)))
  let y = wide ? Math.max(14, (bottom - accountsHeight) / 2) : bottom + 16
  const hits = layout.bars.flatMap(({ map, x, y: top, height: tall }) => {
    const index = picture.maps[map]!.layer
    const layer = index === null ? undefined : layers[index]
    const thick = Math.max(10, tall)
    return layer
      ? [
          {
            id: layer.id,
            label: spokenLayer(layer, model.unit),
            x: x - 3,
            y: top - (thick - tall) / 2 - 1,
            width: BAR + 6,
            height: thick + 2,
            group: index!,
            place: layer.place,
          },
        ]
      : []
  })
  return html`
    <svg class="chart profile" id="profile" width=${width} height=${height} viewBox="0 0 ${width} ${height}">
      <g role="img" aria-label=${findingOf(model, name, layout)} aria-details="profile-data" transform="translate(0 ${TOP})">
        ${[...layout.ribbons].sort(byHue).map(ribbon)} ${layout.bars.map(bar)}
        ${layout.bars.map(each => label(model, each, app.measure))}
      </g>
      ${accounts.map(account => {
        const at = { x: wide ? width - SIDE : 0, y }
        y += accountHeight(account) + 18
        return accountShape(account, at, { width: barWidth, most })
      })}
      <g transform="translate(0 ${TOP})">
        ${chartListbox(shown, { label: `Layers of ${name}`, hits, selected: new Set(state.selection) })}
      </g>
    </svg>
  `
}

/** What is only moved lies below what is computed. */
const byHue = (a: Ribbon, b: Ribbon): number => Number(b.hue === 'moved') - Number(a.hue === 'moved')

function ribbon({ hue, stops }: Ribbon): TemplateResult {
  const [first, ...rest] = stops
  const curve = (edge: 'top' | 'bottom', list: typeof stops): string =>
    list
      .slice(1)
      .map((to, i) => {
        const from = list[i]!
        const middle = (from.x + to.x) / 2
        return `C${middle} ${from[edge]} ${middle} ${to[edge]} ${to.x} ${to[edge]}`
      })
      .join('')
  const back = [...stops].reverse()
  const d = `M${first!.x} ${first!.top}${curve('top', stops)}L${rest.at(-1)!.x} ${rest.at(-1)!.bottom}${curve('bottom', back)}Z`
  return svg`<path class="ribbon step-${hue}" d=${d}></path>`
}

const bar = ({ x, y, height, hue }: ProfileBar): TemplateResult =>
  svg`<rect class="map-bar step-${hue}" x=${x} y=${y} width=${BAR} height=${height}></rect>`

/** Channels in bold, and what makes them where there is room; sizes at the two ends. */
function label(model: PanelNetwork, { map, x, y, height, place, room }: ProfileBar, measure: Shown['app']['measure']) {
  const { channels, size, layer, pooled } = model.picture.maps[map]!
  const count = channels === null ? '?' : String(channels)
  if (measure(count, 11, 600) > room) return nothing
  const made =
    layer === null || place === 'source'
      ? ''
      : `${pooled ? 'pool, ' : ''}${kernelOf(model, layer)}${workOf(model, layer)}`
  const middle = y + height / 2 + 4
  const [at, anchor] = place === 'source' ? [x - 6, 'end'] : [x + BAR + 6, 'start']
  const isEnd = place !== 'inner'
  const second = [made, isEnd ? size : ''].filter(Boolean)
  const beside = place === 'inner' ? second[0] : undefined
  const offset = measure(count, 11, 600) + 7
  const below = isEnd ? second.find(text => measure(text) <= room) : undefined
  return svg`
    <text class="channels" x=${at} y=${below ? middle - 7 : middle} text-anchor=${anchor}>${count}</text>
    ${below ? svg`<text x=${at} y=${middle + 8} text-anchor=${anchor}>${below}</text>` : nothing}
    ${
      beside && offset + measure(beside) <= room
        ? svg`<text x=${at + offset} y=${middle} text-anchor="start">${beside}</text>`
        : nothing
    }
  `
}

function kernelOf({ layers, picture }: PanelNetwork, layer: number): string {
  const index = picture.geometryOf[layer]
  const geometry = index == null ? undefined : picture.geometries[index]
  return geometry && geometry.op !== 'linear' ? geometry.kernel.join('×') : layers[layer]!.what.split(/[ ,]/)[0]!
}

const workOf = ({ layers }: PanelNetwork, layer: number): string => {
  const { work } = layers[layer]!
  return work === null ? '' : ` · ${formatCount(work)}`
}

function findingOf({ picture }: PanelNetwork, name: string, { bars }: ProfileLayout): string {
  const list = bars.map(({ map }) => picture.maps[map]!.channels ?? 'unknown')
  return `Channels of ${name} along its depth: ${list.slice(0, 12).join(', ')}${list.length > 12 ? ', …' : ''}.`
}

const hiddenTable = ({ layers, picture }: PanelNetwork, { bars }: ProfileLayout): TemplateResult => html`
  <div id="profile-data" class="hidden-data"><table>
    <caption>Maps of the block</caption>
    <thead>
      <tr><th scope="col">made by</th><th scope="col">channels</th><th scope="col">size</th></tr>
    </thead>
    <tbody>
      ${bars.map(({ map }) => {
        const { layer, by, channels, size } = picture.maps[map]!
        return html`<tr>
          <th scope="row">${layer === null ? by : layers[layer]!.id}</th><td>${channels ?? 'unknown'}</td><td>${size}</td>
        </tr>`
      })}
    </tbody>
  </table></div>
`
