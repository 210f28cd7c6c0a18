import { type Device, deviceById } from '../analysis/advice'
import type { Analysis } from '../analysis/analyze'
import { applyPicks } from '../analysis/picks'
import { panelCompare } from '../features/panelCompare'
import type { Side } from '../features/reportCompare'
import { NOTIFICATIONS, REQUESTS } from '../protocol'
import type { CompareParams, CompareSide, HeadTextParams, PanelComparison } from '../protocol/panelCompare'
import type { Server } from './start'

/** Answers the Compare tab. Both sides are read as open documents are: with their choices, settings and imports. */
export function compareRequests({ connection, texts, cache, heads, settings, guard }: Server): void {
  const open = (uri: string): Analysis | undefined => {
    const { text } = texts.find(uri) ?? {}
    return text && cache.shown(text)
  }
  const read = ({ uri, text, languageId }: CompareSide): Analysis | undefined =>
    text === undefined ? open(uri) : cache.instead(uri, text, languageId ?? texts.find(uri)?.text.languageId)

  /** One side, or a sentence that says why it cannot be compared. */
  function sideOf(
    side: CompareSide,
    { device, multiple }: Pick<CompareParams, 'multiple'> & { readonly device: Device },
  ): Side | string {
    const { label, uri, text, picks } = side
    const analysis = read(side)
    // Of a revision the model that is shown, where it had that already.
    const shown = text === undefined ? undefined : open(uri)?.chosen?.name
    const choice =
      side.model === undefined
        ? ((shown === undefined ? undefined : analysis?.find(shown)) ?? analysis?.chosen)
        : analysis?.find(side.model)
    const model = choice && analysis?.model(choice)
    if (!analysis || !model) {
      return side.model === undefined || !analysis?.models.length
        ? `No network was found in ${label}.`
        : `There is no model ${side.model} in ${label}.`
    }
    if (!picks) return { label, analysis, model }
    const options = { device, ...(multiple === undefined ? {} : { multiple }) }
    const applied = applyPicks(analysis, model, picks, options)
    const [refused] = applied.dropped
    if (!refused) return { label, analysis: applied.analysis, model: applied.model }
    const written = applied.proposals.length
    return written === 0
      ? `The ticked proposals cannot be written: ${refused.reason}`
      : { label: `${label}, ${written} of them written`, analysis: applied.analysis, model: applied.model }
  }

  connection.onRequest(
    REQUESTS.compare,
    guard('compare', null, (asked: CompareParams): PanelComparison => {
      const { unit, device, devices } = settings()
      const params = { ...asked, unit: asked.unit ?? unit, device: deviceById(asked.device ?? device, devices) }
      const a = sideOf(params.a, params)
      if (typeof a === 'string') return { state: 'refused', side: 'a', message: a }
      const b = sideOf(params.b, params)
      if (typeof b === 'string') return { state: 'refused', side: 'b', message: b }
      const analysis = open(params.uri)
      const model = analysis?.model()
      return panelCompare(a, b, { ...params, ...(analysis && model ? { shown: { analysis, model } } : {}) })
    }),
  )
  connection.onNotification(
    NOTIFICATIONS.headText,
    guard('headText', undefined, ({ uri, text }: HeadTextParams) => heads.set(uri, text)),
  )
}
