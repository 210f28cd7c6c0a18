import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { analyze } from '../../../src/analysis/analyze'

/** Files of Keras 3.16's own `to_json`, less initializers and the like; the figures are those of the models it saved. */

const modelOf = (text: string) => {
  const { graph, totals, problems } = analyze({ uri: 'file:///m.json', name: 'm.json', text })!.model()!
  return {
    outputs: graph.outputs.map(({ shape }) => shape?.map(d => (typeof d === 'number' ? d : null))),
    params: totals.params,
    trainable: totals.trainableParams,
    macs: totals.macs,
    exact: totals.completeness === 'exact',
    problems: problems.map(({ severity, code, message }) => `${severity} ${code}: ${message}`),
  }
}

test.each([
  // Operations that have the names of layers (Subtract, Reshape), and some that have not; 8 · 6 · 4 + 8 · 8 · 8 + 32 · 3 + 9 · 3 · 4 · 5 MACs.
  [
    'operations',
    [
      [null, 3],
      [null, 8],
      [null, 8],
      [null, 9, 5],
    ],
    192,
    192,
    1340,
  ],
  // A functional model called twice, a Sequential called twice, and a model whose output is the outer one's.
  [
    'inside',
    [
      [null, 4],
      [null, 12, 12, 3],
    ],
    116,
    108,
    38448,
  ],
  // `trainable=False` given to what holds layers freezes nothing, given to a layer inside or to an LSTM it does.
  [
    'frozen',
    [
      [null, 6],
      [null, 3],
      [null, 6, 2],
      [null, 6, 5],
    ],
    479,
    359,
    2940,
  ],
])('%s.json', (name, outputs, params, trainable, macs) => {
  const text = readFileSync(new URL(`saved/${name}.json`, import.meta.url), 'utf8')
  expect(modelOf(text)).toEqual({ outputs, params, trainable, macs, exact: true, problems: [] })
})

const input = (name: string, sizes: readonly (number | null)[]) => ({
  class_name: 'InputLayer',
  name,
  config: { name, batch_input_shape: [null, ...sizes] },
  inbound_nodes: [],
})
const layer = (class_name: string, name: string, config: object, from: readonly unknown[], call = 0) => ({
  class_name,
  name,
  config: { name, ...config },
  inbound_nodes: [from.map(of => [of, call, 0, {}])],
})
const functional = (
  name: string,
  layers: readonly object[],
  inputs: readonly string[],
  output: readonly unknown[],
) => ({
  class_name: 'Functional',
  name,
  config: { name, layers, input_layers: inputs.map(of => [of, 0, 0]), output_layers: [output] },
})

test('Keras 2 counts the call that made a model inside', () => {
  const inner = functional('inner', [input('i', [8]), layer('Dense', 'd', { units: 8 }, ['i'])], ['i'], ['d', 0, 0])
  const layers = [
    input('x', [8]),
    { ...inner, inbound_nodes: [[['x', 0, 0, {}]], [['inner', 1, 0, {}]]] },
    layer('Dense', 'last', { units: 3 }, ['inner'], 2),
  ]
  const outer = functional('outer', layers, ['x'], ['last', 0, 0])
  // 8 · 8 + 8, once; 8 · 3 + 3.
  expect(modelOf(JSON.stringify(outer))).toEqual({
    outputs: [[null, 3]],
    params: 99,
    trainable: 99,
    macs: 64 + 64 + 24,
    exact: true,
    problems: [],
  })
})

test('what does not fit a picture of assumed size is a hint, what fits no size an error', () => {
  const sum = (b: readonly (number | null)[]) =>
    functional(
      'net',
      [input('a', [null, null, 3]), input('b', b), layer('Add', 'sum', {}, ['a', 'b'])],
      ['a', 'b'],
      ['sum', 0, 0],
    )
  expect(modelOf(JSON.stringify(sum([6, 6, 3]))).problems).toEqual([
    expect.stringMatching(/^hint shape-mismatch: With the assumed input 224×224×3 and 6×6×3: /),
  ])
  expect(modelOf(JSON.stringify(sum([null, null, 4]))).problems).toEqual([
    expect.stringMatching(/^error shape-mismatch/),
  ])
})

