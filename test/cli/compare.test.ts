import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseFileAt } from '../../src/cli/git'
import { convlens, file, SMALL } from './terminal'

// With 8 filters in place of 4: 216 weights and 16 of the norm, then 16 weights and 2 biases; 13,824 and 256 MACs.
const WIDER = SMALL.replace('filters=4', 'filters=8')

const compare = (...args: string[]) => convlens(['compare', ...args])

describe('two files', () => {
  const [a, b] = [file('a.cfg', SMALL), file('b.cfg', WIDER)]

  test('as JSON, in the form of the contract', async () => {
    const { status, out } = await compare(a, b, '--format', 'json')
    expect(status).toBe(0)
    const report = JSON.parse(out)
    expect(Object.keys(report)).toEqual(['schemaVersion', 'a', 'b', 'layers'])
    expect(Object.keys(report.a)).toEqual(['file', 'model', 'totals'])
    expect(report.a).toMatchObject({ file: a, model: 'a', totals: { params: 126, macs: 7040, completeness: 'exact' } })
    expect(report.b).toMatchObject({ file: b, model: 'b', totals: { params: 250, macs: 14_080 } })
    expect(report.layers[0]).toEqual({
      a: { path: '0.conv', line: 6, output: ['N', 4, 8, 8], params: 108, macs: 6912 },
      b: { path: '0.conv', line: 6, output: ['N', 8, 8, 8], params: 216, macs: 13_824 },
    })
    const sum = (side: 'a' | 'b', of: 'params' | 'macs'): number =>
      report.layers.reduce(
        (all: number, layer: Record<string, Record<string, number>>) => all + (layer[side]?.[of] ?? 0),
        0,
      )
    expect([sum('a', 'macs'), sum('b', 'macs')]).toEqual([7040, 14_080])
    expect([sum('a', 'params'), sum('b', 'params')]).toEqual([126, 250])
  })

  test('a layer that one side lacks is null there', async () => {
    const more = file('more.cfg', `${SMALL}\n[convolutional]\nfilters=3\nsize=1\nactivation=linear\n`)
    const { layers } = JSON.parse((await compare(a, more, '--format', 'json')).out)
    expect(layers.at(-1)).toMatchObject({ a: null, b: { path: '3.conv', output: ['N', 3, 4, 4], macs: 2 * 3 * 16 } })
    const back = JSON.parse((await compare(more, a, '--format', 'json')).out)
    expect(back.layers.at(-1)).toMatchObject({ a: { path: '3.conv' }, b: null })
  })

  test('as a table', async () => {
    const { status, out } = await compare(a, b)
    expect(status).toBe(0)
    expect(out).toContain(`A  ${a}: a, input 3×8×8`)
    expect(out).toMatch(/^MACs +7\.0k +14\.1k +\+100%$/m)
    expect(out).toMatch(/^params +126 +250 +\+98%$/m)
    expect(out).toMatch(/^receptive field +4 px +4 px +=$/m)
    expect(out).toMatch(/^~ +0\.conv +convolutional 3×3 3→4 ⇒ 3→8 +6\.9k +13\.8k +\+6\.9k +\+108 +6$/m)
  })

  test('as Markdown', async () => {
    const { out } = await compare(a, b, '--format', 'markdown')
    expect(out).toContain('| MACs | 7.0k | 14.1k | +100% |')
    expect(out).toMatch(
      /^\| \\~ \| 0\.conv \| convolutional 3×3 3→4 ⇒ 3→8 \| 6\.9k \| 13\.8k \| \+6\.9k \| \+108 \| 6 \|$/m,
    )
  })

  test('the same', async () => {
    expect((await compare(a, a)).out).toMatch(/\nNo difference in 5 calls\.\n$/)
  })

  test('of two formats', async () => {
    const { out } = await compare('examples/resnet50.yaml', 'examples/resnet_bottleneck.py')
    expect(out).toMatch(/\nNo difference in 175 calls\.\n$/)
  })
})

test('two models of one file', async () => {
  const python = 'examples/resnet_bottleneck.py'
  const { status, out } = await compare(
    ...[python, python, '--model-a', 'resnet50', '--model-b', 'ResNet(Bottleneck, [3, 4, 23, 3])', '--format', 'json'],
  )
  expect(status).toBe(0)
  const { a, b } = JSON.parse(out)
  // torchvision's resnet50 and resnet101.
  expect([a.totals.params, b.totals.params]).toEqual([25_557_032, 44_549_160])
})

