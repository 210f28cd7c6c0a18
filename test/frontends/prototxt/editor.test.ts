/** What the editor asks for: detection, hints, outline, links, completion. */
import { describe, expect, test } from 'vitest'
import { deviceById } from '../../../src/advisor/devices'
import { adviceAt } from '../../../src/analysis/lineAdvice'
import { prototxt } from '../../../src/frontends/prototxt'
import { layerTypes } from '../../../src/frontends/prototxt/layers'
import { checkDefinition, checkHints, checkReferences, hoverAt, outlineOf } from '../../support/check'
import { analysisOf } from '../../support/fixture'
import { openNet } from './open'

const NAME = 'net.prototxt'
const detects = (text: string, name = 'a.prototxt', languageId?: string): boolean =>
  prototxt.detect({ uri: `file:///${name}`, name, text, ...(languageId ? { languageId } : {}) })

describe('detection is by content', () => {
  test.each([
    ['a network', '# comment\nname: "net"\nlayer {\n  name: "x"\n}\n'],
    ['one in the older form, on one line', 'name: "net" layers { type: RELU }'],
    ['one with a colon', 'layer: {\n}'],
    ['one with an input first', `input: "data"\ninput_dim: 1\n${'# more\n'.repeat(50)}layer{}`],
  ])('%s', (_, text) => expect(detects(text)).toBe(true))

  test.each([
    ['an empty file', ''],
    ['a solver', 'net: "train_val.prototxt"\nbase_lr: 0.01\nlr_policy: "step"\n'],
    ['a list of labels', 'item {\n  name: "none_of_the_above"\n  label: 0\n}\n'],
    ['a graph of TensorFlow', 'node {\n  name: "x"\n  op: "Placeholder"\n}\n'],
  ])('not %s', (_, text) => {
    expect(detects(text)).toBe(false)
    expect(detects(text, 'a.prototxt', 'prototxt')).toBe(false)
  })

  test('under another name only with what a layer alone has', () => {
    const text = 'layer {\n  name: "c"\n  bottom: "data"\n}\n'
    expect([detects(text, 'net.txt'), detects('layer {\n  color: red\n}\n', 'style.css')]).toEqual([true, false])
    expect(detects('layers:\n  - type: Conv2d\n', 'net.yaml')).toBe(false)
  })

  test('one that is begun', () => {
    for (const text of ['lay', '# Net\nname: "n"\nl', 'input: "data"\n'])
      expect(detects(text, 'a.prototxt', 'prototxt')).toBe(true)
    expect(openNet('lay').file.models).toEqual([])
  })
})

/** 3·3·3·16 + 16 = 448 params at 32²; 16·8 + 8 = 136 at 16²; 9·8 depthwise; 2·16·16 = 512 inputs to 10. */
test('hints stand behind the line that opens a layer, before a comment', () => {
  checkHints(
    `input: "data"
^^^^^^^^^^^^^ N×3×32×32
input_shape { dim: 4 dim: 3 dim: 32 dim: 32 }
layer { # the stem
^^^^^^^ N×16×32×32 · 448 params · 442k MACs
  name: "conv1"
  type: "Convolution"
  bottom: "data"
  top: "conv1"
  convolution_param { num_output: 16 kernel_size: 3 pad: 1 }
}
layer {
  name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1"
}
layer {
^^^^^^^ N×16×16×16
  name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { pool: MAX kernel_size: 3 stride: 2 }
}
layer
{
  name: "squeeze" type: "Convolution" bottom: "pool1" top: "squeeze"
  convolution_param { num_output: 8 kernel_size: 1 }
}
layer { name: "dw" type: "Convolution" bottom: "squeeze" top: "dw" convolution_param { num_output: 8 group: 8 kernel_size: 3 pad: 1 bias_term: false } }
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ N×8×16×16 · depthwise · 72 params · 18.4k MACs
layer {
^^^^^^^ ? · what a Python layer gives is not in the file
  name: "py" type: "Python" bottom: "dw" top: "py"
}
layer {
^^^^^^^ ?
  name: "after" type: "Convolution" bottom: "py" top: "after"
  convolution_param { num_output: 8 kernel_size: 1 }
}`.replace('layer\n{\n', 'layer\n^^^^^ N×8×16×16 · reduce · 136 params · 32.8k MACs\n{\n'),
    { name: NAME, maximumLength: 60 },
  )
})

test('the outline lists the layers', () => {
  const text = `name: "N"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" convolution_param { num_output: 64 kernel_size: 7 stride: 2 } }
layers { type: POOLING name: "pool" pooling_param { pool: AVE kernel_h: 2 kernel_w: 3 } }
layer { type: "ReLU" }`
  expect(
    openNet(text)
      .file.outline()
      .map(({ name, detail }) => `${name}: ${detail}`),
  ).toEqual(['data: Input 1×3×8×8', 'conv1: Convolution 7×7 64 /2', 'pool: Pooling AVE 2×3', 'ReLU: ReLU'])
  expect(outlineOf(text, NAME)).toEqual(['data', 'conv1', 'pool', 'ReLU'])
})

describe('blobs', () => {
  const text = (
    uses: string,
  ): string => `layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 } } }
layer {
  name: "fc"
  type: "InnerProduct"
  bottom: "data"
  top: "fc"
       ^^^^
  inner_product_param { num_output: 4 }
}
layer {
  name: "relu"
  type: "ReLU"
  bottom: "fc"
${uses}  top: "fc"
${uses.replaceAll(' '.repeat(10), ' '.repeat(7))}}
layer { name: "sum" type: "Eltwise"
  bottom: "f$0c"
${uses}  bottom: "fc"
${uses}  top: "sum"
}`

  test('a bottom leads to the top that is first written', () => {
    checkDefinition(text(''), NAME)
  })

  test('all that read it or work on it in place refer to it', () => {
    checkReferences(text('          ^^^^\n'), NAME)
  })
})

