/** One real definition for each situation that a hint of a Python file has words for. */
import { describe, it } from 'vitest'
import { checkHints } from '../../support/check'

const net = (declared: string, forward: string, input = '3x32x32'): string => `# convlens: input=${input}
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
${declared.replace(/^(?=.)/gm, '        ')}

    def forward(self, x):
                        ^ x: N×${input.replaceAll('x', '×')}
${forward.replace(/^(?=.)/gm, '        ')}
`

const CASES: Readonly<Record<string, string>> = {
  // 27·8 + 8 params, 216 products at 1024 positions.
  'one call': net(
    `self.conv = nn.Conv2d(3, 8, 3, padding=1)
                                        ^ N×8×32×32 · 224 params · 221k MACs`,
    `return self.conv(x)
                  ^ N×8×32×32`,
  ),
  'shape only, and a norm that goes without saying': net(
    `self.pool = nn.MaxPool2d(2)
                          ^ N×3×16×16
self.relu = nn.ReLU()`,
    `return self.pool(self.relu(x))
                             ^ N×3×16×16`,
  ),
  // 81 weights, stored once and used at 1024 positions twice.
  'calls with one shape': net(
    `self.conv = nn.Conv2d(3, 3, 3, padding=1, bias=False)
                                                    ^ N×3×32×32 ×2 · 81 params · 166k MACs`,
    `return self.conv(self.conv(x))
                             ^ N×3×32×32`,
  ),
  // 81 products at 1024 and at 256 positions.
  'calls with several shapes': net(
    `self.conv = nn.Conv2d(3, 3, 3, padding=1, bias=False)
                                                    ^ 3×32×32…3×16×16 ×2 · 81 params · 104k MACs`,
    `x = self.conv(x)
               ^ N×3×32×32
return self.conv(x[:, :, ::2, ::2])
                                  ^ N×3×16×16`,
  ),
  '1×1 that reduces, expands and projects': net(
    `self.a = nn.Conv2d(8, 4, 1, bias=False)
                                      ^ N×4×4×4 · reduce · 32 params · 512 MACs
self.b = nn.Conv2d(4, 8, 1, bias=False)
                                      ^ N×8×4×4 · expand · 32 params · 512 MACs
self.c = nn.Conv2d(8, 8, 1, bias=False)
                                      ^ N×8×4×4 · project · 64 params · 1.0k MACs`,
    `return self.c(self.b(self.a(x)))
                               ^ N×8×4×4`,
    '8x4x4',
  ),
  'depthwise and grouped': net(
    `self.a = nn.Conv2d(8, 8, 3, padding=1, groups=8, bias=False)
                                                           ^ N×8×4×4 · depthwise · 72 params · 1.2k MACs
self.b = nn.Conv2d(8, 8, 3, padding=1, groups=2, bias=False)
                                                           ^ N×8×4×4 · 2 groups · 288 params · 4.6k MACs`,
    `return self.b(self.a(x))
                       ^ N×8×4×4`,
    '8x4x4',
  ),
  'a functional op with cost': net(
    '',
    `y = x.flatten(2)
               ^ N×3×1024
return y @ y.transpose(1, 2)
                           ^ N×3×3 · 9.2k MACs`,
  ),
  'several outputs': net(
    '',
    `a, b = x.split(16, 3)
                    ^ N×3×32×16, N×3×32×16
return a, b
          ^ (N×3×32×16, N×3×32×16)`,
  ),
  'not understood, at its cause, and once a line after it': net(
    `self.conv = nn.Conv2d(3, 8, 1, bias=False)
                                         ^ N×8×32×32 · expand · 24 params · 24.6k MACs`,
    `x = torch.fft.rfft2(self.conv(x))
                                ^ ? · torch.fft is not modelled
return x + 1
           ^ ?`,
  ),
  'not understood, where it is built and where it is called': `from gates import Gate
${net(
  `self.body = nn.Sequential(nn.Conv2d(3, 8, 1, bias=False), Gate(8))
                                                                 ^ ? · gates.Gate is not found`,
  `return self.body(x)
                  ^ ? · gates.Gate is not found`,
)}`,
  'partly known shape': net(
    '',
    `n = int((x > 0).sum())
return x[:, :n]
              ^ N×?×32×32`,
  ),
  // The bound is one of the loop; what was drawn before it is kept, params of what was built included.
  'bound hit': net(
    `self.conv = nn.Conv2d(3, 8, 1)
                             ^ N×8×32×32 · expand · 32 params · 24.6k MACs`,
    `x = self.conv(x)
               ^ N×8×32×32
while True:
    pass`,
  ).replace(
    'class Net(nn.Module):',
    `class Net(nn.Module):
                    ^ ? · stopped after a loop of more than 100000 turns`,
  ),
  // The declared output goes on, and so does what the layer costs as it is declared: 16 · 4 products at 1024 positions.
  'shape error': net(
    `self.a = nn.Conv2d(3, 8, 1, bias=False)
                                      ^ N×8×32×32 · expand · 24 params · 24.6k MACs
self.b = nn.Conv2d(16, 4, 1, bias=False)
                                       ^ N×4×32×32 · reduce · 64 params · 65.5k MACs`,
    `return self.b(self.a(x))
                       ^ N×4×32×32`,
  ),
  'declared, never called': net(
    `self.conv = nn.Conv2d(3, 8, 1)
                             ^ 32 params · never called`,
    `return x
       ^ N×3×32×32`,
  ),
}

describe('hints of Python, by situation', () => {
  it.each(Object.entries(CASES))('%s', (_, fixture) => checkHints(fixture, { name: 'net.py' }))
})
