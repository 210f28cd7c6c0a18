/** Widths of text in the page's font, so that charts leave out what does not fit instead of cutting it. */
export type Measure = (text: string, size?: number, weight?: number) => number

export function textMeasure(): Measure {
  const context = document.createElement('canvas').getContext('2d')!
  const known = new Map<string, number>()
  return (text, size = 11, weight = 400) => {
    const family = getComputedStyle(document.body).fontFamily || 'sans-serif'
    const key = `${weight} ${size} ${family} ${text}`
    let width = known.get(key)
    if (width === undefined) {
      context.font = `${weight} ${size}px ${family}`
      width = context.measureText(text).width
      known.set(key, width)
    }
    return width
  }
}
