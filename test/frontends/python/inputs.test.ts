/** Which model and which input a file itself asks for, in the ways that people write it. */
import { describe, expect, test } from 'vitest'
import { analysisOf } from '../../support/fixture'

const NET = `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return self.conv(x)
`
const annotated = (annotation: string): string =>
  NET.replace('forward(self, x)', `forward(self, x: ${annotation})`).replace(
    'from torch import nn',
    'from torch import Tensor, nn\nfrom jaxtyping import Float',
  )

const CASES: Readonly<Record<string, string>> = {
  'a call at the top level': `${NET}\nnet = Net()\nnet(torch.randn(1, 3, 64, 48))\n`,
  'a call under __main__': `${NET}\nif __name__ == '__main__':\n    print(Net()(torch.zeros(2, 3, 64, 48)).shape)\n`,
  torchsummary: `${NET}\nfrom torchsummary import summary\nnet = Net().to('cpu')\nsummary(net, (3, 64, 48))\n`,
  'torchsummary by keyword': `${NET}\nimport torchsummary\ntorchsummary.summary(Net(), input_size=(3, 64, 48))\n`,
  torchinfo: `${NET}\nimport torchinfo\ntorchinfo.summary(Net(), input_size=(1, 3, 64, 48))\n`,
  'torchinfo with data': `${NET}\nfrom torchinfo import summary\nsummary(Net(), input_data=torch.rand(1, 3, 64, 48))\n`,
  thop: `${NET}\nfrom thop import profile\nmacs, params = profile(Net(), inputs=(torch.randn(1, 3, 64, 48),))\n`,
  ptflops: `${NET}\nfrom ptflops import get_model_complexity_info\nmacs, params = get_model_complexity_info(Net(), (3, 64, 48), as_strings=True)\n`,
  fvcore: `${NET}\nfrom fvcore.nn import FlopCountAnalysis\nprint(FlopCountAnalysis(Net(), torch.rand(1, 3, 64, 48)).total())\n`,
  jaxtyping: annotated('Float[Tensor, "batch 3 64 48"]'),
  'jaxtyping with names': annotated('Float[Tensor, "n channels=3 h=64 w=48"]'),
  'the directive': `# convlens: input=3x64x48\n${NET}`,
}

describe('the input', () => {
  test.each(Object.entries(CASES))('from %s', (_, text) => {
    const model = analysisOf(text, 'net.py').model()!
    expect(model.name).toMatch(/^(?:Net|net)$/)
    expect(model.inputs.map(({ shape }) => shape)).toEqual([[3, 64, 48]])
    expect(model.inputAssumed).toBe(false)
    // 62 × 46 positions are left of 64 × 48 by a 3×3 without padding.
    expect(model.graph.outputs.map(({ shape }) => shape?.slice(1))).toEqual([[8, 62, 46]])
  })

  test.each(['Float[Tensor, "batch c h w"]', 'Float[Tensor, "..."]', 'Tensor', '"Tensor"', 'Float[Tensor, ""]'])(
    'is assumed where an annotation gives no sizes: %s',
    annotation => {
      expect(analysisOf(annotated(annotation), 'net.py').model()).toMatchObject({ inputAssumed: true })
    },
  )

  test('a use comes before an annotation, the directive before both', () => {
    const text = `${annotated('Float[Tensor, "batch 3 32 32"]')}\nNet()(torch.randn(1, 3, 64, 48))\n`
    expect(analysisOf(text, 'net.py').model()!.inputs[0]!.shape).toEqual([3, 64, 48])
    expect(analysisOf(`# convlens: input=3x20x20\n${text}`, 'net.py').model()!.inputs[0]!.shape).toEqual([3, 20, 20])
  })
})

test('an assumed picture has its own channels where something comes before the first layer', () => {
  // A space-to-depth by 4 makes 16 times as many channels: the convolution takes 48 of a colour picture.
  const text = NET.replace('nn.Conv2d(3, 8, 3)', 'nn.Conv2d(48, 8, 3)').replace(
    'self.conv(x)',
    'self.conv(nn.functional.pixel_unshuffle(x, 4))',
  )
  const model = analysisOf(text, 'net.py').model()!
  expect(model.inputs.map(({ shape }) => shape)).toEqual([[3, 224, 224]])
  expect(model.inputAssumed).toBe(true)
  expect(model.problems).toEqual([])
})

test('two independent models of a file each have their own input', () => {
  const two = `${NET}

class Head(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.fc = nn.Linear(10, width)

    def forward(self, x):
        return self.fc(x)


Net()(torch.randn(1, 3, 64, 48))
Head()(torch.randn(5, 10))
`
  const analysis = analysisOf(two, 'net.py')
  const inputs = analysis.models.map(choice => [choice.name, analysis.model(choice)!.inputs.map(i => i.shape)])
  expect(inputs).toEqual([
    ['Net', [[3, 64, 48]]],
    ['Head', [[10]]],
  ])
})

