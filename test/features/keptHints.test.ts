import { describe, expect, it } from 'vitest'
import { isWhole } from '../../src/analysis/damage'
import { labelText } from '../../src/features/hintLabel'
import { type HintTable, hintTable } from '../../src/features/hintLines'
import { keepHints } from '../../src/features/keptHints'
import { analysisOf } from '../support/fixture'

const OPTIONS = { unit: 'MACs', quietLayers: false, maximumLength: 43 } as const
const NET = `input: [3, 8, 8]
layers:
  - Conv2d: {out_channels: 4, kernel_size: 1}
  - Conv2d: {out_channels: 8, kernel_size: 1}
  - MaxPool2d: {kernel_size: 2}
`

/** `line: hint` after each of several versions of a text, as an editor sends them. */
function typed(...texts: string[]): string[] {
  let whole: HintTable | undefined
  let shown: HintTable | undefined
  for (const text of texts) {
    const analysis = analysisOf(text)
    const hints = hintTable(analysis, OPTIONS)
    shown = whole && !isWhole(analysis) ? keepHints(analysis, hints, whole) : hints
    if (isWhole(analysis)) whole = shown
  }
  return shown!.between(0, 100).map(({ line, parts }) => `${line}: ${labelText(parts)}`)
}

describe('hints of a line that does not parse', () => {
  const broken = NET.replace('channels: 8, kernel_size: 1}', 'channels: 8, kernel_')

  it('and of those after it are those that they had', () => {
    expect(typed(broken)).not.toEqual(typed(NET))
    expect(typed(NET, broken)).toEqual(typed(NET))
  })

  it('stay over several keystrokes', () => {
    const shorter = broken.replace('kernel_\n  - Max', 'ker\n  - Max')
    expect(typed(NET, broken, shorter)).toContain(typed(NET)[1])
  })

  it('move with the line', () => {
    const moved = broken.replace('layers:', '\n\nlayers:')
    const line = typed(NET)[1]!.replace(/^3:/, '5:')
    expect(typed(NET, broken, moved)).toContain(line)
  })

  it('are not given to a new line that does not parse', () => {
    const added = NET.replace('  - MaxPool2d', '  - Conv2d: {out_channels: 8\n  - MaxPool2d')
    const hints = typed(NET, added)
    expect(hints.filter(hint => hint.startsWith('4: N'))).toEqual([])
  })

  it('go when the line is whole again', () => {
    const other = NET.replace('channels: 8', 'channels: 16')
    expect(typed(NET, broken, other).filter(hint => hint.startsWith('3:'))).toEqual([
      typed(other).find(hint => hint.startsWith('3:')),
    ])
    expect(typed(NET, broken, other)).toEqual(typed(other))
  })
})
