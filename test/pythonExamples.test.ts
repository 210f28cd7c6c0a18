import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { formatShape } from '../src/core/shape'
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
]

describe('examples in Python', () => {
  test.each(PUBLISHED)('%s: %s', (name, model, params, macs, output) => {
    const text = readFileSync(path.resolve(import.meta.dirname, '../examples', name), 'utf8')
    const built = analysisOf(text, name, { model }).model()!
    expect(built.problems).toEqual([])
    expect(built.totals).toMatchObject({ params, macs, completeness: 'exact' })
    expect(built.graph.outputs.map(value => formatShape(value.shape))).toEqual([output])
  })
})
