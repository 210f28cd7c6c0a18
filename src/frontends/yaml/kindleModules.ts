import { N } from '../../core/dim'
import type { GraphBuilder, Origin, Value } from '../../core/graph'
import type { Attributes, OpName } from '../../core/ops'
import { pads } from '../../core/window'
import { layerType } from './layers'
import type { Val } from './params'

/** What a module of kindle is built from: arguments by position and by name, and the row's scaled number of repeats. */
export interface ModuleRow {
  readonly builder: GraphBuilder
  readonly origin: Origin
  readonly inputs: readonly Value[]
  readonly args: readonly Val[]
  readonly named: Readonly<Record<string, Val>>
  readonly repeat: number
  /** Channels times width_multiple, up to a multiple of the divisor; as they are in the head. */
  scaled(channels: number): number
}

/**
 * Modules of JeiKeiLim/kindle: parameter names in the order of the arguments, which of them must be whole numbers, and
 * the ops a row becomes. Rules as in kindle/modules/*.py and kindle/generator/*.py; activation is ReLU unless given.
 */
export interface KindleModule {
  readonly params: readonly string[]
  /** Arguments that must be given. */
  readonly needs: number
  readonly doc: string
  build(row: ModuleRow, args: Readonly<Record<string, Val>>): readonly Value[]
}

const convParams = ['out_channels', 'kernel_size', 'stride', 'padding', 'groups', 'activation']
const cspParams = ['out_channels', 'shortcut', 'groups', 'expansion', 'activation']
const poolParams = ['kernel_size', 'stride', 'padding']

export const kindleModules: Readonly<Record<string, KindleModule>> = Object.assign(Object.create(null), {
  Conv: { params: convParams, needs: 2, doc: 'Conv2d, BatchNorm2d, activation', build: convRepeated },
  DWConv: {
    params: ['out_channels', 'kernel_size', 'stride', 'padding', 'activation'],
    needs: 2,
    doc: 'Conv2d with gcd(in, out) groups, BatchNorm2d, activation',
    build: (row, args) => convRepeated(row, { ...args, depthwise: true }),
  },
  Focus: { params: convParams, needs: 2, doc: 'Space to channels by 2, then Conv', build: focus },
  Bottleneck: {
    params: cspParams,
    needs: 1,
    doc: '1x1 Conv, 3x3 Conv, shortcut where channels agree',
    build: (row, args) => [bottleneck(tools(row, args), row.inputs[0]!, row.scaled(int(args.out_channels, 0)), args)],
  },
  BottleneckCSP: { params: cspParams, needs: 1, doc: 'Cross-stage block with n bottlenecks', build: csp },
  C3: { params: cspParams, needs: 1, doc: 'Cross-stage block with n bottlenecks, 3 convolutions', build: c3 },
  MV2Block: {
    params: ['out_channels', 'stride', 'expand_ratio', 'activation'],
    needs: 1,
    doc: 'Inverted residual: expand, depthwise, project',
    build: mv2,
  },
  SPP: { params: ['out_channels', 'kernel_sizes', 'activation'], needs: 1, doc: 'Spatial pyramid pooling', build: spp },
  SPPF: {
    params: ['out_channels', 'kernel_size', 'activation'],
    needs: 1,
    doc: 'Spatial pyramid pooling, one kernel',
    build: sppf,
  },
  MobileViTBlock: {
    params: ['conv_channels', 'mlp_channels', 'depth', 'kernel_size', 'patch_size', 'dropout', 'activation'],
    needs: 3,
    doc: 'Convolutions around a transformer on patches',
    build: mobileVit,
  },
  Linear: { params: ['out_channels', 'activation'], needs: 1, doc: 'Linear, activation', build: linear },
  MaxPool: { params: poolParams, needs: 1, doc: 'MaxPool2d', build: (row, args) => pool(row, args, 'MaxPool2d') },
  AvgPool: { params: poolParams, needs: 1, doc: 'AvgPool2d', build: (row, args) => pool(row, args, 'AvgPool2d') },
  GlobalAvgPool: {
    params: [],
    needs: 0,
    doc: 'The mean of each map',
    build: row => [tools(row, {}).add('adaptive_avg_pool', { size: [1, 1] }, row.inputs[0]!)],
  },
  Flatten: {
    params: ['start_dim', 'end_dim'],
    needs: 0,
    doc: 'Joins all axes but the batch',
    build: (row, args) => [
      tools(row, args).add('flatten', { start: int(args.start_dim, 1), end: int(args.end_dim, -1) }, row.inputs[0]!),
    ],
  },
  Concat: {
    params: ['dimension'],
    needs: 0,
    doc: 'Puts its inputs together along an axis',
    build: (row, args) => [row.builder.add('concat', { axis: int(args.dimension, 1) }, row.inputs, row.origin)],
  },
  Add: {
    params: [],
    needs: 0,
    doc: 'The sum of its inputs',
    build: row => [row.builder.add('elementwise', { function: 'add' }, row.inputs, row.origin)],
  },
  Identity: {
    params: [],
    needs: 0,
    doc: 'Passes its input on',
    build: row => [tools(row, {}).add('identity', {}, row.inputs[0]!)],
  },
  UpSample: {
    params: ['size', 'scale_factor', 'mode', 'align_corners'],
    needs: 0,
    doc: 'Upsample, by 2 unless given',
    build: upsample,
  },
  YOLOHead: {
    params: ['n_classes', 'anchors', 'out_xyxy'],
    needs: 2,
    doc: 'A 1x1 convolution for each map, anchors',
    build: yoloHead,
  },
} satisfies Record<string, KindleModule>)

