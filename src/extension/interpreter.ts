/** The environment that is selected in the Python extension, where there is that extension: its packages are imported. */
import * as vscode from 'vscode'

export interface Interpreter extends vscode.Disposable {
  /** The folders of selected environments, as far as they are known by now. */
  environments(): readonly string[]
}

/** Follows the selection; `changed` is called when it is known and when it becomes another one. */
export function watchInterpreter(changed: () => void): Interpreter {
  const subscriptions: vscode.Disposable[] = []
  let known: readonly string[] = []
  let ended = false

  async function follow(): Promise<void> {
    const extension = vscode.extensions.getExtension<PythonApi>(PYTHON)
    const { environments } = (await extension?.activate()) ?? {}
    if (!environments || ended) return
    const look = async (): Promise<void> => {
      const found = await folders(environments)
      if (ended || JSON.stringify(found) === JSON.stringify(known)) return
      known = found
      changed()
    }
    subscriptions.push(environments.onDidChangeActiveEnvironmentPath(() => void look().catch(ignore)))
    await look()
  }

  void follow().catch(ignore)
  return {
    environments: () => known,
    dispose() {
      ended = true
      for (const each of subscriptions) each.dispose()
    },
  }
}

async function folders(environments: Environments): Promise<string[]> {
  const scopes = vscode.workspace.workspaceFolders ?? [undefined]
  const paths = scopes.map(scope => environments.getActiveEnvironmentPath(scope?.uri))
  const resolved = await Promise.all(paths.map(path => environments.resolveEnvironment(path)))
  const prefixes = resolved.map(environment => environment?.executable.sysPrefix)
  return [...new Set(prefixes.filter((prefix): prefix is string => typeof prefix === 'string' && prefix !== ''))]
}

/** Without the Python extension, or with another version of it, imports find what the other folders have. */
const ignore = (): void => {}

const PYTHON = 'ms-python.python'

/** What is used of the API that the Python extension exports. */
interface PythonApi {
  readonly environments?: Environments
}
interface Environments {
  getActiveEnvironmentPath(scope?: vscode.Uri): unknown
  resolveEnvironment(path: unknown): Promise<{ readonly executable: { readonly sysPrefix?: string } } | undefined>
  readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>
}
