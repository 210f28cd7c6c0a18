import { describe, expect, test } from 'vitest'
import { totals, uncounted } from '../../src/core/cost'
import { N } from '../../src/core/dim'
import { GraphBuilder, type Layer } from '../../src/core/graph'
import { type ConvArguments, net, network, origin, window } from './build'

const conv = (inChannels: number | null, outChannels: number, kernel = 3, more: ConvArguments = {}) => ({
  ...window(kernel, more.stride, more.padding),
  inChannels,
  outChannels,
  groups: 1,
  bias: true,
})

describe('layers and calls', () => {
  test('a layer that is called twice has its params once and its MACs twice', () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', [N, 4, 8, 8])
    const layer = builder.layer('conv2d', conv(4, 4, 3, { padding: 1 }), origin('c')) as unknown as Layer
    const [y] = builder.call(layer, [x])
    builder.output(builder.call(layer, [y!], origin('again'))[0]!)
    const graph = builder.build()
    const weights = 4 * 4 * 9 + 4
    expect(graph.nodes.map(n => [n.cost.params, n.firstCall])).toEqual([
      [weights, true],
      [0, false],
    ])
    expect(totals(graph)).toMatchObject({ params: weights, macs: 2 * 144 * 64, completeness: 'exact' })
  })

  test('a layer that is declared and never called has params and no MACs', () => {
    const builder = new GraphBuilder()
    builder.layer('linear', { inFeatures: 10, outFeatures: 5, bias: true }, origin('unused'))
    expect(totals(builder.build())).toMatchObject({ params: 55, macs: 0, completeness: 'exact' })
  })

  test('frozen weights are params that are not trained', () => {
    const builder = new GraphBuilder()
    builder.layer('linear', { inFeatures: 10, outFeatures: 5, bias: false }, origin('dfl'), true)
    expect(totals(builder.build())).toMatchObject({ params: 50, trainableParams: 0, buffers: 0 })
  })

  test('statistics are buffers, apart from params', () => {
    const graph = network([8, 4, 4], (n, x) => n.norm(x, 'bn'))
    expect(totals(graph)).toMatchObject({ params: 16, trainableParams: 16, buffers: 16 })
  })
})

describe('what is not known', () => {
  test('an op that is not understood makes totals lower bounds and is listed once, with its reason', () => {
    const n = net()
    const x = n.builder.input('x', [N, 3, 8, 8])
    const y = n.conv(x, 'a', 4, 3)
    const [lost] = n.builder.unknown('not modelled', [y], origin('odd', 'fft.rfft2'))
    const z = n.builder.add('conv2d', conv(4, 8), [lost!], origin('b'))
    n.builder.output(z)
    const graph = n.builder.build()
    expect(z.shape).toBeNull()
    expect(z.cause).toBe(graph.nodes[1])
    expect(totals(graph)).toMatchObject({ params: 112 + 296, macs: 27 * 4 * 36, completeness: 'atLeast' })
    expect(uncounted(graph).map(({ what, reason }) => [what, reason])).toEqual([['fft.rfft2', 'not modelled']])
  })

  test('shapes that are given with it stay known behind it', () => {
    const n = net()
    const x = n.builder.input('x', [N, 3, 8, 8])
    const [same] = n.builder.unknown('not modelled', [x], origin('odd'), [x.shape])
    expect(n.conv(same!, 'c', 4, 3).shape).toEqual([N, 4, 6, 6])
  })

  test('an unknown input size is its own cause', () => {
    const n = net()
    const x = n.builder.input('x', [N, 3, null, null])
    const y = n.conv(x, 'c', 4, 3, { padding: 1 })
    const graph = n.builder.build()
    expect(y.shape).toEqual([N, 4, null, null])
    expect(totals(graph)).toMatchObject({ params: 112, macs: 0, completeness: 'atLeast' })
    expect(uncounted(graph)).toHaveLength(1)
  })
})

describe('problems', () => {
  test('carry the place of the attribute, a fix, and the other side', () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', [N, 3, 8, 8])
    const a = builder.add('conv2d', conv(3, 16), [x], origin('a', 'Conv2d', 10))
    const span = { start: 55, end: 58 }
    const site = { ...origin('b', 'Conv2d', 50).site, attributes: { inChannels: { span, spelled: 'in_channels' } } }
    builder.add('conv2d', conv(32, 8), [a], { site, path: 'b', type: 'Conv2d' })
    expect(builder.build().problems).toEqual([
      {
        code: 'shape-mismatch',
        severity: 'error',
        span,
        message: 'b expects 32 input channels and gets 16: N×16×6×6 from a.',
        related: [{ span: { start: 10, end: 11 }, message: 'a gives N×16×6×6' }],
        fixes: [{ title: 'Set in_channels of b to 16', edits: [{ span, newText: '16' }], preferred: true }],
      },
    ])
  })

  test('are bounded', () => {
    const builder = new GraphBuilder()
    const x = builder.input('x', [N, 3, 8, 8])
    for (let i = 0; i < 3000; i++) builder.add('conv2d', conv(5, 8), [x], origin('c'))
    expect(builder.build().problems).toHaveLength(1000)
  })
})

describe('scopes', () => {
  test('hold the ids of their nodes, nested ones too, and their outputs', () => {
    const n = net()
    const x = n.builder.input('x', [N, 3, 8, 8])
    const [y] = n.builder.scope(origin('outer'), [x], () => {
      const a = n.relu(x)
      const [b] = n.builder.scope(origin('inner'), [a], () => [n.relu(n.relu(a))])
      return [n.relu(b!)]
    })
    const { scopes, nodes } = n.builder.build()
    expect(scopes.map(s => [s.origin.path, s.first, s.last, s.parent?.origin.path])).toEqual([
      ['outer', 0, 4, undefined],
      ['inner', 1, 3, 'outer'],
    ])
    expect(nodes.map(node => node.scope?.origin.path)).toEqual(['outer', 'inner', 'inner', 'outer'])
    expect(scopes[0]!.outputs).toEqual([y])
  })

  test('close when the body throws', () => {
    const n = net()
    const x = n.builder.input('x', [N, 3])
    expect(() =>
      n.builder.scope(origin('outer'), [x], () => {
        n.relu(x)
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(n.relu(x).producer!.scope).toBeNull()
    expect(n.builder.build().scopes[0]).toMatchObject({ first: 0, last: 1, outputs: [] })
  })
})

test('beyond 200,000 calls the rest is left out, with one problem, and totals are lower bounds', () => {
  const builder = new GraphBuilder()
  let x = builder.input('x', [N, 2])
  const layer = builder.layer('linear', { inFeatures: 2, outFeatures: 2, bias: false }, origin('l')) as unknown as Layer
  for (let i = 0; i < 200_010; i++) x = builder.call(layer, [x])[0]!
  expect(builder.isFull).toBe(true)
  builder.output(x)
  const graph = builder.build()
  expect(graph.nodes).toHaveLength(200_000)
  expect(graph.stopped).toBe('200,000 layers')
  expect(graph.problems.map(p => [p.code, p.message])).toEqual([
    ['limit', 'Stopped after 200,000 layers; the rest is not counted.'],
  ])
  expect(totals(graph)).toMatchObject({ params: 4, macs: 800_000, completeness: 'atLeast' })
})
