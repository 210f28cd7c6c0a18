import { describe, expect, test } from 'vitest'
import { analyze } from '../../../src/analysis/analyze'
import { keras1, keras2, keras3 } from './models'

const problems = (text: string): string[] => {
  const analysis = analyze({ uri: 'file:///m.json', name: 'm.json', text })
  const found = analysis?.model()?.problems ?? analysis?.file.problems ?? []
  return found.map(({ code, severity, message }) => `${code} ${severity}: ${message}`)
}

describe('JSON that is no model', () => {
  test('a bracket that is missing is told, and what is there is read', () => {
    const text = JSON.stringify(keras1)
    const broken = text.slice(0, text.indexOf('{"class_name":"Flatten"') - 1)
    const model = analyze({ uri: 'file:///m.json', name: 'm.json', text: broken })!.model()!
    expect(model.problems[0]).toMatchObject({ code: 'syntax', severity: 'error' })
    expect(model.totals.params).toBe(73856 + 512)
  })

  test('nesting 10,000 deep ends with a problem', () => {
    const text = `{"class_name": "Sequential", "config": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`
    expect(problems(text)).toEqual(['limit warning: JSON nested more than 500 deep are not read.'])
    const open = `{"class_name": "Sequential", "config": ${'{"a":'.repeat(10_000)}`
    expect(problems(open)).toHaveLength(1)
  })

  test('a file of 40 MB ends with a problem', () => {
    const text = `{"class_name": "Sequential", "x": "${'y'.repeat(40 * 1024 * 1024)}"}`
    expect(problems(text)).toEqual(['limit warning: Files of more than 33554432 characters are not read.'])
  })

  test('keys that would reach a prototype are told and left out', () => {
    const config =
      '{"name": "c", "filters": 8, "kernel_size": 3, "batch_input_shape": [null, 9, 9, 3], "__proto__": {"filters": 99, "polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'
    const text = `{"class_name": "Sequential", "config": {"layers": [{"class_name": "Conv2D", "config": ${config}}], "__proto__": {"polluted": 1}}}`
    const model = analyze({ uri: 'file:///m.json', name: 'm.json', text })!.model()!
    expect(model.totals.params).toBe(9 * 3 * 8 + 8)
    expect(problems(text)).toEqual(
      ['__proto__', 'constructor', 'prototype', '__proto__'].map(
        key => `unknown-option warning: A layer has no argument ${key}; it is not read.`,
      ),
    )
    expect(problems(text.replaceAll('__proto__', '\\u005f_proto__'))).toHaveLength(4)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    for (const type of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(problems(`{"class_name": "Sequential", "config": [{"class_name": "${type}", "config": {}}]}`)).toEqual([
        `unknown-layer warning: ${type} is no layer of Keras that ConvLens knows.`,
      ])
    }
  })

  test('a layer that is not there is told where it is named', () => {
    const text = JSON.stringify(keras2).replace('["b",0,0,{}]', '["c",0,0,{}]')
    expect(problems(text)).toEqual(['dangling-reference error: add takes the output of c, which is not in the model.'])
    const output = JSON.stringify(keras2).replace('"output_layers":[["add",0,0]]', '"output_layers":[["sum",0,0]]')
    expect(problems(output)).toEqual(['dangling-reference error: The output sum is not in the model.'])
  })

  test('layers that wait for each other are told once', () => {
    const text = JSON.stringify(keras2).replace(
      '"inbound_nodes":[[["image",0,0,{}]]]',
      '"inbound_nodes":[[["b",0,0,{}]]]',
    )
    expect(problems(text)).toEqual([
      'dangling-reference error: a takes output 0 of call 0 of b, which does not come before it.',
    ])
  })

  test.each([
    ['', undefined],
    ['[]', undefined],
    ['{"class_name": "Sequential"}', ['bad-argument error: sequential has no list of layers.']],
    ['{"class_name": "Sequential", "config": null}', ['bad-argument error: sequential has no list of layers.']],
    [
      '{"class_name": "Sequential", "config": {"layers": 3}}',
      ['bad-argument error: sequential has no list of layers.'],
    ],
    [
      '{"class_name": "Sequential", "config": [3, null, "x", [], {}]}',
      [
        'bad-argument error: A layer is a mapping, this is a number.',
        'bad-argument error: A layer is a mapping, this is null.',
        'bad-argument error: A layer is a mapping, this is a string.',
        'bad-argument error: A layer is a mapping, this is a list.',
        'bad-argument error: layer_0 has no class_name.',
        'bad-argument error: layer_0 has no config.',
      ],
    ],
    [
      '{"class_name": "Model", "config": {"layers": [], "input_layers": 3, "output_layers": [[]]}}',
      [
        'dangling-reference error: model names no output_layers.',
        'dangling-reference error: This entry of input_layers is no layer, call and output.',
      ],
    ],
    [
      '{"class_name": "Sequential", "config": {"layers": [{"class_name": "ReLU", "config": {"name": "a"}}, {"class_name": "ReLU", "config": {"name": "a"}}]}}',
      ['duplicate-name error: Two layers have the name a.'],
    ],
    [
      '{"class_name": "Sequential", "config": {"layers": [{"class_name": "InputLayer", "config": {"batch_shape": [null, -1]}}]}}',
      ['bad-argument error: batch_shape of InputLayer_0 is a list of whole numbers, null where one is open.'],
    ],
  ])('%s', (text, expected) => {
    const analysis = analyze({ uri: 'file:///m.json', name: 'm.json', text })
    const found = analysis?.model()?.problems.map(({ code, severity, message }) => `${code} ${severity}: ${message}`)
    expect(found).toEqual(expected)
  })

  test('whatever stands in place of any value, nothing throws', () => {
    const odd = [
      null,
      true,
      -1,
      0.5,
      1e308,
      '',
      'x',
      [],
      {},
      [null],
      [[['a', 0, 0]]],
      { class_name: 'Conv2D', config: 3 },
    ]
    for (const model of [keras1, keras2, keras3]) {
      const places: (readonly (string | number)[])[] = []
      const visit = (value: unknown, at: readonly (string | number)[]): void => {
        places.push(at)
        if (typeof value === 'object' && value !== null)
          for (const [key, item] of Object.entries(value)) visit(item, [...at, key])
      }
      visit(model, [])
      places.forEach((place, i) => {
        if (place.length === 0) return
        for (const other of [odd[i % odd.length], odd[(i * 7 + 3) % odd.length]]) {
          const copy = structuredClone(model) as unknown as Record<string | number, unknown>
          let at = copy
          for (const key of place.slice(0, -1)) at = at[key] as typeof copy
          at[place.at(-1)!] = other
          const analysis = analyze({ uri: 'file:///m.json', name: 'm.json', text: JSON.stringify(copy) })
          const built = analysis?.model()
          void built?.totals
          void built?.sites
          void analysis?.file.outline()
        }
      })
    }
  })
})
