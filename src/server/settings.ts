import { type Device, ownDevice } from '../analysis/advice'
import type { InputShape } from '../analysis/analyze'
import { parseInput } from '../analysis/directive'
import type { Unit } from '../features/hintLabel'
import { DEFAULT_HINT_LENGTH, type InitializationOptions, PYTHON_ENVIRONMENTS } from '../protocol'
import { SETTINGS } from '../settings'

/** What the server heeds, checked. */
export interface ServerSettings {
  readonly hints: boolean
  readonly quietLayers: boolean
  readonly unit: Unit
  readonly codeLens: boolean
  readonly diagnostics: boolean
  readonly defaultInputs: readonly InputShape[]
  readonly device: string
  /** The reader's own; what is none is left out. */
  readonly devices: readonly Device[]
  /** As the setting has them: paths, relative ones of the workspace folder. */
  readonly searchPath: readonly string[]
  /** Folders of Python environments, such as the prefix of the selected interpreter; our own client sends them. */
  readonly pythonEnvironments: readonly string[]
  /** Characters of hints a line may have; 0 is unlimited. */
  readonly maximumLength: number
}

/** Reads the section `convlens` as an editor sends it; what is missing or of another type has its default. */
export function readSettings(section: unknown, maximumLength: unknown): ServerSettings {
  const given = (key: string): unknown =>
    key.split('.').reduce<unknown>((object, name) => property(object, name), section)
  const at = <K extends keyof typeof SETTINGS>(key: K): (typeof SETTINGS)[K]['default'] | boolean | string => {
    const value = given(key)
    return typeof value === SETTINGS[key].type ? (value as boolean | string) : SETTINGS[key].default
  }
  const input = parseInput(String(at('defaultInput')))
  return {
    hints: at('hints.enabled') === true,
    quietLayers: at('hints.quietLayers') === true,
    unit: at('unit') === 'FLOPs' ? 'FLOPs' : 'MACs',
    codeLens: at('codeLens.enabled') === true,
    diagnostics: at('diagnostics.enabled') === true,
    defaultInputs: input ? [input] : [],
    device: String(at('device')),
    devices: Array.isArray(given('devices'))
      ? (given('devices') as unknown[]).flatMap(value => ownDevice(value) ?? [])
      : [],
    searchPath: strings(given('python.searchPath')),
    pythonEnvironments: strings(given(PYTHON_ENVIRONMENTS)),
    maximumLength: isCount(maximumLength) ? maximumLength : DEFAULT_HINT_LENGTH,
  }
}

/** Reads `initializationOptions`, which other editors leave out. */
export function readOptions(options: unknown): InitializationOptions {
  const length = property(options, 'maximumHintLength')
  return {
    commands: property(options, 'commands') === true,
    settings: property(options, 'settings'),
    ...(isCount(length) ? { maximumHintLength: length } : {}),
  }
}

/** A property of something that came from outside; undefined where there is none. */
export const property = (object: unknown, name: string): unknown =>
  typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[name] : undefined

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : []

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
