import { type Analysis, type AnalyzeOptions, analyze } from '../../src/analysis/analyze'

const LANGUAGES: Readonly<Record<string, string>> = { cfg: 'darknet-cfg', py: 'python', prototxt: 'prototxt' }

/** Reads a text as an editor's document with this name. */
export function analysisOf(text: string, name = 'net.yaml', options: AnalyzeOptions = {}): Analysis {
  const languageId = LANGUAGES[name.split('.').at(-1)!] ?? 'yaml'
  const analysis = analyze({ uri: `file:///${name}`, name, text, languageId }, options)
  if (!analysis) throw new Error(`No front end reads this text:\n${text}`)
  return analysis
}

/** A text with its cursor taken out. */
export function cursorIn(fixture: string): { text: string; offset: number } {
  const offset = fixture.indexOf('$0')
  if (offset < 0) throw new Error('The fixture has no cursor $0.')
  return { text: fixture.slice(0, offset) + fixture.slice(offset + 2), offset }
}

/** A text whose marks are taken out, and the marks: comment lines of carets under what they speak of. */
export interface Marked {
  readonly text: string
  readonly marks: readonly Mark[]
}

/** `#   ^^^^^ words`: the columns of the carets in the line above. */
export interface Mark {
  /** Of the line that is marked, 0-based, without the marks. */
  readonly line: number
  readonly start: number
  readonly end: number
  readonly words: string
}

export function marksIn(fixture: string): Marked {
  const lines: string[] = []
  const marks: Mark[] = []
  for (const line of fixture.split('\n')) {
    const mark = /^(#?\s*)(\^+) ?(.*)$/.exec(line)
    if (!mark) lines.push(line)
    else {
      const start = mark[1]!.length
      marks.push({ line: lines.length - 1, start, end: start + mark[2]!.length, words: mark[3]!.trimEnd() })
    }
  }
  return { text: lines.join('\n'), marks }
}
