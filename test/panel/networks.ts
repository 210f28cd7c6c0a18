/** Networks built by hand, independent of every file format: what the panel's tests look at. */
import type { Analysis } from '../../src/analysis/analyze'
import { totals, uncounted } from '../../src/core/cost'
import { N } from '../../src/core/dim'
import { type Graph, GraphBuilder, type Origin, type Value } from '../../src/core/graph'
import type { Problem } from '../../src/core/problem'
import { each, pads } from '../../src/core/window'

/** Builds a graph while writing a text with one line a layer, so that every site has a place. */
export class Sketch {
  readonly builder = new GraphBuilder()
  text = ''

  input(channels: number, size: number): Value {
    return this.builder.input('x', [N, channels, size, size])
  }

  origin(path: string, type: string): Origin {
    const start = this.text.length
    this.text += `${path}: ${type}\n`
    const end = this.text.length - 1
    return { site: { span: { start, end }, anchor: end, name: path.split('.').at(-1)! }, path, type }
  }

  conv(
    path: string,
    x: Value,
    out: number,
    kernel = 3,
    stride = 1,
    options: { groups?: number; bias?: boolean } = {},
  ): Value {
    const channels = x.shape?.[1]
    return this.builder.add(
      'conv2d',
      {
        kernel: each(kernel, 2),
        stride: each(stride, 2),
        dilation: each(1, 2),
        padding: pads(Math.floor(kernel / 2), 2),
        inChannels: typeof channels === 'number' ? channels : null,
        outChannels: out,
        groups: options.groups ?? 1,
        bias: options.bias ?? false,
      },
      [x],
      this.origin(path, 'Conv2d'),
    )
  }

  norm(path: string, x: Value): Value {
    const channels = x.shape![1] as number
    return this.builder.add(
      'batch_norm',
      { channels, axis: 1, scale: true, shift: true, statistics: 'buffer' },
      [x],
      this.origin(path, 'BatchNorm2d'),
    )
  }

  relu = (path: string, x: Value): Value =>
    this.builder.add('activation', { function: 'relu' }, [x], this.origin(path, 'ReLU'))

  pool(path: string, x: Value, kernel: number, stride: number, padding = 0): Value {
    const window = { kernel: each(kernel, 2), stride: each(stride, 2), dilation: each(1, 2), padding: pads(padding, 2) }
    return this.builder.add('max_pool2d', window, [x], this.origin(path, 'MaxPool2d'))
  }

  linear(path: string, x: Value, outFeatures: number): Value {
    const inFeatures = x.shape!.at(-1) as number
    return this.builder.add('linear', { inFeatures, outFeatures, bias: true }, [x], this.origin(path, 'Linear'))
  }

  flatten = (path: string, x: Value): Value =>
    this.builder.add('flatten', { start: 1, end: -1 }, [x], this.origin(path, 'Flatten'))

  analysis(name: string, file: string, input: number[], more: readonly Problem[] = []): Analysis {
    return analysisOf(this.builder.build(), this.text, name, file, input, more)
  }
}

/** A snapshot around a graph, as analyze() gives it. */
export function analysisOf(
  graph: Graph,
  text: string,
  name: string,
  file: string,
  input: number[],
  more: readonly Problem[] = [],
): Analysis {
  const starts = [0]
  for (let i = 0; i < text.length; i++) if (text[i] === '\n') starts.push(i + 1)
  const choice = { name, aliases: [], span: { start: 0, end: 0 } }
  const model = {
    name,
    choice,
    graph,
    totals: totals(graph),
    uncounted: uncounted(graph),
    inputs: [{ shape: input }],
    inputAssumed: false,
    rows: undefined,
    sites: [],
    problems: [...graph.problems, ...more],
  }
  return {
    source: { uri: `file:///${file}`, name: file, text },
    lineStarts: starts,
    format: 'yaml',
    reader: 'yaml',
    // No front end has read it, so nothing can be written into it.
    file: {} as never,
    models: [choice],
    directive: { inputs: [], budgets: [], problems: [] },
    chosen: choice,
    find: () => choice,
    complete: () => [],
    model: () => model,
    edited: () => undefined,
    again: () => undefined,
  }
}

/** ResNet v1.5 with bottleneck blocks (torchvision's resnet50 with [3, 4, 6, 3]). */
export function resnet(blocks: readonly number[] = [3, 4, 6, 3]): Analysis {
  const s = new Sketch()
  let x = s.relu('relu', s.norm('bn1', s.conv('conv1', s.input(3, 224), 64, 7, 2)))
  x = s.pool('maxpool', x, 3, 2, 1)
  blocks.forEach((count, stage) => {
    const width = 64 * 2 ** stage
    for (let i = 0; i < count; i++) {
      const path = `layer${stage + 1}.${i}`
      const stride = i === 0 && stage > 0 ? 2 : 1
      const [out] = s.builder.scope({ ...s.origin(path, 'Bottleneck') }, [x], () => {
        let y = s.relu(`${path}.relu`, s.norm(`${path}.bn1`, s.conv(`${path}.conv1`, x, width, 1)))
        y = s.relu(`${path}.relu`, s.norm(`${path}.bn2`, s.conv(`${path}.conv2`, y, width, 3, stride)))
        y = s.norm(`${path}.bn3`, s.conv(`${path}.conv3`, y, 4 * width, 1))
        let shortcut = x
        if (i === 0) {
          shortcut = s.norm(`${path}.downsample.1`, s.conv(`${path}.downsample.0`, x, 4 * width, 1, stride))
        }
        const sum = s.builder.add('elementwise', { function: 'add' }, [y, shortcut], s.origin(path, 'add'))
        return [s.relu(`${path}.relu`, sum)]
      })
      x = out!
    }
  })
  x = s.builder.add('adaptive_avg_pool', { size: [1, 1] }, [x], s.origin('avgpool', 'AdaptiveAvgPool2d'))
  x = s.linear('fc', s.flatten('flatten', x), 1000)
  s.builder.output(x)
  return s.analysis('resnet50', 'resnet.py', [3, 224, 224])
}

