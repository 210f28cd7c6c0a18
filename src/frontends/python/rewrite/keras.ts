import type { TextEdit } from '../../../core/problem'
import type { RewriteAttempt } from '../../../core/rewrite'
import type { Found } from '../syntax/around'
import type * as ast from '../syntax/ast'
import { merged } from './between'
import { argumentOf, type BoundCall, edited, givenAs, remade } from './calls'
import { type Named, namesAt } from './names'
import type { Role, Signature, Spelling } from './spelling'
import { attributesOf, biased, type Channels, type Context } from './steps'
import { type Spelled, widthText } from './widths'

const NAMES: Readonly<Partial<Record<Role, string>>> = {
  out: 'filters',
  kernel: 'kernel_size',
  stride: 'strides',
  padding: 'padding',
  dilation: 'dilation_rate',
  groups: 'groups',
  bias: 'use_bias',
}

const positional =
  'filters kernel_size strides padding data_format dilation_rate groups activation use_bias kernel_initializer'.split(
    ' ',
  )

/** keras/src/layers/convolutional: input channels are found when a layer is called. */
const convolution: Signature = {
  positional,
  named: new Set(positional),
  open: true,
  defaults: new Map([
    ['strides', 1],
    ['dilation_rate', 1],
    ['groups', 1],
  ]),
  roles: NAMES,
}

/** Where the first layer of a Sequential says what it is given. */
const INPUT = ['input_shape', 'batch_input_shape', 'input_dim', 'batch_size']

/** Keras: one layer after the other is written as calls in each other, items of a list, or statements. */
export const keras: Spelling = {
  packages: [
    'keras.layers',
    'tensorflow.keras.layers',
    'tf_keras.layers',
    'tensorflow.python.keras.layers',
    'keras.src.layers',
  ],
  convolution: rank => `Conv${rank}D`,
  signatureOf: cls => (/^Conv(?:olution)?[123]D$/.test(cls) ? convolution : null),
  storage: [],
  sequence: { name: 'Sequential', listed: true },
  norm: op => (op === 'layer_norm' ? 'LayerNormalization' : 'BatchNormalization'),
  channelsOf: () => ({ name: '', position: -1 }),
  activation: fn => (fn === 'relu' ? 'ReLU' : null),
  functional: /^conv[123]d$/,
  attempts: kerasAttempts,
}

/** Packages that have Sequential as a member. */
const MODELS: Spelling = {
  ...keras,
  packages: ['keras', 'keras.models', 'tensorflow.keras', 'tensorflow.keras.models', 'tf_keras'],
  signatureOf: () => null,
}

/**
 * `Conv2D(b, 3)(x)` becomes `Conv2D(b, 3)(Conv2D(r, 1, use_bias=False)(x))`, or two statements where the call is one.
 * Channels of the input are not written: a layer finds them.
 */
function kerasAttempts(context: Context, bound: BoundCall): Iterable<RewriteAttempt> | { readonly refused: string } {
  const { site, steps } = context
  if (bound.call.args.some(a => a.star !== 0 && steps.some(s => s.to !== 'out')))
    return { refused: `Arguments of ${site.name} are passed on unpacked.` }
  const attributes = attributesOf(context)
  const width = widthText(
    context.width,
    attributes.map(a => a.inChannels),
    inputOf(context),
    bound.text,
  )
  if (width === null) return { refused: 'Its calls would get different widths, which one number cannot say.' }
  const output = argumentOf(bound, 'out')
  if (!output) return { refused: `${site.name} does not say its filters.` }
  if (biased(context) === null) return { refused: 'Some of its calls have a bias, and the call does not say which.' }
  const out = bound.text.slice(output.value.start, output.value.end)
  return written(context, bound, { in: '', out, r: width })
}

/** The channels of what a functional call is given: `x.shape[-1]`. */
function inputOf({ place: { around, call, text } }: Context): Spelled | null {
  const outer = around.at(-1) as unknown as ast.Call | undefined
  const given = outer?.kind === 'Call' && outer.func === call && outer.args.length === 1 ? outer.args[0]!.value : null
  if (given?.kind !== 'Name' || /channels_first/.test(text)) return null
  return { text: `${given.id}.shape[-1]`, tree: { ...given, kind: 'Subscript' } as unknown as ast.Expression }
}

