import type { App } from './app'

/** Properties that a picture needs outside the page, where no style sheet reaches it. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'paint-order',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const
const PADDING = 12
const PIXELS_PER_UNIT = 2

/** Sends a chart, the one that is shown by default, to the extension, as SVG text or as a PNG in base64. */
export async function exportPicture(
  app: App,
  format: 'svg' | 'png',
  chart: SVGSVGElement | null = document.querySelector<SVGSVGElement>('#chart'),
): Promise<void> {
  if (!chart) {
    app.update({ said: 'No chart is shown' })
    return
  }
  const picture = standalone(chart)
  const { tab } = app.state
  app.send({ type: 'export', format, data: format === 'svg' ? picture.text : await rasterize(picture), tab })
}

interface Picture {
  readonly text: string
  readonly width: number
  readonly height: number
}

/** A copy with every style written out, the patterns it uses, and the page's ground behind it. */
function standalone(chart: SVGSVGElement): Picture {
  const width = chart.width.baseVal.value + 2 * PADDING
  const height = chart.height.baseVal.value + 2 * PADDING
  const copy = styledCopy(chart)
  for (const extra of copy.querySelectorAll('.hit, .selection, .selected-cell, .ring')) extra.remove()
  const defs = document.querySelector('#patterns defs')
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  setAll(svg, { width, height, viewBox: `${-PADDING} ${-PADDING} ${width} ${height}` })
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  setAll(ground, { x: -PADDING, y: -PADDING, width, height, fill: getComputedStyle(document.body).backgroundColor })
  svg.append(...(defs ? [styledCopy(defs)] : []), ground, ...copy.childNodes)
  const text = new XMLSerializer().serializeToString(svg).replace(/<!--.*?-->/g, '')
  return { text, width, height }
}

function styledCopy<E extends Element>(source: E): E {
  const copy = source.cloneNode(true) as E
  const originals = [source, ...source.querySelectorAll('*')]
  const copies = [copy, ...copy.querySelectorAll('*')]
  originals.forEach((original, i) => {
    const style = getComputedStyle(original)
    const target = copies[i]!
    for (const name of STYLES) {
      const value = style.getPropertyValue(name)
      if (value) target.setAttribute(name, value.replace(/url\("[^"#]*#/, 'url("#'))
    }
    for (const name of ['class', 'tabindex', 'data-hit']) target.removeAttribute(name)
  })
  return copy
}

async function rasterize({ text, width, height }: Picture): Promise<string> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = width * PIXELS_PER_UNIT
  canvas.height = height * PIXELS_PER_UNIT
  const context = canvas.getContext('2d')!
  context.scale(PIXELS_PER_UNIT, PIXELS_PER_UNIT)
  context.drawImage(image, 0, 0)
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '')
}

function setAll(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
}
