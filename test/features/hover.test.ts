import { describe, expect, it } from 'vitest'
import { hoverAt } from '../support/check'

const BLOCKS = `name: net
input: [256, 56, 56]
blocks:
  bottleneck:
    layers:
      - Conv2d: {name: reduce, out_channels: 64, kernel_size: 1, bias: false}
      - ReLU
      - $0Conv2d: {name: conv, out_channels: 64, kernel_size: 3, padding: 1, bias: false}
      - ReLU
      - Conv2d: {name: expand, out_channels: 256, kernel_size: 1, bias: false}
layers:
  - bottleneck: {repeat: 3}
`

describe('hover', () => {
  it('shows what a layer is, its calls, its formula and what a 1×1 has to do with it', () => {
    // 9·64·64 = 36,864 weights; at 56 × 56 positions 115,605,504 products. With the two 1×1 of 16,384 weights each,
    // 69,632 · 3,136 · 3 = 655,097,856; one 3×3 from 256 to 256 in place of each takes 9·256·256·3,136·3 in all.
    const text = hoverAt(BLOCKS)!
    const [what, table, numbers, footer] = text
      .replaceAll('&nbsp;&nbsp;', '')
      .replaceAll('  |', ' |')
      .split('\n\n---\n\n')
    expect(what).toBe(
      '**conv** `Conv2d` 3×3 64→64, in `bottleneck`: **3 calls** in net, 111k params, 347M MACs, **53%** of the model',
    )
    expect(table!.split('\n')[0]).toBe('| where | in → out | params | MACs each | field, px | FLOP/B, fp16 |')
    // Each call moves 2 · 64 · 3,136 elements and its weights: 115,605,504 / 438,272 = 263.8.
    expect(table!.split('\n')).toHaveLength(3)
    expect(table).toMatch(/×3 \| N×64×56×56 → same \| 36\.9k \| 116M \| 3 … 7 \| 264 \|$/)
    expect(numbers).toContain('**MACs** = k² · Cin · Cout · H′ · W′ = 9 · 64 · 64 · 56 · 56 = 115,605,504')
    expect(numbers).toContain('FLOPs 231,211,008; bias none')
    expect(numbers).toContain('**Params** = weight 64×64×3×3 = 36,864')
    expect(numbers).toContain(
      '**Already a bottleneck** between reduce (1×1 reduces) and expand (1×1 expands): the 3 blocks take 655M MACs, one 3×3 in place of each 5.55G.',
    )
    expect(footer).toBe('input 256×56×56')
  })

  it('folds no more rows than eight, and says how many are left', () => {
    const rows = Array.from({ length: 12 }, (_, i) => `  - b: {c: ${i + 1}}`).join('\n')
    const text = hoverAt(
      `input: [1, 8, 8]\nblocks:\n  b:\n    params: {c: }\n    layers:\n      - $0Conv2d: {out_channels: "\${c}", kernel_size: 1}\nlayers:\n${rows}\n`,
    )!
    const table = text.split('\n\n---\n\n')[1]!
    expect(table.split('\n').filter(line => line.startsWith('|'))).toHaveLength(10)
    expect(table).toContain('… 4 more')
  })

  it('says what a reduction before a wide convolution would save', () => {
    // Inception's 5×5: 160,563,200 MACs; through 256/4 = 64: 64·784·(256 + 25·32) = 52,985,856.
    const text = hoverAt(
      'input: [256, 28, 28]\nlayers:\n  - $0Conv2d: {out_channels: 32, kernel_size: 5, padding: 2}\n',
    )
    expect(text).toContain('costs 53.0M MACs, not 161M (−67%)')
  })

  it('says that the stem has nothing to reduce', () => {
    expect(hoverAt('input: [3, 28, 28]\nlayers:\n  - $0Conv2d: {out_channels: 32, kernel_size: 5}\n')).toContain(
      'nothing to reduce in 3 input channels',
    )
  })

  it('says why something is not known and where that begins', () => {
    const text = hoverAt('input: [3, 8, 8]\nlayers:\n  - MyGate\n  - $0Flatten\n')
    expect(text).toMatch(/Not known, because of .*MyGate is not known\. It is in line 3\./)
  })

  it('lists the largest parts of a composite row', () => {
    const text = hoverAt('nc: 3\nbackbone:\n  - [-1, 1, Conv, [16, 3, 2]]\n  - [-1, 2, $0C2f, [16, True]]\nhead: []\n')!
    expect(text).toMatch(/\*\*MACs\*\* = [\d,]+, the sum of \d+ parts:/)
    expect(text).toMatch(/- … \d+ more/)
  })

  it('offers commands only to clients that know them', () => {
    const fixture = 'input: [3, 8, 8]\nlayers:\n  - $0Flatten\n'
    expect(hoverAt(fixture)).not.toContain('command:')
    expect(hoverAt(fixture, { commands: true })).toMatch(/\[Show in panel\]\(command:convlens\.showCost\?[^()]*\)/)
  })

  it('says that an input is assumed', () => {
    expect(hoverAt('layers:\n  - $0Conv2d: {out_channels: 8, kernel_size: 3}\n')).toContain('input 3×224×224 (assumed)')
  })

  it('explains a directive', () => {
    const text = hoverAt(
      '# convlens: $0max-macs=1M\ninput: [3, 8, 8]\nlayers:\n  - Conv2d: {out_channels: 8, kernel_size: 1}\n',
    )
    expect(text).toContain('it may have 1.0M MACs (1,000,000), and it has 1,536')
  })

  it('is silent outside of layers', () => {
    expect(hoverAt('name: $0net\ninput: [3, 8, 8]\nlayers:\n  - Flatten\n')).toBeNull()
  })

  it('shows text of the file as text', () => {
    const text = hoverAt('input: [3, 8, 8]\nlayers:\n  - $0Flatten: {name: "[x](command:evil)<b>|"}\n')!
    expect(text).not.toContain('[x](command:evil)')
    expect(text).not.toContain('<b>')
  })
})
