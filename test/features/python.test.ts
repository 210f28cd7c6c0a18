import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { diagnostics } from '../../src/features/diagnostics'
import { checkDiagnostics, checkHints, fixesAt, hintParts, hoverAt, lensesOf, outlineOf } from '../support/check'
import { analysisOf } from '../support/fixture'

const net = (declared: string, forward: string): string => `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
${declared.replace(/^/gm, '        ')}

    def forward(self, x):
${forward.replace(/^/gm, '        ')}
`

const CHAIN = net(
  `self.conv4 = nn.Conv2d(3, 256, 3, padding=1)
self.conv5 = nn.Conv2d(128, out_channels=64, kernel_size=3, padding=1)`,
  `x = self.conv4(x)
x = torch.relu(x)
x = self.conv5(x)
return x`,
)

describe('problems of Python', () => {
  it('stand at the call, once, with the declaration and the producer beside them', () => {
    checkDiagnostics(
      CHAIN.replace(
        'x = self.conv5(x)',
        `x = self.conv5(x)
            ^^^^^^^^^^^^^ shape-mismatch: conv5 expects 128 input channels and gets 256: N×256×224×224 from relu.`,
      ),
      'net.py',
    )
    const [found] = diagnostics(analysisOf(CHAIN, 'net.py'))
    expect(found!.relatedInformation?.map(r => [r.location.range.start.line, r.message])).toEqual([
      [7, 'conv4 gives N×256×224×224'],
      [8, 'conv5 is declared here with in_channels 128'],
    ])
  })

  it('of a layer that a container calls stand where it is declared', () => {
    checkDiagnostics(
      net(
        `self.body = nn.Sequential(
    nn.Conv2d(3, 8, 1),
    nn.BatchNorm2d(16),
                   ^^ shape-mismatch: body.1 expects 16 channels and gets 8: N×8×224×224 from body.0.
)`,
        'return self.body(x)',
      ),
      'net.py',
    )
  })

  it('of a block that is called many times are told once', () => {
    const text = `from torch import nn


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a = nn.Conv2d(channels, channels, 3, padding=1)
        self.b = nn.BatchNorm2d(channels + 1)

    def forward(self, x):
        return self.b(self.a(x))
               ^^^^^^^^^^^^^^^^^ shape-mismatch: b expects 9 channels and gets 8: N×8×224×224 from a.


net = nn.Sequential(*[Block(8) for _ in range(5)])
`
    checkDiagnostics(text, 'net.py')
  })
})

describe('quick fixes of Python', () => {
  it('correct the literal of the declaration, from the call', () => {
    const { titles, preferred, after } = fixesAt(CHAIN.replace('self.conv5(x)', 'self.c$0onv5(x)'), 'net.py')
    expect(titles).toEqual(['Set in_channels of conv5 to 256', 'Set out_channels of conv4 to 128'])
    expect(preferred).toEqual([true, undefined])
    expect(after).toBe(CHAIN.replace('nn.Conv2d(128,', 'nn.Conv2d(256,'))
  })

  it('are offered at the declaration too', () => {
    expect(fixesAt(CHAIN.replace('Conv2d(128', 'Conv2d(12$08'), 'net.py').titles[0]).toBe(
      'Set in_channels of conv5 to 256',
    )
  })

  it('change keyword arguments, and what is computed as a whole', () => {
    const named = CHAIN.replace('Conv2d(128, out', 'Conv2d(in_channels=128, out').replace('(x)\nreturn', '(x)\nreturn')
    expect(fixesAt(named.replace('self.conv5(x)', 'self.c$0onv5(x)'), 'net.py').after).toBe(
      named.replace('in_channels=128', 'in_channels=256'),
    )
    const computed = CHAIN.replace('Conv2d(128', 'Conv2d(64 * 2')
    const { titles, after } = fixesAt(computed.replace('self.conv5(x)', 'self.c$0onv5(x)'), 'net.py')
    expect(titles).toEqual(['Set in_channels of conv5 to 256', 'Set out_channels of conv4 to 128'])
    expect(after).toBe(CHAIN.replace('Conv2d(128', 'Conv2d(256'))
  })

  it('change the number that a helper was given, at its call', () => {
    const text = `import torch
from torch import nn


def block(c1, c2):
    return nn.Sequential(nn.Conv2d(c1, c2, 3), nn.ReLU())


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = block(3, 32)
        self.b = block(24, 8)

    def forward(self, x):
        return self.b(self.a(x))
`
    const expected = text.replace('block(24', 'block(32')
    const titles = ['Set c1 of block to 32', 'Set c2 of block to 24']
    expect(fixesAt(text.replace('self.b(self', 'self.b($0self'), 'net.py')).toMatchObject({ titles, after: expected })
    // At a number only what changes it.
    expect(fixesAt(text.replace('block(24', 'block(2$04'), 'net.py')).toMatchObject({
      titles: titles.slice(0, 1),
      after: expected,
    })
  })

  it('are not offered where they would only move the problem', () => {
    const text = CHAIN.replace('x = torch.relu(x)', 'x = self.norm(x)').replace(
      '        self.conv5',
      '        self.norm = nn.BatchNorm2d(256)\n        self.conv5',
    )
    // Another out_channels of conv4 would be refused by the norm behind it.
    expect(fixesAt(text.replace('self.conv5(x)', 'self.c$0onv5(x)'), 'net.py').titles).toEqual([
      'Set in_channels of conv5 to 256',
    ])
  })

  it('flatten a map before a linear layer', () => {
    const text = net(
      'self.conv = nn.Conv2d(3, 8, 3, stride=56)\nself.fc = nn.Linear(128, 10)',
      'return self.fc(self.conv(x))',
    )
    const { titles, after } = fixesAt(text.replace('self.fc(self', 'self.f$0c(self'), 'net.py')
    expect(titles).toEqual(['Insert torch.flatten(self.conv(x), 1)'])
    expect(after).toBe(text.replace('self.fc(self.conv(x))', 'self.fc(torch.flatten(self.conv(x), 1))'))
  })

  it('flatten a map inside a container, and put the number right that it then has', () => {
    const text = net(
      `self.body = nn.Sequential(
    nn.Conv2d(3, 8, 3, stride=56),
    nn.Linear(100, 10),
)`,
      'return self.body(x)',
    )
    const { titles, after } = fixesAt(text.replace('nn.Linear(100', 'nn.Linear(1$000'), 'net.py')
    expect(titles).toEqual(['Insert nn.Flatten(1) and set in_features of body.1 to 128'])
    expect(after).toBe(
      text.replace('            nn.Linear(100', '            nn.Flatten(1),\n            nn.Linear(128'),
    )
  })
})

