import { describe, expect, test } from 'vitest'
import { runTorch, shapeOf } from './support'

/** Runs a class `Net` on inputs of these shapes. */
const net = (code: string, ...inputs: string[]) => runTorch(code, 'Net()', inputs.map(shapeOf))

/** The body of `__init__` and of `forward(self, x)`, indented as they stand in a class. */
const made = (init: string, forward: string, ...inputs: string[]) => {
  const block = (text: string): string => text.trim().replace(/^/gm, '        ')
  return net(
    `class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n${block(init)}\n    def forward(self, x):\n${block(forward)}\n`,
    ...inputs,
  )
}

// Expectations were measured with PyTorch 1.13.1: named_parameters(), output shapes.
describe('registration', () => {
  test('assignment registers, a second one replaces, None and del take away', () => {
    const ran = made(
      'self.a = nn.Linear(4, 5)\nself.b = nn.Linear(9, 9)\nself.a = nn.Linear(4, 6)\nself.b = None\nself.c = nn.Linear(7, 7)\ndel self.c',
      'return self.a(x)',
      'N×4',
    )
    expect(ran.parameters).toEqual(['a.weight 6×4', 'a.bias 6'])
    expect(ran).toMatchObject({ outputs: ['N×6'], params: 30, exact: true })
  })
  test('parameters, buffers and modules by method', () => {
    const ran = made(
      `self.register_parameter('w', nn.Parameter(torch.zeros(3, 4)))
self.register_parameter('none', None)
self.register_buffer('mean', torch.zeros(4), persistent=False)
for i in range(2):
    self.add_module('fc%d' % i, nn.Linear(4, 4, bias=False))`,
      'return self.fc1(self.fc0(x)) - self.mean',
      'N×4',
    )
    expect(ran.parameters).toEqual(['w 3×4', 'fc0.weight 4×4', 'fc1.weight 4×4'])
    expect(ran.buffers).toEqual(['mean 4'])
    expect(ran).toMatchObject({ outputs: ['N×4'], params: 44, macs: 32, exact: true })
  })
  test('weights that are shared count once, their work at each call', () => {
    const ran = made(
      'self.a = nn.Linear(4, 4)\nself.b = nn.Linear(4, 4)\nself.b.weight = self.a.weight\nself.c = self.a',
      'return self.c(self.b(self.a(x)))',
      'N×4',
    )
    expect(ran.parameters).toEqual(['a.weight 4×4', 'a.bias 4', 'b.bias 4'])
    expect(ran).toMatchObject({ params: 24, macs: 48 })
  })
  test('frozen weights are told apart', () => {
    const ran = made(
      'self.a = nn.Linear(4, 4)\nself.b = nn.Linear(4, 4)\nfor p in self.a.parameters():\n    p.requires_grad = False\nself.b.bias.requires_grad_(False)',
      'return self.b(self.a(x))',
      'N×4',
    )
    expect(ran).toMatchObject({ params: 40, trainable: 16 })
  })
  test('a head that is replaced by its own in_features', () => {
    const ran = runTorch(
      `class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 1000)
    def forward(self, x):
        return self.fc(self.conv(x).mean((2, 3)))
net = Body()
net.fc = nn.Linear(net.fc.in_features, 10)
net.conv.stride = (2, 2)
net.conv.weight = nn.Parameter(torch.zeros(8, 1, 5, 5))
`,
      'net',
      [shapeOf('N×1×11×11')],
    )
    // 8·1·25 + 8, 10·8 + 10; the convolution makes 4×4 positions of 11×11.
    expect(ran).toMatchObject({ outputs: ['N×10'], params: 298, macs: 200 * 16 + 80, problems: [] })
  })
})

