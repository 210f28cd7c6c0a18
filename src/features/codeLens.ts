/**
 * Above a model its totals, above a block how often it is used; each is a command:
 *
 *   resnet50: 25.6M params | 4.09G MACs | input 3×224×224 | Show cost
 *   layers:
 *
 *   16 calls in resnet50, 88% of its MACs
 *   bottleneck:
 *
 *   Show resnet101
 *   def resnet101():
 */
import type { CodeLens, Command } from 'vscode-languageserver-types'
import type { Analysis, ModelAnalysis, OutlineItem } from '../analysis/analyze'
import { formatShare, plural } from '../base/format'
import { positionAt, type Span } from '../base/text'
import type { Scope } from '../core/graph'
import { COMMANDS } from '../protocol'
import type { Unit } from './hintLabel'
import { toRange } from './ranges'
import { inputText, totalParams, totalWork } from './totals'

/** What comes back with a lens that is to be resolved. */
export interface LensData {
  readonly uri: string
  readonly about: (typeof MODEL_LENSES)[number] | 'block' | 'choose'
  /** Of the block, or of the model that may be chosen. */
  readonly name?: string
}

/**
 * The places of all lenses; what they say comes with `resolveLens`. Models that are not shown are only offered: nothing
 * of them is analysed.
 */
export function codeLenses(analysis: Analysis): CodeLens[] {
  const { chosen, models, source, lineStarts } = analysis
  const model = analysis.model()
  if (!chosen || !model) return []
  const { uri } = source
  const lens = (span: Span, data: Omit<LensData, 'uri'>): CodeLens => ({
    range: toRange(lineStarts, { start: span.start, end: span.start }),
    data: { uri, ...data } satisfies LensData,
  })
  const about = MODEL_LENSES.filter(name => name !== 'unknown' || model.uncounted.length > 0)
  const isProgram = model.bindings !== undefined
  const root = isProgram ? model.graph.scopes.find(scope => scope.parent === null)?.origin.type : undefined
  const blocks = blocksOf(analysis.file.outline())
  // A factory makes an instance of a class: both show what it costs.
  const made = blocks.filter(({ name, span }) => name === root && span.start !== chosen.span.start)
  const others = isProgram ? models.filter(other => other !== chosen && other.name !== chosen.name) : []
  return [
    ...[chosen.span, ...made.map(({ nameSpan }) => nameSpan)].flatMap(span =>
      about.map(name => lens(span, { about: name })),
    ),
    ...blocks
      .filter(({ name }) => name !== root && callsOf(model, name).length > 0)
      .map(({ name, nameSpan }) => lens(nameSpan, { about: 'block', name })),
    ...others.map(({ name, span }) => lens(span, { about: 'choose', name })),
  ]
}

/** `withCommands` is false for clients that do not know COMMANDS: they get the words alone. */
export function resolveLens(
  lens: CodeLens,
  data: LensData,
  analysis: Analysis,
  unit: Unit,
  withCommands: boolean,
): CodeLens {
  const model = analysis.model()
  if (!model) return lens
  const [title, command, ...args] = contents(data, analysis, model, unit)
  return { ...lens, command: withCommands ? toCommand(title, command, args) : toCommand(title, '', []) }
}

const MODEL_LENSES = ['params', 'work', 'input', 'unknown', 'panel'] as const

function contents(
  { about, uri, name = '' }: LensData,
  { models, lineStarts }: Analysis,
  model: ModelAnalysis,
  unit: Unit,
): [string, string, ...unknown[]] {
  switch (about) {
    case 'params':
      return [
        `${model.name}: ${totalParams(model)}`,
        models.length > 1 ? COMMANDS.chooseModel : COMMANDS.showPanel,
        uri,
      ]
    case 'work':
      return [totalWork(model, unit), COMMANDS.toggleUnit]
    case 'input':
      return [`input ${inputText(model)}${model.inputAssumed ? ' (assumed)' : ''}`, COMMANDS.setInput, uri]
    case 'unknown': {
      const sites = [...new Set(model.uncounted.map(({ node }) => node.origin.site))]
      const own = sites.find(site => !site.uri)
      const first = own ? positionAt(lineStarts, own.span.start).line : 0
      const noun = model.bindings === undefined ? 'row' : 'line'
      return [`${plural(sites.length, noun)} unknown`, COMMANDS.revealLine, uri, first]
    }
    case 'panel':
      return ['Show cost', COMMANDS.showCost, uri]
    case 'choose':
      return [`Show ${name}`, COMMANDS.chooseModel, uri, name]
    case 'block':
      return [blockTitle(model, name), COMMANDS.showCost, uri]
  }
}

/** `16 calls in resnet50, 88% of its MACs`. */
function blockTitle(model: ModelAnalysis, name: string): string {
  const calls = callsOf(model, name)
  const macs = calls.reduce((sum, { first, last }) => {
    return model.graph.nodes.slice(first, last).reduce((part, node) => part + (node.cost.macs ?? 0), sum)
  }, 0)
  const share = model.totals.macs > 0 && macs > 0 ? `, ${formatShare(macs / model.totals.macs)} of its MACs` : ''
  return `${plural(calls.length, 'call')} in ${model.name}${share}`
}

/** The calls of a block; a repeated one is a call of its own around those that it repeats, and is not counted. */
function callsOf({ graph }: ModelAnalysis, name: string): Scope[] {
  const named = graph.scopes.filter(scope => scope.origin.type === name)
  const around = new Set(named.filter(s => s.parent?.origin.site === s.origin.site).map(scope => scope.parent))
  return named.filter(scope => !around.has(scope))
}

const blocksOf = (items: readonly OutlineItem[]): OutlineItem[] =>
  items.flatMap(item => [...(item.kind === 'block' ? [item] : []), ...blocksOf(item.children)])

const toCommand = (title: string, command: string, args: unknown[]): Command => ({ title, command, arguments: args })
