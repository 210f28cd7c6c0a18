/** What the Compare tab asks for: texts of revisions and of files that are not open, and lists to choose them from. */
import * as vscode from 'vscode'
import { plural } from '../base/format'
import { REQUESTS } from '../protocol'
import type { PanelModel, ToPanel } from '../protocol/panel'
import type {
  CompareChoice,
  CompareOffers,
  CompareParams,
  CompareQuestion,
  CompareSide,
  PanelComparison,
} from '../protocol/panelCompare'
import { pickFile, pickRevision } from './comparePickers'
import type { Git } from './git'
import type { PanelApi } from './panelHost'
import { isCandidate } from './session'

interface Context {
  readonly api: PanelApi
  readonly git: Git
  post(message: ToPanel): void
  /** What the panel shows. */
  model(): PanelModel | undefined
}

export interface PanelCompare extends vscode.Disposable {
  /** What the page was last given. */
  readonly shown: PanelComparison | undefined
  answer(uri: string, message: CompareQuestion): Promise<void>
}

type Compare = CompareQuestion & { readonly type: 'compare' }

export function panelCompare({ api, git, post, model }: Context): PanelCompare {
  /** Revisions that were chosen, newest first. */
  const revisions: string[] = ['HEAD']
  /** The newest question. Older ones, which may take longer, are not answered any more. */
  let last: { readonly uri: string; readonly message: Compare } | undefined
  /** Files beside the document that the answer is made of. */
  let others: ReadonlySet<string> = new Set()
  let shown: PanelComparison | undefined

  async function compare(uri: string, message: Compare): Promise<void> {
    last = { uri, message }
    const a = message.a ?? (await usualA(uri, message))
    if (last.message !== message) return
    const b = message.b ?? usualB(a, message)
    for (const side of [a, b]) if (side.kind === 'revision') remember(side.ref)
    others = new Set([a, b].flatMap(side => (side.kind === 'file' ? [side.uri] : [])))
    const result = await resultOf(uri, a, b, message)
    if (last.message !== message) return
    shown = result ?? undefined
    post({ type: 'comparison', key: message.key, a, b, offers: offers(uri), result })
  }

  async function resultOf(
    uri: string,
    a: CompareChoice,
    b: CompareChoice,
    message: Compare,
  ): Promise<PanelComparison | null> {
    const sides: CompareSide[] = []
    for (const [side, choice] of [
      ['a', a],
      ['b', b],
    ] as const) {
      try {
        sides.push(await sideOf(uri, choice, message))
      } catch (error) {
        return { state: 'refused', side, message: error instanceof Error ? error.message : String(error) }
      }
    }
    const settings = vscode.workspace.getConfiguration('convlens')
    const params: CompareParams = {
      uri,
      a: sides[0]!,
      b: sides[1]!,
      unit: settings.get('unit'),
      device: settings.get('device'),
      multiple: message.multiple,
    }
    return api.request<PanelComparison | null>(REQUESTS.compare, params).catch(() => null)
  }

  async function sideOf(uri: string, choice: CompareChoice, { picks }: Compare): Promise<CompareSide> {
    const file = vscode.Uri.parse(uri)
    const label = labelOf(uri, choice, picks.length, git.head(file) !== undefined)
    switch (choice.kind) {
      case 'shown':
        return { label, uri }
      case 'model':
        return { label, uri, model: choice.model }
      case 'picks':
        if (!picks.length) throw new Error('No proposal is ticked on the Bottlenecks tab.')
        return { label, uri, picks }
      case 'revision':
        return { label, uri, text: await git.textAt(file, choice.ref) }
      case 'file': {
        const other = vscode.Uri.parse(choice.uri)
        const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === choice.uri)
        if (open && isCandidate(open)) return { label, uri: choice.uri }
        return { label, uri: choice.uri, text: open?.getText() ?? (await textOf(other)) }
      }
    }
  }

  /** HEAD where the repository has the file, else the document itself. */
  async function usualA(uri: string, { b }: Compare): Promise<CompareChoice> {
    const file = vscode.Uri.parse(uri)
    if (b?.kind === 'revision' || git.head(file) === undefined) return { kind: 'shown' }
    const text = await git.textAt(file, 'HEAD').catch(() => undefined)
    return text === undefined ? { kind: 'shown' } : { kind: 'revision', ref: 'HEAD' }
  }

  /** The document, or beside it what is most likely meant: ticked proposals, then another model of it. */
  function usualB(a: CompareChoice, { picks }: Compare): CompareChoice {
    if (a.kind !== 'shown') return { kind: 'shown' }
    if (picks.length) return { kind: 'picks' }
    const shown = model()
    const other = shown?.state === 'network' ? shown.models.find(name => name !== shown.model) : undefined
    return other === undefined ? { kind: 'shown' } : { kind: 'model', model: other }
  }

  function remember(ref: string): void {
    const others = revisions.filter(other => other !== ref && other !== 'HEAD').slice(0, MOST_REVISIONS)
    revisions.splice(0, revisions.length, 'HEAD', ...(ref === 'HEAD' ? [] : [ref]), ...others)
  }

  function offers(uri: string): CompareOffers {
    const open = vscode.workspace.textDocuments.filter(
      document =>
        !document.isClosed && document.uri.toString() !== uri && isCandidate(document) && isFile(document.uri),
    )
    return {
      git: git.head(vscode.Uri.parse(uri)) !== undefined,
      revisions: [...revisions],
      files: open.slice(0, MOST_FILES).map(document => ({
        uri: document.uri.toString(),
        label: vscode.workspace.asRelativePath(document.uri),
      })),
    }
  }

  function again(): void {
    if (last) void compare(last.uri, { ...last.message })
  }

  const listeners = [
    git.onDidChangeHead(again),
    api.onAnalyzed(uri => {
      if (others.has(uri)) again()
    }),
  ]
  return {
    get shown() {
      return shown
    },
    async answer(uri, message) {
      if (message.type === 'compare') return compare(uri, message)
      const { side, what } = message
      const choice =
        what === 'file' ? await pickFile(uri) : await pickRevision(git, vscode.Uri.parse(uri), [...revisions])
      if (choice) post({ type: 'compareSide', side, choice })
    },
    dispose: () => vscode.Disposable.from(...listeners).dispose(),
  }
}