describe('walking over modules', () => {
  const init = 'self.a = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4))\nself.b = self.a\nself.c = nn.ReLU()'
  test.each([
    ['[n for n, _ in self.named_modules()]', "['', 'a', 'a.0', 'a.1', 'c']"],
    ['[n for n, _ in self.named_children()]', "['a', 'c']"],
    ['[type(m).__name__ for m in self.modules()]', "['Net', 'Sequential', 'Conv2d', 'BatchNorm2d', 'ReLU']"],
    ['len(list(self.children()))', '2'],
    ['[n for n, _ in self.named_parameters(recurse=False)]', '[]'],
    [
      '[n for n, _ in self.named_parameters(prefix="p")]',
      "['p.a.0.weight', 'p.a.0.bias', 'p.a.1.weight', 'p.a.1.bias']",
    ],
    ['sum(p.numel() for p in self.parameters())', '24'],
    ['self.get_submodule("a.0").out_channels', '4'],
    ['tuple(self.get_parameter("a.1.weight").shape)', '(4,)'],
    ['list(self._modules.keys())', "['a', 'b', 'c']"],
    ['self.a[-1] is self.b[1]', 'True'],
    ['isinstance(self.a[0], nn.modules.conv._ConvNd)', 'True'],
    ['isinstance(self.a[1], (nn.modules.batchnorm._BatchNorm, nn.GroupNorm))', 'True'],
    ['self.a[0].bias is not None', 'True'],
    ['self.training', 'False'],
    ['self.eval() is self.train() is self.cuda().half().to("cpu")', 'True'],
  ])('%s is %s', (expression, expected) => {
    const ran = runTorch(
      `class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        ${init.replaceAll('\n', '\n        ')}\n        self.found = repr(${expression})\n`,
      'Net().found',
    )
    expect(ran).toMatchObject({ value: expected, failed: [] })
  })
  test('apply reaches the children first', () => {
    const ran = runTorch(
      'seen = []\nnn.Sequential(nn.Linear(2, 2), nn.ReLU()).apply(lambda m: seen.append(type(m).__name__))',
      'repr(seen)',
    )
    expect(ran.value).toBe("['Linear', 'ReLU', 'Sequential']")
  })
})

describe('classes of torch.nn as bases', () => {
  test('an own forward reads the weights of the class', () => {
    const ran = net(
      `class Norm(nn.LayerNorm):
    def forward(self, x):
        return F.layer_norm(x.permute(0, 2, 3, 1), self.normalized_shape, self.weight, self.bias, self.eps).permute(0, 3, 1, 2)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = Norm(6)
    def forward(self, x):
        return self.norm(x)
`,
      'N×6×5×4',
    )
    expect(ran).toMatchObject({ outputs: ['N×6×5×4'], params: 12, problems: [], unknown: [], exact: true })
  })
  test('an own __init__, and forward of the base by super() and unbound', () => {
    const ran = net(
      `class Same(nn.Conv2d):
    def __init__(self, cin, cout, k):
        super().__init__(cin, cout, k, padding=k // 2, bias=False)
    def forward(self, x):
        return super().forward(x)
class Again(Same):
    def forward(self, x):
        return nn.Conv2d.forward(self, x)
class Net(nn.Sequential):
    def __init__(self):
        super().__init__(Same(3, 4, 3), Again(4, 5, 5))
`,
      'N×3×8×8',
    )
    expect(ran).toMatchObject({ outputs: ['N×5×8×8'], params: 108 + 500, macs: 608 * 64, exact: true })
  })
})

describe('copies', () => {
  test('a deep copy has weights of its own, and so has each of its parts', () => {
    const ran = net(
      `class Net(nn.Module):
    def __init__(self):
        super().__init__()
        one = nn.Linear(4, 4)
        pair = nn.Sequential(one, one)
        self.copies = nn.ModuleList([copy.deepcopy(pair) for _ in range(3)])
    def forward(self, x):
        for c in self.copies:
            x = c(x)
        return x
`,
      'N×4',
    )
    // In a copy of a pair of the same layer the layer is still the same.
    expect(ran).toMatchObject({ params: 3 * 20, macs: 6 * 16 })
  })
  test('a shallow copy shares them', () => {
    const ran = made('self.a = nn.Linear(4, 4)\nself.b = copy.copy(self.a)', 'return self.b(self.a(x))', 'N×4')
    expect(ran).toMatchObject({ params: 20, macs: 32 })
  })
})

describe('hooks of the program', () => {
  test('run, and change what goes in and comes out', () => {
    const ran = made(
      `self.a = nn.Linear(4, 4)
self.a.register_forward_pre_hook(lambda m, args: (args[0][:, :4],))
self.a.register_forward_hook(lambda m, args, out: out.unsqueeze(1))`,
      'return self.a(x)',
      'N×9',
    )
    expect(ran).toMatchObject({ outputs: ['N×1×4'], problems: [] })
  })
  test('are gone once they are removed', () => {
    const ran = made(
      'self.a = nn.Linear(4, 4)\nh = self.a.register_forward_hook(lambda m, args, out: out.unsqueeze(1))\nh.remove()',
      'return self.a(x)',
      'N×4',
    )
    expect(ran.outputs).toEqual(['N×4'])
  })
})

