import { describe, expect, it } from 'vitest'
import {
  checkDefinition,
  checkDiagnostics,
  checkReferences,
  completionsAt,
  fixesAt,
  lensesOf,
  outlineOf,
} from '../support/check'

describe('diagnostics', () => {
  it('say who expects what and gets what, on the number', () => {
    checkDiagnostics(`input: [3, 8, 8]
layers:
  - Conv2d: {name: a, out_channels: 6, kernel_size: 3}
  - Conv2d: {name: b, out_channels: 6, kernel_size: 3, in_channels: 8}
#                                                                   ^ shape-mismatch: b expects 8 input channels and gets 6: N×6×6×6 from a.`)
  })

  it('remark on a 1×1 that skips positions', () => {
    checkDiagnostics(`input: [16, 8, 8]
layers:
  - Conv2d: {out_channels: 6, kernel_size: 1, stride: 2}
#                                                     ^ wasteful-stride: 1×1 with stride 2 reads one position in four.`)
  })
})

describe('remarks', () => {
  it('are made only where they are true of every call of a line', () => {
    checkDiagnostics(`input: [16, 8, 8]
blocks:
  b:
    params: {k: 1}
    layers:
      - Conv2d: {out_channels: 16, kernel_size: "\${k}", stride: 2, padding: "\${k // 2}"}
layers:
  - b: {k: 3}
  - b: {k: 1}`)
  })
})

describe('quick fixes', () => {
  it('correct the text, the likeliest first', () => {
    const { titles, preferred, after } = fixesAt(`input: [3, 8, 8]
layers:
  - Conv2d: {name: a, out_channels: 6, kernel_size: 3}
  - Conv2d: {name: b, out_channels: 6, kernel_size: 3, in_channels: $08}
`)
    expect(titles[0]).toBe('Set in_channels of b to 6')
    expect(preferred[0]).toBe(true)
    expect(after).toBe(`input: [3, 8, 8]
layers:
  - Conv2d: {name: a, out_channels: 6, kernel_size: 3}
  - Conv2d: {name: b, out_channels: 6, kernel_size: 3, in_channels: 6}
`)
  })
})

describe('definition and references', () => {
  it('lead from a name to its layer', () => {
    checkDefinition(`input: [3, 8, 8]
layers:
  - Conv2d: {name: stem, out_channels: 3, kernel_size: 1}
#                  ^^^^
  - ReLU
  - Add: {from: [-1, st$0em]}`)
  })

  it('find all uses of a layer from any of them', () => {
    checkReferences(`input: [3, 8, 8]
layers:
  - Conv2d: {name: st$0em, out_channels: 3, kernel_size: 1}
#                  ^^^^
  - Add: {from: [-1, stem]}
#                    ^^^^
  - Concat: {from: [-1, stem]}
#                       ^^^^`)
  })
})

describe('code lenses', () => {
  it('show the totals above the first row, each a command', () => {
    // 27·8 weights, 8 biases; 216 products at 6 × 6 positions.
    expect(lensesOf('input: [3, 8, 8]\nlayers:\n  - Conv2d: {out_channels: 8, kernel_size: 3}\n')).toEqual([
      '1: net: 224 params → convlens.showPanel',
      '1: 7.8k MACs → convlens.toggleUnit',
      '1: input 3×8×8 → convlens.setInput',
      '1: Show cost → convlens.showCost',
    ])
  })

  it('say what 1×1 convolutions could save, where they pay in time', () => {
    // 3·3·256·256 weights against 256·64 + 3·3·64·64 + 64·256: 69,632 of 589,824 are left.
    const wide = 'input: [256, 56, 56]\nlayers:\n  - Conv2d: {out_channels: 256, kernel_size: 3, padding: 1}\n'
    expect(lensesOf(wide)).toContain('1: 1×1 could save 88% → convlens.showBottlenecks')
    // On a small map three kernels take longer to start than one takes to run.
    expect(lensesOf(wide.replace('56, 56', '4, 4')).join()).not.toContain('could save')
  })

  it('say how many rows are not known, and that totals are lower bounds', () => {
    const titles = lensesOf('input: [3, 8, 8]\nlayers:\n  - Conv2d: {out_channels: 8, kernel_size: 3}\n  - MyGate\n')
    expect(titles).toContain('1: net: ≥ 224 params → convlens.showPanel')
    expect(titles).toContain('1: 1 row unknown → convlens.revealLine')
  })

  it('say how often a block is used', () => {
    const text =
      'input: [8, 8, 8]\nblocks:\n  b:\n    layers:\n      - Conv2d: {out_channels: 8, kernel_size: 1}\nlayers:\n  - b: {repeat: 3}\n  - Conv2d: {out_channels: 8, kernel_size: 1}\n'
    expect(lensesOf(text)).toContain('2: 3 calls in net, 75% of its MACs → convlens.showCost')
  })

  it('say that an input is assumed, also when it comes from the settings', () => {
    const text = 'layers:\n  - Conv2d: {out_channels: 8, kernel_size: 3}\n'
    expect(lensesOf(text)).toContain('0: input 3×224×224 (assumed) → convlens.setInput')
    expect(lensesOf(text, { defaultInputs: [{ shape: [1, 28, 28] }] })).toContain(
      '0: input 1×28×28 (assumed) → convlens.setInput',
    )
  })
})

describe('completion', () => {
  it('offers the words of a directive', () => {
    const after = completionsAt('# convlens: input=3x8x8 max-m$0\ninput: [3, 8, 8]\nlayers:\n  - Flatten\n')
    expect(Object.keys(after)).toEqual(['input=', 'model=', 'max-macs=', 'max-params='])
    expect(after['max-macs=']).toContain('# convlens: input=3x8x8 max-macs=\n')
  })

  it('offers the models of the file after model=', () => {
    const after = completionsAt('# convlens: model=$0\nname: tiny\ninput: [3, 8, 8]\nlayers:\n  - Flatten\n')
    expect(after).toEqual({ tiny: '# convlens: model=tiny\nname: tiny\ninput: [3, 8, 8]\nlayers:\n  - Flatten\n' })
  })

  it('offers nothing of its own in an ordinary comment', () => {
    expect(completionsAt('# about max-m$0\ninput: [3, 8, 8]\nlayers:\n  - Flatten\n')).not.toHaveProperty('max-macs=')
  })
})

describe('symbols', () => {
  it('are the layers, nested as they are written', () => {
    const outline = outlineOf('nc: 3\nbackbone:\n  - [-1, 1, Conv, [16, 3, 2]]\nhead:\n  - [-1, 1, Conv, [8, 1]]\n')
    expect(outline).toEqual(['backbone', '  0 Conv', 'head', '  1 Conv'])
  })
})
