import { describe, expect, test } from 'vitest'
import { blocksOf, type Stage, stagesOf } from '../../src/analysis/stages'
import { type CostItem, costTree, layersOf } from '../../src/analysis/tree'
import type { Graph } from '../../src/core/graph'
import { resnet, Sketch, vgg16, withUnknown } from '../panel/networks'

const graphOf = (analysis: { model(): { graph: Graph } | undefined }): Graph => analysis.model()!.graph
const names = (items: readonly CostItem[]): string[] => items.map(item => item.name)
const outline = (stages: readonly Stage[]): Record<string, string[]> =>
  Object.fromEntries(stages.map(stage => [stage.name, names(stage.items)]))

describe('a network of stages and blocks', () => {
  const tree = costTree(graphOf(resnet()))
  const stages = stagesOf(tree)

  test('has its top-level containers as stages, stem and head around them', () => {
    expect(outline(stages)).toEqual({
      stem: ['conv1'],
      layer1: ['layer1'],
      layer2: ['layer2'],
      layer3: ['layer3'],
      layer4: ['layer4'],
      head: ['fc'],
    })
    expect(stages.map(stage => blocksOf(stage).length)).toEqual([1, 3, 4, 6, 3, 1])
  })

  // Sizes of torchvision's resnet50: params of each child module, its total 25,557,032 and 4,089,184,256 MACs.
  test('adds up to the published numbers', () => {
    expect(stages.map(({ sum }) => sum.params)).toEqual([9408 + 128, 215808, 1219584, 7098368, 14964736, 2049000])
    expect(tree.sum).toEqual({ macs: 4089184256, params: 25557032, macsExact: true, paramsExact: true })
    expect(stages.reduce((sum, stage) => sum + stage.sum.macs, 0)).toBe(4089184256)
  })

  test('a container with one layer lends it its name and leaves its norm to the block', () => {
    const block = blocksOf(stages[1]!)[0]!
    expect(block.kind === 'box' && names(block.items)).toEqual(['conv1', 'conv2', 'conv3', 'downsample.0'])
    expect(block.kind === 'box' && block.rest.map(node => node.op)).toEqual(Array(4).fill('batch_norm'))
  })
})

describe('a flat list', () => {
  test('has stages by resolution', () => {
    expect(outline(stagesOf(costTree(graphOf(vgg16()))))).toEqual({
      '224×224': ['conv1_1', 'conv1_2'],
      '112×112': ['conv2_1', 'conv2_2'],
      '56×56': ['conv3_1', 'conv3_2', 'conv3_3'],
      '28×28': ['conv4_1', 'conv4_2', 'conv4_3'],
      '14×14': ['conv5_1', 'conv5_2', 'conv5_3'],
      head: ['fc6', 'fc7', 'fc8'],
    })
  })

  test('whose maps grow again has a stage for each run', () => {
    const s = new Sketch()
    let x = s.input(8, 32)
    x = s.conv('0', x, 16, 3, 2)
    x = s.conv('1', x, 16, 3, 2)
    x = s.builder.add('interpolate', { scale: [2, 2], mode: 'nearest' }, [x], s.origin('2', 'Upsample'))
    s.conv('3', x, 16, 3)
    const stages = stagesOf(costTree(s.builder.build()))
    expect(stages.map(stage => stage.name)).toEqual(['16×16', '8×8', '16×16'])
  })

  test('inside one container, under a wrapper, is the same list', () => {
    const s = new Sketch()
    let x = s.conv('model.features.0', s.input(3, 32), 16)
    x = s.conv('model.features.1', x, 16, 3, 2)
    x = s.linear('model.classifier', s.flatten('model.flatten', x), 10)
    const tree = costTree(s.builder.build())
    expect(names(tree.items)).toEqual(['features', 'classifier'])
    expect(outline(stagesOf(tree))).toEqual({
      '32×32': ['features.0'],
      '16×16': ['features.1'],
      head: ['classifier'],
    })
  })

  test('of unlike modules (Inception) is not taken for stages', () => {
    const s = new Sketch()
    let x = s.input(8, 28)
    for (const name of ['a', 'b']) {
      s.conv(`${name}.branch1`, x, 8, 1)
      s.conv(`${name}.branch2.0`, x, 8, 1)
      x = s.conv(`${name}.branch2.1`, x, 8, 3)
    }
    expect(outline(stagesOf(costTree(s.builder.build())))).toEqual({ '28×28': ['a', 'b'] })
  })
})

test('a composite that one line spells is one layer with all its params', () => {
  const s = new Sketch()
  const row = s.origin('model.0', 'Conv')
  const at = (name: string, type: string) => ({ ...row, path: `model.0.${name}`, type })
  const x = s.input(3, 32)
  const attributes = {
    kernel: [3, 3],
    stride: [1, 1],
    dilation: [1, 1],
    padding: 'same' as const,
    inChannels: 3,
    outChannels: 4,
    groups: 1,
    bias: false,
  }
  s.builder.scope(row, [x], () => {
    const y = s.builder.add('conv2d', attributes, [x], at('conv', 'Conv2d'))
    const norm = { channels: 4, axis: 1, scale: true, shift: true, statistics: 'buffer' as const }
    return [s.builder.add('batch_norm', norm, [y], at('bn', 'BatchNorm2d'))]
  })
  s.conv('model.1', x, 4)
  const [layer] = layersOf(costTree(s.builder.build()))
  expect(layer).toMatchObject({ id: 'model.0', name: '0', sum: { params: 3 * 4 * 9 + 8 } })
})

test('a layer that is called twice has two rows, and its params once', () => {
  const s = new Sketch()
  const origin = s.origin('shared', 'Conv2d')
  const attributes = {
    kernel: [1, 1],
    stride: [1, 1],
    dilation: [1, 1],
    padding: 'same' as const,
    inChannels: 3,
    outChannels: 3,
    groups: 1,
    bias: false,
  }
  const layer = s.builder.layer('conv2d', attributes, origin)
  const [x] = s.builder.call(layer as never, [s.input(3, 8)])
  s.builder.call(layer as never, [x!])
  const layers = layersOf(costTree(s.builder.build()))
  expect(layers.map(({ id, sum }) => [id, sum.params, sum.macs])).toEqual([
    ['shared', 9, 9 * 64],
    ['shared#2', 0, 9 * 64],
  ])
})

test('what is not understood makes the sums above it lower bounds', () => {
  const tree = costTree(graphOf(withUnknown()))
  expect(tree.sum).toMatchObject({ macsExact: false, paramsExact: false })
  expect(stagesOf(tree).map(stage => [stage.name, stage.sum.macsExact])).toEqual([
    ['320×320', true],
    ['160×160', true],
    ['unknown size', false],
  ])
})

test('a row of a block that several lines use is found at the line that uses it', () => {
  const s = new Sketch()
  let x = s.input(3, 8)
  const inBlock = s.origin('conv', 'Conv2d')
  const attributes = {
    kernel: [1, 1],
    stride: [1, 1],
    dilation: [1, 1],
    padding: 'same' as const,
    inChannels: 3,
    outChannels: 3,
    groups: 1,
    bias: false,
  }
  const users = ['a', 'b'].map(name => s.origin(name, 'conv_bn'))
  for (const user of users) {
    ;[x] = s.builder.scope(user, [x], () => [
      s.builder.add('conv2d', attributes, [x], { ...inBlock, path: `${user.path}.conv` }),
    ]) as [typeof x]
  }
  expect(layersOf(costTree(s.builder.build())).map(layer => layer.site)).toEqual(users.map(user => user.site))
})
