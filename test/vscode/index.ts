/** The entry that VS Code's extension host calls to run the suite: every *.test.js beside it, under Mocha. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { format } from 'node:util'
import Mocha from 'mocha'

/** Runs the suite; rejects when a test fails, or when there is none. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 30_000, forbidOnly: true, forbidPending: true })
  Mocha.reporters.Base.consoleLog = print
  const folder = path.join(__dirname, 'suite')
  for (const file of readdirSync(folder).sort()) {
    if (file.endsWith('.test.js')) mocha.addFile(path.join(folder, file))
  }
  const stats = await new Promise<Mocha.Stats | undefined>(resolve => {
    const runner = mocha.run(() => resolve(runner.stats))
  })
  const { passes, failures } = stats ?? { passes: 0, failures: 0 }
  print(`${passes} passed, ${failures} failed`)
  if (failures > 0 || passes === 0) throw new Error(`${failures} of ${passes + failures} tests failed.`)
}

/** Prints a line, formatted here because not every host's console formats, and marked where the host asks for it. */
function print(message: unknown = '', ...values: unknown[]): void {
  console.log((process.env.CONVLENS_SUITE_MARK ?? '') + format(message, ...values))
}
