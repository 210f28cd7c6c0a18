/** What the suite does with an editor: opens fixtures of the workspace and asks VS Code for what a user would see. */
import * as vscode from 'vscode'

/** Opens a file of the fixture workspace in an editor. */
export async function openFixture(name: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(fixtureUri(name))
  return vscode.window.showTextDocument(document)
}

/** The URI of a file of the fixture workspace (a temporary copy of test/vscode/workspace). */
export function fixtureUri(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]
  if (!folder) throw new Error('The suite must run with the fixture workspace open.')
  return vscode.Uri.joinPath(folder.uri, name)
}

/** Closes every editor without saving, so that no test sees what another has opened or typed. */
export async function closeAll(): Promise<void> {
  for (const editor of vscode.window.visibleTextEditors) {
    if (!editor.document.isDirty) continue
    await vscode.window.showTextDocument(editor.document)
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors')
}

/** Replaces the first occurrence of `before` in the document, as typing would. */
export async function replaceText(editor: vscode.TextEditor, before: string, after: string): Promise<void> {
  const { document } = editor
  const start = document.getText().indexOf(before)
  if (start < 0) throw new Error(`The fixture does not hold ${JSON.stringify(before)}.`)
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + before.length))
  await editor.edit(edit => edit.replace(range, after))
}

/** The position of the first occurrence of `text`, moved right by `offset` characters. */
export function positionOf(document: vscode.TextDocument, text: string, offset = 0): vscode.Position {
  const start = document.getText().indexOf(text)
  if (start < 0) throw new Error(`The fixture does not hold ${JSON.stringify(text)}.`)
  return document.positionAt(start + offset)
}

/** All inlay hints of a document as `line text → hint text`, in the order of the lines. */
export async function inlayHints(document: vscode.TextDocument): Promise<ShownHint[]> {
  const whole = new vscode.Range(0, 0, document.lineCount, 0)
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[] | undefined>(
    'vscode.executeInlayHintProvider',
    document.uri,
    whole,
  )
  return (hints ?? [])
    .map(hint => ({ line: hint.position.line, text: labelText(hint.label) }))
    .sort((a, b) => a.line - b.line)
}

export interface ShownHint {
  /** 0-based. */
  readonly line: number
  readonly text: string
}

/** Waits until the document has inlay hints (and they are `wanted`, where that is given). */
export async function hintsOf(
  document: vscode.TextDocument,
  wanted: (hints: ShownHint[]) => boolean = hints => hints.length > 0,
): Promise<ShownHint[]> {
  return until(`inlay hints in ${vscode.workspace.asRelativePath(document.uri)}`, async () => {
    const hints = await inlayHints(document)
    return wanted(hints) ? hints : undefined
  })
}

/** The Markdown of all hovers at a position, joined; empty when there is none. */
export async function hoverText(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  )
  return hovers
    .flatMap(hover => hover.contents)
    .map(content => (typeof content === 'string' ? content : content.value))
    .join('\n')
}

/** ConvLens' diagnostics of a document; YAML or Python extensions may add others, which are left out. */
export function diagnosticsOf(document: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter(diagnostic => /^convlens$/i.test(diagnostic.source ?? ''))
}

/** The code lenses of a document, resolved. */
export async function codeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  return (
    (await vscode.commands.executeCommand<vscode.CodeLens[] | undefined>(
      'vscode.executeCodeLensProvider',
      document.uri,
      100,
    )) ?? []
  )
}

/** Calls `probe` every 50 ms until it returns something other than undefined or false; throws after the limit. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = 15_000,
): Promise<T> {
  const end = Date.now() + limitMs
  for (;;) {
    const found = await probe()
    if (found !== undefined && found !== false) return found
    if (Date.now() > end) throw new Error(`Waited ${limitMs / 1000} s for ${what}.`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

function labelText(label: string | vscode.InlayHintLabelPart[]): string {
  return typeof label === 'string' ? label : label.map(part => part.value).join('')
}
