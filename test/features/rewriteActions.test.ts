import { describe, expect, it } from 'vitest'
import { deviceById } from '../../src/analysis/advice'
import { analyze } from '../../src/analysis/analyze'
import { rewriteActions } from '../../src/features/rewriteActions'

/** The line of `heavy` has 9·256·256·784 of the MACs; `stem` has 9·3·256·784. */
const PYTHON = `# convlens: input=3x28x28
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 256, 3, padding=1)
        self.heavy = nn.Conv2d(256, 256, 3, padding=1)

    def forward(self, x):
        x = self.stem(x)
        return self.heavy(x)
`
const [STEM, HEAVY, BETWEEN] = [7, 8, 9]

describe('the light bulb', () => {
  const uri = 'file:///net.py'
  const analysis = analyze({ uri, name: 'net.py', text: PYTHON })!
  const offered = (line: number, character: number, invoked = true) => {
    const at = { line, character }
    const options = { device: deviceById(undefined), deviceChosen: false, invoked, commands: true }
    return rewriteActions(analysis, { start: at, end: at }, options)
  }

  // A bottleneck through 64 has (256·64 + 9·64·64 + 64·256) / (9·256·256) = 11.8% of the MACs, of the model 12.8%.
  it.each([
    ['inside the call', 30],
    ['at the start of the line', 0],
    ['on the name', 14],
  ])('offers what saves most with the cursor %s', (_, character) => {
    const titles = offered(HEAVY, character).map(({ title }) => title)
    expect(titles).toHaveLength(4)
    expect(titles).toContain('Insert 1×1 bottleneck 256→64→64→256: −88% MACs of this line, −87% of the model')
    expect(titles.at(-1)).toBe('Show where a bottleneck pays on this line')
  })

  it('says why a line gets none, only when it was asked for', () => {
    expect(offered(STEM, 0).map(({ title, disabled }) => [title, disabled?.reason])).toEqual([
      ['Insert a 1×1 bottleneck', 'Only 3 input channels'],
    ])
    expect(offered(STEM, 0, false)).toEqual([])
  })

  it('is silent on a line without a layer', () => {
    expect(offered(BETWEEN, 0)).toEqual([])
  })
})
