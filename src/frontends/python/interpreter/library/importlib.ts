import { native, pyModule } from '../types'
import { asString, PyUnknown, type PyValue } from '../values'

/** importlib: modules by names that the program puts together, as registries of models do. */
export const importlibModule = pyModule(
  'importlib',
  [
    [
      'import_module',
      native('import_module', (run, [first, second], kwargs): PyValue => {
        const name = asString(first ?? kwargs.get('name') ?? null)
        const anchor = asString(second ?? kwargs.get('package') ?? null)
        const whole = name === null ? null : resolved(name, anchor)
        if (whole === null) return new PyUnknown('the name of this module is not known', true)
        return run.importModule(whole, run.frame.module)
      }),
    ],
  ],
  name => (name.startsWith('__') ? undefined : new PyUnknown(`importlib.${name} is not modelled`, true)),
)

/** `..net` from the package zoo.parts is zoo.net. */
function resolved(name: string, anchor: string | null): string | null {
  const level = /^\.*/.exec(name)![0].length
  if (level === 0) return name
  if (anchor === null) return null
  const parts = anchor.split('.')
  return level - 1 < parts.length ? [...parts.slice(0, parts.length - (level - 1)), name.slice(level)].join('.') : null
}
