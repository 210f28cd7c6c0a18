/**
 * Above a model its totals, above a block how often it is used; each is a command:
 *
 *   vgg16: 138M params | 15.5G MACs | input 3×224×224 | Show cost | 1×1 could save 86%
 *   layers:
 *
 *   net: 1.2M params | 349M MACs | −57% MACs since HEAD | input 3×224×224 | Show cost
 *   layers:
 *
 *   16 calls in resnet50, 88% of its MACs | show all 16 | pin layer3.0
 *   bottleneck:
 *
 *   layer3.0, 1 of 16 calls in resnet50, 9.1% of its MACs | show all 16 | pin another
 *   bottleneck:
 *
 *   Net: 1.2M params | 349M MACs | input 3×224×224 | Show cost | last numbers: line 19 does not parse yet
 *   class Net(nn.Module):
 *
 *   not called in resnet50 | show BasicBlock
 *   class BasicBlock(nn.Module):
 *
 *   Show resnet101
 *   def resnet101():
 *
 *   show UNet…
 *   class UNet(nn.Module):
 */
import type { CodeLens, Command } from 'vscode-languageserver-types'
import { type Device, deviceById } from '../analysis/advice'
import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import { couldSave } from '../analysis/saving'
import { formatShare, plural } from '../base/format'
import { positionAt, type Span } from '../base/text'
import { COMMANDS } from '../protocol'
import type { Unit } from './hintLabel'
import { blocksOf, callsOfBlock, isPinned } from './pin'
import { toPosition } from './ranges'
import { inputText, totalParams, totalWork } from './totals'

/** What comes back with a lens that is to be resolved. */
export interface LensData {
  readonly uri: string
  readonly about:
    | (typeof MODEL_LENSES)[number]
    | (typeof BLOCK_LENSES)[number]
    | 'choose'
    | 'uncalled'
    | 'alone'
    | 'lacks'
  /** 0-based, of the analysed text. */
  readonly line: number
  /** Of the block, or of the model that may be chosen. */
  readonly name?: string
  /** `(planes, width)`, of a block that nothing of the shown model calls: what it is made with. */
  readonly made?: string
}

export interface LensOptions {
  readonly unit: Unit
  /** Whether the client knows COMMANDS; others get the words alone. */
  readonly commands: boolean
  /** A bottleneck that costs time on it is no advice; absent for the usual one. */
  readonly device?: Device
  /** What changed since HEAD, where that is known and something did: `−36% MACs`. */
  readonly since?: string | null
  /** The module path of a pinned instance, called by the shown model. */
  readonly pin?: string | undefined
}

/**
 * The places of all lenses; what they say comes with `resolveLens`. Models that are not shown are only offered: nothing
 * of them is analysed.
 */
export function codeLenses(
  analysis: Analysis,
  options: Pick<LensOptions, 'commands' | 'device' | 'since'>,
): CodeLens[] {
  const { chosen, models, source, lineStarts, behind } = analysis
  const { uri } = source
  const model = analysis.model()
  const lens = (span: Span, data: Omit<LensData, 'uri' | 'line'>): CodeLens => {
    const line = lineNow(analysis, span.start)
    const at = behind ? { line, character: 0 } : toPosition(lineStarts, span.start)
    return { range: { start: at, end: at }, data: { uri, line, ...data } satisfies LensData }
  }
  if (!chosen || !model) {
    // Nothing says what these classes are made with: whoever knows is asked.
    const classes = options.commands ? blocksOf(analysis.file.outline()).filter(({ detail }) => detail !== '') : []
    return classes.map(({ name, nameSpan, detail }) => lens(nameSpan, { about: 'alone', name, made: detail }))
  }
  const worthwhile = couldSave(analysis, model, options.device ?? deviceById(undefined)) >= LEAST_SAVING
  const about = MODEL_LENSES.filter(
    name =>
      // A script draws on tensors of its own.
      (name !== 'input' || model.inputs.length > 0) &&
      (name !== 'unknown' || model.uncounted.length > 0) &&
      (name !== 'advice' || worthwhile) &&
      (name !== 'behind' || behind !== undefined) &&
      (name !== 'since' || options.since != null),
  )
  const isProgram = model.bindings !== undefined
  const root = isProgram ? model.graph.scopes.find(scope => scope.parent === null)?.origin.type : undefined
  const blocks = blocksOf(analysis.file.outline())
  // A factory makes an instance of a class: both show what it costs.
  const made = blocks.filter(({ name, span }) => name === root && span.start !== chosen.span.start)
  const others = isProgram ? models.filter(other => other !== chosen && other.name !== chosen.name) : []
  // A call that was asked for by name is no line of the file, but of its class.
  const own = made.length > 0 && !models.includes(chosen) ? [] : [chosen.span]
  const listed = new Set(models.map(({ name }) => name))
  const lacking = options.commands && chosen.lacks ? [{ name: chosen.name, made: `(${chosen.lacks.join(', ')})` }] : []
  return [
    ...[...own, ...made.map(({ nameSpan }) => nameSpan)].flatMap(span =>
      about.map(name => lens(span, { about: name })),
    ),
    ...lacking.map(lacks => lens(chosen.span, { about: 'lacks', ...lacks })),
    ...blocks
      .filter(({ name }) => name !== root)
      .flatMap(({ name, nameSpan, detail }) => {
        const { length } = callsOfBlock(model, name)
        if (length === 0 && isProgram && detail !== '' && !listed.has(name)) {
          const about = options.commands ? (['uncalled', 'alone'] as const) : (['uncalled'] as const)
          return about.map(each => lens(nameSpan, { about: each, name, made: detail }))
        }
        const lenses = BLOCK_LENSES.slice(0, length > 1 && options.commands ? undefined : Math.min(length, 1))
        return lenses.map(about => lens(nameSpan, { about, name }))
      }),
    ...others.map(({ name, span }) => lens(span, { about: 'choose', name })),
  ]
}

