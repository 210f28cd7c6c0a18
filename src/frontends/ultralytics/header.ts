import type { Span } from '../../base/text'
import type { Problem } from '../../core/problem'
import { mergedEntries, type YamlEntry, type YamlFile, type YamlNode } from '../yamlSource'
import { plainOf } from './literal'
import { type Arg, show } from './signature'

/** How a scale stretches the network: repeats, channels, and the most channels before stretching. */
export interface Scale {
  /** `n`; empty for a file without scales whose name has none. */
  readonly letter: string
  readonly depth: number
  readonly width: number
  readonly maxChannels: number
  readonly span: Span
}

/** What stands above the rows. */
export interface Header {
  readonly scales: readonly Scale[]
  /** Whether the file lists scales by name. */
  readonly listed: boolean
  /** The scale that the file's name asks for, else the first. */
  readonly chosen: Scale
  readonly activation: { readonly text: string; readonly span: Span } | null
  /** Values of the keys that arguments may name; null where a key is missing. */
  readonly values: ReadonlyMap<string, Arg>
  readonly channels: number
  readonly problems: readonly Problem[]
}

/** Keys that rows name in their arguments, with the framework's values where the file gives none. */
const DEFAULTS: readonly (readonly [string, Arg])[] = [
  ['nc', null],
  ['reg_max', 16],
  ['end2end', null],
  ['kpt_shape', 1],
]

/** Reads the keys above the rows. `stem` is the file's name without its ending: `yolo11n` asks for the scale n. */
export function readHeader(file: YamlFile, stem: string): Header {
  const entries = rootEntries(file)
  const problems: Problem[] = []
  const value = (key: string): Arg | undefined => {
    const entry = entries.get(key)
    return entry?.value ? plainOf(file, entry.value) : undefined
  }
  const number = (key: string, fallback: number): number => {
    const given = value(key)
    if (given === undefined || given === null) return fallback
    if (typeof given === 'number' && given >= 0 && given <= 1000) return given
    problems.push(wrong(entries.get(key)!.value!.span, `${key} expects a number and gets ${show(given)}.`))
    return fallback
  }
  const letter = scaleOfName(stem)
  const listed = readScales(file, entries.get('scales'), problems)
  const depth = number('depth_multiple', 1)
  const width = number('width_multiple', 1)
  const plain = { letter, depth, width, maxChannels: Number.POSITIVE_INFINITY, span: placeOf(file, entries) }
  const scales = listed.length > 0 ? listed : [plain]
  const named = listed.find(scale => scale.letter === letter)
  if (letter !== '' && listed.length > 0 && !named) {
    const message = `The file's name asks for scale ${letter}, and the scales are ${listed.map(s => s.letter).join(', ')}.`
    problems.push({ code: 'unknown-option', severity: 'warning', span: entries.get('scales')!.key.span, message })
  }
  const values = new Map<string, Arg>(DEFAULTS.map(([key, fallback]) => [key, value(key) ?? fallback]))
  const anchors = value('anchors')
  if (anchors !== undefined && anchors !== null) values.set('anchors', anchors)
  for (const key of ['nc', 'reg_max']) checkCount(key, values.get(key)!, entries.get(key), problems)
  const activation = value('activation')
  const channels = value('ch') ?? value('channels')
  return {
    scales,
    listed: listed.length > 0,
    chosen: named ?? scales[0]!,
    activation:
      activation === undefined || activation === null || activation === ''
        ? null
        : { text: String(activation), span: entries.get('activation')!.value!.span },
    values,
    channels:
      typeof channels === 'number' && Number.isInteger(channels) && channels >= 1 && channels <= 1e6 ? channels : 3,
    problems,
  }
}

/** The root mapping's entries by key; the last of several with one name counts. */
export function rootEntries(file: YamlFile): ReadonlyMap<string, YamlEntry> {
  const root = file.resolve(file.root)
  return new Map((root?.kind === 'map' ? mergedEntries(file, root) : []).map(entry => [String(entry.key.value), entry]))
}

/** The letter of the scale in a file's name, as Ultralytics finds it: `yolo11n`, `yolov8x-seg`, `yoloe-26s`. */
export const scaleOfName = (stem: string): string => /yolo(?:e-)?v?\d+([nslmx])/.exec(stem)?.[1] ?? ''

function readScales(file: YamlFile, entry: YamlEntry | undefined, problems: Problem[]): Scale[] {
  const map = file.resolve(entry?.value ?? null)
  if (!entry || map === null) return []
  if (map.kind !== 'map') {
    problems.push(wrong(map.span, 'scales expects a mapping from names to [depth, width, max_channels].'))
    return []
  }
  return mergedEntries(file, map)
    .slice(0, MAX_SCALES)
    .map(({ key, value }) => {
      const letter = String(key.value)
      const list = plainOf(file, value)
      const [depth, width, most] = Array.isArray(list) && list.length === 3 ? list : []
      if (isFactor(depth) && isFactor(width) && typeof most === 'number' && most >= 1) {
        return { letter, depth, width, maxChannels: most, span: key.span }
      }
      problems.push(
        wrong(value?.span ?? key.span, `Scale ${letter} expects [depth, width, max_channels] and gets ${show(list)}.`),
      )
      return { letter, depth: 1, width: 1, maxChannels: Number.POSITIVE_INFINITY, span: key.span }
    })
}

/** More scales than this are not offered. */
const MAX_SCALES = 100

const isFactor = (value: Arg | undefined): value is number => typeof value === 'number' && value >= 0 && value <= 1000

function checkCount(key: string, value: Arg, entry: YamlEntry | undefined, problems: Problem[]): void {
  if (value === null || (typeof value === 'number' && Number.isInteger(value) && value >= 1)) return
  const span = (entry?.value as YamlNode | null | undefined)?.span ?? entry?.key.span
  if (span) problems.push(wrong(span, `${key} expects a whole number from 1 and gets ${show(value)}.`))
}

/** Where a model without scales is defined: its first rows, else the top of the file. */
const placeOf = (file: YamlFile, entries: ReadonlyMap<string, YamlEntry>): Span =>
  entries.get('backbone')?.key.span ?? file.root?.span ?? { start: 0, end: 0 }

const wrong = (span: Span, message: string): Problem => ({ code: 'bad-argument', severity: 'error', span, message })
