import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { totals } from '../src/core/cost'
import { formatShape } from '../src/core/shape'
import { layerLists } from '../src/frontends/yaml'

const FOLDER = join(__dirname, '..', 'examples')

const build = (name: string) => {
  const text = readFileSync(join(FOLDER, name), 'utf8')
  const source = { uri: name, name, text }
  const file = layerLists.open(source)
  const { graph } = file.build({ model: file.defaultModel!, inputs: [] })
  return { source, file, graph, text }
}

/** File, params, MACs, output, and where the numbers come from. Null is a number that the source does not give. */
const PUBLISHED: readonly (readonly [string, number, number | null, string, string])[] = [
  ['inception-5x5-direct.yaml', 204_800, 160_563_200, 'N×32×28×28', '28·28·32 · 5·5·256'],
  ['inception-5x5-bottleneck.yaml', 16_896, 13_246_464, 'N×32×28×28', '28·28·16 · 256 + 28·28·32 · 5·5·16'],
  ['block-100-40-direct.yaml', 100_000, 40_000_000, 'N×40×20×20', '5·5·100·40 weights at 400 positions'],
  ['block-100-40-bottleneck.yaml', 22_000, 8_800_000, 'N×40×20×20', '100·20 + 5·5·20·40 weights at 400 positions'],
  ['bottleneck-4x4-direct.yaml', 1_048_576, null, 'N×256×29×29', '4·4·256·256'],
  ['bottleneck-4x4-bottleneck.yaml', 278_528, null, 'N×256×29×29', '256·64 + 4·4·64·256'],
  ['network-in-network.yaml', 966_986, null, 'N×10', 'Lasagne Recipes, modelzoo/cifar10_nin.py: params of its layers'],
  ['vgg16.yaml', 138_357_544, 15_470_264_320, 'N×1000', 'torchvision vgg16: parameters, fvcore MACs'],
  ['resnet18.yaml', 11_689_512, 1_814_073_344, 'N×1000', 'torchvision resnet18: parameters, fvcore MACs'],
  ['resnet50.yaml', 25_557_032, 4_089_184_256, 'N×1000', 'torchvision resnet50: parameters, fvcore MACs'],
  ['squeezenet1_0.yaml', 1_248_424, 818_924_576, 'N×1000', 'torchvision squeezenet1_0: parameters, fvcore MACs'],
  ['squeezenet.yaml', 1_235_496, 349_151_936, 'N×1000', 'torchvision squeezenet1_1: parameters, fvcore MACs'],
  ['densenet121.yaml', 7_978_856, 2_834_161_664, 'N×1000', 'torchvision densenet121: parameters, fvcore MACs'],
  [
    'googlenet.yaml',
    6_998_552,
    1_582_671_872,
    'N×1000',
    'BVLC GoogLeNet deploy.prototxt: learnable params, 1582.67M MACs',
  ],
  [
    'googlenet-separable.yaml',
    6_991_856,
    1_498_677_248,
    'N×1000',
    'googlenet.yaml with 2,712 weights and 34,019,328 MACs for the 9,408 and 118,013,952 of its plain stem',
  ],
  [
    'facenet-nn2.yaml',
    7_456_304,
    null,
    'N×128',
    'Schroff et al., Table 2: biases included, 9,472 + 114,944 + its modules as recomputed + 131,200',
  ],
  [
    'fcn32s.yaml',
    136_152_917,
    null,
    'N×21×288×288',
    'VGG-16’s 14,714,688 + 7·7·512·4096 + 4096 + 4096·4096 + 4096 + 4096·21 + 21 + 64·64·21·21',
  ],
]

const ours = readdirSync(FOLDER).filter(name => name.endsWith('.yaml') && PUBLISHED.some(([file]) => file === name))