describe('what is tried out while a model is built is no part of it', () => {
  test('a size that is found by a call in __init__', () => {
    const ran = made(
      'self.body = nn.Conv2d(3, 4, 3)\nwith torch.no_grad():\n    n = self.body(torch.zeros(1, 3, 8, 8)).flatten(1).shape[1]\nself.fc = nn.Linear(n, 2)',
      'return self.fc(self.body(x).flatten(1))',
      'N×3×8×8',
    )
    expect(ran).toMatchObject({ outputs: ['N×2'], macs: 108 * 36 + 288, problems: [] })
  })
})

describe('wrappers count what they wrap', () => {
  test('a model on several devices', () => {
    const ran = runTorch('', 'nn.DataParallel(nn.Linear(4, 5)).cuda()', [shapeOf('N×4')])
    expect(ran.parameters).toEqual(['module.weight 5×4', 'module.bias 5'])
    expect(ran).toMatchObject({ outputs: ['N×5'], macs: 20, exact: true })
  })
  test('stubs of quantization', () => {
    const code = 'from torch.ao.quantization import QuantStub, DeQuantStub'
    const ran = runTorch(code, 'nn.Sequential(QuantStub(), nn.Linear(4, 5), DeQuantStub())', [shapeOf('N×4')])
    expect(ran).toMatchObject({ outputs: ['N×5'], macs: 20, exact: true })
  })
})

// MACs: the linear layers and both products of attention; heads do not matter.
describe('attention and recurrence', () => {
  const L = 7
  const E = 8
  const own = L * E * 3 * E + 2 * L * L * E + L * E * E
  test('attention to itself', () => {
    const ran = made('self.a = nn.MultiheadAttention(8, 2, batch_first=True)', 'return self.a(x, x, x)[0]', 'N×7×8')
    expect(ran).toMatchObject({ outputs: ['N×7×8'], macs: own, params: 3 * 64 + 24 + 72, exact: true })
  })
  test('an encoder layer', () => {
    const ran = runTorch('', 'nn.TransformerEncoderLayer(8, 4, 16)', [shapeOf('7×N×8')])
    expect(ran).toMatchObject({ outputs: ['7×N×8'], macs: own + 2 * L * E * 16, exact: true })
  })
  test('an LSTM uses every matrix once a step', () => {
    const ran = runTorch('', 'nn.LSTM(5, 6, 2, bidirectional=True, batch_first=True)', [shapeOf('N×7×5')])
    const macs = 7 * 2 * (24 * (5 + 6) + 24 * (12 + 6))
    expect(ran).toMatchObject({ outputs: ['N×7×12', '4×N×6', '4×N×6'], macs, exact: true })
  })
})

describe('errors that PyTorch raises when a layer is built', () => {
  test.each([
    ['nn.Conv2d(3, 6, 3, groups=2)', 'ValueError: in_channels must be divisible by groups'],
    ['nn.Conv2d(4, 6, 3, groups=4)', 'ValueError: out_channels must be divisible by groups'],
    [
      'nn.Conv2d(4, 6, 3, stride=2, padding="same")',
      "ValueError: padding='same' is not supported for strided convolutions",
    ],
    ['nn.GroupNorm(4, 6)', 'ValueError: num_channels must be divisible by num_groups'],
    ['nn.MultiheadAttention(8, 3)', 'AssertionError: embed_dim must be divisible by num_heads'],
    ['nn.Dropout(1.5)', 'ValueError: dropout probability has to be between 0 and 1, but got 1.5'],
    ['nn.LSTM(4, 4, proj_size=4)', 'ValueError: proj_size has to be smaller than hidden_size'],
    ['nn.Conv2d(3, 6)', "TypeError: Conv2d() missing required argument: 'kernel_size'"],
    ['nn.Linear(3, 6, 7, 8, 9, 10)', 'TypeError: Linear() takes 5 positional arguments but 6 were given'],
    ['nn.Sequential(3)', 'TypeError: int is not a Module subclass'],
    [
      'nn.ConvTranspose2d(4, 4, 2, 2)(torch.zeros(1, 4, 5, 5), output_size=(12, 12))',
      'ValueError: requested an output size of 12, but valid sizes range from 10 to 11',
    ],
  ])('%s', (expression, message) => expect(runTorch('', expression).raised).toBe(message))
})

