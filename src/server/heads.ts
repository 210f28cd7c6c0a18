import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import type { Unit } from '../features/hintLabel'
import { sinceText } from '../features/panelCompare'
import type { AnalysisCache, Choice } from './documents'
import type { OpenText } from './texts'

/** What open documents were at HEAD, where the client says that. */
export interface Heads {
  /** Null where the document is in no repository, or HEAD does not have it. */
  set(uri: string, text: string | null): void
  /** `−36% MACs`; null where nothing changed, nothing is known of HEAD, or it is not analysed yet: then that begins. */
  since(document: OpenText, analysis: Analysis, unit: Unit): string | null
  /** What decides an analysis beside the text has changed, for one document or all: HEAD is looked at again. */
  reset(uri?: string): void
  forget(uri: string): void
}

interface Head {
  readonly text: string
  /** Of the analysis below. */
  choice?: Choice
  shown?: string | undefined
  model?: ModelAnalysis | undefined
  timer?: NodeJS.Timeout | number
  /** What will be looked at when typing has rested. */
  waiting?: { readonly choice: Choice; readonly shown: string | undefined }
}

/** `changed` is told when a document's answer has become known; nothing of HEAD is analysed while somebody waits. */
export function createHeads(cache: AnalysisCache, changed: (uri: string) => void): Heads {
  const heads = new Map<string, Head>()

  function look(document: OpenText, head: Head, shown: string | undefined): void {
    const { uri, languageId } = document
    const choice = cache.choice(uri)
    const { waiting } = head
    if (waiting?.choice === choice && waiting.shown === shown) return
    clearTimeout(head.timer)
    head.waiting = { choice, shown }
    head.timer = setTimeout(() => {
      delete head.waiting
      if (heads.get(uri) !== head) return
      const before = head.model
      head.choice = choice
      head.shown = shown
      head.model = modelOf(cache.instead(uri, head.text, languageId), shown)
      if (head.model || before) changed(uri)
    }, REST_MS)
  }

  return {
    set(uri, text) {
      if ((heads.get(uri)?.text ?? null) === text) return
      clearTimeout(heads.get(uri)?.timer)
      if (text === null) heads.delete(uri)
      else heads.set(uri, { text })
      changed(uri)
    },
    since(document, analysis, unit) {
      const head = heads.get(document.uri)
      const model = analysis.model()
      if (!head || !model) return null
      if (head.choice !== cache.choice(document.uri) || head.shown !== model.name) {
        look(document, head, model.name)
        return null
      }
      return head.model ? sinceText(head.model, model, unit) : null
    },
    reset(uri) {
      for (const [other, head] of heads) if (uri === undefined || other === uri) delete head.choice
    },
    forget(uri) {
      clearTimeout(heads.get(uri)?.timer)
      heads.delete(uri)
    },
  }
}

/** The model of the same name, else the one that HEAD shows by itself, if it is the only one. */
function modelOf(analysis: Analysis | undefined, shown: string | undefined): ModelAnalysis | undefined {
  if (!analysis) return undefined
  const same = shown === undefined ? undefined : analysis.find(shown)
  if (same) return analysis.model(same)
  return analysis.models.length === 1 ? analysis.model() : undefined
}

const REST_MS = 400
