/**
 * Bundles the in-editor suite from test/vscode to out/test/vscode (never to dist/, which is what is shipped).
 *
 *   node scripts/build-vscode-tests.mjs
 */
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { outFolder, root } from './support/paths.mjs'

/** @returns {Promise<string>} the file whose `run` starts the suite */
export async function buildVscodeTests() {
  const source = path.join(root, 'test/vscode')
  const outdir = path.join(outFolder, 'test/vscode')
  const tests = (await readdir(path.join(source, 'suite'))).filter(file => file.endsWith('.test.ts'))
  await rm(outdir, { recursive: true, force: true })
  await build({
    entryPoints: [path.join(source, 'index.ts'), ...tests.map(file => path.join(source, 'suite', file))],
    outbase: source,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    // The editor provides its API, and Mocha must be the one instance whose globals the tests use.
    external: ['vscode', 'mocha'],
    tsconfig: path.join(source, 'tsconfig.json'),
    logLevel: 'warning',
  })
  return path.join(outdir, 'index.js')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildVscodeTests()
