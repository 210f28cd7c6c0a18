import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { analyze, type ModelAnalysis } from '../../../src/analysis/analyze'
import { formatShape } from '../../../src/core/shape'
import { labelText } from '../../../src/features/hintLabel'
import { lineHints } from '../../../src/features/hintLines'
import { hover } from '../../../src/features/hover'
import { keras1, keras2, keras3 } from './models'

const read = (model: object, indent?: number) => {
  const text = JSON.stringify(model, null, indent)
  return analyze({ uri: 'file:///m.json', name: 'm.json', text })!
}

const layers = ({ graph }: ModelAnalysis): string[] =>
  graph.nodes.map(node => `${node.origin.path} ${formatShape(node.outputs[0]!.shape)}`)

describe('what to_json writes', () => {
  test('Keras 2: layers by the names of those that they take', () => {
    const model = read(keras2).model()!
    expect(read(keras2).format).toBe('keras-json')
    expect(layers(model)).toEqual([
      'a N×56×56×256',
      'a N×56×56×256',
      'b N×28×28×256',
      'b N×28×28×256',
      'p N×28×28×256',
      'add N×28×28×256',
    ])
    // 9·256·256 + 256 and 25·256·256 + 256; the second at 28·28 positions.
    expect(model.totals.params).toBe(590080 + 1638656)
    expect(model.totals.macs).toBe(589824 * 3136 + 1638400 * 784)
    expect(model.problems).toEqual([])
  })

  test('Keras 1: a list, and the names of its time', () => {
    const model = read(keras1).model()!
    // 9·64·128 + 128; 4·128; 28·28·128·10 + 10.
    expect(model.totals.params).toBe(73856 + 512 + 1003530)
    expect(model.totals.trainableParams).toBe(73856 + 256 + 1003530)
    expect(model.graph.outputs[0]!.shape?.at(-1)).toBe(10)
    expect(model.inputs).toEqual([{ name: 'input', shape: [28, 28, 64] }])
  })

  test('Keras 3: tensors that say where they come from', () => {
    const model = read(keras3).model()!
    expect(layers(model).at(-1)).toBe('cat N×16×16×256')
    expect(model.totals.params).toBe(9 * 64 * 128 + 128)
  })

  test('TensorFlow.js: the topology beside the list of weights', () => {
    const file = {
      format: 'layers-model',
      modelTopology: { keras_version: '2.1', model_config: keras2 },
      weightsManifest: [],
    }
    expect(read(file).model()!.totals.params).toBe(590080 + 1638656)
    expect(read({ modelTopology: keras1 }).model()!.totals.params).toBe(1077898)
  })

  test('a model in a model, called twice, has its weights once', () => {
    const inner = { ...keras1, name: 'tower', config: { name: 'tower', layers: keras1.config } }
    const call = (from: string) => [[from, 0, 0, {}]]
    const input = (name: string) => ({
      class_name: 'InputLayer',
      name,
      config: { name, batch_input_shape: [null, 28, 28, 64] },
      inbound_nodes: [],
    })
    const model = read({
      class_name: 'Model',
      config: {
        name: 'siamese',
        layers: [
          input('l'),
          input('r'),
          { ...inner, inbound_nodes: [call('l'), call('r')] },
          {
            class_name: 'Subtract',
            name: 's',
            config: { name: 's' },
            inbound_nodes: [
              [
                ['tower', 0, 0],
                ['tower', 1, 0],
              ],
            ],
          },
        ],
        input_layers: [
          ['l', 0, 0],
          ['r', 0, 0],
        ],
        output_layers: [['s', 0, 0]],
      },
    }).model()!
    expect(model.totals.params).toBe(1077898)
    // 9·64·128 at 784 positions and 100,352·10, twice.
    expect(model.totals.macs).toBe(2 * (73728 * 784 + 1003520))
    expect(model.graph.outputs[0]!.shape?.at(-1)).toBe(10)
  })

  test('functions among the layers', () => {
    const file = structuredClone(keras2) as typeof keras2
    file.config.layers.push({
      class_name: 'TFOpLambda',
      config: { name: 'tf.math.multiply', function: 'math.multiply' },
      name: 'tf.math.multiply',
      inbound_nodes: [['add', 0, 0, { y: 0.5, name: null }]],
    } as never)
    file.config.output_layers = [['tf.math.multiply', 0, 0]]
    const model = read(file).model()!
    expect(formatShape(model.graph.outputs[0]!.shape)).toBe('N×28×28×256')
    expect(model.totals.completeness).toBe('exact')
  })

  test('code inside a model is unknown, with the shape that the file says', () => {
    const file = structuredClone(keras1)
    file.config.push({
      class_name: 'Lambda',
      config: { name: 'l', function: ['4wEA', null, null], output_shape: [3] },
    } as never)
    const model = read(file).model()!
    expect(model.totals.completeness).toBe('atLeast')
    expect(formatShape(model.graph.outputs[0]!.shape)).toBe('N×3')
    expect(model.uncounted.map(u => u.reason)).toEqual(['code inside a model is not read'])
  })

  test('sizes that a file leaves open are assumed', () => {
    const file = structuredClone(keras2)
    file.config.layers[0] = {
      ...file.config.layers[0],
      config: { name: 'image', batch_input_shape: [null, null, null, 3] },
    } as never
    const model = read(file).model()!
    expect(model.inputs).toEqual([{ name: 'image', shape: [224, 224, 3] }])
    expect(model.inputAssumed).toBe(true)
  })
})

