import { describe, expect, test } from 'vitest'
import type { Call, Expression, Sequence } from '../../../../src/frontends/python/syntax/ast'
import { parse } from '../../../../src/frontends/python/syntax/parser'

const read = (text: string): { items: string[]; faults: string[] } => {
  const { body, faults } = parse(text)
  const [statement] = body
  const value = statement?.kind === 'Assign' ? statement.value : undefined
  const items: readonly Expression[] =
    value?.kind === 'Call' ? (value as Call).args.map(arg => arg.value) : ((value as Sequence | undefined)?.items ?? [])
  return {
    items: items.map(({ start, end }) => text.slice(start, end)),
    faults: faults.map(({ start, message }) => `${start} ${message}`),
  }
}

describe('a comma that is missing at the end of a line', () => {
  test.each([
    ['x = f(\n    a(1)\n    b(2),\n    c,\n)\n', ['a(1)', 'b(2)', 'c'], ['15 Expected ,.']],
    ['x = [\n    1\n    "two",\n]\n', ['1', '"two"'], ['11 Expected ,.']],
  ])('is told, and the items around it are read: %j', (text, items, faults) => {
    expect(read(text)).toEqual({ items, faults })
  })

  test('is not one where a line only goes on', () => {
    expect(read('x = f(\n    a\n    + b,\n    "c"\n    "d"\n)\n')).toEqual({
      items: ['a\n    + b', '"c"\n    "d"'],
      faults: [],
    })
  })

  test('is none on one line, where anything may be meant', () => {
    expect(parse('x = f(a b)\n').body[0]?.kind).toBe('Broken')
  })
})
