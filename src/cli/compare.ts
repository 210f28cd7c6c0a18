import type { Device } from '../analysis/advice'
import { compareJson, compareMarkdown, compareTable, type Side } from '../features/reportCompare'
import type { Paint } from '../features/reportTable'
import { parseFileAt, textAt } from './git'
import { prettyJson } from './json'
import { chosenModel, type ModelOptions, openText, readText } from './read'
import { Unusable } from './unusable'

export const COMPARE_FORMATS = ['table', 'json', 'markdown'] as const
export type CompareFormat = (typeof COMPARE_FORMATS)[number]

export interface CompareOptions extends Omit<ModelOptions, 'model'> {
  readonly modelA?: string
  readonly modelB?: string
  readonly device?: string
  readonly format: CompareFormat
}

export type { Side }

/** Reads a file, or `FILE@GITREV`; throws Unusable, which names it and the reason. */
export async function readSide(name: string, options: ModelOptions): Promise<Side> {
  const { file, revision } = parseFileAt(name)
  const text = revision === undefined ? readText(file) : await textAt(file, revision)
  try {
    const analysis = openText(file, text, options)
    return { label: name, analysis, model: chosenModel(file, analysis) }
  } catch (error) {
    if (!(error instanceof Unusable)) throw error
    throw new Unusable(error.message.replace(`${file}: `, `${name}: `))
  }
}

/** The comparison in a format, ending with a line end. */
export function comparison(a: Side, b: Side, format: CompareFormat, device: Device, paint: Paint): string {
  switch (format) {
    case 'json':
      return `${prettyJson(compareJson(a, b))}\n`
    case 'markdown':
      return `${compareMarkdown(a, b, device)}\n`
    case 'table':
      return `${compareTable(a, b, device, paint)}\n`
  }
}
