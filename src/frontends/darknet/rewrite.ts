import type { Span } from '../../base/text'
import type { TextEdit } from '../../core/problem'
import type { RewriteRequest, RewriteStep, Rewriting } from '../../core/rewrite'
import {
  channelsOf,
  inOrder,
  lineEndAt,
  lineStartAt,
  type RowReference,
  referenceEdits,
  SHARED_REFERENCE,
} from '../rewriteRows'
import { NETWORK_NAMES } from './network'
import { keysOf } from './remarks'
import type { Section } from './syntax'
import { digits, find } from './values'

/**
 * A [convolutional] section as several. Sections that come later are renumbered wherever they are named. A convolution
 * without batch normalization has a bias in Darknet, whatever is asked for.
 */
export function rewriteSection(all: readonly Section[], text: string, request: RewriteRequest): Rewriting {
  const sections = all[0] && NETWORK_NAMES.includes(all[0].name) ? all.slice(1) : all
  const at = sections.findIndex(({ header }) => header.start === request.site.span.start)
  const section = sections[at]
  if (!section) return refused('Its section is not read.')
  const { steps } = request
  if (!CONVOLUTIONS.includes(section.name)) return refused(`It is built inside [${section.name}].`)
  if (find(section, 'share_index')) return refused('It uses the weights of another layer.')
  const references = [...referencesOf(sections, text)]
  const sharer = references.find(({ key, target }) => key === 'share_index' && target === at)
  if (sharer) return refused(`Layer ${sharer.row} uses its weights.`)
  const isLast = steps.at(-1)!.kind === 'spatial'
  if (!isLast && isSet(section, 'antialiasing')) return refused('Its antialiasing blurs behind the activation.')
  if (steps.some(step => step.depthwise) && isSet(section, 'xnor')) return refused('With xnor it has no groups.')
  if (steps.some(step => channelsOf(step.from, request) === null)) return refused('Its channels are not known.')
  const edits = referenceEdits(references, { at, count: steps.length - 1 })
  if (edits === null) return refused(SHARED_REFERENCE)
  const usual = usualActivation(sections)
  const before = steps.slice(0, -1).map(step => newSection(section, text, step, request, usual))
  const between = betweenSections(section, text)
  const start = section.header.start
  edits.push({ span: { start, end: start }, newText: before.map(made => made + between).join('') })
  if (!isLast) edits.push(...asPointwise(section, text))
  const width = steps.some(step => step.to === 'r') ? String(channelsOf('r', request)) : ''
  return [{ edits: inOrder(edits), width }]
}

const CONVOLUTIONS: readonly string[] = ['convolutional', 'conv']

const refused = (sentence: string): { readonly refused: string } => ({ refused: sentence })

const isSet = (section: Section, key: string): boolean => (digits(find(section, key)?.value ?? '') ?? 0) !== 0

/** Keys whose one number names a layer; lists of such are of the kind `layers`. */
const SINGLE_REFERENCES: readonly string[] = ['share_index', 'embedding_layer', 'yolo_layer']

/** Every number of the file that names a layer. */
function* referencesOf(
  sections: readonly Section[],
  text: string,
): Iterable<RowReference & { readonly key: string; readonly target: number }> {
  for (const [row, section] of sections.entries()) {
    const lists = keysOf(section.name)?.filter(
      ({ kind, name }) => kind === 'layers' || SINGLE_REFERENCES.includes(name),
    )
    for (const { name: key } of lists ?? []) {
      const option = find(section, key)
      if (!option || option.value === null) continue
      for (const match of text.slice(option.valueSpan.start, option.valueSpan.end).matchAll(/[^,]+/g)) {
        const written = digits(match[0].trim())
        // A yolo_layer of 0 is none.
        if (written === null || (key === 'yolo_layer' && written === 0)) continue
        const start = option.valueSpan.start + match.index + match[0].search(/\S/)
        const length = /^[+-]?\d+/.exec(match[0].trim())![0].length
        yield { key, row, written, target: written < 0 ? row + written : written, span: { start, end: start + length } }
      }
    }
  }
}

/** Keys that describe a window or what is done with it: a 1×1 in its place has none of them. */
const WINDOW: readonly string[] = [
  ...['padding', 'groups', 'dilation', 'stride_x', 'stride_y', 'coordconv'],
  ...['sway', 'rotate', 'stretch', 'stretch_sway', 'angle'],
]
/** Keys that no part of a section that is divided has twice. */
const ONCE: readonly string[] = ['stopbackward', 'cbn', 'batch_normalize', 'filters', 'groups', 'activation']

