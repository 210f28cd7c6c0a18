import * as vscode from 'vscode'

/** Opens one of the networks that come with the extension, as a text of the reader's own. */
export async function openExample({ extensionUri }: vscode.ExtensionContext): Promise<void> {
  const folder = vscode.Uri.joinPath(extensionUri, 'examples')
  const files = (await vscode.workspace.fs.readDirectory(folder))
    .filter(([name, type]) => type === vscode.FileType.File && /\.(ya?ml|cfg|py)$/.test(name))
    .map(([name]) => name)
    .sort()
  const name = await vscode.window.showQuickPick(files, { title: 'Example Network' })
  if (!name) return
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name))
  const language = name.endsWith('.cfg')
    ? 'darknet-cfg'
    : name.endsWith('.py')
      ? 'python'
      : name.endsWith('.prototxt')
        ? 'prototxt'
        : 'yaml'
  const document = await vscode.workspace.openTextDocument({ language, content: new TextDecoder().decode(bytes) })
  await vscode.window.showTextDocument(document)
}
