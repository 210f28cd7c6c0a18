/**
 * Runs the Mocha suite of test/vscode inside a real VS Code, through @vscode/test-electron.
 *
 *   node scripts/test-vscode.mjs [--built]
 *
 * --built takes dist/ as it is instead of building it anew.
 * The host is desktop VS Code where it can be downloaded and shown, else code-server in headless Chromium.
 * CONVLENS_TEST_HOST=desktop or code-server asks for one; CONVLENS_TEST_EXTENSION names another extension folder.
 * Exits with 0 only when every test ran and passed.
 */
import { cp } from 'node:fs/promises'
import path from 'node:path'
import { downloadAndUnzipVSCode, runTests, SilentReporter } from '@vscode/test-electron'
import { buildVscodeTests } from './build-vscode-tests.mjs'
import { setupCodeServer } from './setup-code-server.mjs'
import { ensureChromium } from './support/chromium.mjs'
import { cacheFolder, root } from './support/paths.mjs'
import { Failure, run, runMain, temporaryFolder } from './support/processes.mjs'

const limitMs = 240_000

await runMain(async () => {
  const extensionDevelopmentPath = path.resolve(process.env.CONVLENS_TEST_EXTENSION ?? root)
  const built = process.argv.includes('--built') || extensionDevelopmentPath !== root
  if (!built) await run('node', ['esbuild.mjs'], { cwd: root })
  const extensionTestsPath = await buildVscodeTests()
  const host = await chooseHost()
  console.log(`Test host: ${host.name}`)

  const { folder } = temporaryFolder('suite')
  const workspace = path.join(folder, 'workspace')
  await cp(path.join(root, 'test/vscode/workspace'), workspace, { recursive: true })
  try {
    await withinLimit(
      runTests({
        vscodeExecutablePath: host.executable,
        extensionDevelopmentPath,
        extensionTestsPath,
        launchArgs: [workspace, '--disable-extensions', `--user-data-dir=${path.join(folder, 'user')}`],
      }),
    )
  } catch (error) {
    throw new Failure(`The suite failed in ${host.name}: ${error.message}`)
  }
})

async function chooseHost() {
  const asked = process.env.CONVLENS_TEST_HOST
  if (asked && asked !== 'desktop' && asked !== 'code-server') {
    throw new Failure(`CONVLENS_TEST_HOST is ${asked}; it must be desktop or code-server.`)
  }
  if (asked === 'desktop' || (asked !== 'code-server' && hasDisplay())) {
    try {
      return await desktop()
    } catch (error) {
      const sentence = `Desktop VS Code cannot be downloaded (${error.message}).`
      if (asked) throw new Failure(sentence)
      console.log(sentence)
    }
  }
  await ensureChromium()
  const { vscodeVersion } = await setupCodeServer()
  return {
    name: `code-server (VS Code ${vscodeVersion}, Node extension host) in headless Chromium`,
    executable: path.join(root, 'scripts/support/code-server-launcher.mjs'),
  }
}

async function desktop() {
  const executable = await downloadAndUnzipVSCode({
    version: 'stable',
    cachePath: path.join(cacheFolder, 'vscode'),
    reporter: new SilentReporter(),
    timeout: 10_000,
  })
  return { name: 'desktop VS Code', executable }
}

/** A Linux machine without a display cannot show desktop VS Code, downloaded or not. */
function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)
}

function withinLimit(running) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`it did not end within ${limitMs / 1000} s`)), limitMs).unref()
  })
  return Promise.race([running, late])
}
