import type { Graph } from '../../core/graph'
import type { BuildOptions, BuiltModel, Environment, FrontEnd, Host, ModelChoice, ModelFile, Source } from '../frontend'
import { movedModel } from './moved'
import { keepGraph } from './rewrite'
import { type Shift, shiftBetween, type Text, textOf } from './shift'

/**
 * Opens programs so that an edit which changes no word of one, such as a comment or a blank line, does not run it
 * again: what was drawn of the text before is given with its places moved. Models in which something is wrong are drawn
 * again all the same, since what is said of them speaks of places in many ways.
 */
export function keeping(open: FrontEnd['open']): FrontEnd['open'] {
  return (source, previous, environment) => {
    const base = previous && bases.get(previous)
    const shift = base && fits(base, source, environment) ? shiftBetween(base.text, source.text) : null
    if (base && shift) {
      const file = movedFile(base, source, shift, () => open(source, undefined, environment))
      bases.set(file, base)
      return file
    }
    const reads = readsOf(environment)
    const file = remembering(open(source, undefined, reads.environment))
    if (source.cells === undefined && file.problems.length === 0) {
      bases.set(file, { source, file, searchPath: environment?.searchPath, reads, text: textOf(source.text) })
    }
    return file
  }
}

/** A text that was run, with all that its analysis read. */
interface Base {
  readonly source: Source
  readonly file: ModelFile
  readonly searchPath: readonly string[] | undefined
  readonly reads: Reads
  readonly text: Text
}
const bases = new WeakMap<ModelFile, Base>()

function fits({ source, searchPath, reads }: Base, now: Source, environment: Environment | undefined): boolean {
  return (
    source.uri === now.uri &&
    source.name === now.name &&
    now.cells === undefined &&
    // Such a word, even in a comment, makes the file the main program.
    source.text.includes('__main__') === now.text.includes('__main__') &&
    String(searchPath) === String(environment?.searchPath) &&
    reads.hold(environment?.host)
  )
}

function movedFile(base: Base, source: Source, shift: Shift, open: () => ModelFile): ModelFile {
  let opened: ModelFile | undefined
  const anew = (): ModelFile => {
    opened ??= open()
    return opened
  }
  const { file } = base
  const movedChoice = (choice: ModelChoice): ModelChoice => ({ ...choice, span: shift.place(choice.span) })
  const moved: Graph[] = []
  return {
    format: file.format,
    get models() {
      return file.models.map(movedChoice)
    },
    get defaultModel() {
      return file.defaultModel
    },
    problems: [],
    outline: () => anew().outline(),
    named(text) {
      const choice = file.named?.(text)
      return choice && movedChoice(choice)
    },
    build(options) {
      const built = file.build(options)
      const { problems, stopped, links } = built.graph
      if (problems.length > 0 || stopped !== null || links.length > 0) return anew().build(options)
      const again = movedModel(built, shift, base.source.text, source.text)
      moved.push(again.graph)
      return { ...again, corrections: problem => anew().build(options).corrections?.(problem) ?? [] }
    },
    ...(file.rewrite
      ? {
          rewrite(request, options) {
            for (const graph of moved.splice(0)) keepGraph(graph)
            return anew().rewrite!(request, options)
          },
        }
      : {}),
  }
}

/** The same file, which keeps the models that it drew last. */
function remembering(file: ModelFile): ModelFile {
  const drawn = new Map<string, BuiltModel>()
  const build = (options: BuildOptions): BuiltModel => {
    const key = JSON.stringify(options)
    const built = drawn.get(key) ?? file.build(options)
    drawn.delete(key)
    drawn.set(key, built)
    if (drawn.size > MOST_DRAWN) drawn.delete(drawn.keys().next().value!)
    return built
  }
  return Object.create(file, { build: { value: build, enumerable: true } }) as ModelFile
}

/** Models of one text that are kept. */
const MOST_DRAWN = 4

/** What an analysis read of other files, and whether it would read the same now. */
interface Reads {
  readonly environment: Environment | undefined
  hold(host: Host | undefined): boolean
}

function readsOf(environment: Environment | undefined): Reads {
  if (!environment) return { environment, hold: host => host === undefined }
  const { host } = environment
  const texts = new Map<string, string | undefined>()
  const folders = new Map<string, boolean>()
  const watched: Host = {
    read(uri) {
      const text = host.read(uri)
      texts.set(uri, text)
      return text
    },
    isDirectory(uri) {
      const is = host.isDirectory(uri)
      folders.set(uri, is)
      return is
    },
  }
  return {
    environment: { ...environment, host: watched },
    hold(now) {
      if (!now) return false
      for (const [uri, text] of texts) if (now.read(uri) !== text) return false
      for (const [uri, is] of folders) if (now.isDirectory(uri) !== is) return false
      return true
    },
  }
}
