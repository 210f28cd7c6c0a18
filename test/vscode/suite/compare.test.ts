import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as vscode from 'vscode'
import type { Exports } from '../../../src/extension/activate'
import type { CompareChoice, PanelCompared, PanelComparison } from '../../../src/protocol/panelCompare'
import { closeAll, codeLenses, fixtureUri, openFixture, replaceText, until } from '../support/editor'

const NET = `input: [3, 32, 32]
layers:
  - Conv2d: {name: stem, out_channels: 8, kernel_size: 3, padding: 1}
  - Conv2d: {name: body, out_channels: 16, kernel_size: 3, padding: 1}
`
// 27·8·32² + 72·16·32² products, and with 8 channels in place of 16.
const [WIDE, NARROW] = ['1.4M', '811k']

interface GitRepository {
  readonly state: { readonly HEAD?: { readonly commit?: string } }
}

interface GitExtension {
  getAPI(version: 1): { openRepository(root: vscode.Uri): Promise<GitRepository | null> }
}

describe('comparing', () => {
  afterEach(closeAll)

  it('puts another file beside the one that is shown', async () => {
    await openFixture('lenet.yaml')
    await vscode.commands.executeCommand('convlens.showCompare')
    await ask({ kind: 'file', uri: fixtureUri('tiny.cfg').toString() }, { kind: 'shown' })
    const found = await compared('tiny.cfg beside lenet.yaml', ({ a }) => a.label === 'tiny.cfg')
    assert.equal(found.b.label, 'lenet.yaml')
    // LeCun et al. 1998.
    assert.equal(found.totals[1]?.b, '61.7k')
  })

  it('says why a side cannot be read', async () => {
    await openFixture('lenet.yaml')
    await vscode.commands.executeCommand('convlens.showCompare')
    await ask({ kind: 'file', uri: fixtureUri('nowhere.yaml').toString() }, { kind: 'shown' })
    const refused = await until('a refusal', () => {
      const found = panel().compared
      return found?.state === 'refused' ? found : undefined
    })
    assert.deepEqual(refused, { state: 'refused', side: 'a', message: 'nowhere.yaml cannot be read.' })
  })

  describe('with a git revision', () => {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'convlens-history-')))
    const file = path.join(folder, 'net.yaml')
    const settings = () => vscode.workspace.getConfiguration('git')
    const git = (...args: string[]): void => {
      const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false']
      execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'ignore' })
    }
    before(async () => {
      writeFileSync(file, NET)
      git('init', '-q', '-b', 'main')
      git('add', '.')
      git('commit', '-q', '-m', 'wide')
      await settings().update('enabled', true, vscode.ConfigurationTarget.Global)
      const extension = vscode.extensions.getExtension<GitExtension>('vscode.git')
      assert.ok(extension, 'the editor has its git extension')
      await extension.activate()
      const api = await until('git', () => {
        try {
          return extension.exports.getAPI(1)
        } catch {
          return undefined
        }
      })
      const repository = await api.openRepository(vscode.Uri.file(folder))
      assert.ok(repository, 'the repository is open')
      await until('its HEAD', () => repository.state.HEAD?.commit)
    })
    after(async () => {
      await settings().update('enabled', undefined, vscode.ConfigurationTarget.Global)
      rmSync(folder, { recursive: true, force: true })
    })

    const open = async (): Promise<vscode.TextEditor> =>
      vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file))
    const since = async (document: vscode.TextDocument): Promise<string | undefined> =>
      (await codeLenses(document)).map(lens => lens.command?.title ?? '').find(title => title.endsWith('since HEAD'))

    it('shows HEAD beside the text as it is typed', async () => {
      const editor = await open()
      await vscode.commands.executeCommand('convlens.compareWithHead')
      const same = await compared('no difference', ({ counts }) => counts.changed === 0)
      assert.deepEqual([same.a.label, same.b.label], ['net.yaml @ HEAD', 'net.yaml, working tree'])
      await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One)
      await replaceText(editor, 'out_channels: 16', 'out_channels: 8')
      const changed = await compared('the edit', ({ counts }) => counts.changed === 1)
      assert.deepEqual([changed.totals[0]?.a, changed.totals[0]?.b], [WIDE, NARROW])
    })

    it('answers the newest question where the usual side of an older one is still looked for', async () => {
      await open()
      await vscode.commands.executeCommand('convlens.showCompare')
      await until('the page', () => panel().compared)
      const b: CompareChoice = { kind: 'shown' }
      const file: CompareChoice = { kind: 'file', uri: fixtureUri('tiny.cfg').toString() }
      const question = { type: 'compare', key: 'test', picks: [], multiple: 8 } as const
      await Promise.all([panel().receive({ ...question, a: null, b }), panel().receive({ ...question, a: file, b })])
      const found = panel().compared
      assert.equal(found?.state === 'compared' && found.a.label, 'tiny.cfg')
    })

    it('says above the model what changed since HEAD, until that is committed', async () => {
      const editor = await open()
      const { document } = editor
      await replaceText(editor, 'out_channels: 16', 'out_channels: 8')
      await until('the lens', async () => (await since(document)) === '−42% MACs since HEAD')
      await document.save()
      git('commit', '-q', '-a', '-m', 'narrow')
      await vscode.commands.executeCommand('git.refresh')
      await until('no lens', async () => (await since(document)) === undefined)
    })

    it('shows an earlier revision', async () => {
      await open()
      await vscode.commands.executeCommand('convlens.compareWithHead')
      await ask({ kind: 'revision', ref: 'HEAD~1' }, { kind: 'revision', ref: 'HEAD' })
      const found = await compared('the two commits', ({ a }) => a.label === 'net.yaml @ HEAD~1')
      assert.deepEqual([found.totals[0]?.a, found.totals[0]?.b], [WIDE, NARROW])
    })
  })
})

function panel(): Exports['panel'] {
  const extension = vscode.extensions.getExtension<Exports>('convlens.convlens')
  assert.ok(extension?.isActive, 'the extension is active')
  return extension.exports.panel
}

/** As the page asks, once it is there. */
async function ask(a: CompareChoice, b: CompareChoice): Promise<void> {
  // The page asks for the usual sides once it is there, and the last question is the one that counts.
  await until('the page', () => panel().compared)
  await panel().receive({ type: 'compare', key: 'test', a, b, picks: [], multiple: 8 })
}

function compared(what: string, wanted: (found: PanelCompared) => boolean): Promise<PanelCompared> {
  return until(what, () => {
    const found: PanelComparison | undefined = panel().compared
    return found?.state === 'compared' && wanted(found) ? found : undefined
  })
}
