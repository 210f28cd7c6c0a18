import { describe, expect, test } from 'vitest'
import { everyRewriting, textAfter } from '../rewriting'
import { keras1, keras2, keras3 } from './models'

/** Every place, form and way between, read again and held to be what was promised. */
describe('convolutions as several layers', () => {
  test.each([
    ['Keras 2', keras2],
    ['Keras 1', keras1],
    ['Keras 3', keras3],
    ['TensorFlow.js', { format: 'layers-model', modelTopology: { model_config: keras2 }, weightsManifest: [] }],
  ])('%s', (_, model) => {
    for (const indent of [undefined, 2, '\t']) {
      const text = JSON.stringify(model, null, indent)
      const { wrong, done } = everyRewriting(text, 'm.json')
      expect(wrong).toEqual([])
      expect(done).toBeGreaterThan(0)
    }
  })

  test('the last keeps the name, so nothing else changes', () => {
    const text = JSON.stringify(keras2, null, 2)
    const after = textAfter(text, 'b', { form: 'reduce', between: 'nothing' }, 'm.json')
    const layers = JSON.parse(after).config.layers as {
      name: string
      config: Record<string, unknown>
      inbound_nodes: unknown
    }[]
    expect(layers.map(layer => layer.name)).toEqual(['image', 'a', 'b_reduce', 'b', 'p', 'add'])
    expect(layers[2]).toMatchObject({
      class_name: 'Conv2D',
      config: {
        name: 'b_reduce',
        filters: 64,
        kernel_size: [1, 1],
        strides: [1, 1],
        use_bias: false,
        activation: 'linear',
      },
      inbound_nodes: [[['a', 0, 0, {}]]],
    })
    expect(layers[3]).toMatchObject({
      config: { name: 'b', filters: 256, kernel_size: [5, 5], strides: [2, 2], use_bias: true, activation: 'relu' },
      inbound_nodes: [[['b_reduce', 0, 0, {}]]],
    })
    // Every other line is as it was.
    const [start, end] = [text.indexOf('"b"') - 200, text.indexOf('"p"')]
    expect(after.startsWith(text.slice(0, start))).toBe(true)
    expect(after.endsWith(text.slice(end))).toBe(true)
  })

  test('a norm and an activation stand between', () => {
    const text = JSON.stringify(keras3)
    const after = textAfter(text, 'c', { form: 'bottleneck', between: 'norm' }, 'm.json')
    const layers = JSON.parse(after).config.layers as { name: string; class_name: string; inbound_nodes: never[] }[]
    expect(layers.map(layer => `${layer.name} ${layer.class_name}`)).toEqual([
      'x InputLayer',
      'c_reduce Conv2D',
      'c_reduce_bn BatchNormalization',
      'c_reduce_relu Activation',
      'c_narrow Conv2D',
      'c_narrow_bn BatchNormalization',
      'c_narrow_relu Activation',
      'c Conv2D',
      'cat Concatenate',
    ])
    // What the last takes: 16 channels at the size after the stride.
    expect(layers[7]!.inbound_nodes).toEqual([
      {
        args: [
          {
            class_name: '__keras_tensor__',
            config: { shape: [null, 16, 16, 16], dtype: 'float32', keras_history: ['c_narrow_relu', 0, 0] },
          },
        ],
        kwargs: {},
      },
    ])
  })

  test('the first of a list keeps the input', () => {
    const text = JSON.stringify(keras1)
    const after = textAfter(text, 'c1', { form: 'expand', between: 'nothing' }, 'm.json')
    const layers = JSON.parse(after).config as { config: Record<string, unknown> }[]
    expect(
      layers.slice(0, 2).map(({ config }) => [config.name, config.nb_filter, config.nb_row, config.batch_input_shape]),
    ).toEqual([
      ['c1_narrow', 16, 3, [null, 28, 28, 64]],
      ['c1', 128, 1, undefined],
    ])
  })
})
