import { RELU } from '../activations'
import { block, joint, single } from '../block'
import { demand, type Feed, originOf, type Place, sub, type Tensor } from '../place'
import type { Size } from '../signature'
import { activate, add, batchNorm2d, cat, conv2d, flatten, linear, maxPool2d, module } from '../torch'
import { conv, lightConv } from './conv'

/** HGNet and ResNet parts: facts of ultralytics/nn/modules/block.py, version 8.4.35, and of torchvision/models/resnet.py. */

export const hgStem = block(
  'HGStem',
  'c1:int cm:int c2:int',
  'Stem of PP-HGNetV2: stride 4',
  (at, x, c1: number, cm: number, c2: number) => {
    const half = Math.floor(cm / 2)
    const relu = (
      name: string,
      y: Tensor,
      cin: number,
      cout: number,
      k: Size,
      s: Size,
      p: Size | null = null,
    ): Tensor => conv(sub(at, name), y, cin, cout, k, s, p, 1, 1, RELU)
    const padded = (y: Tensor): Tensor => module(at, 'pad', 'pad', { pads: AFTER }, [y])
    const y = padded(relu('stem1', x, c1, cm, 3, 2))
    const deep = relu('stem2b', padded(relu('stem2a', y, cm, half, 2, 1, 0)), half, cm, 2, 1, 0)
    const pooled = maxPool2d(sub(at, 'pool'), y, 2, 1, 0, true)
    return relu('stem4', relu('stem3', cat(at, [pooled, deep]), 2 * cm, cm, 3, 2), cm, c2, 1, 1)
  },
)

/** One zero after the last row and column. */
const AFTER = [
  [0, 1],
  [0, 1],
] as const

export const hgBlock = block(
  'HGBlock',
  'c1:int cm:int c2:int k:int=3 n:int=6 lightconv:bool=False shortcut:bool=False',
  'n convolutions, all kept and squeezed by two 1×1',
  (at, x, c1: number, cm: number, c2: number, k: number, n: number, light: boolean, shortcut: boolean) => {
    const maps: Tensor[] = [x]
    const units = sub(at, 'm')
    for (let i = 0; i < n; i++) {
      const place = sub(units, i)
      const [y, c] = [maps.at(-1)!, i === 0 ? c1 : cm]
      maps.push(light ? lightConv(place, y, c, cm, k, RELU) : conv(place, y, c, cm, k, 1, null, 1, 1, RELU))
    }
    const half = Math.floor(c2 / 2)
    const squeezed = conv(sub(at, 'sc'), cat(at, maps), c1 + Math.max(0, n) * cm, half, 1, 1, null, 1, 1, RELU)
    const y = conv(sub(at, 'ec'), squeezed, half, c2, 1, 1, null, 1, 1, RELU)
    return shortcut && c1 === c2 ? add(at, y, x) : y
  },
)

const resNetBlock = block(
  'ResNetBlock',
  'c1:int c2:int s:int=1 e:int=4',
  'Bottleneck of ResNet',
  (at, x, c1: number, c2: number, s: number, e: number) => {
    const c3 = e * c2
    const y = conv(sub(at, 'cv2'), conv(sub(at, 'cv1'), x, c1, c2, 1, 1), c2, c2, 3, s, 1)
    const deep = conv(sub(at, 'cv3'), y, c2, c3, 1, 1, null, 1, 1, false)
    const short = s === 1 && c1 === c3 ? x : conv(sub(sub(at, 'shortcut'), 0), x, c1, c3, 1, s, null, 1, 1, false)
    return activate(at, add(at, deep, short), RELU)
  },
)

export const resNetLayer = block(
  'ResNetLayer',
  'c1:int c2:int s:int=1 is_first:bool=False n:int=1 e:int=4',
  'n ResNet bottlenecks, or the stem when it is the first',
  (at, x, c1: number, c2: number, s: number, first: boolean, n: number, e: number) => {
    const units = sub(at, 'layer')
    if (first) return maxPool2d(sub(units, 1), conv(sub(units, 0), x, c1, c2, 7, 2, 3), 3, 2, 1)
    let y = resNetBlock(sub(units, 0), x, c1, c2, s, e)
    for (let i = 1; i < n; i++) y = resNetBlock(sub(units, i), y, e * c2, c2, 1, e)
    return y
  },
)

/** Blocks of torchvision's ResNets: counts a stage, whether they are bottlenecks, groups and width a group. */
const RESNETS: Readonly<
  Record<string, readonly [counts: readonly number[], bottleneck: boolean, groups: number, width: number]>
