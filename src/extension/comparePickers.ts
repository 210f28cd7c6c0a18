import * as vscode from 'vscode'
import type { CompareChoice } from '../protocol/panelCompare'
import { type Git, isRevision } from './git'

/** Files of the workspace that may define a network, and any other of the disk; undefined where nothing was chosen. */
export async function pickFile(uri: string): Promise<CompareChoice | undefined> {
  const found = await vscode.workspace.findFiles(PATTERN, EXCLUDED, MOST_FILES)
  const others = found.filter(other => other.toString() !== uri)
  const items: (vscode.QuickPickItem & { readonly uri?: vscode.Uri })[] = others
    .map(other => ({ label: vscode.workspace.asRelativePath(other), uri: other }))
    .sort((a, b) => (a.label < b.label ? -1 : 1))
  const picked = await vscode.window.showQuickPick([...items, { label: 'Browse…', alwaysShow: true }], {
    title: 'Compare with File',
    placeHolder: 'A file that defines a network',
  })
  if (!picked) return undefined
  const chosen = picked.uri ?? (await vscode.window.showOpenDialog({ title: 'Compare with File' }))?.[0]
  return chosen && { kind: 'file', uri: chosen.toString() }
}

/** The commits that changed a file, revisions that were used, and whatever is typed. */
export async function pickRevision(
  git: Git,
  uri: vscode.Uri,
  used: readonly string[],
): Promise<CompareChoice | undefined> {
  const commits = await git.commits(uri)
  const typed = 'Type a revision…'
  const items: vscode.QuickPickItem[] = [
    ...used.map(label => ({ label })),
    ...commits.map(({ hash, message }) => ({ label: hash.slice(0, 8), description: message.split('\n')[0] ?? '' })),
    { label: typed, alwaysShow: true },
  ]
  const picked = await vscode.window.showQuickPick(items, { title: 'Compare with Revision', matchOnDescription: true })
  if (!picked) return undefined
  if (picked.label !== typed) return { kind: 'revision', ref: picked.label }
  const ref = await vscode.window.showInputBox({
    title: 'Compare with Revision',
    prompt: 'A branch, a tag, a commit, or such as HEAD~3.',
    validateInput: text => (isRevision(text.trim()) ? null : 'Write a git revision, such as HEAD~3.'),
  })
  return ref === undefined ? undefined : { kind: 'revision', ref: ref.trim() }
}

const PATTERN = '**/*.{py,ipynb,yaml,yml,cfg,prototxt,json}'
const EXCLUDED = '**/{node_modules,.venv,venv,site-packages,.git}/**'
const MOST_FILES = 500