/** Modules that load something this analysis does not read. */
export const UNREAD: Readonly<Record<string, string>> = {
  YamlModule: 'the module file is not read',
  PreTrained: 'timm models are not read',
  PreTrainedFeatureMap: 'timm models are not read',
}

type Args = Readonly<Record<string, Val>>

interface Tools {
  add<K extends OpName>(op: K, attributes: Attributes<K>, ...inputs: Value[]): Value
  conv(input: Value, out: number | null, kernel: number, options?: ConvOptions): Value
  act(input: Value, name?: Val): Value
  norm(input: Value): Value
}

interface ConvOptions {
  readonly stride?: number
  readonly padding?: number | null
  readonly groups?: number
  readonly activation?: Val
  /** A bare Conv2d without norm and activation. */
  readonly bare?: boolean
  readonly bias?: boolean
}

const int = (value: Val | undefined, otherwise: number): number => (typeof value === 'number' ? value : otherwise)
const channelsOf = (value: Value, axis = 1): number | null => {
  const dim = value.shape?.at(axis)
  return typeof dim === 'number' ? dim : null
}
const times = (channels: number | null, factor: number): number | null => (channels === null ? null : channels * factor)

function tools({ builder, origin }: ModuleRow, args: Args): Tools {
  const activation: Val = 'activation' in args ? args.activation! : 'ReLU'
  const add: Tools['add'] = (op, attributes, ...inputs) => builder.add(op, attributes, inputs, origin)
  const norm: Tools['norm'] = input =>
    add('batch_norm', { channels: channelsOf(input), axis: 1, scale: true, shift: true, statistics: 'buffer' }, input)
  const act: Tools['act'] = (input, name = activation) => {
    if (name === null) return input
    const type = layerType(String(name))
    const call = type?.calls(defaults(String(name)), input.shape)[0]
    return call
      ? add(call.op, call.attributes, input)
      : builder.unknown(`activation ${String(name)} is not known`, [input], origin, [input.shape])[0]!
  }
  const conv: Tools['conv'] = (input, out, kernel, options = {}) => {
    const { stride = 1, padding, groups = 1, bare, bias = false } = options
    const made = add(
      'conv2d',
      {
        inChannels: channelsOf(input),
        outChannels: out,
        kernel: [kernel, kernel],
        stride: [stride, stride],
        dilation: [1, 1],
        // kindle writes `padding or k // 2`: a padding of 0 is none given.
        padding: pads(bare ? (padding ?? 0) : padding || Math.floor(kernel / 2), 2),
        groups,
        bias,
      },
      input,
    )
    return bare ? made : act(norm(made), 'activation' in options ? options.activation : activation)
  }
  return { add, conv, act, norm }
}

function defaults(name: string): Args {
  return Object.fromEntries((layerType(name)?.params ?? []).map(p => [p.name, p.default ?? null]))
}

/** Stride falls on the last of several copies (kindle/generator/conv.py). */
function convRepeated(row: ModuleRow, args: Args): readonly Value[] {
  const t = tools(row, args)
  const out = row.scaled(int(args.out_channels, 0))
  let at = row.inputs[0]!
  for (let i = 0; i < row.repeat && !row.builder.isFull; i++) {
    const groups = args.depthwise ? gcd(channelsOf(at) ?? 1, out) : int(args.groups, 1)
    const stride = i === row.repeat - 1 ? int(args.stride, 1) : 1
    at = t.conv(at, out, int(args.kernel_size, 1), { stride, groups, padding: args.padding as number | null })
  }
  return [at]
}