function* written(context: Context, bound: BoundCall, channels: Channels): Iterable<RewriteAttempt> {
  const { place, names, steps, rank } = context
  const { text } = bound
  const callee: Named = { text: text.slice(place.call.func.start, place.call.func.end), edits: [] }
  const depthwise = steps.some(s => s.depthwise) ? names(`DepthwiseConv${rank}D`) : callee
  if (!depthwise) return
  const normed = steps.some(s => s.normed)
  const norm = normed ? names('BatchNormalization') : callee
  const activation = normed ? names('Activation') : callee
  if (!norm || !activation) return
  const first = steps[0]!
  const format = givenAs(bound, 'data_format')
  const shapes = INPUT.flatMap(name => {
    const given = givenAs(bound, name)
    return given ? [[name, text.slice(given.value.start, given.value.end)] as const] : []
  })
  const layers = steps.flatMap(step => {
    const own = step === first ? shapes.map(([name, value]) => `${name}=${value}`) : []
    const layer =
      step.kind === 'spatial'
        ? spatial(bound, step, channels, step.depthwise ? depthwise.text : callee.text, step === first)
        : pointwise(bound, step.last, callee.text, channels[step.to], own)
    const axis = format && /channels_first/.test(text.slice(format.start, format.end)) ? 'axis=1' : ''
    return step.normed
      ? [layer, `${norm.text}(${axis})`, `${activation.text}("relu")`.replaceAll('"', quote(text))]
      : [layer]
  })
  const imports = merged(depthwise.edits, norm.edits, activation.edits)
  for (const edits of placed(context, layers, channels.r)) {
    const all = [...merged(imports, edits.imports), edits.edit].sort((a, b) => a.span.start - b.span.start)
    yield { edits: all, width: channels.r }
  }
}

