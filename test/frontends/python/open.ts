import { type Analysis, type AnalyzeOptions, analyze, type ModelAnalysis } from '../../../src/analysis/analyze'
import type { Problem } from '../../../src/core/problem'

/** A Python text, read as an editor would, and its chosen model. */
export function openPython(text: string, options: AnalyzeOptions = {}): Analysis {
  const analysis = analyze({ uri: 'file:///net.py', name: 'net.py', text, languageId: 'python' }, options)
  if (!analysis) throw new Error('The text is not taken for PyTorch.')
  return analysis
}

export const modelOf = (text: string, model?: string): ModelAnalysis | undefined =>
  openPython(text, model === undefined ? {} : { model }).model()

/** Line of a problem, 1-based. */
export const lineOf = (text: string, { span }: Problem): number => text.slice(0, span.start).split('\n').length

/** A program of a table: cells of a Python file, each with what `#!` says of one of its lines. */
export interface Cell {
  readonly title: string
  readonly text: string
  /** 1-based, of the marked line. */
  readonly line: number
  readonly words: readonly string[]
}

export function cellsOf(file: string): Cell[] {
  return file
    .split(/^#%% /m)
    .slice(1)
    .map(cell => {
      const end = cell.indexOf('\n')
      const lines = cell.slice(end + 1).split('\n')
      const at = lines.findIndex(line => line.includes('  #! '))
      const [code, words] = lines[at]!.split('  #! ')
      lines[at] = code!
      return { title: cell.slice(0, end), text: lines.join('\n'), line: at + 1, words: words!.trim().split(' ') }
    })
}
