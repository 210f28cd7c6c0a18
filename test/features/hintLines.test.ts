import { describe, expect, it } from 'vitest'
import { checkHints, hintParts } from '../support/check'

describe('hints', () => {
  // 64·3·7·7 = 9,408 weights at 112 × 112 positions: 118,013,952 multiply-accumulates.
  it('say shape, params and work; shape alone; nothing for quiet layers', () => {
    checkHints(
      `input: [3, 224, 224]
layers:
  - Conv2d: {out_channels: 64, kernel_size: 7, stride: 2, padding: 3, bias: false}
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ N×64×112×112 · 9.4k params · 118M MACs
  - BatchNorm2d
  - ReLU
  - MaxPool2d: {kernel_size: 3, stride: 2, padding: 1}
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ N×64×56×56`,
    )
  })

  // 64·16 = 1,024 and 64·64 = 4,096 products at 56·56 = 3,136 positions.
  it('name a 1×1 for what it does to the channels, and drop the params for that', () => {
    checkHints(
      `input: [64, 56, 56]
layers:
  - Conv2d: {out_channels: 16, kernel_size: 1}
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ N×16×56×56 · reduce · 3.2M MACs
  - Conv2d: {out_channels: 64, kernel_size: 1}
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ N×64×56×56 · expand · 3.2M MACs
  - Conv2d: {out_channels: 64, kernel_size: 1}
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ N×64×56×56 · project · 12.8M MACs`,
    )
  })

  it('show kind and params where there is room for both', () => {
    checkHints(
      `input: [64, 56, 56]
layers:
  - Conv2d: {out_channels: 16, kernel_size: 1, bias: false}
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ N×16×56×56 · reduce · 1.0k params · 3.2M MACs`,
      { maximumLength: 0 },
    )
  })

  // 9·64·3,136 = 1,806,336, and twice that with two inputs a group.
  it('name depthwise and grouped convolutions', () => {
    checkHints(
      `input: [64, 56, 56]
layers:
  - Conv2d: {out_channels: 64, kernel_size: 3, padding: 1, groups: 64}
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ N×64×56×56 · depthwise · 1.8M MACs
  - Conv2d: {out_channels: 64, kernel_size: 3, padding: 1, groups: 32}
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ N×64×56×56 · 32 groups · 3.6M MACs`,
    )
  })

  // Twice 9·64·64 = 36,864 weights, at 3,136 positions each: 115,605,504 a call.
  it('add up the calls of a line that is built several times', () => {
    checkHints(
      `input: [64, 56, 56]
blocks:
  block:
    layers:
      - Conv2d: {out_channels: 64, kernel_size: 3, padding: 1, bias: false}
#     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ N×64×56×56 ×2 · 73.7k params · 231M MACs
layers:
  - block: {repeat: 2}
# ^^^^^^^^^^^^^^^^^^^^ N×64×56×56 · 73.7k params · 231M MACs`,
    )
  })

  // 9·64·64·56² = 115,605,504 and 9·64·128·28² = 57,802,752: together 173,408,256 and 110,592 weights.
  it('give the first and the last shape of calls that differ', () => {
    checkHints(
      `input: [64, 56, 56]
blocks:
  block:
    params: {c: , s: 1}
    layers:
      - Conv2d: {out_channels: "\${c}", kernel_size: 3, stride: "\${s}", padding: 1, bias: false}
#     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 64×56×56…128×28×28 ×2 · 173M MACs
layers:
  - block: {c: 64}
# ^^^^^^^^^^^^^^^^ N×64×56×56 · 36.9k params · 116M MACs
  - block: {c: 128, s: 2}
# ^^^^^^^^^^^^^^^^^^^^^^^ N×128×28×28 · 73.7k params · 57.8M MACs`,
    )
  })

  it('show the params of such a line where there is room', () => {
    checkHints(
      `input: [64, 56, 56]
blocks:
  block:
    params: {c: , s: 1}
    layers:
      - Conv2d: {out_channels: "\${c}", kernel_size: 3, stride: "\${s}", padding: 1, bias: false}
#     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 64×56×56…128×28×28 ×2 · 111k params · 173M MACs
layers:
  - block: {c: 64}
# ^^^^^^^^^^^^^^^^ N×64×56×56 · 36.9k params · 116M MACs
  - block: {c: 128, s: 2}
# ^^^^^^^^^^^^^^^^^^^^^^^ N×128×28×28 · 73.7k params · 57.8M MACs`,
      { maximumLength: 0 },
    )
  })

  it('drop the last shape of a range when even that is too long', () => {
    checkHints(
      `input: [64, 56, 56]
blocks:
  block:
    params: {c: , s: 1}
    layers:
      - Conv2d: {out_channels: "\${c}", kernel_size: 3, stride: "\${s}", padding: 1, bias: false}
#     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 64×56×56… ×2 · 173M MACs
layers:
  - block: {c: 64}
# ^^^^^^^^^^^^^^^^ N×64×56×56 · 116M MACs
  - block: {c: 128, s: 2}
# ^^^^^^^^^^^^^^^^^^^^^^^ N×128×28×28 · 57.8M MACs`,
      { maximumLength: 30 },
    )
  })

  it('count in FLOPs', () => {
    checkHints(
      `input: [3, 224, 224]
layers:
  - Conv2d: {out_channels: 64, kernel_size: 7, stride: 2, padding: 3, bias: false}
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ N×64×112×112 · 9.4k params · 236M FLOPs`,
      { unit: 'FLOPs' },
    )
  })

  it('show quiet layers on request', () => {
    checkHints(
      `input: [64, 8, 8]
layers:
  - BatchNorm2d
# ^^^^^^^^^^^^^ N×64×8×8 · 128 params
  - ReLU
# ^^^^^^ N×64×8×8`,
      { quietLayers: true },
    )
  })

  it('say why something is not known, once, and a question mark after it', () => {
    checkHints(
      `input: [64, 8, 8]
layers:
  - MyGate: {channels: 64}
# ^^^^^^^^^^^^^^^^^^^^^^^^ ? · MyGate is not known
  - MaxPool2d: {kernel_size: 2}
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ?
  - Conv2d: {out_channels: 64, kernel_size: 1}
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ?`,
    )
  })

  it('leave a reason out that does not fit', () => {
    checkHints(
      `input: [64, 8, 8]
layers:
  - AGateWithAVeryLongNameThatNobodyEverWroteDown
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ?`,
    )
  })

  // 10·27 weights and 10 biases; 270·28² = 211,680.
  it('state the budgets of a comment', () => {
    checkHints(
      `# convlens: max-macs=100k
#^^^^^^^^^^^^^^^^^^^^^^^^ 212k of 100k MACs · 112k over
# convlens: max-params=1k
#^^^^^^^^^^^^^^^^^^^^^^^^ 280 of 1.0k params · 28%
input: [3, 30, 30]
layers:
  - Conv2d: {out_channels: 10, kernel_size: 3}
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ N×10×28×28 · 280 params · 212k MACs`,
    )
  })

  it('stand before a comment', () => {
    checkHints(`input: [3, 8, 8]
layers:
  - Flatten  # all of it
# ^^^^^^^^^ N×192`)
  })

  it('read Ultralytics rows', () => {
    checkHints(
      `nc: 3
backbone:
  - [-1, 1, Conv, [16, 3, 2]]
#   ^^^^^^^^^^^^^^^^^^^^^^^^^ N×16×320×320 · 464 params · 44.2M MACs
  - [-1, 1, Conv, [8, 1]]
#   ^^^^^^^^^^^^^^^^^^^^^ N×8×320×320 · reduce · 13.1M MACs
head:
  - [[-1, 0], 1, Concat, [1]]
#   ^^^^^^^^^^^^^^^^^^^^^^^^^ N×24×320×320
  - [-1, 1, MyGate, [64]]
#   ^^^^^^^^^^^^^^^^^^^^^ ? · MyGate is not known`,
      { name: 'net.yaml' },
    )
  })

  it('read Darknet sections, at the line that opens a layer', () => {
    checkHints(
      `[net]
width=32
height=32
channels=3
[convolutional]
^^^^^^^^^^^^^^^ N×8×32×32 · 224 params · 221k MACs
filters=8
size=3
pad=1
[maxpool]
^^^^^^^^^ N×8×16×16
size=2
stride=2`,
      { name: 'net.cfg' },
    )
  })

  it('explain every part when asked', () => {
    const [shape, kind, work] = hintParts(
      'input: [64, 56, 56]\nlayers:\n  - Conv2d: {out_channels: 16, kernel_size: 1}',
      2,
    )
    expect(shape!.tooltip).toBe('Output: batch N, 16 channels, height 56, width 56.')
    expect(kind!.tooltip).toContain('1×1 reduces 64→16')
    expect(work!.tooltip).toBe('MACs = k² · Cin · Cout · H′ · W′ = 1 · 64 · 16 · 56 · 56 = 3,211,264')
  })

  it('lead from an unknown to its cause', () => {
    const text = 'input: [64, 8, 8]\nlayers:\n  - MyGate\n  - MaxPool2d: {kernel_size: 2}\n  - Flatten'
    const [part] = hintParts(text, 4)
    expect(part).toMatchObject({ text: '?', leadsTo: 2 })
    expect(part!.tooltip).toContain('MyGate is not known')
  })

  it('lead from a layer of a block to the line that calls it first', () => {
    const text =
      'input: [8, 8, 8]\nblocks:\n  b:\n    layers:\n      - Conv2d: {out_channels: 8, kernel_size: 3}\nlayers:\n  - b: {}\n  - b: {}'
    expect(hintParts(text, 4)[0]).toMatchObject({ leadsTo: 6 })
  })
})
