/** The built command line as a process: what only a process can show. */
import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { build } from 'esbuild'
import { beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder'
import { file, SMALL } from './terminal'

const out = temporaryFolder()
const cli = path.join(out, 'cli.js')

beforeAll(async () => {
  const root = path.resolve(import.meta.dirname, '../..')
  await build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli/main.ts', server: 'src/server/node.ts' },
    outdir: out,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
  })
})

test('the exit status reaches the shell', () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' })
  const cfg = file('small.cfg', SMALL)
  expect(run('check', cfg)).toMatchObject({ status: 0, stderr: '' })
  expect(run('check', cfg, '--max-macs', '1')).toMatchObject({ status: 1, stderr: '' })
  expect(run('check', 'missing.cfg')).toMatchObject({ status: 2, stdout: '' })
})

test('a reader that closes the pipe early ends it quietly', async () => {
  const cfg = file('small.cfg', SMALL)
  const child = spawn(process.execPath, [cli, 'batch'], { stdio: ['pipe', 'pipe', 'pipe'] })
  let err = ''
  child.stderr.on('data', data => {
    err += data
  })
  child.stdin.on('error', () => {})
  child.stdout.once('data', () => child.stdout.destroy())
  for (let i = 0; i < 2000; i++) child.stdin.write(`${JSON.stringify({ id: i, file: cfg })}\n`)
  child.stdin.end()
  const status = await new Promise(done => child.on('close', done))
  expect({ status, err }).toEqual({ status: 0, err: '' })
})

test('lsp --stdio speaks the protocol', async () => {
  const child = spawn(process.execPath, [cli, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  const answer = new Promise<string>(done => {
    let text = ''
    child.stdout.on('data', data => {
      text += data
      if (text.includes('"capabilities"')) done(text)
    })
  })
  send({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } })
  expect(await answer).toContain('"inlayHintProvider"')
  send({ id: 2, method: 'shutdown' })
  send({ method: 'exit' })
  expect(await new Promise(done => child.on('close', done))).toBe(0)
})
