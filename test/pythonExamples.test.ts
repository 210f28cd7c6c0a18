import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { formatShape } from '../src/core/shape'
import { labelText } from '../src/features/hintLabel'
import { lineHints } from '../src/features/hintLines'
import { hoverAt } from './support/check'
import { analysisOf } from './support/fixture'

/** File, model, params, MACs, output, and where the numbers come from. */
const PUBLISHED: readonly (readonly [string, string, number, number, string, string])[] = [
  ['resnet_bottleneck.py', 'resnet50', 25_557_032, 4_089_184_256, 'N×1000', 'torchvision resnet50'],
  ['resnet_bottleneck.py', 'resnet101', 44_549_160, 7_801_405_440, 'N×1000', 'torchvision resnet101'],
  ['resnet_bottleneck.py', 'resnet152', 60_192_808, 11_513_626_624, 'N×1000', 'torchvision resnet152'],
  [
    'inception_module.py',
    'Inception',
    256 * 128 + 256 * 128 + 9 * 128 * 192 + 256 * 32 + 25 * 32 * 96 + 256 * 64 + 128 + 128 + 192 + 32 + 96 + 64,
    784 * (256 * 128 + 256 * 128 + 9 * 128 * 192 + 256 * 32 + 25 * 32 * 96 + 256 * 64),
    'N×480×28×28',
    'weights of its six convolutions, at 28·28 positions',
  ],
  ['bottleneck_4x4.py', 'Direct', 1_048_576, 1_048_576 * 29 * 29, 'N×256×29×29', '4·4·256·256'],
  [
    'bottleneck_4x4.py',
    'Bottleneck',
    278_528,
    256 * 64 * 32 * 32 + 4 * 4 * 64 * 256 * 29 * 29,
    'N×256×29×29',
    '256·64 + 4·4·64·256',
  ],
  ['pointwise_layer.py', 'conv', 3, 18, 'N×1×3×3', '2 weights and a bias; 2 products at 9 positions'],
]

/** The hints of an example, by the text that its line begins with. */
function hintsOf(name: string): Map<string, string> {
  const text = readFileSync(path.resolve(import.meta.dirname, '../examples', name), 'utf8')
  const analysis = analysisOf(text, name)
  const lines = text.split('\n')
  const hints = lineHints(analysis, { unit: 'MACs', quietLayers: false, maximumLength: 0 })
  return new Map(hints.map(({ line, parts }) => [lines[line]!.split(/ = |\(/)[0]!, labelText(parts)]))
}

describe('a 1x1 convolution by hand', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../examples/pointwise_by_hand.py'), 'utf8')

  test('is annotated line by line, with no class in it', () => {
    expect([...hintsOf('pointwise_by_hand.py')]).toEqual([
      ['x', '3×3×2'],
      ['w', '2×1'],
      ['y', '3×3×1 · 18 MACs'],
      ['image', '1×2×3×3'],
      ['filters', '1×2×1×1'],
      ['maps', '1×1×3×3 · 18 MACs'],
      ['same', '3×3×1'],
    ])
    expect([...hintsOf('pointwise_layer.py')]).toEqual([
      ['x', '1×2×3×3'],
      ['conv', 'N×1×3×3 · reduce · 3 params · 18 MACs'],
      ['y', '1×1×3×3'],
    ])
  })

  const OUT = `[[[ 5]
  [11]
  [17]]

 [[23]
  [29]
  [35]]

 [[41]
  [47]
  [53]]]`
  const MAPS = `[[[[ 5 11 17]
   [23 29 35]
   [41 47 53]]]]`
  test.each([
    ['y', OUT],
    ['same', OUT],
    ['maps', MAPS],
    ['w', '[[1]\n [2]]'],
  ])('the hover of %s holds its numbers', (name, numbers) => {
    const at = text.indexOf(`\n${name} = `) + 1
    const hover = hoverAt(`${text.slice(0, at)}$0${text.slice(at)}`, { name: 'pointwise_by_hand.py' })
    expect(hover).toContain(`\`\`\`text\n${numbers}\n\`\`\``)
  })

  test('the graph holds the numbers, for pictures', () => {
    const { graph } = analysisOf(text, 'pointwise_by_hand.py').model()!
    const conv = graph.nodes.find(node => node.op === 'conv2d')!
    expect(conv.inputs.map(value => value.data)).toEqual([
      [1, 3, 5, 7, 9, 11, 13, 15, 17, 2, 4, 6, 8, 10, 12, 14, 16, 18],
      [1, 2],
    ])
    expect(conv.outputs[0]!.data).toEqual([5, 11, 17, 23, 29, 35, 41, 47, 53])
  })
})

describe('examples in Python', () => {
  test.each(PUBLISHED)('%s: %s', (name, model, params, macs, output) => {
    const text = readFileSync(path.resolve(import.meta.dirname, '../examples', name), 'utf8')
    const built = analysisOf(text, name, { model }).model()!
    expect(built.problems).toEqual([])
    expect(built.totals).toMatchObject({ params, macs, completeness: 'exact' })
    expect(built.graph.outputs.map(value => formatShape(value.shape))).toEqual([output])
  })
})
