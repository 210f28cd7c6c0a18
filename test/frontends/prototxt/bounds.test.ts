import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prototxt } from '../../../src/frontends/prototxt'
import { mayDefineNetwork } from '../../../src/protocol/mayDefineNetwork'
import { input, layer, messages, openNet, sizesOf } from './open'

const codes = (text: string): string[] => openNet(text).problems.map(({ code }) => code)
const image = input('x', 1, 3, 8, 8)

const SAMPLE = `name: "Net"  # a comment
input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8
layer {
  name: "conv1"
  type: "Convolution"
  bottom: "x"
  top: "conv1"
  param { name: "w" lr_mult: 1 }
  include { phase: TEST }
  convolution_param { num_output: 4 kernel_size: 3 stride: 2 pad: 1 }
}
layers { name: "r" type: RELU bottom: "conv1" top: "conv1" }
layer { name: "s" type: "Slice" bottom: "conv1" top: "a" top: "b" slice_param { axis: 1 slice_point: 1 } }
layer { name: "c" type: "Concat" bottom: "a" bottom: "b" top: "c" }
layer { name: "re" type: "Reshape" bottom: "c" top: "re" reshape_param { shape { dim: 0 dim: -1 dim: 2 } } }
layer { name: "fc" type: "InnerProduct" bottom: "re" top: "fc" inner_product_param { num_output: 10 axis: 1 } }
layer { name: "p" type: "PriorBox" bottom: "c" bottom: "x" top: "p" prior_box_param { min_size: 1 aspect_ratio: 2 } }
layer { name: "sp" type: "SPP" bottom: "x" top: "sp" spp_param { pyramid_height: 2 } }
layer { name: "it" type: "Interp" bottom: "x" top: "it" interp_param { zoom_factor: 2 shrink_factor: 2 pad_beg: -1 } }
layer { name: "tile" type: "Tile" bottom: "x" top: "t" tile_param { tiles: 2 } }
layer { name: "per" type: "Permute" bottom: "x" top: "per" permute_param { order: 0 order: 2 } }
`
const corpora = new URL('../../../../shared/corpora/caffe/', import.meta.url)
const written = existsSync(corpora)
  ? readdirSync(corpora, { recursive: true, encoding: 'utf8' })
      .filter(name => /alexnet.*\.prototxt$/.test(name))
      .map(name => readFileSync(new URL(name, corpora), 'utf8'))
  : []

describe('whatever is in a file', () => {
  const mutation = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(60),
    insert: fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '<',
        '>',
        '[',
        ']',
        ':',
        '"',
        "'",
        '#',
        '\n',
        '\r',
        '\u0000',
        ' layer {\n',
        '\nlayer {',
      ),
      fc.constantFrom(
        'num_output: -3',
        'kernel_size: 0',
        'group: 0',
        'stride: 0',
        'dim: 99999999999',
        'axis: -9',
        'axis: 7',
      ),
      fc.constantFrom('NaN', '1e999', '0x', 'top: "x"', 'bottom: "fc"', 'tiles: 0', 'pyramid_height: 99', 'phase: 7'),
      fc.constantFrom(...SAMPLE.split('\n')),
      fc.string({ maxLength: 12 }),
    ),
  })

  test('reading, building, outline and completion never throw, and spans lie inside', () => {
    fc.assert(
      fc.property(fc.constantFrom(SAMPLE, ...written), fc.array(mutation, { maxLength: 6 }), (original, mutations) => {
        let text = original
        for (const { at, length, insert } of mutations) {
          const start = Math.floor(at * text.length)
          text = text.slice(0, start) + insert + text.slice(start + length)
        }
        const opened = openNet(text)
        for (const { span } of [...opened.problems, ...opened.graph.links, ...opened.file.outline()]) {
          expect(0 <= span.start && span.start <= span.end && span.end <= text.length).toBe(true)
        }
        const { params, macs, activations } = opened.totals
        for (const total of [params, macs, activations]) expect(total).toBeGreaterThanOrEqual(0)
        const source = { uri: 'file:///a.prototxt', name: 'a.prototxt', text }
        prototxt.detect(source)
        for (const { at } of mutations) prototxt.complete!(source, Math.floor(at * text.length))
      }),
      { numRuns: 200 },
    )
  })

  test('any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        openNet(text).file.outline()
        openNet(`layer { name: "${text}" type: "Reshape" bottom: "${text}" ${text} }\nlayer { ${text} }`)
      }),
    )
  })
})

describe('broken files keep what the damage does not reach', () => {
  test('a layer whose bracket is missing', () => {
    const opened = openNet(
      `${image}layer {\n  name: "a"\n  type: "ReLU"\n  bottom: "x"\n  top: "a"\nlayer {\n  name: "b"\n  type: "Softmax"\n  bottom: "a"\n  top: "b"\n}\n`,
    )
    expect(messages(opened)).toEqual(['syntax: layer is not closed: a `}` is missing.'])
    expect(sizesOf(opened.layer('b'))).toEqual(['N', 3, 8, 8])
  })

  test('a number that is being typed', () => {
    const text = `${image}layer {\n  name: "a"\n  type: "Convolution"\n  bottom: "x"\n  top: "a"\n  convolution_param {\n    num_output:\n    kernel_size: 3\n  }\n}\n${layer('b', 'Softmax', 'x')}`
    const opened = openNet(text)
    expect(sizesOf(opened.layer('b'))).toEqual(['N', 3, 8, 8])
    expect(sizesOf(opened.layer('a'))).toEqual(['N', null, 6, 6])
  })
})

