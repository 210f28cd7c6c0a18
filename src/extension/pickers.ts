import * as vscode from 'vscode'
import { parseSizes } from '../base/parse'
import { type Calls, type CallsParams, type ChooseParams, type ModelSummary, REQUESTS } from '../protocol'
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

/** Asks what a class is made with, `BasicBlock(inplanes, planes)`, and shows that call as the model. */
export async function chooseCall(session: Session, uri: string, call: string): Promise<void> {
  const open = call.indexOf('(')
  const name = call.slice(0, open)
  const missing = call
    .slice(open + 1, -1)
    .split(', ')
    .map(part => part.split('=').at(-1)!)
  const typed = await vscode.window.showInputBox({
    title: `Show ${name}`,
    prompt: 'What it is made with, as in Python.',
    value: call,
    valueSelection: [open + 1, call.length - 1],
    validateInput: text => {
      if (!/^[\w.]+\(.*\)$/s.test(text.trim())) return `Write a call, such as ${name}(64).`
      const left = missing.find(parameter => new RegExp(`[(,=]\\s*${parameter}\\s*[,)]`).test(text))
      return left === undefined ? null : `Write a value in place of ${left}.`
    },
  })
  if (typed !== undefined) await choose(session, { uri, model: typed.trim() })
}

/** Pins an instance of a block; without a path one of those that the line, or the file, has. */
export async function pinCall(session: Session, uri: string, path: string | undefined, line?: number): Promise<void> {
  if (path !== undefined) return choose(session, { uri, pin: path })
  const params: CallsParams = { uri, ...(line === undefined ? {} : { line }) }
  const found = await (await session.client()).sendRequest<Calls | null>(REQUESTS.calls, params)
  if (!found?.calls.length) {
    void vscode.window.showInformationMessage('No block of this file is called more than once.')
    return
  }
  const several = new Set(found.calls.map(call => call.block)).size > 1
  const items = found.calls.map(call => ({
    label: call.path,
    description: `${several ? `${call.block} · ` : ''}${call.detail}${call.path === found.pinned ? ' · pinned' : ''}`,
  }))
  const picked = await vscode.window.showQuickPick(items, { title: 'Call to Pin', matchOnDescription: true })
  if (picked) await choose(session, { uri, pin: picked.label })
}

/** Hints say again what all calls of a line have. */
export const showAllCalls = (session: Session, uri: string): Promise<void> => choose(session, { uri, pin: null })

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
