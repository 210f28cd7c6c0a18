/**
 * Builds the extension for release and packages it as out/convlens.vsix.
 *
 *   node scripts/package.mjs [FILE.vsix]
 *
 * CONVLENS_TEST_EXTENSION names another extension folder, which is packaged as it is.
 */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { createVSIX } from '@vscode/vsce'
import { root, vsixFile } from './support/paths.mjs'
import { run, runMain } from './support/processes.mjs'

/**
 * Packages the extension; dist/ is built anew and holds everything that runs, so no node_modules are needed.
 * @param {string} [file]
 * @returns {Promise<string>} the .vsix
 */
export async function packageExtension(file = vsixFile) {
  const cwd = path.resolve(process.env.CONVLENS_TEST_EXTENSION ?? root)
  if (cwd === root) await run('node', ['esbuild.mjs', '--minify'], { cwd: root })
  await mkdir(path.dirname(file), { recursive: true })
  await createVSIX({ cwd, packagePath: file, dependencies: false })
  return file
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    await packageExtension(process.argv[2] && path.resolve(process.argv[2]))
  })
}
