import { dictClass, native, nativeClass, nativeMethod, pyModule } from '../types'
import { asString, hashKey, type PyClass, PyDict, PyUnknown, type PyValue } from '../values'

const opaque =
  (path: string) =>
  (name: string): PyValue | undefined =>
    name.startsWith('__') ? undefined : new PyUnknown(`${path}.${name} is not modelled`, true)

/** Paths are texts; whether anything is there is not known. */
const path = pyModule(
  'os.path',
  [
    [
      'join',
      native('join', (_, parts) => {
        const texts = parts.map(asString)
        return texts.includes(null) ? new PyUnknown('this path is not known', true) : texts.join('/')
      }),
    ],
    [
      'basename',
      native(
        'basename',
        (_, [p]) =>
          asString(p ?? null)
            ?.split('/')
            .at(-1) ?? '',
      ),
    ],
    ['sep', '/'],
  ],
  opaque('os.path'),
)

/**
 * The environment is empty but for timm's own switch, which asks for attention by its two products: PyTorch 1.13, by
 * which timm's models were measured for us, has no fused attention, and differential attention does one product twice
 * where it is fused.
 */
const environment = new PyDict(environmentClass())
environment.entries.set(hashKey('TIMM_FUSED_ATTN')!, ['TIMM_FUSED_ATTN', '0'])

/** A variable that a program cannot do without is set where it is run, to something that is not known. */
function environmentClass(): PyClass {
  const cls = nativeClass('_Environ', [dictClass], 'os')
  cls.dict.set(
    '__missing__',
    nativeMethod('__missing__', () => new PyUnknown('a variable of the environment is not known', true)),
  )
  return cls
}

/** The os module: what a variable would change is as without it. */
export const osModule = pyModule(
  'os',
  [
    ['environ', environment],
    ['getenv', native('getenv', (_, [, otherwise], kwargs) => otherwise ?? kwargs.get('default') ?? null)],
    ['path', path],
    ['sep', '/'],
    ['name', 'posix'],
  ],
  opaque('os'),
)
export const osPathModule = path
