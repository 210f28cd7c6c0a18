import { builtins } from '../../../../src/frontends/python/interpreter/builtins'
import { PyError, Stopped } from '../../../../src/frontends/python/interpreter/errors'
import { type Loader, runModule } from '../../../../src/frontends/python/interpreter/imports'
import { standardLibrary } from '../../../../src/frontends/python/interpreter/library'
import { addModule, newRun } from '../../../../src/frontends/python/interpreter/program'
import { str } from '../../../../src/frontends/python/interpreter/text'
import { native } from '../../../../src/frontends/python/interpreter/types'
import type { PyValue } from '../../../../src/frontends/python/interpreter/values'
import { parse } from '../../../../src/frontends/python/syntax/parser'

export interface Ran {
  /** What the program printed. */
  readonly output: string
  /** Statements that were left out, with what was said. */
  readonly failed: readonly string[]
  /** What ended the run before its end. */
  readonly stopped: string | null
  readonly names: ReadonlyMap<string, PyValue>
}

/** Runs a program with our interpreter; `files` are the modules that it may import, by dotted name. */
export function runProgram(text: string, files: Readonly<Record<string, string>> = {}, name = '__main__'): Ran {
  let output = ''
  const failed: string[] = []
  const print = native('print', (run, args, kwargs) => {
    const [sep = ' ', end = '\n'] = ['sep', 'end'].map(key => kwargs.get(key)) as (string | undefined)[]
    output += args.map(a => str(run, a)).join(sep) + end
    return null
  })
  const loader: Loader = {
    library: standardLibrary,
    source(module) {
      const whole = Object.hasOwn(files, `${module}.__init__`)
      const source = files[whole ? `${module}.__init__` : module]
      if (source !== undefined) return { file: `${module}.py`, body: parse(source).body, isPackage: whole }
      return Object.keys(files).some(file => file.startsWith(`${module}.`)) ? 'directory' : undefined
    },
    builtins: new Map([...builtins, ['print', print]]),
  }
  const run = newRun(loader, { failed: message => failed.push(message) })
  const scope = addModule(run, loader, name, 'main.py', parse(text).body)
  let stopped: string | null = null
  try {
    runModule(run, scope)
  } catch (error) {
    if (error instanceof PyError) stopped = error.exception.cls.name
    else if (error instanceof Stopped || error instanceof RangeError) stopped = error.message
    else throw error
  }
  return { output, failed, stopped, names: scope.names }
}
