import { native, pyModule, tuple } from '../interpreter/types'
import { type PyModule, PyUnknown, type PyValue } from '../interpreter/values'
import { applicationsModule } from './applications'
import { kerasModules } from './library'

const PARTS = ['backend', 'layers', 'models', 'utils'] as const

/** What a program hands on of Keras, or Keras itself: the package gives its callers the modules that they asked for. */
const submodules = native('get_submodules_from_kwargs', (_, [given], kwargs) => {
  const entries = given !== null && typeof given === 'object' && 'entries' in given ? given.entries : new Map()
  const named = new Map(
    [...(entries as Map<string, [PyValue, PyValue]>).values()].map(([name, value]) => [String(name), value]),
  )
  return tuple(
    PARTS.map((part): PyValue => {
      const own = named.get(part) ?? kwargs.get(part) ?? null
      return own ?? kerasModules.get(`keras.${part}`) ?? new PyUnknown(`keras.${part} is not modelled`, true)
    }),
  )
})

/** keras_applications: the package in which the models of Keras 2 stood, and what other packages of models take of it. */
const applicationsPackage: PyModule = pyModule(
  'keras_applications',
  [
    ['get_submodules_from_kwargs', submodules],
    ...PARTS.map((part): [string, PyValue] => [
      `_KERAS_${part.toUpperCase()}`,
      kerasModules.get(`keras.${part}`) ?? null,
    ]),
    ...[...applicationsModule.dict].filter(([name]) => !name.startsWith('__')),
  ],
  name => (name.startsWith('__') ? undefined : applicationsModule.missing?.(name)),
)

/** Its modules hold the models of all, as those of keras.applications do. */
export const applicationsLibrary = (name: string): PyValue | undefined =>
  name === 'keras_applications'
    ? applicationsPackage
    : name.startsWith('keras_applications.')
      ? applicationsModule
      : undefined