describe('cycles and blobs written twice', () => {
  test('a blob that only comes later is not there', () => {
    const opened = openNet(`${image}${layer('a', 'Concat', 'x b')}${layer('b', 'ReLU', 'a')}`)
    expect(messages(opened)).toEqual(['dangling-reference: a reads b, which b writes, further down.'])
    expect(messages(openNet(`${image}${layer('a', 'ReLU', 'a')}`))).toEqual([
      'dangling-reference: a reads a, which it writes itself.',
    ])
  })

  test('the later of two writers is read', () => {
    const opened = openNet(
      `${image}${layer('a', 'ReLU', 'x', '', 't')}${layer('b', 'Flatten', 'x', '', 't')}${layer('c', 'Softmax', 't')}`,
    )
    expect(codes(image + layer('a', 'ReLU', 'x', '', 't').repeat(2))).toEqual(['duplicate-name', 'duplicate-name'])
    expect(sizesOf(opened.layer('c'))).toEqual(['N', 192])
  })
})

describe('bounds are told', () => {
  test('layers', () => {
    const opened = openNet('layer{}\n'.repeat(1_000_000))
    expect(opened.problems.filter(({ code }) => code === 'limit').map(({ message }) => message)).toEqual([
      'Only the first 4,000,000 characters are read.',
      'Only the first 50,000 layers are read.',
    ])
    expect(opened.problems.length).toBeLessThan(2000)
  })

  test('characters, also all on one line', () => {
    const text = layer('r', 'ReLU', 'x').trim().repeat(60_000)
    expect(codes(image + text).filter(code => code === 'limit')).toHaveLength(1)
    expect(codes(`# ${'x'.repeat(5_000_000)}`)).toEqual(['limit'])
  })

  test('deep nesting', () => {
    const deep = `layer { name: "a" type: "ReLU" bottom: "x" top: "a" ${'a { '.repeat(200_000)}`
    expect(codes(image + deep)).toContain('syntax')
    expect(
      sizesOf(
        openNet(
          `${image}layer { ${'b { '.repeat(100_000)}${'} '.repeat(100_000)} name: "a" type: "ReLU" bottom: "x" top: "a" }`,
        ).layer('a'),
      ),
    ).toEqual(['N', 3, 8, 8])
  })

  test('brackets that nothing opened, lists that nothing closes, words without end', () => {
    for (const text of [
      '}'.repeat(300_000),
      'a: [1, '.repeat(100_000),
      'layer '.repeat(300_000),
      '"'.repeat(300_001),
    ]) {
      expect(codes(text).length).toBeLessThan(500)
    }
  })

  test('detection looks at the beginning, and takes no time for it', () => {
    for (const text of [
      ' '.repeat(300_000),
      '\n'.repeat(300_000),
      `name:${' '.repeat(300_000)}`,
      'layer '.repeat(60_000),
      'layer:'.repeat(60_000),
    ]) {
      const started = performance.now()
      for (const languageId of ['prototxt', 'plaintext']) {
        prototxt.detect({ uri: 'file:///a', name: 'a.prototxt', text, languageId })
        mayDefineNetwork(text, languageId)
      }
      expect(performance.now() - started).toBeLessThan(1000)
    }
  })

  test('layers of which nothing fits', () => {
    const wrong = Array.from({ length: 20_000 }, (_, i) => `layer{type:"Nope${i}" bottom:"none${i}" top:"t${i}"}\n`)
    const opened = openNet(wrong.join(''))
    expect(opened.graph.nodes).toHaveLength(20_000)
    expect(opened.problems.length).toBeLessThan(2000)
  }, 20_000)

  test('bottoms, tops and stages by the thousand', () => {
    const many = openNet(image + layer('a', 'Concat', Array(5000).fill('x').join(' ')))
    expect(sizesOf(many.layer('a'))).toEqual(['N', 15_000, 8, 8])
    const stages = Array.from({ length: 3000 }, (_, i) => layer('a', 'ReLU', 'x', `include { stage: "s${i}" }`)).join(
      '',
    )
    expect(openNet(image + stages).file.models.length).toBeLessThan(12)
  })

  test('sizes that no computer holds are unknown', () => {
    const huge = openNet(
      input('x', 1, 3, 2_000_000_000, 2_000_000_000) +
        layer('y', 'Interp', 'x', 'interp_param { zoom_factor: 2000000000 }'),
    )
    expect(huge.layer('y').outputs[0]!.shape!.slice(2)).toEqual([null, null])
    const wide = openNet(image + layer('y', 'InnerProduct', 'x', 'inner_product_param { num_output: 2147483647 }'))
    expect(wide.totals.params).toBe(192 * 2147483647 + 2147483647)
  })
})
