import type { Activation } from '../activations'
import { RELU } from '../activations'
import { block } from '../block'
import { demand, sub } from '../place'
import type { Size } from '../signature'
import { act, activate, add, batchNorm2d, cat, conv2d, convTranspose2d, slice } from '../torch'

/** Convolutional modules of Ultralytics: facts of ultralytics/nn/modules/conv.py, version 8.4.35. */

type Act = boolean | Activation
type Pad = Size | null

/** Padding that keeps the size at stride 1: half the kernel as dilation spreads it. */
export const autopad = (k: Size, p: Pad = null, d = 1): Size => {
  if (p !== null) return p
  const half = (size: number): number => Math.floor((d > 1 ? d * (size - 1) + 1 : size) / 2)
  return typeof k === 'number' ? half(k) : [half(k[0]), half(k[1])]
}

export const conv = block(
  'Conv',
  'c1:int c2:int k:size=1 s:size=1 p:pad=None g:int=1 d:int=1 act:act=True',
  'Convolution without bias, batch norm, activation',
  (at, x, c1: number, c2: number, k: Size, s: Size, p: Pad, g: number, d: number, activation: Act) => {
    const options = { stride: s, padding: autopad(k, p, d), groups: g, dilation: d, bias: false }
    return act(at, batchNorm2d(sub(at, 'bn'), conv2d(sub(at, 'conv'), x, c1, c2, k, options), c2), activation)
  },
)

export const conv2 = block(
  'Conv2',
  'c1:int c2:int k:size=3 s:size=1 p:pad=None g:int=1 d:int=1 act:act=True',
  'Parallel k×k and 1×1 convolutions added, batch norm, activation',
  (at, x, c1: number, c2: number, k: Size, s: Size, p: Pad, g: number, d: number, activation: Act) => {
    const options = { stride: s, groups: g, dilation: d, bias: false }
    const wide = conv2d(sub(at, 'conv'), x, c1, c2, k, { ...options, padding: autopad(k, p, d) })
    const narrow = conv2d(sub(at, 'cv2'), x, c1, c2, 1, { ...options, padding: autopad(1, p, d) })
    return act(at, batchNorm2d(sub(at, 'bn'), add(at, wide, narrow), c2), activation)
  },
)

export const dwConv = block(
  'DWConv',
  'c1:int c2:int k:size=1 s:size=1 d:int=1 act:act=True',
  'Depthwise convolution, batch norm, activation',
  (at, x, c1: number, c2: number, k: Size, s: Size, d: number, activation: Act) => {
    const options = { stride: s, padding: autopad(k, null, d), groups: gcd(c1, c2), dilation: d, bias: false }
    return act(at, batchNorm2d(sub(at, 'bn'), conv2d(sub(at, 'conv'), x, c1, c2, k, options), c2), activation)
  },
)

export const lightConv = block(
  'LightConv',
  'c1:int c2:int k:size=1 act:any=None',
  '1×1 convolution, then a depthwise one',
  (at, x, c1: number, c2: number, k: Size, activation: Activation | null) =>
    dwConv(
      sub(at, 'conv2'),
      conv(sub(at, 'conv1'), x, c1, c2, 1, 1, null, 1, 1, false),
      c2,
      c2,
      k,
      1,
      1,
      activation ?? RELU,
    ),
)

export const dwConvTranspose2d = block(
  'DWConvTranspose2d',
  'c1:int c2:int k:size=1 s:size=1 p1:size=0 p2:size=0',
  'Depthwise transposed convolution with bias',
  (at, x, c1: number, c2: number, k: Size, s: Size, p1: Size, p2: Size) =>
    convTranspose2d(at, x, c1, c2, k, { stride: s, padding: p1, outputPadding: p2, groups: gcd(c1, c2) }),
)

export const convTranspose = block(
  'ConvTranspose',
  'c1:int c2:int k:size=2 s:size=2 p:size=0 bn:bool=True act:act=True',
  'Transposed convolution, optional batch norm, SiLU',
  (at, x, c1: number, c2: number, k: Size, s: Size, p: Size, bn: boolean, activation: Act) => {
    const y = convTranspose2d(sub(at, 'conv_transpose'), x, c1, c2, k, { stride: s, padding: p, bias: !bn })
    return silu(at, bn ? batchNorm2d(sub(at, 'bn'), y, c2) : y, activation)
  },
)

export const focus = block(
  'Focus',
  'c1:int c2:int k:size=1 s:size=1 p:pad=None g:int=1 act:act=True',
  'Every second pixel of each row and column to channels, then a convolution',
  (at, x, c1: number, c2: number, k: Size, s: Size, p: Pad, g: number, activation: Act) => {
    const corner = (row: number, column: number) => slice(at, slice(at, x, 2, row, null, 2), 3, column, null, 2)
    const corners = cat(at, [corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)])
    return conv(sub(at, 'conv'), corners, 4 * c1, c2, k, s, p, g, 1, activation)
  },
)

export const ghostConv = block(
  'GhostConv',
  'c1:int c2:int k:size=1 s:size=1 g:int=1 act:act=True',
  'Half the maps by convolution, the other half from them by a depthwise 5×5',
  (at, x, c1: number, c2: number, k: Size, s: Size, g: number, activation: Act) => {
    const half = Math.floor(c2 / 2)
    const y = conv(sub(at, 'cv1'), x, c1, half, k, s, null, g, 1, activation)
    return cat(at, [y, conv(sub(at, 'cv2'), y, half, half, 5, 1, null, half, 1, activation)])
  },
)

export const repConv = block(
  'RepConv',
  'c1:int c2:int k:int=3 s:size=1 p:int=1 g:int=1 d:int=1 act:act=True bn:bool=False deploy:bool=False',
  'Parallel 3×3 and 1×1 convolutions added, as they are trained',
  (
    at,
    x,
    c1: number,
    c2: number,
    k: number,
    s: Size,
    p: number,
    g: number,
    _d: number,
    activation: Act,
    bn: boolean,
  ) => {
    demand(k === 3 && p === 1, `expects a kernel of 3 with padding 1 and gets ${k} with ${p}`)
    const same = bn && c1 === c2 && s === 1 ? [batchNorm2d(sub(at, 'bn'), x, c1)] : []
    const wide = conv(sub(at, 'conv1'), x, c1, c2, k, s, p, g, 1, false)
    const narrow = conv(sub(at, 'conv2'), x, c1, c2, 1, s, p - Math.floor(k / 2), g, 1, false)
    return silu(at, add(at, wide, narrow, ...same), activation)
  },
)

/** `ConvTranspose` and `RepConv` keep SiLU whatever the key `activation` says. */
function silu(at: Parameters<typeof act>[0], x: Parameters<typeof act>[1], activation: Act) {
  return activation === true ? activate(sub(at, 'act'), x, { type: 'SiLU', function: 'silu' }) : act(at, x, activation)
}

function gcd(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : gcd(b, a % b)
}