describe('examples give the published numbers', () => {
  test.each(PUBLISHED)('%s: %d params, %d MACs', (name, params, macs, output) => {
    const { source, file, graph } = build(name)
    expect(layerLists.detect(source)).toBe(true)
    expect([...file.problems, ...graph.problems]).toEqual([])
    const sums = totals(graph)
    expect({ params: sums.params, completeness: sums.completeness }).toEqual({ params, completeness: 'exact' })
    if (macs !== null) expect(sums.macs).toBe(macs)
    expect(graph.outputs.map(o => formatShape(o.shape))).toEqual([output])
  })

  test('each is there and opens with a comment', () => {
    expect(ours.length).toBe(PUBLISHED.length)
    for (const name of ours) expect(build(name).text).toMatch(/^# [A-Z0-9].{40}/)
  })

  test('bias of the 4x4 pair: what the ratio of 3.76 leaves out', () => {
    expect(1_048_576 / 278_528).toBeCloseTo(3.7647, 4)
  })
})

/** Output of every inception module: Table 1 of Szegedy et al., Going Deeper with Convolutions. */
test('googlenet.yaml has the output sizes of the paper’s Table 1', () => {
  const { graph } = build('googlenet.yaml')
  const modules = graph.scopes.filter(s => s.origin.type === 'inception')
  expect(modules.map(s => `${s.origin.path} ${formatShape(s.outputs[0]!.shape)}`)).toEqual([
    'inception3a N×256×28×28',
    'inception3b N×480×28×28',
    'inception4a N×512×14×14',
    'inception4b N×512×14×14',
    'inception4c N×512×14×14',
    'inception4d N×528×14×14',
    'inception4e N×832×14×14',
    'inception5a N×832×7×7',
    'inception5b N×1024×7×7',
  ])
})

/** Output of every stage: Table 1 of He et al., Deep Residual Learning; module paths as they are read in hints. */
test('resnet50.yaml has the stages of the paper’s Table 1', () => {
  const { graph } = build('resnet50.yaml')
  const blocks = graph.scopes.filter(s => s.origin.type === 'bottleneck' && s.origin.path.includes('.'))
  const stages = new Map<string, string[]>()
  for (const { origin, outputs } of blocks) {
    const stage = origin.path.split('.')[0]!
    stages.set(stage, [...(stages.get(stage) ?? []), formatShape(outputs[0]!.shape)])
  }
  expect([...stages].map(([name, shapes]) => [name, shapes.length, ...new Set(shapes)])).toEqual([
    ['conv2_x', 3, 'N×256×56×56'],
    ['conv3_x', 4, 'N×512×28×28'],
    ['conv4_x', 6, 'N×1024×14×14'],
    ['conv5_x', 3, 'N×2048×7×7'],
  ])
  expect(graph.nodes.filter(n => n.op === 'conv2d').length).toBe(53)
  expect(graph.nodes.map(n => n.origin.path)).toContain('conv3_x.0.conv3x3.conv')
})

/** Long et al.: fc6, fc7 and the score work on 8×8 maps for a 224×224 image. */
test('fcn32s.yaml computes its fc layers on 8×8 maps', () => {
  const { graph } = build('fcn32s.yaml')
  const at = (path: string): string => formatShape(graph.nodes.find(n => n.origin.path === path)!.outputs[0]!.shape)
  expect(['fc6.conv', 'fc7.conv', 'score'].map(at)).toEqual(['N×4096×8×8', 'N×4096×8×8', 'N×21×8×8'])
})

const ORACLE = join(__dirname, '..', '..', 'shared', 'oracle', 'torchvision.jsonl')

test('torchvision models agree with the table of its models, where that is at hand', () => {
  if (!existsSync(ORACLE)) return expect(PUBLISHED.length).toBeGreaterThan(0)
  const lines = readFileSync(ORACLE, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  for (const [file, params, macs] of PUBLISHED) {
    const model = lines.find(
      l =>
        l.model ===
        file.replace('.yaml', '').replace('squeezenet', file === 'squeezenet.yaml' ? 'squeezenet1_1' : 'squeezenet'),
    )
    if (model && file !== 'googlenet.yaml') expect([file, model.params, model.macs]).toEqual([file, params, macs])
  }
})