describe('a file at a revision', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'convlens-git-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  // A checkout of this repository was made by git, so git is there; where it is not, this fails and says so.
  const git = (...args: string[]): void => {
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false']
    execFileSync('git', [...identity, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  const at = (name: string): string => path.join(folder, name)
  git('init', '-q', '-b', 'main')
  mkdirSync(at('nets'))
  writeFileSync(at('nets/small.cfg'), SMALL)
  writeFileSync(at('net@home.cfg'), SMALL)
  git('add', '.')
  git('commit', '-q', '-m', 'small')
  git('tag', 'v1')
  writeFileSync(at('nets/small.cfg'), WIDER)
  git('commit', '-q', '-a', '-m', 'wider')
  writeFileSync(at('nets/small.cfg'), SMALL.replace('filters=4', 'filters=16'))
  writeFileSync(at('nets/new.cfg'), SMALL)

  const macs = async (a: string, b: string): Promise<[number, number]> => {
    const { status, out, err } = await compare(a, b, '--format', 'json')
    expect([status, err]).toEqual([0, ''])
    const report = JSON.parse(out)
    expect(report.a.file).toBe(a)
    return [report.a.totals.macs, report.b.totals.macs]
  }

  test('is read as it was', async () => {
    const name = at('nets/small.cfg')
    expect(await macs(`${name}@HEAD`, name)).toEqual([14_080, 27_648 + 512])
    expect(await macs(`${name}@HEAD~1`, `${name}@main`)).toEqual([7040, 14_080])
    expect(await macs(`${name}@v1`, `${name}@HEAD^`)).toEqual([7040, 7040])
  })

  test('a file whose name has an @ is a file', async () => {
    expect(await macs(at('net@home.cfg'), at('nets/small.cfg@v1'))).toEqual([7040, 7040])
    expect(await macs(at('net@home.cfg@HEAD'), at('net@home.cfg'))).toEqual([7040, 7040])
    expect(parseFileAt('a@b/net.yaml@HEAD@{1}')).toEqual({ file: 'a@b/net.yaml', revision: 'HEAD@{1}' })
    expect(parseFileAt('net.yaml')).toEqual({ file: 'net.yaml' })
  })

  test.each([
    ['a revision that lacks the file', 'nets/new.cfg@HEAD', 'this revision does not have the file.'],
    ['no such revision', 'nets/small.cfg@nope', 'there is no such revision.'],
    ['an option in its place', 'nets/small.cfg@--help', '"--help" is not a git revision.'],
    ['another path behind it', 'nets/small.cfg@HEAD:nets', '"HEAD:nets" is not a git revision.'],
    ['none after the @', 'nets/small.cfg@', 'name a git revision after the @, such as HEAD.'],
    ['a folder', 'nets@HEAD', 'it is no file there.'],
    ['a folder that is not there', 'other/net.cfg@HEAD', 'no such folder.'],
  ])('%s is said in one sentence', async (_, name, sentence) => {
    const { status, out, err } = await compare(at(name), at('nets/small.cfg'))
    expect([status, out, err]).toEqual([2, '', `convlens: ${at(name)}: ${sentence}\n`])
  })

  test('no repository', async () => {
    const name = `${file('net.cfg', SMALL)}@HEAD`
    expect(await compare(name, name)).toEqual({
      status: 2,
      out: '',
      err: `convlens: ${name}: the file is in no git repository.\n`,
    })
  })

  test('no git', async () => {
    const { PATH } = process.env
    process.env.PATH = folder
    try {
      const { status, err } = await compare(`${at('nets/small.cfg')}@HEAD`, at('nets/small.cfg'))
      expect(status).toBe(2)
      expect(err).toMatch(/: git was not found; it is needed to read a revision\.\n$/)
    } finally {
      process.env.PATH = PATH
    }
  })

  test('nothing that the repository configures is run', async () => {
    const marker = at('ran')
    const script = at('hook.sh')
    writeFileSync(script, `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 })
    git('config', 'core.fsmonitor', script)
    git('config', 'diff.net.textconv', script)
    git('config', 'filter.net.smudge', script)
    writeFileSync(at('.gitattributes'), '*.cfg diff=net filter=net\n')
    await macs(`${at('nets/small.cfg')}@HEAD`, at('nets/small.cfg'))
    expect(existsSync(marker)).toBe(false)
  })
})

describe('what cannot be compared', () => {
  const small = file('small.cfg', SMALL)

  test.each([
    ['no such file', ['nowhere.cfg', small], 'convlens: nowhere.cfg: no such file.\n'],
    ['no such model', [small, small, '--model-b', 'nope'], `convlens: ${small}: no model nope; it has small.\n`],
    ['no network', [small, file('notes.yaml', 'title: notes\n')], /: no network in a format that ConvLens reads\.\n$/],
    ['an unknown format', [small, small, '--format', 'csv'], /argument 'csv' is invalid/],
    ['an unknown device', [small, small, '--device', 'abacus'], /^convlens: no device abacus; it is one of t4-fp16,/],
    ['one file', [small], /missing required argument 'b'/],
  ])('%s: status 2 and a sentence', async (_, args, err) => {
    const outcome = await compare(...args)
    expect(outcome.status).toBe(2)
    expect(outcome.out).toBe('')
    if (typeof err === 'string') expect(outcome.err).toBe(err)
    else expect(outcome.err).toMatch(err)
  })

  test('a side with a shape error is compared, with status 1', async () => {
    const wrong = file('wrong.cfg', SMALL.replace('size=2', 'size=-2'))
    const { status, out } = await compare(small, wrong)
    expect(status).toBe(1)
    expect(out).toContain('MACs')
  })
})