const quote = (text: string): string => ((text.match(/'/g)?.length ?? 0) > (text.match(/"/g)?.length ?? 0) ? "'" : '"')

/** A new 1×1; the last one has the bias and the activation that the call has. */
function pointwise(bound: BoundCall, last: boolean, callee: string, to: string, more: readonly string[]): string {
  const kept = ['data_format', ...(last ? ['activation', 'use_bias'] : [])].flatMap(name => {
    const given = givenAs(bound, name)
    return given ? [`${name}=${bound.text.slice(given.value.start, given.value.end)}`] : []
  })
  return `${callee}(${[to, '1', ...more, ...kept, ...(last ? [] : ['use_bias=False'])].join(', ')})`
}

/** The call as written, with the filters of a step; what only the last layer has goes there. */
function spatial(
  bound: BoundCall,
  step: Context['steps'][number],
  channels: Channels,
  callee: string,
  first: boolean,
): string {
  const values = new Map<string, string | null>()
  if (step.depthwise) {
    for (const name of ['filters', 'groups', 'kernel_initializer', 'kernel_regularizer', 'kernel_constraint'])
      if (givenAs(bound, name)) values.set(name, null)
  } else if (step.to !== 'out') values.set('filters', channels[step.to])
  if (!step.last) {
    if (givenAs(bound, 'activation')) values.set('activation', null)
    values.set('use_bias', 'False')
  }
  if (!first) for (const name of INPUT) if (givenAs(bound, name)) values.set(name, null)
  const kernel = argumentOf(bound, 'kernel')
  if (step.depthwise && kernel) {
    // Of a depthwise layer the kernel comes first, and what follows stands at other places.
    values.set('kernel_size', null)
    const rest = remadeInOrder(bound, '', values).slice(1, -1)
    const size = bound.text.slice(kernel.value.start, kernel.value.end)
    return `${callee}(${[size, ...(rest ? [rest] : [])].join(', ')})`
  }
  const changed = [...values.values()]
  if (changed.every(value => value !== null)) return edited(bound, values as Map<string, string>)
  return remadeInOrder(bound, callee, values)
}

/** As `remade`, with what is added behind the others. */
function remadeInOrder(bound: BoundCall, callee: string, values: ReadonlyMap<string, string | null>): string {
  const added = [...values].flatMap(([name, value]) =>
    value !== null && !givenAs(bound, name) ? [`${name}=${value}`] : [],
  )
  const known = new Map([...values].filter(([name, value]) => value === null || givenAs(bound, name)))
  const made = remade(bound, callee, known)
  if (added.length === 0) return made
  return `${made.slice(0, -1)}${made.endsWith('()') ? '' : ', '}${added.join(', ')})`
}

interface Placed {
  readonly edit: TextEdit
  readonly imports: readonly TextEdit[]
}

/** Puts layers one after the other where the call stands, in the way in which the file does. */
function* placed(context: Context, layers: readonly string[], width: string): Iterable<Placed> {
  const { place } = context
  const { text, call, around } = place
  const parent = around.at(-1)
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const margin = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', call.start - 1) + 1))![0]
  const replace = ({ start, end }: { start: number; end: number }, newText: string): Placed => ({
    edit: { span: { start, end }, newText },
    imports: [],
  })
  const outer = parent as unknown as ast.Call | undefined
  if (outer?.kind === 'Call' && outer.func === call && outer.args.length > 0) {
    const given = text.slice(call.end, outer.end)
    const statement = around.at(-2) as (Found & Partial<ast.Assign>) | undefined
    const [target] = statement?.kind === 'Assign' && statement.value === (outer as unknown) ? statement.targets! : []
    if (target?.kind === 'Name' && statement?.targets?.length === 1 && startsLine(text, statement.start)) {
      const [first, ...rest] = layers
      // From the second statement on the name is the narrow map's.
      const own = `${target.id}.shape[-1]`
      const now = (layer: string): string => (width.includes(own) ? layer.replace(width, own) : layer)
      const lines = rest.map(layer => `${eol}${margin}${target.id} = ${now(layer)}(${target.id})`)
      yield replace(outer, `${first}${given}${lines.join('')}`)
      return
    }
    yield replace(
      outer,
      layers.slice(1).reduce((inner, layer) => `${layer}(${inner})`, `${layers[0]}${given}`),
    )
    return
  }
  if (parent?.kind === 'List' && isSequential(around.at(-2), text)) {
    const alone = startsLine(text, call.start)
    yield replace(call, layers.join(alone ? `,${eol}${margin}` : ', '))
    return
  }
  const statement = around.at(-2)
  if (
    outer?.kind === 'Call' &&
    outer.func.kind === 'Attribute' &&
    outer.func.name === 'add' &&
    statement?.kind === 'Expression'
  ) {
    const model = text.slice(outer.func.start, outer.func.end)
    yield replace(outer, layers.map(layer => `${model}(${layer})`).join(`${eol}${margin}`))
    return
  }
  const found = namesAt(place, MODELS)('Sequential')
  const sequence =
    found?.edits.length && /^(?:import keras|from tensorflow import .*\bkeras\b)/m.test(text)
      ? { text: 'keras.Sequential', edits: [] }
      : found
  if (!sequence) return
  const oneLine = `${sequence.text}([${layers.join(', ')}])`
  const deeper = `${eol}${margin}    `
  const lines = `${sequence.text}([${layers.map(layer => `${deeper}${layer},`).join('')}${eol}${margin}])`
  const room = 100 - (call.start - text.lastIndexOf('\n', call.start - 1))
  yield {
    ...replace(call, oneLine.length <= room && !oneLine.includes('\n') ? oneLine : lines),
    imports: sequence.edits,
  }
}

const startsLine = (text: string, at: number): boolean =>
  /^[ \t]*$/.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, at))

/** Whether a list is the layers of a Sequential. */
function isSequential(node: Found | undefined, text: string): boolean {
  const call = node as unknown as ast.Call | undefined
  return call?.kind === 'Call' && /\bSequential$/.test(text.slice(call.func.start, call.func.end))
}
