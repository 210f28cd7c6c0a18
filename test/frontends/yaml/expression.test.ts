import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluateExpression } from '../../../src/frontends/yaml/expression'

const PARAMETERS = new Map<string, number | boolean | string>([
  ['width', 64],
  ['groups', 3],
  ['act', true],
  ['mode', 'same'],
])

const evaluate = (source: string): unknown => {
  const result = evaluateExpression(source, name => PARAMETERS.get(name))
  return 'value' in result ? result.value : `${result.error} ${source.slice(result.start, result.end)}`
}

test.each<[string, unknown]>([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['2 ** 3 ** 2', 512],
  ['-2 ** 2', -4],
  ['2 ** -1', 0.5],
  ['7 // 2', 3],
  ['-7 // 2', -4],
  ['-7 % 3', 2],
  ['7 / 2', 3.5],
  ['4 * width', 256],
  ['width // 2 + 1', 33],
  ['round(2.5) + round(3.5)', 6],
  ['ceil(width / groups)', 22],
  ['floor(7.9) + int(-7.9)', 0],
  ['max(1, 2, width) - min(3, 4)', 61],
  ['width > 32', true],
  ['width == 64 and act', true],
  ['not act or width < 10', false],
  ["mode == 'same'", true],
  ['.5 + 1e1', 10.5],
  ['0 * -1', 0],
  ['', 'An expression is missing between the braces. '],
  ['1 +', 'A value is missing at the end. +'],
  ['1 2', 'An operator is missing before 2. 2'],
  ['(1 + 2', 'This ( has no ). ('],
  ['1 / 0', 'Division by 0. /'],
  ['5 % 0', 'Division by 0. %'],
  ['9 ** 99', 'The result is too large to be exact. **'],
  ['9007199254740992', 'The result is too large to be exact. 9007199254740992'],
  ['(-8) ** 0.5', 'The result is too large to be exact. **'],
  ['height', 'height is no parameter here. height'],
  ['constructor', 'constructor is no parameter here. constructor'],
  ['toString()', 'There is no function toString. toString'],
  ['width.x', '. has no meaning in an expression. .'],
  ['mode + 1', '+ expects numbers and gets the text same. +'],
  ['min()', 'min needs a value. min'],
  ['`1`', '` has no meaning in an expression. `'],
])('%s', (source, expected) => expect(evaluate(source)).toBe(expected))

test('too long or too deep is said, not run', () => {
  expect(evaluate('1+'.repeat(400))).toMatch(/^An expression has at most 500 characters/)
  expect(evaluate(`${'('.repeat(200)}1${')'.repeat(200)}`)).toMatch(/nested too deeply/)
  expect(evaluate('-'.repeat(400))).toMatch(/nested too deeply/)
})

test('any characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'12.e()+-*/%<>=,a\'" x'), maxLength: 40 }), source => {
      expect(['number', 'boolean', 'string']).toContain(typeof evaluate(source))
    }),
    { numRuns: 2000 },
  )
})