/** Models whose inputs nobody names, with the inputs that they take; derived by hand from their first and last layers. */
const FOUND: Readonly<
  Record<string, readonly [init: string, forward: string, inputs: readonly (readonly number[])[]]>
> = {
  // 28: (28 − 4)/2 = 12, (12 − 4)/2 = 4; of 224 it would be 53.
  'a grey digit, by the features behind its flattened maps': [
    'self.a = nn.Conv2d(1, 6, 5)\nself.b = nn.Conv2d(6, 16, 5)\nself.fc = nn.Linear(16 * 4 * 4, 10)',
    '(self, x):\nx = F.max_pool2d(self.a(x), 2)\nreturn self.fc(F.max_pool2d(self.b(x), 2).flatten(1))',
    [[1, 28, 28]],
  ],
  'the first layer that runs, not the first that is declared': [
    'self.fc = nn.Linear(8, 10)\nself.conv = nn.Conv2d(3, 8, 3)',
    '(self, x):\nreturn self.fc(self.conv(x).mean((2, 3)))',
    [[3, 224, 224]],
  ],
  'a vector and a label that are joined': [
    'self.emb = nn.Embedding(10, 16)\nself.fc = nn.Linear(100 + 16, 784)',
    '(self, noise, labels):\nreturn self.fc(torch.cat((noise, self.emb(labels)), -1))',
    [[100], []],
  ],
  'two pictures that are joined': [
    'self.conv = nn.Conv2d(6, 8, 4, 2, 1)',
    '(self, a, b):\nreturn self.conv(torch.cat((a, b), 1))',
    [
      [3, 224, 224],
      [3, 224, 224],
    ],
  ],
  'the seed of a generator': [
    'self.main = nn.Sequential(nn.ConvTranspose2d(100, 64, 4, 1, 0), nn.ReLU(), nn.ConvTranspose2d(64, 3, 4, 2, 1))',
    '(self, z):\nreturn self.main(z)',
    [[100, 1, 1]],
  ],
  'a picture that is flattened at once': [
    'self.out = nn.Linear(400, 10)\nself.fc = nn.Linear(784, 400)',
    '(self, x):\nreturn self.out(self.fc(x.view(-1, 784)))',
    [[1, 28, 28]],
  ],
  // Eight halvings need a multiple of 256 where the maps on the way up are joined with those on the way down.
  'maps that only meet where the size can be halved': [
    'self.down = nn.Conv2d(3, 8, 4, 2, 1)\nself.more = nn.ModuleList(nn.Conv2d(8, 8, 4, 2, 1) for _ in range(6))\nself.up = nn.Upsample(scale_factor=2)',
    '(self, x):\nmaps = [self.down(x)]\nfor m in self.more: maps.append(m(maps[-1]))\nx = maps.pop()\nwhile maps: x = self.up(x) + maps.pop()\nreturn x',
    [[3, 256, 256]],
  ],
  'lazy layers': ['self.conv = nn.LazyConv2d(8, 3)', '(self, x):\nreturn self.conv(x)', [[3, 224, 224]]],
}

test.each(Object.entries(FOUND))('inputs are found for %s', (_, [init, forward, inputs]) => {
  const lines = (text: string): string => text.replace(/\n/g, '\n        ')
  const text = `import torch
from torch import nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ${lines(init)}

    def forward${lines(forward)}
`
  const model = analysisOf(text, 'net.py').model()!
  expect(model.inputs.map(({ shape }) => shape)).toEqual(inputs)
  expect(model.inputAssumed).toBe(true)
  expect(model.totals.completeness).toBe('exact')
  expect(model.problems.filter(p => p.severity !== 'info')).toEqual([])
})

describe('the side of an assumed picture that the model itself asks for', () => {
  const embedding = (check: string): string => `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, size=384):
        super().__init__()
        self.size = size
        self.proj = nn.Conv2d(3, 8, 16, stride=16)
        self.token = nn.Parameter(torch.zeros(1, 1, 8))
        self.positions = nn.Parameter(torch.zeros(1, (size // 16) ** 2 + 1, 8))

    def forward(self, x):
        ${check}
        x = self.proj(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1)
        return x + self.positions
`
  test.each([
    ['assert x.shape[-1] == self.size, f"Input width ({x.shape[-1]}) does not match model ({self.size})."'],
    ['torch._assert(x.shape[2] == self.size, f"Input height ({x.shape[2]}) does not match model ({self.size}).")'],
    ['pass'],
  ])('%s', check => {
    const analysis = analysisOf(embedding(check), 'net.py')
    const model = analysis.model()!
    // 24 × 24 patches and a token; with 224 pixels there would be 14 × 14.
    expect(model.inputs[0]!.shape).toEqual([3, 384, 384])
    expect(model.graph.outputs[0]!.shape?.slice(1)).toEqual([577, 8])
    expect(model.graph.problems).toEqual([])
  })
})
