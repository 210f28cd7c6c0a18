import type { Source } from '../frontend'
import { layerType, NOT_MODELLED, plainName } from './layers'

/**
 * Whether a text is a layer list, by content and without parsing: a list under `layers`, `model` or `network` whose
 * rows name layers of torch.nn, or positional rows beside the size of an input.
 */
export function isLayerList({ text, name }: Pick<Source, 'text' | 'name'>): boolean {
  const own = /\.convlens\.ya?ml$/i.test(name)
  const from = text.charCodeAt(0) === 0xfeff ? 1 : 0
  if (/^\s*[{<]/.test(text.slice(from, from + 200))) return false
  if (own && /^(?:layers|model|blocks|input)[ \t]*:/m.test(text)) return true
  const body = LIST_KEY.exec(text)
  const rows = body ? text.slice(body.index + body[0].length, body.index + WINDOW) : null
  if (rows !== null) {
    if (/^[ \t]*\[[ \t]*-?\d/.test(rows) || POSITIONAL.test(rows)) return isPositional(text, rows)
    if (layerScore(rows) >= 2) return true
    const margin = /^[ \t]*/.exec(body![0])![0]
    if (ROWS.test(rows) && hasInput(text, margin)) return true
  }
  if (ROOT_LIST.test(text) && layerScore(text.slice(0, WINDOW)) >= 2) return true
  const positional = POSITIONAL_KEY.exec(text)
  return positional !== null && isPositional(text, text.slice(positional.index, positional.index + WINDOW))
}

/** As much of the list as is looked at. */
const WINDOW = 6000
const LIST_KEY = /^(?:[ \t]{0,4}layers|model|network)[ \t]*:[ \t]*(?:#[^\n]*)?(?:\r?\n|$|(?=\[))/m
const POSITIONAL_KEY = /^(?:backbone|module|layers|model|network)[ \t]*:/m
/** Rows without a key over them. */
const ROOT_LIST = /^\uFEFF?(?:[ \t]*(?:#[^\n]*)?\r?\n|---[ \t]*\r?\n)*-[ \t]/
/** The size of an input beside the list, as far indented. */
const hasInput = (text: string, margin: string): boolean =>
  [...text.slice(0, 200_000).matchAll(INPUT)].some(match => match[1] === margin)
const INPUT = /^([ \t]{0,4})(?:input|input_shape|input_size)[ \t]*:[ \t]*\[[ \t]*\d+[ \t]*[,\]]/gm
const POSITIONAL_INPUT = /^(?:input_channels?|input_size|input_shape|input)[ \t]*:[ \t]*[[\d]/m
/** `[-1, 1, Conv, [64, 3]]` with its bracket open or closed, or the start of one. */
const POSITIONAL =
  /\[[ \t]*(?:-?\d+|\[[-\d,\s]*\])[ \t]*,[ \t]*[\w.*]+[ \t]*,[ \t]*['"]?[A-Za-z_][\w.]*['"]?[ \t]*[,\]]/
const ROWS =
  /(?:^[ \t]*-[ \t]+|[[,][ \t]*\{?[ \t]*)(?:type[ \t]*:|(?:nn\.)?[A-Z]\w*[ \t]*:?|branches[ \t]*:|residual[ \t]*:|layers[ \t]*:)/m

const isPositional = (text: string, rows: string): boolean =>
  POSITIONAL.test(rows) && (POSITIONAL_INPUT.test(text) || /^args[ \t]*:/m.test(text) || /^module[ \t]*:/m.test(rows))

/** What stands where a row names its layer: behind a dash, `type:`, or in a flow list. */
const NAMED =
  /(?:^[ \t]*(?:-[ \t]+)+\{?|\btype[ \t]*:|[[{,])[ \t]*(?:type[ \t]*:[ \t]*)?["']?((?:torch\.)?(?:nn\.)?[A-Z]\w*)/gm

/** Names that other kinds of file use as well count less than those that only networks have. */
const GENERIC =
  /^(?:Add|Mul|Mean|Concat|Identity|Threshold|Reshape|Permute|Transpose|Squeeze|Unsqueeze|Linear|Transformer)$/

function layerScore(rows: string): number {
  let score = 0
  const seen = new Set<string>()
  for (const match of rows.matchAll(NAMED)) {
    const name = plainName(match[1]!)
    if (seen.has(name) || !(layerType(name) || NOT_MODELLED.has(name))) continue
    seen.add(name)
    score += GENERIC.test(name) ? 1 : 2
    if (score >= 2) break
  }
  // Two generic names, or one beside an option of its own, are enough.
  return score === 1 && /\b(?:in_features|out_features)[ \t]*:[ \t]*\d/.test(rows) ? 2 : score
}
