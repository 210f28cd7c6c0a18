import type { Analysis } from '../analysis/analyze'
import { parseInput } from '../analysis/directive'
import { tableOfLine } from '../features/hover'
import { panelModel } from '../features/panelModel'
import { PAPER_DEFAULTS } from '../features/paperCells'
import { paperReport } from '../features/paperFormats'
import { callChoices, isCalled } from '../features/pin'
import { modelSummary, summaryText } from '../features/summary'
import {
  type Calls,
  type CallsParams,
  type ChooseParams,
  type CopySummaryParams,
  type CopyTableParams,
  REQUESTS,
} from '../protocol'
import type { PanelParams } from '../protocol/panel'
import type { CopyPaperParams } from '../protocol/paper'
import { adviceRequests } from './adviceRequests'
import { compareRequests } from './compareRequests'
import type { Choice } from './documents'
import type { Server } from './start'

/** Answers the requests of our own client, listed in the protocol. */
export function ownRequests(server: Server): void {
  const { connection, texts, cache, settings, refresh, guard } = server
  /** What the panel and the status bar show: while the text cannot be read, what it was before. */
  const shownOf = (uri: string): Analysis | undefined => {
    const { text } = texts.find(uri) ?? {}
    return text && cache.shown(text)
  }
  const versionOf = (uri: string): number => {
    const { text } = texts.find(uri) ?? {}
    return text ? cache.shownVersion(text) : 0
  }

  connection.onRequest(
    REQUESTS.summary,
    guard('summary', null, ({ uri }: { uri: string }) => {
      const { text } = texts.find(uri) ?? {}
      const analysis = text && cache.shown(text)
      return analysis ? modelSummary(analysis, text.version, settings().unit) : null
    }),
  )
  connection.onRequest(
    REQUESTS.copySummary,
    guard('copySummary', null, ({ uri, format }: CopySummaryParams) => {
      const analysis = shownOf(uri)
      return analysis ? summaryText(analysis, format) : null
    }),
  )
  connection.onRequest(
    REQUESTS.copyPaper,
    guard('copyPaper', null, ({ uri, format, kilo, biases }: CopyPaperParams) => {
      const model = shownOf(uri)?.model()
      const options = { kilo: kilo ?? PAPER_DEFAULTS.kilo, biases: biases ?? PAPER_DEFAULTS.biases }
      return model ? paperReport(model, format, { ...options, unit: settings().unit }) : null
    }),
  )
  connection.onRequest(
    REQUESTS.copyTable,
    guard('copyTable', null, ({ uri, line }: CopyTableParams) => {
      const { text } = texts.find(uri) ?? {}
      const analysis = text && cache.analysis(text)
      return analysis ? tableOfLine(analysis, line, settings().unit) : null
    }),
  )
  connection.onRequest(
    REQUESTS.calls,
    guard('calls', null, ({ uri, line }: CallsParams): Calls | null => {
      const { text, cell } = texts.find(uri) ?? {}
      const analysis = text && cache.shown(text)
      if (!analysis) return null
      // The lines of a text that stands in for this one are others.
      const at = line === undefined || analysis.behind ? null : line + (cell?.line ?? 0)
      return { pinned: cache.pin(text) ?? null, calls: callChoices(analysis, at, settings().unit) }
    }),
  )
  connection.onRequest(
    REQUESTS.choose,
    guard('choose', 'This could not be done.' as string | null, (params: ChooseParams) => {
      const analysis = shownOf(params.uri)
      const refusal = refuse(params, analysis)
      if (refusal !== null || !analysis) return refusal
      const { uri } = analysis.source
      cache.choose(uri, changed(cache.choice(uri), params))
      refresh(uri)
      return null
    }),
  )
  connection.onRequest(
    REQUESTS.panelModel,
    guard('panelModel', null, (params: PanelParams) =>
      panelModel(
        shownOf(params.uri),
        {
          ...params,
          unit: params.unit ?? settings().unit,
          device: params.device ?? settings().device,
          version: versionOf(params.uri),
        },
        settings().devices,
      ),
    ),
  )
  compareRequests(server)
  adviceRequests({ connection, settings, guard }, uri => ({ analysis: shownOf(uri), version: versionOf(uri) }))
}

/** Why a choice cannot be taken, or null. */
function refuse({ model, input, pin }: ChooseParams, analysis: Analysis | undefined): string | null {
  if (!analysis) return 'No network was found in this file.'
  if (typeof model === 'string' && !analysis.find(model)) return `There is no model ${model} in this file.`
  if (typeof input === 'string' && !parseInput(input)) {
    return `An input is written as sizes without the batch, such as 3x224x224, not as ${input}.`
  }
  const shown = analysis.model()
  if (typeof pin === 'string' && !(shown && isCalled(shown, pin))) {
    return `There is no call ${pin} in ${shown?.name ?? 'this file'}.`
  }
  return null
}

/** Null takes a choice back, absent keeps it. */
function changed(before: Choice, { model, input, pin }: ChooseParams): Choice {
  const next = {
    model: model === undefined ? before.model : (model ?? undefined),
    input: input === undefined ? before.input : (input ?? undefined),
    pin: pin === undefined ? before.pin : (pin ?? undefined),
  }
  return {
    ...(next.model === undefined ? {} : { model: next.model }),
    ...(next.input === undefined ? {} : { input: next.input }),
    ...(next.pin === undefined ? {} : { pin: next.pin }),
  }
}