/** Labels of what is offered at `$0`, and the text after the one of a label, or the first. */
function complete(fixture: string, label?: string): { labels: string[]; after: string } {
  const offset = fixture.indexOf('$0')
  const text = fixture.slice(0, offset) + fixture.slice(offset + 2)
  const entries = prototxt.complete!({ uri: 'file:///a.prototxt', name: 'a.prototxt', text }, offset)
  const chosen = label === undefined ? entries[0] : entries.find(entry => entry.label === label)
  const after =
    chosen && text.slice(0, chosen.span.start) + (chosen.insert ?? chosen.label) + text.slice(chosen.span.end)
  return { labels: entries.map(entry => entry.label), after: after ?? text }
}

describe('completion', () => {
  test('fields of the network, of a layer, of its parameters; what is given is not offered again', () => {
    expect(complete('name: "x"\nla$0').labels).toEqual(expect.arrayContaining(['layer', 'input', 'input_shape']))
    expect(complete('name: "x"\nla$0').labels).not.toContain('name')
    expect(complete('la$0', 'layer').after).toBe('layer {')
    const inLayer = complete('layer {\n  type: "Convolution"\n  bottom: "x"\n  $0\n}')
    expect(inLayer.labels).toEqual(expect.arrayContaining(['name', 'bottom', 'top', 'param', 'convolution_param']))
    expect(inLayer.labels).not.toContain('type')
    expect(inLayer.labels).not.toContain('pooling_param')
    const params = complete(
      'layer {\n  type: "Convolution"\n  convolution_param {\n    num_output: 3\n    kern$0\n  }\n}',
      'kernel_size',
    )
    expect(params.labels).toEqual(expect.arrayContaining(['kernel_size', 'pad', 'weight_filler']))
    expect(params.labels).not.toContain('num_output')
    expect(params.after).toContain('    kernel_size: \n')
    expect(complete('layer { type: "Convolution" convolution_param { weight_filler { $0').labels).toContain('std')
    expect(complete('layer { include { $0 } }').labels).toContain('phase')
    expect(complete('input_shape { $0').labels).toEqual(['dim'])
  })

  test('types, in the quotes that stand there', () => {
    const names = layerTypes.flatMap(type => type.names)
    expect(complete('layer {\n  type: "$0"\n}').labels).toEqual(names)
    expect(complete('layer {\n  type: "Con$0"\n}', 'Convolution').after).toBe('layer {\n  type: "Convolution"\n}')
    expect(complete('layer {\n  type: "Con$0\n}', 'Convolution').after).toBe('layer {\n  type: "Convolution"\n}')
    expect(complete('layer {\n  type: $0\n}', 'ReLU').after).toBe('layer {\n  type: "ReLU"\n}')
    expect(complete("layer {\n  type: 'R$0eLU'\n}", 'TanH').after).toBe("layer {\n  type: 'TanH'\n}")
    expect(complete('layers {\n  type: CON$0\n}', 'CONCAT').after).toBe('layers {\n  type: CONCAT\n}')
  })

  test('words, switches, blobs before, the nearest first', () => {
    expect(complete('layer { type: "Pooling" pooling_param { pool: $0').labels).toEqual(['MAX', 'AVE', 'STOCHASTIC'])
    expect(complete('layer { type: "Pooling" pooling_param { pool: AV$0E } }', 'MAX').after).toContain('pool: MAX }')
    expect(complete('layer { type: "Convolution" convolution_param { bias_term: $0').labels).toEqual(['true', 'false'])
    expect(complete('layer { include { phase: $0').labels).toEqual(['TRAIN', 'TEST'])
    const blobs = 'layer { top: "a" }\nlayer { top: "b" top: "c" }\nlayer { bottom: "$0" top: "d" }\nlayer { top: "e" }'
    expect(complete(blobs).labels).toEqual(['b', 'c', 'a'])
    expect(complete(blobs).after).toContain('bottom: "b" top: "d"')
  })

  test('nothing in a comment, behind a number, in what is not known', () => {
    expect(complete('layer {\n  # ty$0').labels).toEqual([])
    expect(complete('layer { type: "Convolution" convolution_param { num_output: $0').labels).toEqual([])
    expect(complete('layer { type: "What" what_param { $0').labels).toEqual([])
  })
})

describe('inside a layer', () => {
  const text = `${'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 64 dim: 32 dim: 32 } } }\n'}layer {
  name: "conv"
  type: "Convolution"
  bottom: "data"
  top: "conv"
  convolution_param {
    num_output: 64
    kernel_size: 3
    pad: 1
  }
}
`

  test.each(['layer {\n  name', '"conv"', 'num_output', '  }\n}'])('the hover at %j is the layer’s', place => {
    const at = text.lastIndexOf(place)
    expect(hoverAt(`${text.slice(0, at)}$0${text.slice(at)}`, { name: NAME })).toMatch(
      /^\*\*conv\*\* `Convolution` 3×3/,
    )
  })

  test('its rewrites are offered there', () => {
    const analysis = analysisOf(text, NAME)
    const start = text.indexOf('num_output')
    const advice = adviceAt(analysis, analysis.model()!, { start, end: start }, deviceById('t4-fp16'))
    expect(advice.proposals.map(({ nodes }) => nodes[0]!.origin.path)).toContain('conv')
  })
})
