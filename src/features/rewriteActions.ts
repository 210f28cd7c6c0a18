/**
 * What may be put in place of the convolution on a line, each tried on the text before it is offered:
 *
 *   Refactor
 *     Insert 1×1 reduction 256→16: −92% MACs of this line, −36% of the model
 *     Insert 1×1 bottleneck 256→16→32: −88% MACs of its 16 calls, −30% of the model
 *     Make it depthwise separable: −87% MACs of this line, −29% of the model, +17% least time
 *     Show where a bottleneck pays on this line
 */
import { type CodeAction, CodeActionKind, type Range } from 'vscode-languageserver-types'
import type { Device } from '../analysis/advice'
import type { Analysis } from '../analysis/analyze'
import { type Damage, sentence } from '../analysis/damage'
import { adviceAt } from '../analysis/lineAdvice'
import type { Proposal } from '../analysis/proposals'
import { formatChange, formatShare } from '../base/format'
import { COMMANDS } from '../protocol'
import { toRange, toSpan } from './ranges'
import { chainOf } from './reportAdvice'

export interface RewriteOptions {
  readonly device: Device
  /** The device is one that the user chose: least time that grows is then told. */
  readonly deviceChosen: boolean
  /** The light bulb was asked for; a line that gets nothing says why. */
  readonly invoked: boolean
  /** Whether the client knows COMMANDS. */
  readonly commands: boolean
  /** Why the text cannot be read: nothing is written into it then. */
  readonly damage?: Damage | undefined
}

/** Rewrites of the layer at a range, at most three and the best first, and a way to see more. */
export function rewriteActions(analysis: Analysis, range: Range, options: RewriteOptions): CodeAction[] {
  const model = analysis.model()
  if (!model) return []
  if (options.damage) return options.invoked ? [refusal(sentence(options.damage))] : []
  const { lineStarts, source } = analysis
  const asked = toSpan(lineStarts, source.text.length, range)
  const { proposals, reason } = adviceAt(analysis, model, asked, options.device)
  const kind = CodeActionKind.RefactorRewrite
  if (!proposals.length) {
    return reason && options.invoked ? [refusal(reason)] : []
  }
  const show = {
    title: 'Show where a bottleneck pays on this line',
    command: COMMANDS.showBottlenecks,
    arguments: [source.uri],
  }
  return [
    ...proposals.slice(0, MOST).map(proposal => ({
      title: titleOf(proposal, options),
      kind,
      edit: {
        changes: {
          [source.uri]: proposal.edits.map(({ span, newText }) => ({ range: toRange(lineStarts, span), newText })),
        },
      },
    })),
    ...(options.commands ? [{ title: show.title, kind, command: show }] : []),
  ]
}

const refusal = (reason: string): CodeAction => ({
  title: 'Insert a 1×1 bottleneck',
  kind: CodeActionKind.RefactorRewrite,
  disabled: { reason: reason.replace(/\.$/, '') },
})

const MOST = 3

/** Of a light bulb's line, which editors cut off beyond this. */
const LONGEST = 80

function titleOf(proposal: Proposal, { deviceChosen }: RewriteOptions): string {
  const { form, nodes, cost, model } = proposal
  const what = {
    reduce: `Insert 1×1 reduction ${chainOf(proposal)}`,
    bottleneck: `Insert 1×1 bottleneck ${chainOf(proposal)}`,
    expand: `Insert 1×1 expansion ${chainOf(proposal)}`,
    separable: 'Make it depthwise separable',
  }[form]
  const line = formatChange(cost.before.macs, cost.after.macs)
  const whose = nodes.length > 1 ? `its ${nodes.length} calls` : 'this line'
  const saved = (model.before.macs - model.after.macs) / model.before.macs
  const parts = [
    `${what}: ${line} MACs of ${whose}`,
    `, −${formatShare(saved)} of the model`,
    deviceChosen && cost.after.time > cost.before.time
      ? `, ${formatChange(cost.before.time, cost.after.time)} least time`
      : '',
  ]
  return parts.reduce((title, part) => (title.length + part.length <= LONGEST ? title + part : title))
}
