/**
 * Lines that IPython takes for itself, made blank; every offset stays:
 *
 *   %matplotlib inline      (blank)
 *   !pip install timm       (blank)
 *   files = !ls             (blank)
 *   pip install timm        (blank)
 *   %time net = Net()       if 1: net = Net()
 *   %%time                  (blank; what follows is Python)
 *   %%bash                  (blank with the whole cell)
 *
 * Rules: IPython's documentation, "Built-in magic commands" and "Dynamic object information".
 */
export function withoutMagics(cell: string): string {
  const whole = /^\s*%%(\w*)/.exec(cell)
  if (whole && !PYTHON_CELLS.has(whole[1]!)) return blank(cell)
  let state: State = { depth: 0, quote: '', joined: false }
  let inMagic = false
  return cell
    .split(/(?<=\n|\r(?!\n))/)
    .map(line => {
      const free = state.depth === 0 && state.quote === '' && !state.joined
      if (inMagic || (free && isMagic(line))) {
        const timed = inMagic ? null : /^%time[ \t]+(?=[^\s-])/.exec(line)
        inMagic = !timed && /\\\r?\n?$/.test(line)
        if (!timed) return blank(line)
        line = `if 1:${line.slice('%time'.length)}`
      }
      state = after(line, state)
      return line
    })
    .join('')
}

const isMagic = (line: string): boolean => MAGICS.some(magic => magic.test(line))

const MAGICS: readonly RegExp[] = [
  /^\s*(?:%{1,2}\w|!|\?)/,
  // Help on a name.
  /^\s*%{0,2}[\w.*]+\?{1,2}\s*$/,
  // What a command prints, taken into a name.
  /^\s*[\w*[][\w.,*[\]'" ]*=\s*(?:!|%\w)/,
  // Commands that need no percent sign, with a word behind them that makes no Python of it.
  /^(?:pip3?|conda|mamba|uv|cd|ls|ll|mkdir|rmdir|cat|cp|mv|rm|less|more|man)[ \t]+(?!(?:in|is|and|or|if|not|for)\b)[\w./~-]*[\w./~]/,
]

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ')

/** Cell magics that run the rest of their cell as Python in the notebook's own names. */
const PYTHON_CELLS = new Set(['time', 'timeit', 'capture', 'prun', 'memit', 'mprun', 'snakeviz', 'pyinstrument'])

interface State {
  /** Open brackets. */
  readonly depth: number
  /** The triple quote that a string is open with. */
  readonly quote: string
  /** The line before ends with a backslash. */
  readonly joined: boolean
}

/** What is still open at the end of a line of Python. */
function after(line: string, { depth, quote }: State): State {
  let at = 0
  while (at < line.length) {
    const c = line[at]!
    if (quote) {
      if (c === '\\') at++
      else if (line.startsWith(quote, at)) {
        at += quote.length - 1
        quote = ''
      }
    } else if (c === '"' || c === "'") {
      quote = line.startsWith(c.repeat(3), at) ? c.repeat(3) : c
      at += quote.length - 1
    } else if (c === '#') break
    else if ('([{'.includes(c)) depth++
    else if (')]}'.includes(c)) depth = Math.max(0, depth - 1)
    at++
  }
  // A string with one quote ends with its line, closed or not.
  return { depth, quote: quote.length === 3 ? quote : '', joined: /\\\r?\n?$/.test(line) }
}