export function resolveLens(lens: CodeLens, data: LensData, analysis: Analysis, options: LensOptions): CodeLens {
  const model = analysis.model()
  if (!model && data.about !== 'alone') return lens
  const [title, command, ...args] = model ? contents(data, analysis, model, options) : alone(data)
  return { ...lens, command: options.commands ? toCommand(title, command, args) : toCommand(title, '', []) }
}

const MODEL_LENSES = ['params', 'work', 'since', 'input', 'unknown', 'panel', 'advice', 'behind'] as const
/** A part of the model's MACs that is worth a word. */
const LEAST_SAVING = 0.05
/** The last two only where there are several calls. */
const BLOCK_LENSES = ['block', 'all', 'pin'] as const

/** A class by itself: where it is made with arguments, they are asked for. */
const alone = ({ uri, name = '', made = '()' }: LensData): [string, string, ...unknown[]] =>
  made === '()'
    ? [`show ${name}`, COMMANDS.chooseModel, uri, name]
    : [`show ${name}…`, COMMANDS.chooseModel, uri, null, name + made]

function contents(
  data: LensData,
  analysis: Analysis,
  model: ModelAnalysis,
  { unit, pin, device, since }: LensOptions,
): [string, string, ...unknown[]] {
  const { about, uri, line, name = '', made = '' } = data
  const { models, behind } = analysis
  switch (about) {
    case 'params':
      return [
        `${model.name}: ${totalParams(model)}`,
        models.some(({ name: other }) => other !== model.name) ? COMMANDS.chooseModel : COMMANDS.showPanel,
        uri,
      ]
    case 'work':
      return [totalWork(model, unit), COMMANDS.toggleUnit]
    case 'since':
      return [`${since ?? 'no change'} since HEAD`, COMMANDS.compareWithHead, uri]
    case 'input':
      return [`input ${inputText(model)}${model.inputAssumed ? ' (assumed)' : ''}`, COMMANDS.setInput, uri]
    case 'unknown': {
      const sites = [...new Set(model.uncounted.map(({ node }) => node.origin.site))]
      const own = sites.find(site => !site.uri)
      const first = own ? lineNow(analysis, own.span.start) : 0
      const noun = model.bindings === undefined ? 'row' : 'line'
      return [`${plural(sites.length, noun)} unknown`, COMMANDS.revealLine, uri, first]
    }
    case 'panel':
      return ['Show cost', COMMANDS.showCost, uri]
    case 'advice': {
      const saving = formatShare(couldSave(analysis, model, device ?? deviceById(undefined)))
      return [`1×1 could save ${saving}`, COMMANDS.showBottlenecks, uri]
    }
    case 'behind':
      return [
        `last numbers: ${behind?.text.replace(/:.*/s, '') ?? 'reading'}`,
        COMMANDS.revealLine,
        uri,
        behind?.line ?? 0,
      ]
    case 'choose':
      return [`Show ${name}`, COMMANDS.chooseModel, uri, name]
    case 'uncalled':
      return [`not called in ${model.name}`, '']
    case 'alone':
      return alone(data)
    case 'lacks':
      return [`give ${made.slice(1, -1)}…`, COMMANDS.chooseModel, uri, null, name + made]
    case 'block':
      return [blockTitle(model, name, pin), COMMANDS.showCost, uri]
    case 'all': {
      const calls = callsOfBlock(model, name)
      const title = `show all ${calls.length}`
      const shown = calls.some(({ origin }) => isPinned(origin.path, pin))
      return shown ? [title, COMMANDS.showAllCalls, uri] : [title, COMMANDS.pinCall, uri, null, line]
    }
    case 'pin': {
      const calls = callsOfBlock(model, name)
      if (calls.some(({ origin }) => isPinned(origin.path, pin)))
        return ['pin another', COMMANDS.pinCall, uri, null, line]
      const { path } = calls[(calls.length - 1) >> 1]!.origin
      return [`pin ${path}`, COMMANDS.pinCall, uri, path]
    }
  }
}

/** The line of the text as it is, of an offset of the text that was analysed. */
function lineNow({ lineStarts, behind }: Analysis, offset: number): number {
  const { line } = positionAt(lineStarts, offset)
  return behind ? behind.lineNow(line) : line
}

/** `16 calls in resnet50, 88% of its MACs`, `layer3.0, 1 of 16 calls in resnet50, 9.1% of its MACs`. */
function blockTitle(model: ModelAnalysis, name: string, pin: string | undefined): string {
  const calls = callsOfBlock(model, name)
  const shown = calls.filter(({ origin }) => isPinned(origin.path, pin))
  const macs = (shown.length > 0 ? shown : calls).reduce((sum, { first, last }) => {
    return model.graph.nodes.slice(first, last).reduce((part, node) => part + (node.cost.macs ?? 0), sum)
  }, 0)
  const share = model.totals.macs > 0 && macs > 0 ? `, ${formatShare(macs / model.totals.macs)} of its MACs` : ''
  const which = shown.length > 0 ? `${shown.length === 1 ? shown[0]!.origin.path : pin}, ${shown.length} of ` : ''
  return `${which}${plural(calls.length, 'call')} in ${model.name}${share}`
}

const toCommand = (title: string, command: string, args: unknown[]): Command => ({ title, command, arguments: args })
