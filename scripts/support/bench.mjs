/** What the benchmarks share: a clock, tables, and a server to talk to. */
import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node.js'

/** Starts the built server and shakes hands with it. */
export async function startServer(built) {
  const child = spawn(process.execPath, [path.join(built, 'server.js'), '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  )
  connection.listen()
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} })
  await connection.sendNotification('initialized', {})
  return {
    pid: child.pid,
    notify: (method, params) => void connection.sendNotification(method, params),
    request: (method, params) => connection.sendRequest(method, params),
    async close() {
      await connection.sendRequest('shutdown')
      await connection.sendNotification('exit')
      connection.dispose()
    },
  }
}

/** The median of `rounds` calls, in ms, after `before` that warm up. */
export function time(call, rounds, before = 5) {
  for (let i = 0; i < Math.min(before, rounds); i++) call()
  const samples = Array.from({ length: rounds }, () => {
    const start = performance.now()
    call()
    return performance.now() - start
  })
  return quantile(samples, 0.5)
}

export function memoryOf(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout?.trim() ? `${(Number(stdout) / 1000).toFixed(0)} MB` : '–'
}

export function quantile(samples, q) {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]
}

export function ms(value) {
  return value.toFixed(value < 10 ? 2 : 1)
}

export function print(title, rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)))
  const line = row => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')
  console.log(`${title}\n${rows.map(row => `  ${line(row)}`).join('\n')}\n`)
}
