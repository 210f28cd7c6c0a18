import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analyze } from '../../../src/analysis/analyze'
import { lineHints } from '../../../src/features/hintLines'
import { tokenize } from '../../../src/frontends/python/syntax/tokens'
import { work } from '../../support/work'

const root = path.join(__dirname, '../../..')
const FILES = [
  'examples/resnet_bottleneck.py',
  'examples/inception_module.py',
  'test/frontends/python/fixtures/varied.py',
  'test/vscode/workspace/net.py',
].map(file => readFileSync(path.join(root, file), 'utf8'))

/** What takes the place of a word or number: sizes that nobody has, and words that mean something else. */
const WORDS = [
  ...['0', '-1', '10**9', '2**63', '1e308', '10**400', 'float("inf")', 'float("nan")', '0.5', 'None', 'True', '[]'],
  ...['()', '{}', '""', '"a" * 10**9', 'range(10**12)', '[0] * 10**9', 'self', 'nn', 'torch', 'x', 'super', 'type'],
  ...[
    'lambda *a, **k: a',
    'nn.Module',
    'torch.Tensor',
    'nn.Conv2d',
    'object',
    '*x',
    '**x',
    'x := 1',
    'yield',
    'await x',
  ],
  ...['while True:\n', 'del self', 'return', 'raise', '(x for x in x)', 'print', 'dict', 'int', '...', 'not'],
]

interface Change {
  readonly at: number
  readonly from: number
  readonly word: string
  readonly how: 'word' | 'token' | 'delete' | 'swap'
}

const changed: fc.Arbitrary<string> = fc.constantFrom(...FILES).chain(file => {
  const tokens = tokenize(file).filter(t => t.end > t.start && t.kind !== 'newline')
  const change = fc.record<Change>({
    at: fc.nat(tokens.length - 1),
    from: fc.nat(tokens.length - 1),
    word: fc.constantFrom(...WORDS),
    how: fc.constantFrom('word', 'word', 'token', 'delete', 'swap'),
  })
  return fc.array(change, { minLength: 1, maxLength: 4 }).map(changes => {
    const words = tokens.map(t => file.slice(t.start, t.end))
    for (const { at, from, word, how } of changes) {
      const old = words[at]!
      words[at] = how === 'word' ? word : how === 'delete' ? '' : words[from]!
      if (how === 'swap') words[from] = old
    }
    return tokens.map((t, i) => file.slice(tokens[i - 1]?.end ?? 0, t.start) + words[i]).join('')
  })
})

test('changed words, numbers and names never throw, and cost no more than they may', () => {
  fc.assert(
    fc.property(changed, text => {
      const start = work()
      const analysis = analyze({ uri: 'file:///net.py', name: 'net.py', text, languageId: 'python' })
      for (const choice of analysis?.models.slice(0, 3) ?? []) {
        const model = analysis!.model(choice)!
        expect(model.graph.nodes.length).toBeLessThanOrEqual(200_000)
        for (const count of [model.totals.params, model.totals.macs]) expect(count >= 0).toBe(true)
        for (const { span } of model.problems) expect(span.start <= span.end && span.end <= text.length).toBe(true)
        lineHints(analysis!, { unit: 'MACs', quietLayers: false, maximumLength: 43 }, model)
      }
      expect(work() - start).toBeLessThan(20_000)
    }),
    { numRuns: 400, seed: 20_261_121 },
  )
}, 120_000)
