/** Files at git revisions, through VS Code's own git extension: ConvLens starts no process. */
import * as vscode from 'vscode'

/** What that extension exports, and the parts of its API of version 1 that are used here. */
export interface GitExtension {
  /** By the setting git.enabled. */
  readonly enabled: boolean
  readonly onDidChangeEnablement: vscode.Event<boolean>
  getAPI(version: 1): GitApi
}

export interface GitApi {
  readonly state: 'uninitialized' | 'initialized'
  readonly onDidChangeState: vscode.Event<string>
  readonly onDidOpenRepository: vscode.Event<GitRepository>
  readonly onDidCloseRepository: vscode.Event<GitRepository>
  readonly repositories: readonly GitRepository[]
  getRepository(uri: vscode.Uri): GitRepository | null
}

export interface GitRepository {
  readonly state: {
    readonly HEAD: { readonly commit?: string } | undefined
    readonly onDidChange: vscode.Event<void>
  }
  show(ref: string, path: string): Promise<string>
  log?(options: { readonly maxEntries: number; readonly path: string }): Promise<readonly GitCommit[]>
}

interface GitCommit {
  readonly hash: string
  readonly message: string
}

export interface Git extends vscode.Disposable {
  /** The commit that HEAD is at in the file's repository; undefined where there is none, or it is not known yet. */
  head(uri: vscode.Uri): string | undefined
  /** The text of the file at a revision; throws an Error with a sentence where there is none. */
  textAt(uri: vscode.Uri, ref: string): Promise<string>
  /** The last commits that changed the file, newest first. */
  commits(uri: vscode.Uri): Promise<readonly GitCommit[]>
  /** HEAD is at another commit in some repository, or a repository was opened or closed. */
  readonly onDidChangeHead: vscode.Event<void>
}

/** `find` gives the git extension once it is active; undefined where there is none, as in a browser. */
export function openGit(find: () => Promise<GitExtension | undefined> = gitExtension): Git {
  const changed = new vscode.EventEmitter<void>()
  const subscriptions: vscode.Disposable[] = [changed]
  const heads = new Map<GitRepository, string | undefined>()
  let api: GitApi | undefined

  function watch(repository: GitRepository): void {
    if (heads.has(repository)) return
    heads.set(repository, repository.state.HEAD?.commit)
    subscriptions.push(
      repository.state.onDidChange(() => {
        const commit = repository.state.HEAD?.commit
        if (commit === heads.get(repository)) return
        heads.set(repository, commit)
        changed.fire()
      }),
    )
  }
  async function start(): Promise<void> {
    const extension = await find()
    if (!extension) return
    const enabled = (): void => use(extension.enabled ? extension.getAPI(1) : undefined)
    // The event comes before the API can be had.
    subscriptions.push(
      extension.onDidChangeEnablement(
        () =>
          void Promise.resolve()
            .then(enabled)
            .catch(() => {}),
      ),
    )
    enabled()
  }
  function use(found: GitApi | undefined): void {
    api = found
    if (api) follow(api)
    changed.fire()
  }
  function follow(api: GitApi): void {
    subscriptions.push(
      api.onDidOpenRepository(repository => {
        watch(repository)
        changed.fire()
      }),
      api.onDidCloseRepository(repository => {
        heads.delete(repository)
        changed.fire()
      }),
      api.onDidChangeState(() => changed.fire()),
    )
    for (const repository of api.repositories) watch(repository)
  }
  const started = start().catch(() => {})
  const repositoryOf = (uri: vscode.Uri): GitRepository | null =>
    uri.scheme === 'file' ? (api?.getRepository(uri) ?? null) : null

  return {
    head: uri => repositoryOf(uri)?.state.HEAD?.commit,
    async textAt(uri, ref) {
      await started
      const name = uri.path.slice(uri.path.lastIndexOf('/') + 1)
      const repository = repositoryOf(uri)
      if (!repository) throw new Error(`${name} is in no git repository that VS Code has open.`)
      if (!isRevision(ref)) throw new Error(`${ref || 'Nothing'} is not a git revision.`)
      let text: string
      try {
        text = await repository.show(ref, uri.fsPath)
      } catch {
        throw new Error(`${ref} does not have ${name}, or there is no such revision.`)
      }
      if (text.length > LARGEST) throw new Error(`${name} is larger at ${ref} than ConvLens reads.`)
      return text.replace(/^\uFEFF/, '')
    },
    async commits(uri) {
      await started
      const log = repositoryOf(uri)?.log?.({ maxEntries: MOST_COMMITS, path: uri.fsPath })
      return (await log?.catch(() => [])) ?? []
    },
    onDidChangeHead: changed.event,
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  }
}

/** What begins with a dash would be an option; `:` divides a revision from a path. */
export const isRevision = (ref: string): boolean => /^[^-:\p{Cc}][^:\p{Cc}]*$/u.test(ref)

async function gitExtension(): Promise<GitExtension | undefined> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git')
  return extension && (extension.isActive ? extension.exports : await extension.activate())
}

const LARGEST = 4 * 2 ** 20
const MOST_COMMITS = 20
