import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ModelAnalysis } from '../../../../src/analysis/analyze'
import type { Binding } from '../../../../src/frontends/frontend'
import { modelOf, openPython } from '../open'

const HEAD = 'import keras\nfrom keras import layers\n'
const fixture = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/keras/${name}`, import.meta.url), 'utf8')

const BRANCHES = `${HEAD}i = keras.Input((32, 32, 3), name="image")
x = layers.Conv2D(16, 3, padding="same", activation="relu", name="stem")(i)
shared = layers.SeparableConv2D(16, 3, padding="same")
a, b = shared(x), shared(shared(x))
y = layers.Concatenate()([a, b])
z = keras.ops.mean(y, axis=(1, 2))
model = keras.Model(i, [layers.Dense(10)(z), layers.Dense(4)(z)])
`
const HELPER = `${HEAD}def block(x, filters):
    y = layers.Conv2D(filters, 3, padding="same")(x)
    return layers.Add()([layers.Conv2D(filters, 1)(x), y])

def build():
    i = keras.Input((16, 16, 3), name="image")
    x = block(block(i, 8), 12)
    return keras.Model(i, layers.Dense(2)(layers.Flatten()(x)))
`

/** All that is shown of a model, but for the name of its input. */
function shown({ graph, totals, bindings = [] }: ModelAnalysis): unknown {
  const scope = (s: { origin: { path: string } } | null): string | null => s?.origin.path ?? null
  return {
    totals,
    nodes: graph.nodes.map(({ op, origin, scope: s, cost, firstCall, inputs, outputs, layer }) => ({
      op,
      origin,
      scope: scope(s),
      cost,
      firstCall,
      shapes: [inputs, outputs].map(values => values.map(({ shape, reach }) => ({ shape, reach }))),
      from: inputs.map(v => v.producer?.id),
      weights: layer?.weights,
    })),
    scopes: graph.scopes.map(({ origin, parent, first, last }) => ({
      path: origin.path,
      parent: scope(parent),
      first,
      last,
    })),
    layers: graph.layers.filter(l => l.weights.length > 0).map(l => [l.op, l.origin.path]),
    ends: [graph.inputs.map(v => v.shape), graph.outputs.map(v => v.producer?.id)],
    bindings: bindings.map(({ name, site, shapes }: Binding) => [name, site.span, shapes.map(s => [s.of, s.count])]),
  }
}

describe('a model between tensors is its definition where the inputs are those that it declares', () => {
  test.each([
    ['branches', BRANCHES, 'model'],
    ['a helper', HELPER, 'build'],
    ['ResNet50', fixture('applications/resnet.py'), 'ResNet50'],
    ['DenseNet121', fixture('applications/densenet.py'), 'DenseNet121'],
    ['EfficientNetB0', fixture('applications/efficientnet.py'), 'EfficientNetB0'],
  ])('%s: drawn from the definition and called anew show the same', (_, text, name) => {
    const once = openPython(text, { model: name }).model()!
    const { shape } = once.inputs[0]!
    // An input of another name cannot be the one that the definition declares.
    const anew = openPython(text, { model: name, inputs: [{ name: 'another', shape }] }).model()!
    expect(anew.graph.inputs[0]!.name).toBe('another')
    expect(once.graph.inputs[0]!.name).not.toBe('another')
    expect(shown(once)).toEqual(shown(anew))
  })

  test('what stands beside the model, and what was changed after it was defined, is not taken from the definition', () => {
    const model = (lines: string): ModelAnalysis =>
      modelOf(`${HEAD}i = keras.Input((8, 8, 4))
x = conv = layers.Conv2D(4, 3, use_bias=False)(i)
y = layers.Conv2D(6, 1, use_bias=False)(x)
${lines}`)!
    const aside = model('model = keras.Model(i, x)\n')
    expect(aside.graph.nodes.map(n => n.op)).toEqual(['conv2d'])
    expect(aside.totals.params).toBe(144)
    const frozen = model('model = keras.Model(i, y)\nmodel.layers[1].trainable = False\n')
    expect(frozen.totals).toMatchObject({ params: 168, trainableParams: 24 })
  })
})
