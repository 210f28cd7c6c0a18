import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { deviceById } from '../../src/analysis/advice'
import { analyze, type ModelAnalysis } from '../../src/analysis/analyze'
import { compareCalls, compareTotals } from '../../src/analysis/compare'

const root = path.resolve(import.meta.dirname, '../..')

/** A model of a file, of the example with some text replaced. */
function modelOf(
  file: string,
  edits: readonly (readonly [string | RegExp, string])[] = [],
  name?: string,
): ModelAnalysis {
  let text = readFileSync(path.resolve(root, file), 'utf8')
  for (const [from, to] of edits) {
    const edited = text.replace(from, to)
    if (edited === text) throw new Error(`${file} does not hold ${from}`)
    text = edited
  }
  const source = { uri: `file:///${path.basename(file)}`, name: path.basename(file), text }
  const model = analyze(source, name === undefined ? {} : { model: name })?.model()
  if (!model) throw new Error(`${file} has no model`)
  return model
}

const counts = (a: ModelAnalysis, b: ModelAnalysis): string => {
  const pairs = compareCalls(a, b)
  return ['=', '~', '+', '−'].map(mark => `${mark}${pairs.filter(pair => pair.mark === mark).length}`).join(' ')
}
const changes = (a: ModelAnalysis, b: ModelAnalysis): string[] =>
  compareCalls(a, b)
    .filter(({ mark }) => mark !== '=')
    .map(({ mark, a, b }) => `${mark} ${a?.path ?? '–'} ${b?.path ?? '–'}`)

const PYTHON = 'examples/resnet_bottleneck.py'

describe('ResNet-50 in Python', () => {
  const resnet50 = modelOf(PYTHON)

  test('with itself', () => {
    expect(counts(resnet50, modelOf(PYTHON))).toMatch(/^=\d+ ~0 \+0 −0$/)
  })

  test('with bottlenecks inside its bottlenecks', () => {
    const narrow =
      'nn.Sequential(nn.Conv2d(width, width // 4, 1, bias=False), nn.Conv2d(width // 4, width // 4, 3, stride, padding=1, bias=False), nn.Conv2d(width // 4, width, 1, bias=False))'
    const other = modelOf(PYTHON, [['nn.Conv2d(width, width, 3, stride, padding=1, bias=False)', narrow]])
    const found = changes(resnet50, other)
    expect(found.slice(0, 3)).toEqual([
      '+ – layer1.0.conv2.0',
      '~ layer1.0.conv2 layer1.0.conv2.1',
      '+ – layer1.0.conv2.2',
    ])
    // 16 blocks, each with one layer that changed and two that are new.
    expect(found.length).toBe(48)
    expect(found.filter(line => /^~ (layer\d\.\d)\.conv2 \1\.conv2\.1$/.test(line)).length).toBe(16)
  })

  test('with more blocks in a stage, as ResNet-101 has', () => {
    const other = modelOf(PYTHON, [['[3, 4, 6, 3]', '[3, 4, 23, 3]']])
    const found = changes(resnet50, other)
    expect(found.length).toBeGreaterThanOrEqual(17 * 6)
    expect(found.every(line => /^\+ – layer3\.(6|7|8|9|1\d|2[0-2])\./.test(line))).toBe(true)
  })

  test('with the same in YAML, where every module has another name', () => {
    expect(counts(modelOf('examples/resnet50.yaml'), resnet50)).toMatch(/^=175 ~0 \+0 −0$/)
  })
})