function labelOf(uri: string, choice: CompareChoice, ticked: number, inGit: boolean): string {
  const name = baseName(uri)
  switch (choice.kind) {
    case 'shown':
      return inGit ? `${name}, working tree` : name
    case 'model':
      return `${name}, ${choice.model}`
    case 'picks':
      return `${name} with ${plural(ticked, 'proposal')}`
    case 'revision':
      return `${name} @ ${choice.ref}`
    case 'file':
      return baseName(choice.uri)
  }
}

/** A file that is not open; throws an Error with a sentence where it cannot be read. */
async function textOf(uri: vscode.Uri): Promise<string> {
  const name = baseName(uri.toString())
  let bytes: Uint8Array
  try {
    const { size } = await vscode.workspace.fs.stat(uri)
    if (size > LARGEST) throw new RangeError()
    bytes = await vscode.workspace.fs.readFile(uri)
  } catch (error) {
    throw new Error(`${name} ${error instanceof RangeError ? 'is larger than ConvLens reads.' : 'cannot be read.'}`)
  }
  return new TextDecoder().decode(bytes)
}

const baseName = (uri: string): string => decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1))
const isFile = ({ scheme }: vscode.Uri): boolean =>
  scheme !== 'git' && scheme !== 'output' && scheme !== 'convlens-edited'

const LARGEST = 4 * 2 ** 20
const MOST_REVISIONS = 5
const MOST_FILES = 20