describe('what is not known stays unknown, and says so', () => {
  test.each([
    ['a layer that is not modelled', 'self.a = nn.Foo(3)\nself.b = nn.Linear(4, 4)', 'return self.b(self.a(x))'],
    ['features that are not known', 'self.a = nn.Linear(4, int(torch.foo()))', 'return self.a(x)'],
    ['a list of layers of unknown length', 'self.a = nn.Sequential(*torch.foo())', 'return self.a(x)'],
    [
      'layers built in a loop of unknown length',
      'self.a = nn.ModuleList()\nfor i in torch.foo():\n    self.a.append(nn.Linear(4, 4))',
      'return x',
    ],
    [
      'a layer that failed',
      'layers = []\nlayers.append(nn.Linear(4, 4, 5, 6, 7, 8, 9))\nself.a = nn.Sequential(*layers)',
      'return self.a(x)',
    ],
    [
      'a call in a loop of unknown length',
      'self.a = nn.Linear(4, 4)',
      'for i in torch.foo():\n    x = self.a(x)\nreturn x',
    ],
    ['an unknown value that a module is given', 'self.a = nn.Linear(4, 4)', 'return self.a(torch.foo(x))'],
  ])('%s', (_, init, forward) => {
    const ran = made(init, forward, 'N×4')
    expect(ran.exact).toBe(false)
    expect(ran.problems).toEqual([])
  })
  test('what is known of a layer stays known', () => {
    const ran = made(
      'self.a = nn.Conv2d(torch.foo(), 6, 3)\nself.b = nn.Conv2d(6, 5, 1)',
      'return self.b(self.a(x))',
      'N×4×8×8',
    )
    expect(ran).toMatchObject({ outputs: ['N×5×6×6'], exact: false, problems: [] })
  })
})

describe('faults are told and the analysis goes on', () => {
  test.each([
    ['nn.Conv2d(4, 6, 3)', 'N×3×8×8', 'expects 4 input channels and gets 3'],
    ['nn.Linear(12, 5)', 'N×10', 'expects 12 input features and gets 10'],
    ['nn.BatchNorm2d(6)', 'N×5×4×4', 'expects 6 channels and gets 5'],
    ['nn.LayerNorm(6)', 'N×5', 'expects the last dimensions to be 6'],
    ['nn.PReLU(6)', 'N×5×4×4', 'expects 6 channels and gets 5'],
    ['nn.MaxPool2d(9)', 'N×5×4×4', 'Kernel 9 is larger than the padded input 4'],
    ['nn.GLU(1)', 'N×5×4×4', 'expects an even size and gets 5'],
    ['nn.PixelShuffle(2)', 'N×6×4×4', 'expects a multiple of 4 and gets 6'],
    ['nn.LSTM(5, 6)', '7×N×4', 'expects 5 input features and gets 4'],
    ['nn.Fold((8, 8), 2)', 'N×12×48', 'expects 49 windows and gets 48'],
    ['nn.Unfold(5)', 'N×3×4×4', 'Kernel 5 is larger than the padded input 4'],
  ])('%s on %s', (expression, input, message) => {
    const ran = runTorch('', expression, [shapeOf(input)])
    expect(ran.raised).toBeNull()
    expect(ran.problems).toHaveLength(1)
    expect(ran.problems[0]).toContain(message)
  })
})

// torchvision's quantizable models are these in float: parameters and outputs as PyTorch 1.13 gives them.
test('stubs and functions as modules, where nothing is quantized', () => {
  const ran = net(
    `class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant = torch.ao.quantization.QuantStub()
        self.dequant = torch.quantization.DeQuantStub()
        self.conv = nn.Conv2d(3, 4, 1)
        self.add = nn.quantized.FloatFunctional()
        self.join = torch.ao.nn.quantized.FloatFunctional()
    def forward(self, x):
        x = self.conv(self.quant(x))
        x = self.add.add_relu(x, x)
        return self.dequant(self.join.cat([x, self.add.mul_scalar(x, 2.0)], dim=1))
`,
    'N×3×8×8',
  )
  expect(ran).toMatchObject({ outputs: ['N×8×8×8'], params: 16, macs: 768, exact: true })
})

