import * as vscode from 'vscode'
import { parseSizes } from '../base/parse'
import { type ChooseParams, type ModelSummary, REQUESTS } from '../protocol'
import type { Session } from './session'

/** Asks for the input's sizes; nothing typed takes the choice back. */
export async function setInput(session: Session, uri: string): Promise<void> {
  const summary = await summaryOf(session, uri)
  if (!summary) return
  const typed = await vscode.window.showInputBox({
    title: `Input of ${summary.model}`,
    prompt: 'Sizes without the batch, such as 3x224x224. Empty: what the file or its format says.',
    value: summary.input.replaceAll('×', 'x'),
    validateInput: text =>
      text.trim() === '' || isInput(text) ? null : 'Write sizes from 1 with x between them, such as 3x224x224.',
  })
  if (typed !== undefined) await choose(session, { uri: summary.uri, input: typed.trim() || null })
}

/** Offers the models, scales or sections of a file, where none is given. */
export async function chooseModel(session: Session, uri: string, model?: string): Promise<void> {
  if (model !== undefined) return choose(session, { uri, model })
  const summary = await summaryOf(session, uri)
  if (!summary) return
  const items = summary.models.map(({ name, line }) => ({
    label: name,
    description: name === summary.model ? 'shown' : '',
    detail: `line ${line + 1}`,
  }))
  const picked = await vscode.window.showQuickPick(items, { title: 'Model to Show' })
  if (picked) await choose(session, { uri: summary.uri, model: picked.label })
}

async function summaryOf(session: Session, uri: string): Promise<ModelSummary | null> {
  const client = await session.client()
  const summary = await client.sendRequest<ModelSummary | null>(REQUESTS.summary, { uri })
  if (!summary) void vscode.window.showInformationMessage('No network was found in this file.')
  return summary
}

async function choose(session: Session, params: ChooseParams): Promise<void> {
  const refusal = await (await session.client()).sendRequest<string | null>(REQUESTS.choose, params)
  if (refusal !== null) void vscode.window.showWarningMessage(refusal)
}

/** `3x224x224`, or `name=3x224x224`. */
const isInput = (text: string): boolean => parseSizes(text.slice(text.indexOf('=') + 1)) !== null
