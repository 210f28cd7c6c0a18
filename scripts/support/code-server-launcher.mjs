#!/usr/bin/env node
/**
 * Stands where @vscode/test-electron expects the VS Code executable: takes the same arguments, opens the workspace in a
 * code-server shown by headless Chromium, runs the extension's tests there, prints their console and exits with their code.
 *
 *   code-server-launcher.mjs WORKSPACE --extensionDevelopmentPath=DIR --extensionTestsPath=FILE
 */
import path from 'node:path'
import { format } from 'node:util'
import { launchChromium } from './chromium.mjs'
import { startCodeServer, withoutStacks } from './codeServer.mjs'
import { Failure, runMain, tail } from './processes.mjs'

// The suite starts its lines with this mark, because the workbench logs to the same console.
const mark = '[suite] '
const limitMs = Number(process.env.CONVLENS_TEST_LIMIT_MS ?? 180_000)

await runMain(async () => {
  // The pipe ends with the process that waits for this one, and then nobody would stop what is started here.
  process.stdin.on('end', () => process.exit(1)).resume()
  const { workspace, extensionDevelopmentPath, extensionTestsPath } = readArguments(process.argv.slice(2))
  const host = await startCodeServer({ env: { CONVLENS_SUITE_MARK: mark } })
  const browser = await launchChromium()
  try {
    const remote = file => `vscode-remote://${host.authority}${file}`
    const payload = [
      ['extensionDevelopmentPath', remote(extensionDevelopmentPath)],
      ['extensionTestsPath', remote(extensionTestsPath)],
      ['skipWelcome', 'true'],
    ]
    const query = `folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`
    await runInPage(await browser.newPage(), `${host.url}/?${query}`, host)
  } finally {
    await browser.close()
    await host.stop()
  }
})

/** Opens the workbench, prints the suite's lines as they come and waits for its exit code. */
async function runInPage(page, url, host) {
  const log = []
  let reported = false
  page.on('pageerror', error => log.push(String(error)))
  await page.exposeFunction('codeAutomationLog', (type, args) => {
    const line = format(...args)
    if (line.startsWith(mark)) {
      reported ||= /\d+ passed, \d+ failed$/.test(line)
      console.log(line.slice(mark.length))
    } else log.push(`${type}: ${line}`)
  })
  const exitCode = new Promise(resolve => page.exposeFunction('codeAutomationExit', resolve))
  const late = new Promise(resolve => setTimeout(resolve, limitMs, 'late').unref())
  const crashed = new Promise(resolve => page.on('crash', () => resolve('crashed')))
  await page.goto(url)
  const end = await Promise.race([exitCode, late, crashed])
  if (end === 0) return
  const why = { late: `did not end within ${limitMs / 1000} s`, crashed: 'ended with a crash of its window' }
  // A suite that has told what failed needs no logs of the editor around it.
  const logs = reported ? [] : ['--- window', tail(withoutStacks(log.join('\n'))), '--- server', tail(host.log(), 20)]
  throw new Failure([...logs, `The suite ${why[end] ?? `ended with exit code ${end}`}.`].join('\n'))
}

/** @param {string[]} args */
function readArguments(args) {
  const option = name => args.find(arg => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
  const workspace = args.find(arg => !arg.startsWith('-'))
  const extensionDevelopmentPath = option('extensionDevelopmentPath')
  const extensionTestsPath = option('extensionTestsPath')
  if (!workspace || !extensionDevelopmentPath || !extensionTestsPath) {
    throw new Failure('The launcher needs a workspace, --extensionDevelopmentPath and --extensionTestsPath.')
  }
  return { workspace: path.resolve(workspace), extensionDevelopmentPath, extensionTestsPath }
}
