/** Files at git revisions, through VS Code's own git extension: ConvLens starts no process. */
import * as vscode from 'vscode'

/** The parts of that extension's API (version 1) that are used here. */
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

/** `find` gives the API once the git extension is active; undefined where there is no such extension, as in a browser. */
export function openGit(find: () => Promise<GitApi | undefined> = gitExtension): Git {
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
    api = await find()
    if (!api) return
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
    changed.fire()
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

async function gitExtension(): Promise<GitApi | undefined> {
  const extension = vscode.extensions.getExtension<{ readonly enabled: boolean; getAPI(version: 1): GitApi }>(
    'vscode.git',
  )
  if (!extension) return undefined
  const git = extension.isActive ? extension.exports : await extension.activate()
  return git.enabled ? git.getAPI(1) : undefined
}

const LARGEST = 4 * 2 ** 20
const MOST_COMMITS = 20
