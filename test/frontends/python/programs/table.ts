import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A wrong program of the table: cells of a Python file. */
export interface Wrong {
  readonly title: string
  readonly text: string
  /** `code numbers` of `#!`, each with its line, 1-based. */
  readonly line: number
  readonly words: readonly string[]
  /** `#>`: the lines that the first fix changes or adds, as they are then; empty for `#> no fix`. */
  readonly fixed: readonly string[]
  /** `#|`: the titles of all fixes, where there are several. */
  readonly titles: readonly string[]
}

export function wrongPrograms(name = 'wrong.py'): Wrong[] {
  const file = readFileSync(path.join(import.meta.dirname, name), 'utf8')
  return file
    .split(/^#%% /m)
    .slice(1)
    .map(cell => {
      const end = cell.indexOf('\n')
      const all = cell.slice(end + 1).split('\n')
      const marked = (mark: string): string[] => all.filter(l => l.startsWith(mark)).map(l => l.slice(mark.length))
      const lines = all.filter(l => !/^#[>|] /.test(l))
      const at = lines.findIndex(line => line.includes('  #! '))
      const [code, words] = lines[at]!.split('  #! ')
      lines[at] = code!
      return {
        title: cell.slice(0, end),
        text: `${lines.join('\n').trimEnd()}\n`,
        line: at + 1,
        words: words!.trim().split(' '),
        fixed: marked('#> ').filter(l => l !== 'no fix'),
        titles: marked('#| '),
      }
    })
}

/** The lines of `after` that `before` lacks, in order, without what they are indented by. */
export function newLines(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  // Longest common subsequence, from the end.
  const length = Array.from({ length: a.length + 1 }, () => Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--)
      length[i]![j] = a[i] === b[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!)
  }
  const added: string[] = []
  for (let i = 0, j = 0; j < b.length; ) {
    if (i < a.length && a[i] === b[j]) {
      i++
      j++
    } else if (i < a.length && length[i + 1]![j]! >= length[i]![j + 1]!) i++
    else added.push(b[j++]!.trim())
  }
  return added
}
