import { expect, test } from 'vitest'
import { version } from '../../package.json'
import { temporaryFolder } from '../support/folder'
import { convlens, file, SMALL } from './terminal'

/** Status 2, nothing on standard output, one line on standard error. */
async function refused(...args: string[]): Promise<string> {
  const { status, out, err } = await convlens(args)
  expect({ status, out }).toEqual({ status: 2, out: '' })
  expect(err).toMatch(/^convlens: [^\n]+\n$/)
  return err.slice('convlens: '.length, -1)
}

test.each(['annotate', 'analyze', 'check'])('%s says in one sentence why a file cannot be used', async command => {
  const folder = temporaryFolder()
  expect(await refused(command, 'missing.yaml')).toBe('missing.yaml: no such file.')
  expect(await refused(command, folder)).toBe(`${folder}: is a folder; name a file.`)
  const empty = file('empty.yaml', ' \n')
  expect(await refused(command, empty)).toBe(`${empty}: the file is empty.`)
  const binary = file('weights.cfg', new Uint8Array([1, 2, 0, 3]))
  expect(await refused(command, binary)).toBe(`${binary}: is not a text file.`)
  const other = file('compose.yaml', 'services:\n  web:\n    image: nginx\n')
  expect(await refused(command, other)).toBe(`${other}: no network in a format that ConvLens reads.`)
})

test('options that are wrong', async () => {
  const cfg = file('small.cfg', SMALL)
  expect(await refused('analyze', cfg, '--model', 'resnet50')).toBe(`${cfg}: no model resnet50; it has small.`)
  expect(await refused('analyze', cfg, '--input', '3xbig')).toContain('--input expects sizes such as 3x224x224')
  expect(await refused('analyze', cfg, '--format', 'xml')).toContain(
    'Allowed choices are table, json, markdown, csv, paper.',
  )
  expect(await refused('analyze', cfg, '--convention', 'mine')).toContain('fvcore, torchinfo')
  expect(await refused('check', cfg, '--max-macs', 'few')).toContain('It expects a count such as 600M.')
  expect(await refused('analyze')).toContain('file')
  expect(await refused('draw', cfg)).toContain("unknown command 'draw'")
  expect(await refused('analyze', cfg, '--loud')).toContain("unknown option '--loud'")
})

test('help and version are answers, not errors', async () => {
  expect(await convlens(['--version'])).toEqual({ status: 0, out: `${version}\n`, err: '' })
  const { status, out, err } = await convlens(['--help'])
  expect({ status, err }).toEqual({ status: 0, err: '' })
  for (const command of ['annotate', 'analyze', 'check', 'batch', 'lsp']) expect(out).toContain(`  ${command} `)
  expect((await convlens(['check', '--help'])).out).toContain('--max-params <count>')
})

test('a byte-order mark moves nothing', async () => {
  const { out } = await convlens(['analyze', file('small.cfg', `\uFEFF${SMALL}`), '--format', 'json'])
  expect(JSON.parse(out).files[0].models[0].line).toBe(1)
})