describe('rows', () => {
  const NET = 'examples/squeezenet1_0.yaml'

  test('an inserted one shifts the numbers of all others', () => {
    const other = modelOf(NET, [['  - fire: {name: fire9', '  - Dropout: {p: 0.1}\n  - fire: {name: fire9']])
    const found = compareCalls(modelOf(NET), other)
    expect(changes(modelOf(NET), other)).toEqual(['+ – 12'])
    // What follows has other numbers for paths.
    expect(found.some(({ mark, a, b }) => mark === '=' && a!.path !== b!.path)).toBe(true)
  })

  test('other numbers of channels change the layer and the one that reads it', () => {
    const other = modelOf(NET, [['fire9, squeeze: 64', 'fire9, squeeze: 48']])
    expect(changes(modelOf(NET), other)).toEqual([
      '~ fire9.squeeze fire9.squeeze',
      '~ fire9.1 fire9.1',
      '~ fire9.expand1x1.0 fire9.expand1x1.0',
      '~ fire9.expand3x3.0 fire9.expand3x3.0',
    ])
  })

  test('another activation is a change that costs nothing', () => {
    // The first ReLU of the file stands behind the addition of every block, of which there are eight.
    const other = modelOf('examples/resnet18.yaml', [['  - ReLU\n', '  - GELU\n']])
    expect(changes(modelOf('examples/resnet18.yaml'), other).length).toBe(8)
    expect(other.totals.macs).toBe(modelOf('examples/resnet18.yaml').totals.macs)
  })

  const yolo = path.resolve(root, '../shared/corpora/ultralytics/11/yolo11.yaml')
  if (existsSync(yolo))
    test('of a detector, whose references shift too', () => {
      const other = modelOf(yolo, [
        [
          '  - [-1, 2, C3k2, [512, False, 0.25]]',
          '  - [-1, 1, Conv, [128, 1, 1]]\n  - [-1, 2, C3k2, [512, False, 0.25]]',
        ],
        ['[[-1, 6], 1, Concat', '[[-1, 7], 1, Concat'],
        ['[[-1, 4], 1, Concat', '[[-1, 5], 1, Concat'],
        ['[[-1, 13], 1, Concat', '[[-1, 14], 1, Concat'],
        ['[[-1, 10], 1, Concat', '[[-1, 11], 1, Concat'],
        ['[[16, 19, 22]', '[[17, 20, 23]'],
      ])
      // A convolution of three nodes is new; the first one behind it reads fewer channels.
      expect(changes(modelOf(yolo), other)).toEqual([
        '+ – model.4.conv',
        '+ – model.4.bn',
        '+ – model.4.act',
        '~ model.4.cv1.conv model.5.cv1.conv',
      ])
    })
})

test('totals of the two inception modules of the paper', () => {
  // Szegedy et al. 2014, section 4: 28·28·256·25·32 products directly, 28·28·256·16 + 28·28·16·25·32 through 16.
  const [a, b] = ['direct', 'bottleneck'].map(name => modelOf(`examples/inception-5x5-${name}.yaml`))
  const totals = compareTotals(a!, b!, deviceById('t4-fp32'))
  const of = (name: string): (number | undefined)[] => {
    const total = totals.find(each => each.of === name)!
    return [total.a?.value, total.b?.value]
  }
  expect(of('macs')).toEqual([160_563_200, 13_246_464])
  expect(of('params')).toEqual([25 * 256 * 32, 256 * 16 + 25 * 16 * 32])
  expect(of('weights')).toEqual([4 * 204_800, 4 * 16_896])
  expect(of('field')).toEqual([5, 5])
  // Bytes of fp32: input, weights and output of every kernel once.
  expect(of('traffic')[0]).toBe(4 * (784 * 256 + 204_800 + 784 * 32))
  expect(totals.every(total => total.a?.exact && total.b?.exact)).toBe(true)
})

test('a total that leaves something out is no total', () => {
  const text = 'input: [3, 8, 8]\nlayers:\n  - Conv2d: {out_channels: 4, kernel_size: 3}\n  - MyGate\n'
  const model = analyze({ uri: 'file:///net.yaml', name: 'net.yaml', text })!.model()!
  expect(compareTotals(model, model, deviceById(undefined)).map(({ a }) => a?.exact)).not.toContain(true)
})