describe('hints', () => {
  const hints = (model: object, indent?: number): string[] => {
    const analysis = read(model, indent)
    const lines = analysis.source.text.split('\n')
    const shown = lineHints(analysis, { unit: 'MACs', quietLayers: false, maximumLength: 43 })
    return shown.map(({ line, offset, parts }) => {
      expect(offset).toBe(lines.slice(0, line).join('\n').length + 1 + lines[line]!.length)
      return `${lines[line]!.trim()} ${labelText(parts)}`
    })
  }

  test('stand at the end of the line of the class', () => {
    expect(hints(keras1, 2)).toEqual([
      '"class_name": "Convolution2D", N×28×28×128 · 73.9k params · 57.8M MACs',
      '"class_name": "Flatten", N×100352',
      '"class_name": "Dense", N×10 · 1.0M params · 1.0M MACs',
    ])
  })

  test('have no room in a file of one line, where all else is there', () => {
    expect(hints(keras1)).toEqual([])
    const analysis = read(keras1)
    expect(analysis.file.outline().map(item => `${item.name}: ${item.detail}`)).toEqual([
      'c1: Convolution2D 3×3 128',
      'bn: BatchNormalization',
      'flat: Flatten',
      'fc: Dense 10',
    ])
  })
})

test('a hover on a class says what the layer is and costs', () => {
  const analysis = read(keras1, 2)
  const offset = analysis.source.text.indexOf('Convolution2D') + 3
  const shown = JSON.stringify(hover(analysis, offset, { unit: 'MACs', commands: false }))
  expect(shown).toContain('c1')
  // 3·3·64·128 at 28·28 positions.
  expect(shown).toContain('57,802,752')
  const filters = analysis.source.text.indexOf('"nb_filter"') + 3
  expect(JSON.stringify(hover(analysis, filters, { unit: 'MACs', commands: false }))).toContain('57,802,752')
})

const corpora = path.resolve(
  import.meta.dirname,
  '../../../../shared/corpora/keras_json/transcranial+keras-js/demos_history',
)

// Registered where the corpus lies beside the checkout, so that nothing is skipped where it does not.
if (existsSync(corpora)) {
  test('published models have the params of their weights', () => {
    for (const [name, params] of [
      ['xception', 22910480],
      ['inception_v3', 23660968],
    ] as const) {
      const text = readFileSync(path.join(corpora, `${name}.json`), 'utf8')
      const { totals, problems } = analyze({ uri: 'file:///m.json', name: 'm.json', text })!.model()!
      expect(totals.params).toBe(params)
      expect(totals.completeness).toBe('exact')
      expect(problems.filter(p => p.severity !== 'hint')).toEqual([])
    }
  })
}
