import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { lineHints } from '../../../src/features/hintLines'
import { analysisOf } from '../../support/fixture'
import { openNet, sizesOf } from './open'

const folder = new URL('../../../examples/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

test('every prototxt example opens with a comment and has no problems', () => {
  const names = readdirSync(folder).filter(name => name.endsWith('.prototxt'))
  expect(names.length).toBeGreaterThanOrEqual(2)
  for (const name of names) {
    expect(read(name)).toMatch(/^# [A-Z0-9].{40}/)
    expect([name, openNet(read(name)).problems]).toEqual([name, []])
  }
})

/** Lin et al., Network in Network; params and weights as Lasagne's Recipes, modelzoo/cifar10_nin.py, has them. */
test('network-in-network.prototxt: 966,986 params, 965,568 of them weights', () => {
  const net = openNet(read('network-in-network.prototxt'))
  expect([net.totals.params, net.totals.completeness]).toEqual([966_986, 'exact'])
  const weights = net.graph.layers.flatMap(layer => layer.weights).filter(({ name }) => name === 'weight')
  expect(weights.reduce((sum, { elements }) => sum + elements!, 0)).toBe(965_568)
  expect(['cccp2', 'pool1', 'pool2', 'pool3'].map(name => sizesOf(net.layer(name))!.slice(1))).toEqual([
    [96, 32, 32],
    [96, 16, 16],
    [192, 8, 8],
    [10, 1, 1],
  ])
})

/** 9·3·64 + 128 of the norm; 64·16 + 16; 16·16 + 16; 9·16 + 16; 16·64 + 64; 9·16·64 + 64; 16·128·21 + 21. */
test('caffe-hints.prototxt shows every kind of hint', () => {
  const text = read('caffe-hints.prototxt')
  const params = [1728, 128, 1040, 272, 160, 1088, 9280, 43_029]
  expect(openNet(text).totals.params).toBe(params.reduce((a, b) => a + b))
  const hints = lineHints(analysisOf(text, 'caffe-hints.prototxt'), {
    unit: 'MACs',
    quietLayers: false,
    maximumLength: 60,
  })
  const words = hints.flatMap(({ parts }) => parts.map(part => part.text)).join(' ')
  for (const kind of ['reduce', 'project', 'expand', 'depthwise', '4 groups', 'is not in the file']) {
    expect(words).toContain(kind)
  }
})