function focus(row: ModuleRow, args: Args): readonly Value[] {
  const t = tools(row, args)
  const spread = t.add('reorg', { stride: 2 }, row.inputs[0]!)
  return convRepeated({ ...row, inputs: [spread] }, args)
}

function bottleneck(
  t: Tools,
  input: Value,
  out: number | null,
  args: Args,
  expansion = real(args.expansion, 0.5),
): Value {
  const hidden = out === null ? null : Math.trunc(out * expansion)
  const made = t.conv(t.conv(input, hidden, 1), out, 3, { groups: int(args.groups, 1) })
  return args.shortcut !== false && channelsOf(input) === out && out !== null
    ? t.add('elementwise', { function: 'add' }, made, input)
    : made
}

const real = (value: Val | undefined, otherwise: number): number => (typeof value === 'number' ? value : otherwise)

function csp(row: ModuleRow, args: Args): readonly Value[] {
  const t = tools(row, args)
  const out = row.scaled(int(args.out_channels, 0))
  const hidden = Math.trunc(out * real(args.expansion, 0.5))
  const input = row.inputs[0]!
  let y1 = t.conv(input, hidden, 1)
  for (let i = 0; i < row.repeat && !row.builder.isFull; i++) y1 = bottleneck(t, y1, hidden, args, 1)
  y1 = t.conv(y1, hidden, 1, { bare: true })
  const y2 = t.conv(input, hidden, 1, { bare: true })
  return [t.conv(t.act(t.norm(t.add('concat', { axis: 1 }, y1, y2))), out, 1)]
}

function c3(row: ModuleRow, args: Args): readonly Value[] {
  const t = tools(row, args)
  const out = row.scaled(int(args.out_channels, 0))
  const hidden = Math.trunc(out * real(args.expansion, 0.5))
  const input = row.inputs[0]!
  let y1 = t.conv(input, hidden, 1)
  for (let i = 0; i < row.repeat && !row.builder.isFull; i++) y1 = bottleneck(t, y1, hidden, args, 1)
  return [t.conv(t.add('concat', { axis: 1 }, y1, t.conv(input, hidden, 1)), out, 1)]
}

function mv2(row: ModuleRow, args: Args): readonly Value[] {
  const t = tools(row, args)
  const out = row.scaled(int(args.out_channels, 0))
  let at = row.inputs[0]!
  for (let i = 0; i < row.repeat && !row.builder.isFull; i++) {
    const stride = i === 0 ? int(args.stride, 1) : 1
    const ratio = real(args.expand_ratio, 4)
    const channels = channelsOf(at)
    const hidden = channels === null ? null : Math.round(channels * ratio)
    let inner = ratio === 1 ? at : t.conv(at, hidden, 1)
    inner = t.conv(inner, hidden, 3, { stride, groups: hidden ?? 1 })
    inner = t.norm(t.conv(inner, out, 1, { bare: true }))
    at = stride === 1 && channels === out ? t.add('elementwise', { function: 'add' }, at, inner) : inner
  }
  return [at]
}

const half = (value: Value): number | null => {
  const channels = channelsOf(value)
  return channels === null ? null : Math.floor(channels / 2)
}

const samePool = (t: Tools, input: Value, k: number): Value =>
  t.add(
    'max_pool2d',
    { kernel: [k, k], stride: [1, 1], dilation: [1, 1], padding: pads(Math.floor(k / 2), 2), rounding: 'floor' },
    input,
  )

function spp(row: ModuleRow, args: Args): readonly Value[] {
  const t = tools(row, args)
  const kernels = Array.isArray(args.kernel_sizes) ? (args.kernel_sizes as Val[]).slice(0, 32) : [5, 9, 13]
  const input = t.conv(row.inputs[0]!, half(row.inputs[0]!), 1)
  const pooled = kernels.map(k => samePool(t, input, int(k, 1)))
  return [t.conv(t.add('concat', { axis: 1 }, input, ...pooled), row.scaled(int(args.out_channels, 0)), 1)]
}

/** The last convolution keeps the usual ReLU whatever activation is given (kindle/modules/poolings.py). */
function sppf(row: ModuleRow, args: Args): readonly Value[] {
  const t = tools(row, args)
  const k = int(args.kernel_size, 5)
  const x = t.conv(row.inputs[0]!, half(row.inputs[0]!), 1)
  const y1 = samePool(t, x, k)
  const y2 = samePool(t, y1, k)
  const joined = t.add('concat', { axis: 1 }, x, y1, y2, samePool(t, y2, k))
  return [t.conv(joined, row.scaled(int(args.out_channels, 0)), 1, { activation: 'ReLU' })]
}

