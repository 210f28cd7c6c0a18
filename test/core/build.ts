/** Networks built on the GraphBuilder directly, without a file: what tests of the core and the advisor stand on. */
import { N } from '../../src/core/dim'
import { type Graph, GraphBuilder, type Origin, type Site, type Value } from '../../src/core/graph'
import type { Attributes, OpName } from '../../src/core/ops'
import type { Shape } from '../../src/core/shape'
import { each, pads } from '../../src/core/window'

export const site = (name: string, at = 0): Site => ({ span: { start: at, end: at + 1 }, anchor: at + 1, name })
export const origin = (name: string, type = name, at = 0): Origin => ({ site: site(name, at), path: name, type })

/** Windows of two spatial axes, as PyTorch's modules take them. */
export const window = (kernel: number, stride = 1, padding = 0, dilation = 1) => ({
  kernel: each(kernel, 2),
  stride: each(stride, 2),
  dilation: each(dilation, 2),
  padding: pads(padding, 2),
})

export interface ConvArguments {
  readonly stride?: number
  readonly padding?: number
  readonly groups?: number
  readonly bias?: boolean
}

/** A network under construction: torch.nn's layers by their usual arguments. */
export interface Net {
  readonly builder: GraphBuilder
  conv(x: Value, name: string, out: number, kernel: number, more?: ConvArguments): Value
  norm(x: Value, name: string): Value
  relu(x: Value): Value
  maxPool(x: Value, kernel: number, stride?: number, padding?: number): Value
  linear(x: Value, name: string, out: number): Value
  add(op: OpName, attributes: object, inputs: readonly Value[], name?: string): Value
}

export function net(): Net {
  const builder = new GraphBuilder()
  let calls = 0
  const add = (op: OpName, attributes: object, inputs: readonly Value[], name = `${op}${calls}`): Value =>
    builder.add(op, attributes as Attributes<OpName>, inputs, origin(name, op, calls++))
  const channels = (x: Value, axis: number): number => x.shape!.at(axis) as number
  return {
    builder,
    add,
    conv: (x, name, outChannels, kernel, { stride = 1, padding = 0, groups = 1, bias = true } = {}) =>
      add(
        'conv2d',
        { ...window(kernel, stride, padding), inChannels: channels(x, 1), outChannels, groups, bias },
        [x],
        name,
      ),
    norm: (x, name) => {
      const attributes = { channels: channels(x, 1), axis: 1, scale: true, shift: true, statistics: 'buffer' }
      return add('batch_norm', attributes, [x], name)
    },
    relu: x => add('activation', { function: 'relu' }, [x]),
    maxPool: (x, kernel, stride = kernel, padding = 0) => add('max_pool2d', window(kernel, stride, padding), [x]),
    linear: (x, name, outFeatures) =>
      add('linear', { inFeatures: channels(x, -1), outFeatures, bias: true }, [x], name),
  }
}

/** A finished network of one input. */
export function network(shape: Shape, body: (n: Net, x: Value) => Value): Graph {
  const n = net()
  n.builder.output(body(n, n.builder.input('x', [N, ...shape])))
  return n.builder.build()
}

const flatten = (n: Net, x: Value): Value => n.add('flatten', { start: 1, end: -1 }, [x])

/** VGG-16 (Simonyan and Zisserman 2015), configuration D, as torchvision builds it: 138,357,544 params, 15,470,264,320 MACs. */
export const vgg16 = (): Graph =>
  network([3, 224, 224], (n, x) => {
    let y = x
    for (const [block, [count, out]] of (
      [
        [2, 64],
        [2, 128],
        [3, 256],
        [3, 512],
        [3, 512],
      ] as const
    ).entries()) {
      for (let i = 0; i < count; i++) y = n.relu(n.conv(y, `conv${block + 1}_${i + 1}`, out, 3, { padding: 1 }))
      y = n.maxPool(y, 2)
    }
    y = flatten(n, y)
    for (const [name, out] of [
      ['fc6', 4096],
      ['fc7', 4096],
    ] as const)
      y = n.relu(n.linear(y, name, out))
    return n.linear(y, 'fc8', 1000)
  })

/** ResNet-50 (He et al. 2016) with the stride on the 3×3, as torchvision builds it: 25,557,032 params, 4,089,184,256 MACs. */
export const resnet50 = (): Graph =>
  network([3, 224, 224], (n, x) => {
    const convNorm = (y: Value, name: string, out: number, kernel: number, stride = 1): Value =>
      n.norm(n.conv(y, name, out, kernel, { stride, padding: (kernel - 1) / 2, bias: false }), `${name}.norm`)
    let y = n.maxPool(n.relu(convNorm(x, 'conv1', 64, 7, 2)), 3, 2, 1)
    for (const [layer, blocks] of [3, 4, 6, 3].entries()) {
      const width = 64 * 2 ** layer
      for (let block = 0; block < blocks; block++) {
        const path = `layer${layer + 1}.${block}`
        const stride = block === 0 && layer > 0 ? 2 : 1
        let z = n.relu(convNorm(y, `${path}.conv1`, width, 1))
        z = n.relu(convNorm(z, `${path}.conv2`, width, 3, stride))
        z = convNorm(z, `${path}.conv3`, 4 * width, 1)
        const shortcut = block === 0 ? convNorm(y, `${path}.downsample`, 4 * width, 1, stride) : y
        y = n.relu(n.add('elementwise', { function: 'add' }, [z, shortcut]))
      }
    }
    y = n.add('adaptive_avg_pool', { size: [1, 1] }, [y])
    return n.linear(flatten(n, y), 'fc', 1000)
  })

/** AlexNet's features as torchvision builds them (Krizhevsky 2014, "One weird trick"). */
export const alexnetFeatures = (): Graph =>
  network([3, 224, 224], (n, x) => {
    let y = n.maxPool(n.relu(n.conv(x, 'conv1', 64, 11, { stride: 4, padding: 2 })), 3, 2)
    y = n.maxPool(n.relu(n.conv(y, 'conv2', 192, 5, { padding: 2 })), 3, 2)
    y = n.relu(n.conv(y, 'conv3', 384, 3, { padding: 1 }))
    y = n.relu(n.conv(y, 'conv4', 256, 3, { padding: 1 }))
    return n.maxPool(n.relu(n.conv(y, 'conv5', 256, 3, { padding: 1 })), 3, 2)
  })
