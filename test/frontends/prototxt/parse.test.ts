import { describe, expect, test } from 'vitest'
import { type Message, parse } from '../../../src/frontends/prototxt/parse'

/** Fields as `name=value`, messages in brackets. */
const spelled = ({ fields }: Message): string =>
  fields
    .map(({ name, value }) => (value.kind === 'message' ? `${name}{${spelled(value)}}` : `${name}=${value.text}`))
    .join(' ')

const of = (text: string): string => spelled(parse(text).root)
const damage = (text: string): string[] =>
  parse(text).damage.map(({ span, message }) => `${text.slice(span.start, span.end)}: ${message}`)

describe('protobuf’s text format', () => {
  test.each([
    ['name: "a" n: 1', 'name=a n=1'],
    ["a { b: 'c' } d: { e: -1.5 }", 'a{b=c} d{e=-1.5}'],
    ['a: [1, 2, 3] b: ["x", "y"]', 'a=1 a=2 a=3 b=x b=y'],
    ['a < b: 1; c: 2, >', 'a{b=1 c=2}'],
    ['a: "one" "two"', 'a=onetwo'],
    ['a: "q\\"uote\\n" # not: this', 'a=q"uote\n'],
    ['a{b:1}c{d:2}', 'a{b=1} c{d=2}'],
    ['a: 1e-5 b: .5 c: 3.f d: 0x1F', 'a=1e-5 b=.5 c=3.f d=0x1F'],
    ['\uFEFFa: true\r\nb: MAX', 'a=true b=MAX'],
    ['a:\n  1', 'a=1'],
    ['a: [] b: 1', 'b=1'],
    ['', ''],
  ])('%j', (text, fields) => {
    expect(of(text)).toBe(fields)
    expect(damage(text)).toEqual([])
  })

  test('spans', () => {
    const text = 'layer {\n  name: "c"\n}'
    const [field] = parse(text).root.fields
    expect(text.slice(field!.span.start, field!.span.end)).toBe(text)
    const [name] = (field!.value as Message).fields
    expect(text.slice(name!.value.kind === 'string' ? name!.value.span.start : 0, name!.span.end)).toBe('"c"')
  })
})

describe('damage is left out and told', () => {
  test('a layer that is not closed ends where the next one starts', () => {
    const text = 'layer {\n  a: 1\n  p {\n    b: 2\nlayer {\n  c: 3\n}\n'
    expect(of(text)).toBe('layer{a=1 p{b=2}} layer{c=3}')
    expect(damage(text)).toEqual(['layer: layer is not closed: a `}` is missing.'])
  })

  test.each([
    ['layer {\n  a: 1', 'layer{a=1}', 'layer: layer is not closed: a `}` is missing.'],
    ['a: 1 } b: 2', 'a=1 b=2', '}: `}` stands where a field is expected.'],
    ['a:\nb: 2', 'b=2', 'a: a has no value.'],
    ['a: b { c: 2 }', 'b{c=2}', 'a: a has no value.'],
    ['a { b: } c: 1', 'a{} c=1', 'b: b has no value.'],
    ['a b: 1', 'b=1', 'a: a has neither a value nor a message.'],
    ['a: "x\nb: 1', 'a=x b=1', '"x: The string is not closed on its line.'],
    ['a: [1, 2\nb: 3', 'a=1 a=2 b=3', '['],
    ['a { b: 1 > c: 2', 'a{b=1} c=2', '>: `>` closes what `{` opened.'],
    ['a: 1 € b: 2', 'a=1 b=2', '€: `€` is not part of the format.'],
    ['7 a: 1', 'a=1', '7: 7 stands where the name of a field is expected.'],
  ])('%j', (text, fields, first) => {
    expect(of(text)).toBe(fields)
    expect(damage(text)[0]).toContain(first)
  })
})
