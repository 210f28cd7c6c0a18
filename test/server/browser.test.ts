import path from 'node:path'
import vm from 'node:vm'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

interface Message {
  readonly id?: number
  readonly result?: unknown
}

/** A web worker's global scope with nothing of Node in it, and a way to talk to what runs there. */
async function startWorker(): Promise<{
  request(method: string, params: object): Promise<unknown>
  notify(method: string, params: object): void
}> {
  const root = path.resolve(import.meta.dirname, '../..')
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'src/server/browser.ts')],
    bundle: true,
    write: false,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    mainFields: ['browser', 'module', 'main'],
    logLevel: 'warning',
  })
  const waiting = new Map<number, (result: unknown) => void>()
  const scope: Record<string, unknown> = {
    setTimeout,
    clearTimeout,
    TextEncoder,
    TextDecoder,
    performance,
    console,
    addEventListener: () => {},
    postMessage: ({ id, result }: Message) => id !== undefined && waiting.get(id)?.(result),
  }
  scope.self = scope
  vm.runInNewContext(outputFiles[0]!.text, scope)
  const send = (message: object): void => (scope.onmessage as (event: { data: object }) => void)({ data: message })
  let last = 0
  return {
    notify: (method, params) => send({ jsonrpc: '2.0', method, params }),
    request: (method, params) =>
      new Promise(resolve => {
        waiting.set(++last, resolve)
        send({ jsonrpc: '2.0', id: last, method, params })
      }),
  }
}

describe('language server in a web worker', () => {
  it('answers hints without anything of Node', async () => {
    const worker = await startWorker()
    await worker.request('initialize', { processId: null, rootUri: null, capabilities: {} })
    worker.notify('initialized', {})
    const uri = 'vscode-vfs://github/someone/net.yaml'
    const text = 'input: [3, 8, 8]\nlayers:\n  - Conv2d: {out_channels: 8, kernel_size: 3}\n'
    worker.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } })
    const range = { start: { line: 0, character: 0 }, end: { line: 3, character: 0 } }
    const hints = (await worker.request('textDocument/inlayHint', { textDocument: { uri }, range })) as {
      label: { value: string }[]
    }[]
    // 27·8 + 8 params; 216 products at 6 × 6 positions.
    expect(hints.map(hint => hint.label.map(part => part.value).join(''))).toEqual(['N×8×6×6 · 224 params · 7.8k MACs'])
  })
})
