/**
 * Child processes with an end: every command is awaited or killed together with what it started,
 * and every wait has a limit, so that a hang is a failure and never a process left behind.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** An expected failure whose message is all that a reader needs: printed without a stack. */
export class Failure extends Error {}

/**
 * Runs `main` and ends the process: 0, or 1 with one sentence for a `Failure` and a stack for a bug.
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  // A signal must end the process in the ordinary way, so that what it started is killed by the `exit` handlers below.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1))
  try {
    await main()
    process.exit(0)
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error)
    process.exit(1)
  }
}

/**
 * Runs a command to its end and returns what it printed; a non-zero exit throws a `Failure` with the tail of the output.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, echo?: boolean, limitMs?: number }} [options] `echo` also prints the
 *   output as it comes; `limitMs` is the longest the command may take (5 minutes).
 * @returns {Promise<string>}
 */
export async function run(command, args, options = {}) {
  const child = startProcess(command, args, options)
  const code = await Promise.race([child.exited, sleep(options.limitMs ?? 300_000, 'late', { ref: false })])
  if (code === 0) return child.output()
  await child.kill()
  const what = [command, ...args].join(' ')
  const why = code === 'late' ? 'took too long' : `failed with exit code ${code}`
  throw new Failure(`\`${what}\` ${why}.${options.echo ? '' : `\n${tail(child.output())}`}`)
}

/**
 * Starts a command in a process group of its own.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, echo?: boolean }} [options]
 */
export function startProcess(command, args, { cwd, env, echo } = {}) {
  const detached = process.platform !== 'win32'
  // On Windows npm and npx are batch files, which only a shell starts.
  const shell = process.platform === 'win32' && /^np[mx]$/.test(command)
  const child = spawn(command, args, { cwd, env, detached, shell, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const collect = stream => chunk => {
    output = (output + chunk).slice(-1_000_000)
    if (echo) stream.write(chunk)
  }
  child.stdout.setEncoding('utf8').on('data', collect(process.stdout))
  child.stderr.setEncoding('utf8').on('data', collect(process.stderr))
  const exited = new Promise(resolve => {
    child.on('error', error => {
      output += `${error.message}\n`
      resolve(127)
    })
    child.on('close', (code, signal) => resolve(code ?? signal ?? 1))
  })
  const signalGroup = signal => {
    try {
      if (child.pid) process.kill(detached ? -child.pid : child.pid, signal)
    } catch {
      // The whole group has ended already.
    }
  }
  const killNow = () => signalGroup('SIGKILL')
  // First of all at the end: a folder can be removed only when nothing writes to it any more.
  process.prependListener('exit', killNow)
  return {
    exited,
    output: () => output,
    async kill() {
      signalGroup('SIGTERM')
      await Promise.race([exited, sleep(2000, undefined, { ref: false })])
      killNow()
      process.off('exit', killNow)
    },
  }
}

/**
 * A new temporary folder; it goes when `remove` is called, or else when this process ends.
 * @param {string} name
 */
export function temporaryFolder(name) {
  const folder = mkdtempSync(path.join(os.tmpdir(), `convlens-${name}-`))
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  process.on('exit', remove)
  return { folder, remove }
}

/** The last lines of a log. */
export function tail(text, lines = 40) {
  return text.trimEnd().split('\n').slice(-lines).join('\n')
}

/** @returns {Promise<number>} a TCP port of this machine that was free a moment ago */
export async function freePort() {
  const server = net.createServer()
  await new Promise((resolve, reject) => server.on('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise(resolve => server.close(resolve))
  return port
}

/**
 * Calls `probe` until it returns something other than undefined, null or false.
 * @template T
 * @param {string} what what is waited for, as in "Waited 30 s for …"
 * @param {() => Promise<T | undefined | null | false> | T | undefined | null | false} probe
 * @param {number} [limitMs]
 * @returns {Promise<T>}
 */
export async function waitFor(what, probe, limitMs = 30_000) {
  const end = Date.now() + limitMs
  for (;;) {
    const found = await probe()
    if (found) return found
    if (Date.now() > end) throw new Failure(`Waited ${limitMs / 1000} s for ${what}.`)
    await sleep(100)
  }
}