test('a layer of keras.applications is known by its arguments, a program’s own of that name is not', () => {
  const scaled = (config: object) =>
    functional('net', [input('a', [4, 4, 6]), layer('LayerScale', 'scale', config, ['a'])], ['a'], ['scale', 0, 0])
  const known = modelOf(JSON.stringify(scaled({ init_values: 1e-6, projection_dim: 6 })))
  expect(known).toMatchObject({ outputs: [[null, 4, 4, 6]], params: 6, exact: true, problems: [] })
  const own = modelOf(JSON.stringify(scaled({ gamma: 1 })))
  expect(own).toMatchObject({ exact: false, problems: [expect.stringMatching(/^warning unknown-layer/)] })
})

test('a functional model that is not trained freezes its layers', () => {
  const net = functional('net', [input('a', [4]), layer('Dense', 'd', { units: 2 }, ['a'])], ['a'], ['d', 0, 0])
  const text = JSON.stringify({ ...net, config: { ...net.config, trainable: false } })
  expect(modelOf(text)).toMatchObject({ params: 10, trainable: 0 })
})

test('an operation that is not read has the shape that the file says, and multiplies an unknown number of times', () => {
  const tensor = (name: string, shape: readonly (number | null)[]) => ({
    class_name: '__keras_tensor__',
    config: { shape, keras_history: [name, 0, 0] },
  })
  const operation = (class_name: string) =>
    functional(
      'net',
      [
        input('a', [4]),
        {
          module: 'keras.src.ops.numpy',
          class_name,
          name: 'op',
          config: { name: 'op' },
          inbound_nodes: [{ args: [tensor('a', [null, 4])], kwargs: {} }],
        },
        {
          module: 'keras.layers',
          class_name: 'Dense',
          name: 'd',
          config: { name: 'd', units: 2 },
          inbound_nodes: [{ args: [tensor('op', [null, 7])], kwargs: {} }],
        },
      ],
      ['a'],
      ['d', 0, 0],
    )
  expect(modelOf(JSON.stringify(operation('Diagflat')))).toMatchObject({ params: 16, macs: 14, exact: true })
  expect(modelOf(JSON.stringify(operation('Tensordot')))).toMatchObject({ params: 16, macs: 14, exact: false })
})

test('a summary has the sizes open that the file leaves open', () => {
  const net = functional('net', [input('a', [null, null, 3]), layer('ReLU', 're', {}, ['a'])], ['a'], ['re', 0, 0])
  const { graph, keras } = analyze({ uri: 'file:///m.json', name: 'm.json', text: JSON.stringify(net) })!.model()!
  expect(graph.outputs[0]!.shape!.slice(1)).toEqual([224, 224, 3])
  expect(keras!.asDeclared!().outputs[0]!.shape!.slice(1)).toEqual([null, null, 3])
})

test('a product of axes that are named is counted', () => {
  const tensor = {
    class_name: '__keras_tensor__',
    config: { shape: [null, 4, 5, 6], keras_history: ['a', 0, 0] },
  }
  const einsum = {
    module: 'keras.src.ops.numpy',
    class_name: 'Einsum',
    name: 'e',
    config: { name: 'e', subscripts: 'bijc,bijd->bcd' },
    inbound_nodes: [{ args: [tensor, tensor], kwargs: {} }],
  }
  const net = functional('net', [input('a', [4, 5, 6]), einsum], ['a'], ['e', 0, 0])
  expect(modelOf(JSON.stringify(net))).toMatchObject({ outputs: [[null, 6, 6]], macs: 4 * 5 * 6 * 6, exact: true })
})

test('masks that a call lists after its tensors are none of them', () => {
  const tensor = (name: string, shape: readonly (number | null)[]) => ({
    class_name: '__keras_tensor__',
    config: { shape, keras_history: [name, 0, 0] },
  })
  const [q, v] = [tensor('q', [null, 5, 8]), tensor('v', [null, 7, 8])]
  const [a, b] = [tensor('a', [null, 5]), tensor('b', [null, 7])]
  const layers = [
    ...[input('q', [5, 8]), input('v', [7, 8]), input('a', [5]), input('b', [7])],
    {
      module: 'keras.layers',
      class_name: 'AdditiveAttention',
      name: 'at',
      config: { name: 'at', use_scale: true },
      inbound_nodes: [
        {
          args: [
            [q, v],
            [a, b],
          ],
          kwargs: {},
        },
      ],
    },
  ]
  const net = functional('net', layers, ['q', 'v', 'a', 'b'], ['at', 0, 0])
  // A scale of 8; each of 5 × 7 scores weighs 8 features.
  expect(modelOf(JSON.stringify(net))).toMatchObject({ outputs: [[null, 5, 8]], params: 8, macs: 280, problems: [] })
})
