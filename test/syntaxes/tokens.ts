import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma'
import { INITIAL, parseRawGrammar, Registry } from 'vscode-textmate'

interface Contribution {
  readonly scopeName: string
  readonly path: string
  readonly injectTo?: readonly string[]
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  contributes: { grammars: readonly Contribution[] }
}
export const { grammars } = manifest.contributes

/**
 * Stand-ins for the grammars of Python and YAML, which VS Code brings: comments and quoted strings are all that the
 * injections look at.
 */
const host = (language: string): string =>
  JSON.stringify({
    scopeName: `source.${language}`,
    patterns: [
      { name: `comment.line.number-sign.${language}`, begin: '#', end: '$' },
      { name: `string.quoted.double.${language}`, begin: '"', end: '"' },
    ],
  })

const registry = new Registry({
  onigLib: wasm().then(() => ({ createOnigScanner, createOnigString })),
  loadGrammar: async scope => {
    const own = grammars.find(grammar => grammar.scopeName === scope)
    if (own) return parseRawGrammar(readFileSync(own.path, 'utf8'), own.path)
    return parseRawGrammar(host(scope.slice('source.'.length)), 'host.json')
  },
  getInjections: scope => grammars.filter(grammar => grammar.injectTo?.includes(scope)).map(g => g.scopeName),
})

/**
 * Compares a marked text with what the grammar makes of it. A line of carets stands under the characters that must all
 * have the scope behind them, `none` for no scope but those of the file and of the section around:
 *
 *     filters=64
 *     ^^^^^^^ variable.other.property
 */
export async function differences(scope: string, marked: string): Promise<string[]> {
  const grammar = (await registry.loadGrammar(scope))!
  const wrong: string[] = []
  let stack = INITIAL
  let line = ''
  let tokens: readonly { startIndex: number; endIndex: number; scopes: string[] }[] = []
  for (const next of marked.split('\n')) {
    const mark = /^ *(\^+) (\S+)$/.exec(next)
    if (!mark) {
      line = next
      const result = grammar.tokenizeLine(line, stack)
      ;({ tokens, ruleStack: stack } = result)
      continue
    }
    const start = next.indexOf('^')
    const end = start + mark[1]!.length
    for (const token of tokens.filter(t => t.startIndex < end && t.endIndex > start)) {
      const scopes = token.scopes.slice(1)
      const found =
        mark[2] === 'none' ? scopes.length === 0 : scopes.some(s => s === mark[2] || s.startsWith(`${mark[2]}.`))
      if (!found) wrong.push(`${line.slice(token.startIndex, token.endIndex)}: ${scopes.join(' ')}, not ${mark[2]}`)
    }
    if (start >= line.length) wrong.push(`nothing above the mark ${mark[2]}`)
  }
  return wrong
}

async function wasm(): Promise<void> {
  const path = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm')
  await loadWASM(readFileSync(path))
}