/** One head of 32 channels, patches of 2 by 2 (kindle/modules/mobilevit.py); activation is SiLU unless given. */
function mobileVit(row: ModuleRow, given: Args): readonly Value[] {
  const args = 'activation' in given ? given : { ...given, activation: 'SiLU' }
  const t = tools(row, args)
  const input = row.inputs[0]!
  const kernel = int(args.kernel_size, 3)
  const d = int(args.conv_channels, 1)
  const channels = channelsOf(input)
  const [pw, ph] = Array.isArray(args.patch_size)
    ? (args.patch_size as number[])
    : [int(args.patch_size, 2), int(args.patch_size, 2)]
  const mapped = t.conv(t.conv(input, channels, kernel), d, 1)
  const [height, width] = [channelsOf(mapped, 2), channelsOf(mapped, 3)]
  const patches = height === null || width === null ? null : (height / ph!) * (width / pw!)
  let x = t.add('reshape', { shape: [N, ph! * pw!, patches, d] }, mapped)
  const fc = (value: Value, out: number, bias = true): Value =>
    t.add('linear', { inFeatures: channelsOf(value, -1), outFeatures: out, bias }, value)
  const norm = (value: Value): Value => t.add('layer_norm', { shape: [d], scale: true, shift: true }, value)
  for (let i = 0; i < Math.min(int(args.depth, 1), 1000) && !row.builder.isFull; i++) {
    const [q, k, v] = row.builder.addAll('split', { axis: -1, chunks: 3 }, [fc(norm(x), 96, false)], row.origin) as [
      Value,
      Value,
      Value,
    ]
    const dots = t.add('softmax', { axis: -1 }, t.add('matmul', {}, q, t.add('permute', { order: [0, 1, 3, 2] }, k)))
    const attended = t.add('matmul', {}, dots, v)
    x = t.add('elementwise', { function: 'add' }, d === 32 ? attended : fc(attended, d), x)
    x = t.add('elementwise', { function: 'add' }, fc(t.act(fc(norm(x), int(args.mlp_channels, 1)), 'SiLU'), d), x)
  }
  const back = t.add('reshape', { shape: [N, d, height, width] }, x)
  const joined = t.add('concat', { axis: 1 }, t.conv(back, channels, 1), input)
  return [t.conv(joined, channels, kernel)]
}

function linear(row: ModuleRow, args: Args): readonly Value[] {
  const t = tools(row, { activation: args.activation ?? null })
  const input = row.inputs[0]!
  const features = channelsOf(input, -1)
  return [t.act(t.add('linear', { inFeatures: features, outFeatures: int(args.out_channels, 0), bias: true }, input))]
}

function pool(row: ModuleRow, args: Args, name: 'MaxPool2d' | 'AvgPool2d'): readonly Value[] {
  const call = layerType(name)!.calls({ ...defaults(name), ...args }, null)[0]!
  let at = row.inputs[0]!
  for (let i = 0; i < row.repeat && !row.builder.isFull; i++)
    at = row.builder.add(call.op, call.attributes, [at], row.origin)
  return [at]
}

function upsample(row: ModuleRow, args: Args): readonly Value[] {
  const input = row.inputs[0]!
  const values = { ...defaults('Upsample'), ...args, scale_factor: args.scale_factor ?? 2 }
  const call = layerType('Upsample')!.calls(values, input.shape)[0]!
  return [row.builder.add(call.op, call.attributes, [input], row.origin)]
}

/** Predictions of all maps, one after the other: N × (anchors · positions) × (classes + 5). */
function yoloHead(row: ModuleRow, args: Args): readonly Value[] {
  const t = tools(row, args)
  const anchors = (Array.isArray(args.anchors) ? args.anchors : []) as readonly Val[]
  const each = Array.isArray(anchors[0]) ? Math.floor((anchors[0] as Val[]).length / 2) : 0
  const outputs = int(args.n_classes, 0) + 5
  const predictions = row.inputs.map(input => {
    const made = t.conv(input, each * outputs, 1, { bare: true, bias: true })
    const positions = times(channelsOf(made, 2), channelsOf(made, 3) ?? Number.NaN)
    const rows = positions === null || Number.isNaN(positions) ? null : positions * each
    return t.add('reshape', { shape: [N, rows, outputs] }, made)
  })
  // The anchors are stored twice, as anchors and as anchor_grid.
  for (let i = 0; i < 2; i++) {
    row.builder.add('parameter', { shape: [anchors.length, each, 2], kind: 'buffer' }, [], row.origin)
  }
  return [row.builder.add('concat', { axis: 1 }, predictions, row.origin)]
}

function gcd(a: number, b: number): number {
  while (b) [a, b] = [b, a % b]
  return Math.max(1, a)
}
