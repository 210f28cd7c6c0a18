/**
 * A code-server of one's own: everything it reads and writes is in a temporary folder that goes when it stops.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setupCodeServer } from '../setup-code-server.mjs'
import { Failure, freePort, run, startProcess, tail, temporaryFolder, waitFor } from './processes.mjs'

// Quiet and the same on every machine: nothing that opens by itself, asks, updates or looks for a network.
const quietSettings = {
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'editor.minimap.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.ignoreRecommendations': true,
}

/**
 * Starts a code-server and waits until it answers.
 * @param {{ vsix?: string, settings?: Record<string, unknown>, env?: Record<string, string> }} [options]
 *   `vsix` is installed as a user would install it; `settings` are the user's; `env` reaches the extension host.
 */
export async function startCodeServer({ vsix, settings = {}, env: added = {} } = {}) {
  const { node, entry, vscodeVersion } = await setupCodeServer()
  const { folder, remove } = temporaryFolder('host')
  const user = path.join(folder, 'user')
  const extensions = path.join(folder, 'extensions')
  for (const name of [user, extensions, path.join(folder, 'tmp')]) await mkdir(name, { recursive: true })
  await writeFile(path.join(folder, 'config.yaml'), '')

  const env = { ...hostEnvironment(folder), ...added }
  const common = [
    entry,
    ...['--config', path.join(folder, 'config.yaml')],
    ...['--user-data-dir', user],
    ...['--extensions-dir', extensions],
  ]
  await mkdir(path.join(user, 'User'))
  const userSettings = JSON.stringify({ ...quietSettings, ...settings }, undefined, 2)
  await writeFile(path.join(user, 'User/settings.json'), userSettings)
  if (vsix) {
    const said = await run(node, [...common, '--install-extension', vsix], { env, cwd: folder })
    if (!/successfully installed/.test(said))
      throw new Failure(`code-server did not install the package:\n${tail(said)}`)
  }

  const port = await freePort()
  const server = startProcess(
    node,
    [
      ...common,
      ...['--auth', 'none'],
      ...['--bind-addr', `127.0.0.1:${port}`],
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-workspace-trust',
      '--disable-getting-started-override',
      '--ignore-last-opened',
      // Without this option a built workbench ignores the extension that a test's address names, and says nothing.
      ...['--vscode-option', 'enable-smoke-test-driver'],
    ],
    { env, cwd: folder },
  )
  const url = `http://localhost:${port}`
  const stop = async () => {
    await server.kill()
    remove()
  }
  try {
    await waitFor('code-server to answer', () => answers(`${url}/healthz`), 20_000)
  } catch (error) {
    await stop()
    throw new Failure(`${error.message}\n${tail(withoutStacks(server.output()))}`)
  }
  return {
    url,
    authority: `localhost:${port}`,
    vscodeVersion,
    log: () => withoutStacks(server.output()),
    stop,
  }
}

async function answers(url) {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

/** Optional native modules are not built, and code-server says so with a long stack each time; those lines help nobody. */
export function withoutStacks(log) {
  return log.replace(/^( {4}at | → |- | {4}'\/).*\n/gm, '')
}

/** The caller's environment without what a VS Code or an npm around it has set, and with a home of its own. */
function hostEnvironment(folder) {
  const foreign = /^(VSCODE_|ELECTRON_|npm_)/
  const kept = Object.entries(process.env).filter(([key]) => !foreign.test(key))
  return {
    ...Object.fromEntries(kept),
    XDG_CONFIG_HOME: path.join(folder, 'config'),
    XDG_DATA_HOME: path.join(folder, 'data'),
    TMPDIR: path.join(folder, 'tmp'),
    EXTENSIONS_GALLERY: '{}',
  }
}