// Measured with PyTorch 1.13: output shapes and parameters; MACs by hand, 5·5 positions of both convolutions.
test('what classes derived from layers call of them', () => {
  const ran = net(
    `class Standardized(nn.Conv2d):
    def __init__(self, a, b):
        super().__init__(a, b, 3, 2, 1)
        self.reset_parameters()
    def forward(self, x):
        weight = self.weight - self.weight.mean(dim=(1, 2, 3), keepdim=True)
        return self._conv_forward(x, weight, self.bias)

class Bare(nn.modules.conv._ConvNd):
    def __init__(self, a, b):
        super().__init__(a, b, (1, 1), (1, 1), (0, 0), (1, 1), False, (0, 0), 1, False, 'zeros')
        self.reset_parameters()
    def forward(self, x):
        return F.conv2d(x, self.weight)

class Attention(nn.MultiheadAttention):
    def __init__(self):
        super().__init__(8, 2)
        self._reset_parameters()

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Standardized(3, 8)
        self.b = Bare(8, 8)
        self.norm = nn.BatchNorm2d(8)
        self.norm.reset_running_stats()
        self.up = nn.ConvTranspose2d(8, 4, 3, 2, output_padding=1)
        self.attention = Attention()
        self.rnn = nn.LSTM(3, 4)
        self.rnn.flatten_parameters()
        for m in self.modules():
            if hasattr(m, 'reset_parameters'):
                m.reset_parameters()
    def forward(self, x):
        y = self.norm(self.b(self.a(x)))
        extra = self.up._output_padding(y, None, self.up.stride, self.up.padding, self.up.kernel_size, 2)
        mask = nn.Transformer.generate_square_subsequent_mask(7)
        return F.conv_transpose2d(y, self.up.weight, self.up.bias, self.up.stride, self.up.padding, extra), mask
`,
    'N×3×9×9',
  )
  expect(ran).toMatchObject({ outputs: ['N×4×12×12', '7×7'], params: 1028, macs: 5400 + 1600 + 7200, exact: true })
})

// Widths and depths as RegNet makes them, 8·2 + 16·3: the layers were counted with PyTorch 1.13.
test('numbers of NumPy and tensors of one element count, cut and go into layers', () => {
  const ran = net(
    `import numpy as np

widths, depths = np.unique([8, 8, 16, 16, 16], return_counts=True)
rates = np.split(np.linspace(0, 0.1, 5), np.cumsum(depths[:-1]))

class Stage(nn.Module):
    def __init__(self, before, width, depth, rates):
        super().__init__()
        for i in range(depth):
            self.add_module(f'b{i}', nn.Conv2d(before if i == 0 else width, width, 1, bias=False))
        self.last = nn.Conv2d(width, width, len(rates), bias=False)
    def forward(self, x):
        for block in self.children():
            x = block(x)
        return x

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        before = torch.tensor(3)
        self.stages = nn.ModuleList()
        for width, depth, dpr in zip(widths, depths, rates):
            self.stages.append(Stage(before, width, depth, dpr))
            before = width
    def forward(self, x):
        for stage in self.stages:
            x = stage(x)
        return x
`,
    'N×3×8×8',
  )
  const params = 3 * 8 + 8 * 8 + 8 * 8 * 4 + (8 * 16 + 2 * 16 * 16) + 16 * 16 * 9
  expect(ran).toMatchObject({ outputs: ['N×16×5×5'], params, exact: true })
})

test('children of which nothing is known are called, too', () => {
  const ran = net(
    `class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 1)
        self.b = nn.DoesNotExistYet(4, 6)
        self.c = nn.Linear(6, 2)
    def forward(self, x):
        for block in self.children():
            x = block(x)
        return x
`,
    'N×3×8×8',
  )
  expect(ran).toMatchObject({ exact: false, problems: [] })
})

test('the arguments that a layer takes, asked of its signature', () => {
  const ran = net(
    `import inspect

def norm(kind, channels):
    names = inspect.signature(kind).parameters
    key = 'num_features' if 'num_features' in names else 'num_channels'
    more = {'num_groups': 2} if 'num_groups' in names else {}
    return kind(**{key: channels}, **more)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = norm(nn.GroupNorm, 4)
        self.b = norm(nn.BatchNorm2d, 4)
    def forward(self, x):
        if torch.jit.isinstance(x, torch.Tensor):
            x = self.b(self.a(x))
        return x
`,
    'N×4×8×8',
  )
  expect(ran).toMatchObject({ outputs: ['N×4×8×8'], params: 16, exact: true })
})