describe('hints of Python', () => {
  // 27·8 weights at 32·32 positions: 221,184 products; Linear 8·10 + 10.
  it('say the cost where a layer is declared, and the shapes in forward', () => {
    checkHints(
      `# convlens: input=3x32x32
${net(
  `self.conv = nn.Conv2d(3, 8, 3, padding=1, bias=False)  # first
                                                    ^ N×8×32×32 · 216 params · 221k MACs
self.fc = nn.Linear(8, 10)
                         ^ N×10 · 90 params · 80 MACs`,
  `y = self.conv(x).mean((2, 3))
                            ^ N×8
return self.fc(y)
                ^ N×10`,
).replace('def forward(self, x):', 'def forward(self, x):\n                        ^ x: N×3×32×32')}`,
      { name: 'net.py' },
    )
  })
})

const RESNET = readFileSync(path.resolve(import.meta.dirname, '../../examples/resnet_bottleneck.py'), 'utf8')
const lineOf = (text: string): number => RESNET.slice(0, RESNET.indexOf(text)).split('\n').length - 1

describe('lenses of Python', () => {
  it('give the totals at the factory and its class, the share of a block, and the choice of other models', () => {
    const [factory, cls, block] = ['def resnet50', 'class ResNet', 'class Bottleneck'].map(lineOf)
    const lenses = lensesOf(RESNET, { name: 'net.py' })
    for (const line of [factory, cls]) {
      expect(lenses).toContain(`${line}: resnet50: 25.6M params → convlens.chooseModel`)
      expect(lenses).toContain(`${line}: 4.09G MACs → convlens.toggleUnit`)
      expect(lenses).toContain(`${line}: input 3×224×224 → convlens.setInput`)
    }
    // All but the stem's 118,013,952 and the 2,048,000 of the classifier of 4,089,184,256: 97%.
    expect(lenses).toContain(`${block}: 16 calls in resnet50, 97% of its MACs → convlens.showCost`)
    expect(lenses).toContain(`${lineOf('def resnet101')}: Show resnet101 → convlens.chooseModel`)
    expect(lenses.filter(lens => lens.includes('Show resnet50'))).toEqual([])
  })

  it('name no input of a script, which draws on tensors of its own', () => {
    const lenses = lensesOf('import torch\nx = torch.randn(2, 3)\ny = x @ torch.ones(3, 4)\n', { name: 'net.py' })
    // 2 · 3 · 4 products.
    expect(lenses).toContain('0: 24 MACs → convlens.toggleUnit')
    expect(lenses.join()).not.toContain('input')
  })

  it('offer a class of layers that the shown model does not call, and no other class', () => {
    const text = `import torch.nn as nn

class Wide(nn.Module):
    def __init__(self, planes, /, width, *, scale, groups=1):
        super().__init__()
        self.conv = nn.Conv2d(planes, width, 1, groups=groups)
    def forward(self, x):
        return self.conv(x)

class Loader:
    def forward(self, x):
        return x

class Net(nn.Module):
    def __init__(self, deep=False):
        super().__init__()
        self.body = Wide(3, 8, scale=1) if deep else nn.Conv2d(3, 8, 1)
    def forward(self, x):
        return self.body(x)
`
    const [wide, loader, net] = ['class Wide', 'class Loader', 'class Net'].map(
      part => text.slice(0, text.indexOf(part)).split('\n').length - 1,
    )
    const lenses = lensesOf(text, { name: 'net.py' })
    expect(lenses.filter(lens => lens.startsWith(`${wide}: `))).toEqual([
      `${wide}: not called in Net → `,
      `${wide}: show Wide… → convlens.chooseModel`,
    ])
    expect(lenses.filter(lens => lens.startsWith(`${loader}: `))).toEqual([])
    // 3 · 8 weights and 8 biases, in the one and in the other.
    const alone = lensesOf(text, { name: 'net.py', model: 'Wide(3, 8, scale=1)' })
    expect(alone).toContain(`${wide}: Wide(3, 8, scale=1): 32 params → convlens.chooseModel`)
    expect(alone.filter(lens => lens.startsWith('0: '))).toEqual([])
    expect(alone).toContain(`${net}: Show Net → convlens.chooseModel`)
  })

  it('asks what a class is made with where nothing in the file says it', () => {
    const text = `from torch import nn
class UNet(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.conv = nn.Conv2d(channels, classes, 3)
    def forward(self, x):
        return self.conv(x)
`
    expect(lensesOf(text, { name: 'unet.py' })).toEqual(['1: show UNet… → convlens.chooseModel'])
    // 9 · 3 · 2 weights and 2 biases.
    expect(lensesOf(text, { name: 'unet.py', model: 'UNet(3, 2)' })).toContain(
      '1: UNet(3, 2): 56 params → convlens.showPanel',
    )
  })

  it('shows a class whose arguments nobody names where most of it does not hang on them, and asks for them', () => {
    const text = `from torch import nn
class Net(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.stem = nn.Conv2d(channels, 8, 1)
        self.a = nn.Conv2d(8, 8, 1, bias=False)
        self.b = nn.Conv2d(8, 8, 1, bias=False)
        self.c = nn.Conv2d(8, 8, 1, bias=False)
        self.head = nn.Conv2d(8, classes, 1)
    def forward(self, x):
        return self.head(self.c(self.b(self.a(self.stem(x)))))
`
    const lenses = lensesOf(text, { name: 'net.py' })
    // Three layers of 8 · 8 weights, and 8 biases of the stem.
    expect(lenses).toContain('1: Net: ≥ 200 params → convlens.showPanel')
    expect(lenses).toContain('1: give channels, classes… → convlens.chooseModel')
    expect(lensesOf(text, { name: 'net.py', model: 'Net(3, 2)' }).join()).not.toContain('give ')
  })
})

