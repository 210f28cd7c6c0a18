/**
 * Opens VS Code with the extension as it is in the work tree.
 *
 *   node scripts/vscode.mjs [FILE]
 *
 * VS Code is the installed `code`, else a download by @vscode/test-electron, else code-server, whose address is printed
 * and which runs until Ctrl+C. Without FILE the examples are opened.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { downloadAndUnzipVSCode } from '@vscode/test-electron'
import { startCodeServer } from './support/codeServer.mjs'
import { cacheFolder, root } from './support/paths.mjs'
import { run, runMain } from './support/processes.mjs'

await runMain(async () => {
  await run('node', ['esbuild.mjs'], { cwd: root })
  const folder = path.join(root, 'examples')
  const file = path.resolve(process.argv[2] ?? path.join(folder, 'resnet50.yaml'))
  const executable = await desktopVscode()
  if (!executable) return serve(folder, file)
  const args = [folder, file, `--extensionDevelopmentPath=${root}`]
  const shell = process.platform === 'win32'
  await once(spawn(shell ? `"${executable}"` : executable, args, { stdio: 'inherit', shell }), 'exit')
})

/** The installed or downloaded desktop VS Code; undefined where neither is to be had. */
async function desktopVscode() {
  const shell = process.platform === 'win32'
  if (spawnSync('code', ['--version'], { shell }).status === 0) return 'code'
  try {
    return await downloadAndUnzipVSCode({ version: 'stable', cachePath: path.join(cacheFolder, 'vscode') })
  } catch (error) {
    console.log(`Desktop VS Code cannot be downloaded (${error.message}); starting code-server instead.`)
    return undefined
  }
}

async function serve(folder, file) {
  const host = await startCodeServer({})
  const remote = name => `vscode-remote://${host.authority}${name}`
  const payload = JSON.stringify([
    ['extensionDevelopmentPath', remote(root)],
    ['openFile', remote(file)],
  ])
  console.log('VS Code with ConvLens is at the address below, until Ctrl+C:')
  console.log(`${host.url}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(payload)}`)
  await new Promise(() => {})
}