/** A section before the last, with the keys in the order of the section that stands there and spelled like them. */
function newSection(section: Section, text: string, step: RewriteStep, request: RewriteRequest, usual: string): string {
  const own = (key: string): string | null => find(section, key)?.value ?? null
  const activation = own('activation')
  const then = step.normed ? (activation === null || activation === 'linear' ? usual : activation) : 'linear'
  const filters = String(channelsOf(step.to, request))
  const values = new Map<string, string>(step.normed ? [['batch_normalize', '1']] : [])
  values.set('filters', filters)
  if (step.kind === 'pointwise') {
    for (const key of ['size', 'stride']) if (key === 'size' || own(key) !== null) values.set(key, '1')
    const pad = own('pad')
    if (pad !== null) values.set('pad', pad)
  } else {
    for (const { key, value } of section.options) {
      if (value !== null && !ONCE.includes(key) && !values.has(key)) values.set(key, value)
    }
    const groups = step.depthwise ? filters : own('groups')
    if (groups !== null) values.set('groups', groups)
  }
  values.set('activation', then)
  const order = section.options.map(({ key }) => key)
  const place = (key: string): number => {
    const at = order.indexOf(key)
    if (at >= 0) return at
    // What the section does not have stands first, behind the filters, or last.
    return key === 'batch_normalize' ? -1 : key === 'groups' ? order.indexOf('filters') + 0.5 : order.length
  }
  const lines = [...values.keys()]
    .sort((a, b) => place(a) - place(b))
    .map(key => lineLike(section, text, key, values.get(key)!))
  const header = text.slice(section.header.start, section.header.end)
  return [header, ...lines].join(lineEndAt(text, section.header.start))
}

/** `key=value` as the section spells that key, or as it spells most. */
function lineLike({ options }: Section, text: string, key: string, value: string): string {
  const model = options.find(option => option.key === key) ?? options.find(option => option.value !== null)
  if (!model) return `${key}=${value}`
  const equals = text.slice(model.keySpan.end, model.valueSpan.start)
  const name = model.key === key ? text.slice(model.keySpan.start, model.keySpan.end) : key
  return `${indentOf(text, model.keySpan)}${name}${equals || '='}${value}`
}

/** The section itself as a 1×1: what a window is made of goes, the norm, the activation and the filters stay. */
function asPointwise(section: Section, text: string): TextEdit[] {
  const edits: TextEdit[] = []
  const seen = new Set<string>()
  for (const { key, value, valueSpan, keySpan } of section.options) {
    if (WINDOW.includes(key)) edits.push({ span: wholeLine(text, keySpan), newText: '' })
    else if ((key === 'size' || key === 'stride') && value !== '1' && !seen.has(key)) {
      edits.push({ span: valueSpan, newText: '1' })
    }
    seen.add(key)
  }
  return edits
}

/** The line of a key with its end. */
function wholeLine(text: string, { start, end }: Span): Span {
  const next = /[\r\n]/.exec(text.slice(end))
  if (!next) return { start: lineStartAt(text, start), end: text.length }
  const at = end + next.index
  return { start: lineStartAt(text, start), end: at + (text.startsWith('\r\n', at) ? 2 : 1) }
}

/** What stands between a new section and the next: a line end, and blank lines as the file has them. */
function betweenSections({ header, span }: Section, text: string): string {
  const start = lineStartAt(text, header.start)
  const above = blankLines(
    text
      .slice(Math.max(0, start - NEAR), start)
      .split('\n')
      .slice(0, -1)
      .reverse(),
  )
  const below = blankLines(
    text
      .slice(span.end, span.end + NEAR)
      .split('\n')
      .slice(1),
  )
  return lineEndAt(text, header.start).repeat(1 + (above || below)) + indentOf(text, header)
}

/** How many lines are blank before one is not, two at most. */
const blankLines = (lines: readonly string[]): number =>
  Math.min(
    2,
    lines.findIndex(line => line.trim() !== ''),
  )

/** Blank lines further away are none of a section's. */
const NEAR = 200

const indentOf = (text: string, { start }: Span): string => text.slice(lineStartAt(text, start), start)

/** The activation that most normalized convolutions of the file have; leaky where none has any. */
function usualActivation(sections: readonly Section[]): string {
  const counts = new Map<string, number>()
  for (const section of sections) {
    const name = CONVOLUTIONS.includes(section.name) ? find(section, 'activation')?.value : null
    if (name && name !== 'linear') counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'leaky'
}
