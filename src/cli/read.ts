import { readFileSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  type Analysis,
  type AnalyzeOptions,
  analyze,
  type ModelAnalysis,
  type OutlineItem,
  type Source,
} from '../analysis/analyze'
import { parseInput } from '../analysis/directive'
import { isProgram, readNotebook } from '../analysis/ipynb'
import { diskEnvironment } from './disk'
import { Unusable } from './unusable'

/** What chooses a model and its input, as options spell it. */
export interface ModelOptions {
  readonly model?: string
  readonly input?: readonly string[]
  readonly pythonPath?: readonly string[]
}

/** Reads and analyses a file; throws Unusable, which names the file and the reason. */
export function open(file: string, options: ModelOptions = {}, previous?: Analysis): Analysis {
  return openText(file, readText(file), options, previous)
}

/** Analyses the text of a file. `previous` is an earlier analysis of the same file. */
export function openText(file: string, text: string, options: ModelOptions, previous?: Analysis): Analysis {
  const source = sourceOf(file, text)
  const analysis = analyze(source, analyzeOptions(options), previous)
  if (!analysis) {
    throw new Unusable(`${file}: ${text.trim() ? 'no network in a format that ConvLens reads' : 'the file is empty'}.`)
  }
  const { models } = analysis
  if (models.length === 0 && !analysis.chosen) {
    const problem = analysis.file.problems.find(p => p.severity === 'error')
    const made = analysis.file.outline().find(({ detail }) => /^\(.+\)$/.test(detail))
    const why = problem ? `. ${problem.message}` : made ? askedFor(made) : '.'
    throw new Unusable(`${file}: no model in it${why}`)
  }
  if (options.model !== undefined && !analysis.chosen) {
    const names = models.slice(0, 8).map(m => m.name)
    throw new Unusable(
      `${file}: no model ${options.model}; it has ${names.join(', ')}${models.length > names.length ? ', …' : ''}.`,
    )
  }
  return analysis
}

/** A class whose arguments nothing gives. */
const askedFor = ({ name, detail }: OutlineItem): string =>
  ` that can be made as it stands; --model takes a call, such as "${name}${detail}" with values.`

/** A notebook's code cells are one program. */
function sourceOf(file: string, text: string): Source {
  const uri = pathToFileURL(resolve(file)).href
  const name = basename(file)
  if (!/\.ipynb$/i.test(file) || !text.trim()) return { uri, name, text }
  const program = readNotebook(text, uri)
  if (!isProgram(program)) throw new Unusable(`${file}: ${program.message}`)
  return { uri, name, languageId: 'python', ...program }
}

/** The one model that was chosen, by option, directive or the file itself. */
export function chosenModel(file: string, analysis: Analysis): ModelAnalysis {
  const model = analysis.model()
  if (!model) throw new Unusable(`${file}: no model in it.`)
  return model
}

/** The text of a file, without a byte-order mark. */
export function readText(file: string): string {
  try {
    const status = statSync(file)
    if (status.isDirectory()) throw new Unusable(`${file}: is a folder; name a file.`)
    if (status.size > LARGEST) throw new Unusable(`${file}: larger than ${LARGEST / 2 ** 20} MiB.`)
    const bytes = readFileSync(file)
    if (bytes.subarray(0, 8192).includes(0)) throw new Unusable(`${file}: is not a text file.`)
    return bytes.toString('utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    if (error instanceof Unusable) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw new Unusable(`${file}: ${REASONS[code ?? ''] ?? message}.`)
  }
}

/** Options as `analyze` takes them; throws Unusable for a shape that is none. */
export function analyzeOptions({ model, input = [], pythonPath }: ModelOptions): AnalyzeOptions {
  const inputs = input.map(text => {
    const parsed = parseInput(text)
    if (!parsed) throw new Unusable(`--input expects sizes such as 3x224x224 and gets ${JSON.stringify(text)}.`)
    return parsed
  })
  return { ...(model === undefined ? {} : { model }), inputs, environment: diskEnvironment(pythonPath) }
}

/** Larger files are no definitions that people write. */
export const LARGEST = 32 * 2 ** 20

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
}
