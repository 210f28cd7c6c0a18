import type { RewriteRequest, RewriteStep } from '../../core/rewrite'
import { lineEndAt } from '../rewriteRows'
import { type Changes, indentOf } from '../yamlMaps'
import type { YamlFile, YamlMap } from '../yamlSource'
import { type Item, readItem } from './items'
import { plainName } from './layers'
import type { Block } from './model'
import type { Form } from './rewriteForm'

/** The row of the convolution with which a block begins, for the row that uses it to be rewritten; or why there is none. */
export function firstConvolution(file: YamlFile, block: Block, isBlock: (name: string) => boolean): Item | string {
  const [row] = block.rows
  const item = row && readItem(file, row, 0, isBlock)
  if (item?.kind !== 'layer' || !isConvolution(item.type)) {
    return `Block ${block.name} begins with something other than the convolution.`
  }
  return ['repeat', 'first', 'when', 'from'].some(key => item.settings.has(key))
    ? `Block ${block.name} runs the convolution under conditions.`
    : item
}

export const isConvolution = (type: string): boolean => /^(?:Lazy)?Conv[123]d$/.test(plainName(type))

/**
 * The parameters with which a use of the block has a 1×1 with stride 1 in place of its convolution; a sentence where the
 * block fixes what would have to be another.
 */
export function asPointwise({ options }: Item, block: Block, file: YamlFile): Changes | string {
  const changes = new Map<string, string | null>()
  for (const [key, wanted] of Object.entries(POINTWISE)) {
    const node = file.resolve(options.find(({ name }) => name === key)?.value ?? null)
    if (node === null) continue
    const text = node.kind === 'scalar' ? String(node.value) : ''
    if (text === wanted) continue
    const name = PARAMETER.exec(text)?.[1]
    const param = block.params.find(one => one.name === name)
    // A padding that follows from the kernel is right as it is; what is not is found when the edited text is read.
    if (!param && key === 'padding' && text.includes('${')) continue
    if (!param) return `Block ${block.name} fixes its ${key}.`
    const usual = file.resolve(param.value)
    changes.set(param.name, usual?.kind === 'scalar' && String(usual.value) === wanted ? null : wanted)
  }
  return changes
}

const POINTWISE: Readonly<Record<string, string>> = {
  kernel_size: '1',
  stride: '1',
  padding: '0',
  dilation: '1',
  groups: '1',
}

/** What a new row says beside its options: a name of its own, what it takes, when it runs. */
export type Settings = ReadonlyMap<string, string>

/**
 * A convolution spelled out as a row before the use of a block, in the style of that row. Null where its calls slide
 * different windows and the use does not say which.
 */
export function plainRow(
  file: YamlFile,
  form: Form,
  { layer, item }: { readonly layer: Item; readonly item: Item },
  step: RewriteStep,
  { nodes }: RewriteRequest,
  channels: { readonly in: string; readonly out: string },
  settings: Settings,
): string | null {
  const options = new Map<string, string>([...settings, ['out_channels', channels.out]])
  if (step.kind === 'pointwise') options.set('kernel_size', '1')
  else {
    const windows = nodes.map(({ attributes }) => windowOf(attributes as unknown as Window))
    for (const [key, usual] of Object.entries(USUAL)) {
      const values = windows.map(window => window?.get(key) ?? null)
      const value = values.every(one => one === values[0]) ? values[0] : handedOn(file, key, layer, item)
      if (value === null || value === undefined) return null
      if (value !== usual) options.set(key, value)
    }
    if (step.depthwise) options.set('groups', channels.in)
  }
  options.set('bias', 'false')
  return spelled(file.text, form, layer.type, options)
}

/** What the use gives a parameter that the block takes for an option just as it is. */
function handedOn(file: YamlFile, key: string, layer: Item, { options }: Item): string | null {
  const inner = file.resolve(layer.options.find(({ name }) => name === key)?.value ?? null)
  const param = inner?.kind === 'scalar' ? PARAMETER.exec(String(inner.value))?.[1] : undefined
  const given = options.find(({ name }) => name === param)?.value
  return given ? file.text.slice(given.span.start, given.span.end) : null
}

const PARAMETER = /^\$\{\s*(\w+)\s*\}$/

/** The options of a window with torch.nn's defaults. */
const USUAL: Readonly<Record<string, string>> = {
  kernel_size: '',
  stride: '1',
  padding: '0',
  dilation: '1',
  groups: '1',
}

interface Window {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly padding: readonly (readonly [number, number])[]
  readonly dilation: readonly number[]
  readonly groups: number
}

/** The options of a window; null for a padding that torch.nn cannot say. */
function windowOf({ kernel, stride, padding, dilation, groups }: Window): ReadonlyMap<string, string> | null {
  if (padding.some(([start, end]) => start !== end)) return null
  const sides = padding.map(([start]) => start)
  return new Map([
    ['kernel_size', perAxis(kernel)],
    ['stride', perAxis(stride)],
    ['padding', perAxis(sides)],
    ['dilation', perAxis(dilation)],
    ['groups', String(groups)],
  ])
}

const perAxis = (sizes: readonly number[]): string =>
  sizes.every(size => size === sizes[0]) ? String(sizes[0]) : `[${sizes.join(', ')}]`

/** `Conv2d: {…}` or `type: Conv2d` with options, in braces or on lines as the row of the form has them. */
function spelled(
  text: string,
  { row, options, under }: Form,
  type: string,
  entries: ReadonlyMap<string, string>,
): string {
  const lines = [...entries].map(([key, value]) => `${key}: ${value}`)
  const inBraces = (map: YamlMap, body: readonly string[]): string => {
    const pad = /^\{([ \t]*)/.exec(text.slice(map.span.start, map.span.start + 10))?.[1] ?? ''
    return `{${pad}${body.join(', ')}${pad}}`
  }
  const onLines = (map: YamlMap, body: readonly string[]): string =>
    body.join(lineEndAt(text, map.span.start) + indentOf(text, map))
  const isFlow = (map: YamlMap): boolean => text[map.span.start] === '{'
  if (!under || options.kind === 'list') {
    const all = [`type: ${type}`, ...lines]
    return isFlow(row) ? inBraces(row, all) : onLines(row, all)
  }
  if (isFlow(options)) {
    const one = `${type}: ${inBraces(options, lines)}`
    return isFlow(row) ? inBraces(row, [one]) : one
  }
  const gap = lineEndAt(text, row.span.start) + indentOf(text, options)
  return `${type}:${gap}${onLines(options, lines)}`
}