/** VGG-16 as a flat list of layers (Simonyan and Zisserman, configuration D). */
export function vgg16(): Analysis {
  const s = new Sketch()
  let x = s.input(3, 224)
  for (const [i, [width, count]] of (
    [
      [64, 2],
      [128, 2],
      [256, 3],
      [512, 3],
      [512, 3],
    ] as const
  ).entries()) {
    for (let j = 1; j <= count; j++) {
      x = s.relu(`relu${i + 1}_${j}`, s.conv(`conv${i + 1}_${j}`, x, width, 3, 1, { bias: true }))
    }
    x = s.pool(`pool${i + 1}`, x, 2, 2)
  }
  x = s.flatten('flatten', x)
  x = s.relu('relu6', s.linear('fc6', x, 4096))
  x = s.relu('relu7', s.linear('fc7', x, 4096))
  s.builder.output(s.linear('fc8', x, 1000))
  return s.analysis('VGG-16', 'vgg16.yaml', [3, 224, 224])
}

/** One convolution. */
export function single(): Analysis {
  const s = new Sketch()
  s.builder.output(s.conv('conv', s.input(3, 32), 16))
  return s.analysis('one', 'one.yaml', [3, 32, 32])
}

/** A network with an unknown layer in the middle. */
export function withUnknown(): Analysis {
  const s = new Sketch()
  let x = s.conv('conv1', s.input(3, 640), 32, 3, 2)
  x = s.conv('conv2', x, 64, 3, 2)
  x = s.builder.unknown('not a known module', [x], s.origin('gate', 'MyGate'))[0]!
  x = s.builder.add(
    'conv2d',
    {
      kernel: [3, 3],
      stride: [1, 1],
      dilation: [1, 1],
      padding: pads(1, 2),
      inChannels: 64,
      outChannels: 128,
      groups: 1,
      bias: false,
    },
    [x],
    s.origin('conv3', 'Conv2d'),
  )
  s.builder.output(x)
  return s.analysis('detector', 'detector.yaml', [3, 640, 640])
}

/** A convolution that gets more channels than it takes. */
export function withShapeError(): Analysis {
  const s = new Sketch()
  const x = s.conv('conv4', s.input(512, 28), 256, 3)
  s.builder.output(
    s.builder.add(
      'conv2d',
      {
        kernel: [3, 3],
        stride: [1, 1],
        dilation: [1, 1],
        padding: pads(1, 2),
        inChannels: 128,
        outChannels: 64,
        groups: 1,
        bias: false,
      },
      [x],
      s.origin('conv5', 'Conv2d'),
    ),
  )
  return s.analysis('model', 'model.yaml', [512, 28, 28])
}

/** A plain chain of `count` layers with long names: many more than fit as bars. */
export function long(count = 300): Analysis {
  const s = new Sketch()
  let x = s.input(3, 608)
  for (let i = 0; i < count; i++) {
    const path = `backbone_with_a_long_name.stages.${Math.floor(i / 30)}.blocks.${i % 30}`
    const stride = i % 60 === 0 ? 2 : 1
    x = s.conv(`${path}.reduce`, x, 64, 1, stride)
    x = s.conv(`${path}.depthwise_convolution`, x, 64, 3, 1, { groups: 64 })
    x = s.conv(`${path}.expand`, x, 256, 1)
  }
  s.builder.output(x)
  return s.analysis('a_detector_with_quite_a_long_name', 'a_detector_with_quite_a_long_name.yaml', [3, 608, 608])
}

/** MobileNet (Howard et al. 2017): depthwise 3×3 and 1×1 in turn, as a flat list. */
export function mobilenet(): Analysis {
  const s = new Sketch()
  let x = s.relu('relu0', s.norm('bn0', s.conv('conv0', s.input(3, 224), 32, 3, 2)))
  const blocks = [
    [64, 1],
    [128, 2],
    [128, 1],
    [256, 2],
    [256, 1],
    [512, 2],
    ...Array(5).fill([512, 1]),
    [1024, 2],
    [1024, 1],
  ]
  for (const [i, [width, stride]] of (blocks as [number, number][]).entries()) {
    const path = `blocks.${i}`
    const channels = x.shape![1] as number
    x = s.relu(
      `${path}.relu1`,
      s.norm(`${path}.bn1`, s.conv(`${path}.dw`, x, channels, 3, stride, { groups: channels })),
    )
    x = s.relu(`${path}.relu2`, s.norm(`${path}.bn2`, s.conv(`${path}.pw`, x, width, 1)))
  }
  x = s.builder.add('adaptive_avg_pool', { size: [1, 1] }, [x], s.origin('avgpool', 'AdaptiveAvgPool2d'))
  s.builder.output(s.linear('fc', s.flatten('flatten', x), 1000))
  return s.analysis('mobilenet', 'mobilenet.py', [3, 224, 224])
}