describe('hovers of Python', () => {
  const at = (before: string, after: string): string => RESNET.replace(before + after, `${before}$0${after}`)

  it('explain a layer at its declaration and at its call alike', () => {
    const declared = hoverAt(at('self.conv2 = nn.', 'Conv2d('), { name: 'net.py' })!
    const called = hoverAt(at('self.bn2(self.', 'conv2(out)'), { name: 'net.py' })!
    expect(called).toBe(declared)
    // 9·64·64 weights at 56·56 positions.
    expect(declared).toContain('**16 calls** in resnet50')
    expect(declared).toContain('= 115,605,504')
  })

  it('tell several calls of a line apart', () => {
    expect(hoverAt(at('self.layer4(self.', 'layer3(x)'), { name: 'net.py' })).toMatch(/^\*\*layer3\*\*/)
    expect(hoverAt(at('x = self.', 'layer4(self.layer3'), { name: 'net.py' })).toMatch(/^\*\*layer4\*\*/)
  })

  it('show what a name stands for, with what its line calls', () => {
    const text = hoverAt(at('        ', 'x = self.layer2('), { name: 'net.py' })!
    expect(text).toMatch(/^\*\*x\*\*: batch N, 512 channels, height 28, width 28/)
    expect(text).toMatch(/\| layer1 .*N×64×56×56 → N×256×56×56/)
    expect(text).toMatch(/\| layer2 .*N×256×56×56 → N×512×28×28/)
  })

  it('are silent elsewhere', () => {
    expect(hoverAt(at('super()', '.__init__'), { name: 'net.py' })).toBeNull()
    expect(hoverAt(at('import torch.nn.', 'functional'), { name: 'net.py' })).toBeNull()
  })
})

describe('parts of hints of Python', () => {
  it('lead from a declaration to the first call, and from a call to the declaration', () => {
    const parts = (line: number) => hintParts(RESNET, line, 'net.py')
    expect(parts(lineOf('self.fc = nn.'))[0]).toMatchObject({ text: 'N×1000', leadsTo: lineOf('return self.fc(x)') })
    expect(parts(lineOf('x = self.layer2('))[0]).toMatchObject({ leadsTo: lineOf('self.layer2 = ') })
    expect(parts(lineOf('return self.fc(x)'))[0]!.tooltip).toBe('**return**: batch N, 1000 features')
  })
})

describe('what the Python extension does', () => {
  it('is left to it', () => {
    expect(outlineOf(RESNET, 'net.py')).toEqual([])
  })
})
