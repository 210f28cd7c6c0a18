// Builds what is shipped into dist/: the extension, the language server, the command line, the panel.
//   node esbuild.mjs [--watch] [--minify] [--out=FOLDER]
import { existsSync, rmSync } from 'node:fs'
import esbuild from 'esbuild'

const args = new Set(process.argv.slice(2))
const out = [...args].find(arg => arg.startsWith('--out='))?.slice('--out='.length) ?? 'dist'
const shared = {
  bundle: true,
  minify: args.has('--minify'),
  sourcemap: args.has('--watch') ? 'linked' : false,
  logLevel: 'warning',
  legalComments: 'none',
}
/** The `yaml` and vscode-* packages carry ES modules beside their CommonJS; those are smaller once bundled. */
const mainFields = ['module', 'main']
const node = { ...shared, platform: 'node', target: 'node20', format: 'cjs', mainFields }
const browser = { ...shared, platform: 'browser', target: 'es2022', mainFields: ['browser', 'module', 'main'] }

const builds = [
  { ...node, entryPoints: { extension: 'src/extension/node.ts' }, external: ['vscode'], outdir: out },
  { ...node, entryPoints: { server: 'src/server/node.ts' }, outdir: out },
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, outdir: out, banner: { js: '#!/usr/bin/env node' } },
  {
    ...browser,
    format: 'cjs',
    entryPoints: { extension: 'src/extension/browser.ts' },
    external: ['vscode'],
    outdir: `${out}/web`,
  },
  { ...browser, format: 'iife', entryPoints: { server: 'src/server/browser.ts' }, outdir: `${out}/web` },
  {
    ...browser,
    format: 'iife',
    entryPoints: { panel: 'src/panel/main.ts' },
    outdir: out,
    loader: { '.ttf': 'file' },
  },
].filter(build => existsSync(Object.values(build.entryPoints)[0]))

if (args.has('--watch')) {
  for (const build of builds) await (await esbuild.context(build)).watch()
} else {
  rmSync(out, { recursive: true, force: true })
  await Promise.all(builds.map(build => esbuild.build(build)))
}
