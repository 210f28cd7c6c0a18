import type { ModelChoice } from '../frontend'
import type { Header, Scale } from './header'

/**
 * What the models of a file are called: `yolov8n-p2` for scale n of yolov8-p2.yaml, whose alias is `n`. A name that
 * has its scale already keeps it (`yolov10n`, `rtdetr-l`).
 */
export function modelChoices(stem: string, header: Header): ModelChoice[] {
  const names = header.scales.map(scale => nameOf(stem, header, scale))
  return header.scales.map((scale, i) => {
    const aliases = header.listed
      ? [scale.letter, inserted(stem, scale.letter), `${stem}-${scale.letter}`, stem + scale.letter]
      : []
    if (scale === header.chosen) aliases.push(stem)
    const own = new Set(aliases.filter(alias => alias !== '' && !names.includes(alias)))
    return { name: names[i]!, aliases: [...own], span: scale.span }
  })
}

export const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '')

function nameOf(stem: string, header: Header, { letter }: Scale): string {
  if (!header.listed) return stem
  const version = VERSION.exec(stem)
  if (version) return stem.replace(VERSION, `$1${letter}$3`)
  return header.scales.length === 1 ? stem : `${stem}-${letter}`
}

/** The letter put behind the version, whatever stands there. */
const inserted = (stem: string, letter: string): string => stem.replace(/(yolo(?:e-)?v?\d+)/, `$1${letter}`)

/** `yolov8`, then the letter of a scale or nothing, then the end or a suffix such as `-p2`. */
const VERSION = /(yolo(?:e-)?v?\d+)([nslmx]?)($|[^a-z0-9])/
