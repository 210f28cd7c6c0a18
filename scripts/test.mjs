/**
 * All tests, in an order that fails fast:
 *
 *   node scripts/test.mjs
 *
 * types, style, the package (built once; everything after it tests what is shipped), unit and protocol tests, the list
 * of files in the package, torchvision's models, the panel by itself, the suite inside a real VS Code, and a browser pass over the installed
 * package.
 * What is missing is installed: code-server from the npm registry, Chromium by apt-get where that is possible.
 */
import { stripVTControlCharacters } from 'node:util'
import { root } from './support/paths.mjs'
import { Failure, run, runMain } from './support/processes.mjs'

const steps = [
  { name: 'types', command: ['npm', 'run', '--silent', 'typecheck'] },
  { name: 'style', command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'package', command: ['node', 'scripts/package.mjs'] },
  { name: 'unit and protocol tests', command: ['npx', '--no-install', 'vitest', 'run'], counts: true },
  {
    name: 'files in the package',
    command: ['npx', '--no-install', 'vitest', 'run', '--config', 'test/package/vitest.config.mts'],
    counts: true,
  },
  { name: 'models of torchvision', command: ['node', 'scripts/test-torchvision.mjs'] },
  { name: 'panel in a plain browser', command: ['node', 'scripts/test-panel.mjs'], counts: true },
  { name: 'suite in VS Code', command: ['node', 'scripts/test-vscode.mjs', '--built'], counts: true },
  { name: 'browser pass over the package', command: ['node', 'scripts/test-browser.mjs', '--built'], counts: true },
]

await runMain(async () => {
  const lines = []
  let total = 0
  for (const { name, command, counts } of steps) {
    console.log(`\n── ${name}`)
    const start = Date.now()
    let output
    try {
      output = await run(command[0], command.slice(1), { cwd: root, echo: true, limitMs: 900_000 })
    } catch (error) {
      throw new Failure(`\n${lines.join('\n')}\n✘ ${name}\n${error.message}`)
    }
    const passed = counts ? passedTests(output) : 0
    if (counts && passed === 0) throw new Failure(`✘ ${name}: no test was run.`)
    total += passed
    const seconds = `${((Date.now() - start) / 1000).toFixed(0)} s`
    lines.push(`✔ ${name}${counts ? `: ${passed} passed` : ''} (${seconds})`)
  }
  console.log(`\n${lines.join('\n')}`)
  console.log(`${total} passed, 0 failed`)
})

/** The number of passed tests in the closing line of vitest (`Tests  12 passed (12)`) or of our own runners. */
function passedTests(coloured) {
  const output = stripVTControlCharacters(coloured)
  const vitest = [...output.matchAll(/^\s*Tests\s+(\d+) passed/gm)].at(-1)
  const own = [...output.matchAll(/^(\d+) passed, 0 failed$/gm)].at(-1)
  return Number((vitest ?? own)?.[1] ?? 0)
}