> = {
  resnet18: [[2, 2, 2, 2], false, 1, 64],
  resnet34: [[3, 4, 6, 3], false, 1, 64],
  resnet50: [[3, 4, 6, 3], true, 1, 64],
  resnet101: [[3, 4, 23, 3], true, 1, 64],
  resnet152: [[3, 8, 36, 3], true, 1, 64],
  resnext50_32x4d: [[3, 4, 6, 3], true, 32, 4],
  resnext101_32x8d: [[3, 4, 23, 3], true, 32, 8],
  resnext101_64x4d: [[3, 4, 23, 3], true, 64, 4],
  wide_resnet50_2: [[3, 4, 6, 3], true, 1, 128],
  wide_resnet101_2: [[3, 4, 23, 3], true, 1, 128],
}

export const torchVision = joint(
  'TorchVision',
  'model:text weights:any=DEFAULT unwrap:bool=True truncate:int=2 split:bool=False',
  'A model of torchvision, its last layers cut off',
  (at, feed, model: string, _weights: unknown, unwrap: boolean, truncate: number, splits: boolean) => {
    const x = single(feed)
    const resnet = Object.hasOwn(RESNETS, model) ? RESNETS[model] : undefined
    if (!resnet)
      return at.build.builder.unknown(`torchvision's ${model} is not modelled`, [x], originOf(at, 'TorchVision'))[0]!
    const children = resNet(...resnet)
    const kept = unwrap && truncate !== 0 ? children.slice(0, -truncate) : children
    demand(kept.length > 0, `expects to keep some of ${children.length} layers and gets truncate ${truncate}`)
    const outputs: Feed[] = [x]
    kept.forEach(([name, child], i) => {
      const input = single(outputs.at(-1)!)
      const flattened = !unwrap && name === 'fc' ? flatten(at, input, 1) : input
      outputs.push(child(sub(sub(at, 'm'), unwrap ? i : name), flattened)!)
    })
    return unwrap && splits ? outputs : outputs.at(-1)!
  },
)

type Child = readonly [name: string, run: (at: Place, x: Tensor) => Tensor]

/** The children of torchvision's ResNet in the order they run. */
function resNet(counts: readonly number[], bottleneck: boolean, groups: number, width: number): Child[] {
  const expansion = bottleneck ? 4 : 1
  let channels = 64
  const stages = counts.map((count, stage): Child => {
    const planes = 64 * 2 ** stage
    const inner = bottleneck ? Math.floor((planes * width) / 64) * groups : planes
    const cin = channels
    channels = planes * expansion
    return [
      `layer${stage + 1}`,
      (at, x) => {
        let y = x
        for (let i = 0; i < count; i++) {
          const c1 = i === 0 ? cin : planes * expansion
          y = residual(
            sub(at, i),
            y,
            c1,
            inner,
            planes * expansion,
            i === 0 && stage > 0 ? 2 : 1,
            bottleneck ? groups : null,
          )
        }
        return y
      },
    ]
  })
  return [
    ['conv1', (at, x) => conv2d(at, x, 3, 64, 7, { stride: 2, padding: 3, bias: false })],
    ['bn1', (at, x) => batchNorm2d(at, x, 64)],
    ['relu', (at, x) => activate(at, x, RELU)],
    ['maxpool', (at, x) => maxPool2d(at, x, 3, 2, 1)],
    ...stages,
    ['avgpool', (at, x) => module(at, 'AdaptiveAvgPool2d', 'adaptive_avg_pool', { size: [1, 1] }, [x])],
    ['fc', (at, x) => linear(at, x, channels, 1000)],
  ]
}

/** A residual block: two 3×3, or 1×1, 3×3 (strided, in groups), 1×1; a 1×1 shortcut where the shape changes. */
function residual(
  at: Place,
  x: Tensor,
  c1: number,
  inner: number,
  c2: number,
  stride: number,
  groups: number | null,
): Tensor {
  const step = (i: number, y: Tensor, cin: number, cout: number, k: number, s: number, g = 1): Tensor => {
    const options = { stride: s, padding: Math.floor(k / 2), groups: g, bias: false }
    return batchNorm2d(sub(at, `bn${i}`), conv2d(sub(at, `conv${i}`), y, cin, cout, k, options), cout)
  }
  const relu = (y: Tensor): Tensor => activate(sub(at, 'relu'), y, RELU)
  const deep =
    groups === null
      ? step(2, relu(step(1, x, c1, inner, 3, stride)), inner, c2, 3, 1)
      : step(3, relu(step(2, relu(step(1, x, c1, inner, 1, 1)), inner, inner, 3, stride, groups)), inner, c2, 1, 1)
  const down = sub(at, 'downsample')
  const short =
    stride === 1 && c1 === c2
      ? x
      : batchNorm2d(sub(down, 1), conv2d(sub(down, 0), x, c1, c2, 1, { stride, bias: false }), c2)
  return relu(add(at, deep, short))
}
