import { describe, expect, test } from 'vitest'
import { pytorch } from '../../src/frontends/python'
import { programFiles } from '../../src/frontends/python/files'
import { startSession } from '../../src/frontends/python/session'
import { analysisOf } from '../support/fixture'
import { convlens } from './terminal'

interface Group {
  readonly title: string
  readonly names: readonly string[]
}

/**
 * The names that make 99% of the 5,051 calls of torch, torch.nn and torch.nn.functional in the 259 files of torchvision
 * 0.14.1's models and ops and timm's (commit aa4b5850) models and layers, most frequent first; counted with a regular
 * expression over the sources. One of the 131, safetensors' load_file, is no name of torch's.
 */
const USED = `
torch.nn: Identity Conv2d Sequential Linear Parameter Dropout ReLU BatchNorm2d ModuleList MaxPool2d Flatten AvgPool2d
  AdaptiveAvgPool2d LayerNorm Conv3d BatchNorm3d GELU Sigmoid MaxPool3d ConvTranspose2d ZeroPad2d BatchNorm1d Conv1d
  Upsample Unfold Softmax MultiheadAttention Tanh LSTM
torch.nn.init: constant_ zeros_ normal_ ones_ kaiming_normal_ trunc_normal_ xavier_uniform_ uniform_ kaiming_uniform_
  xavier_normal_
torch.nn.functional: pad interpolate scaled_dot_product_attention avg_pool2d normalize dropout conv2d relu layer_norm
  adaptive_avg_pool2d linear max_pool2d softmax group_norm adaptive_max_pool2d batch_norm unfold smooth_l1_loss
  binary_cross_entropy_with_logits gelu grid_sample cross_entropy softplus one_hot
torch: cat empty zeros arange stack tensor no_grad rand ones _assert where split einsum flatten max min sigmoid Size
  meshgrid exp clamp linspace zeros_like log roll matmul sqrt as_tensor sum unsqueeze log2 mean div sign scalar_tensor eye
  rsqrt sin cos round pow device full atan randn Tensor tanh randint randperm full_like unique var argsort load finfo
  ones_like abs chunk softmax repeat_interleave ceil from_numpy save autocast addcmul bmm is_autocast_enabled`

const used = [...USED.matchAll(/^([\w.]+):((?:\s+\w+)+)(?=\n|$)/gm)].flatMap(([, title, names]) =>
  names!
    .trim()
    .split(/\s+/)
    .map(name => `${title}.${name}`),
)

const groups = pytorch.supported()

describe('convlens --supported', () => {
  test('prints what every format knows, as text, Markdown and JSON', async () => {
    const { status, out } = await convlens(['--supported'])
    expect(status).toBe(0)
    expect(out).toMatch(/^darknet: sections \(\d+\)\n {2}convolutional /m)
    expect(out).toMatch(/^pytorch: torch\.nn \(\d+\)$/m)
    expect(Math.max(...out.split('\n').map(line => line.length))).toBeLessThanOrEqual(100)
    const { out: markdown } = await convlens(['--supported', '--format', 'markdown'])
    expect(markdown).toMatch(/^\| ultralytics \| modules \| \d+ \| .*`C3k2`/m)
    const { out: json } = await convlens(['--supported', '--format', 'json'])
    const formats = JSON.parse(json).supported as { format: string; groups: Group[] }[]
    const named = (name: string): readonly Group[] => formats.find(({ format }) => format === name)!.groups
    expect(named('prototxt')[0]!.names).toContain('InnerProduct')
    expect(named('yaml')[0]!.names).toContain('Conv2d')
    const own = groups.filter(({ names, format }) => names.length > 0 && format === undefined)
    expect(named('pytorch')).toEqual(own)
    expect(own.map(({ title }) => title).filter(title => /keras|tensorflow/.test(title))).toEqual([])
    const conv = named('keras').find(({ title }) => title === 'keras.layers')!
    expect(conv.names).toContain('SeparableConv2D')
    expect(named('tensorflow').find(({ title }) => title === 'tensorflow.nn')!.names).toContain('conv2d')
  })

  test('without it, and without a command, there is help; a command that is none is told', async () => {
    expect((await convlens([])).status).toBe(2)
    expect(await convlens(['--supported', '--format', 'xml'])).toMatchObject({ status: 2 })
    expect((await convlens(['draw'])).err).toContain("unknown command 'draw'")
  })
})

describe('what PyTorch programs may name', () => {
  test('holds what makes 99% of the calls of torchvision and timm', () => {
    expect(used).toHaveLength(130)
    const listed = new Set(groups.flatMap(({ title, names }) => names.map(name => `${title}.${name}`)))
    expect(used.filter(name => !listed.has(name))).toEqual([])
  })

  test.each(
    groups.filter(
      ({ title }) =>
        !/^(?:builtins|torch\.Tensor|torch\.nn\.Module|keras\.layers\.Layer|keras\.Model|keras\.Sequential)$/.test(
          title,
        ),
    ),
  )('a program finds every name of $title', ({ title, names }) => {
    const text = `${names.map(name => `from ${title} import ${name} as found_${name}`).join('\n')}\n`
    const source = { uri: 'file:///net.py', name: 'net.py', text }
    const { scope } = startSession(source, programFiles(source.uri, undefined), false)
    const reasons = names.flatMap(name => {
      const value = scope.names.get(`found_${name}`) as { reason?: string; harmless?: boolean } | undefined
      return value === undefined || (value?.reason !== undefined && !value.harmless) ? [name] : []
    })
    expect(reasons).toEqual([])
  })

  test('what is not listed is not understood', () => {
    const text = 'import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Conv2d(3, 8, 1), nn.HyperConv2d(8))\n'
    expect(groups.some(({ names }) => names.includes('HyperConv2d'))).toBe(false)
    const model = analysisOf(text, 'net.py').model()!
    expect(model.totals.completeness).toBe('atLeast')
    expect(model.uncounted[0]!.reason).toMatch(/HyperConv2d/)
  })

  // Output of an input 3×32×32, by the definitions of the functions.
  test.each<[string, string]>([
    ['nn.Conv2d(3, 8, 3, stride=2, padding=1)(x)', 'N×8×16×16'],
    ['nn.MaxPool2d(2)(x)', 'N×3×16×16'],
    ['nn.Upsample(scale_factor=2)(x)', 'N×3×64×64'],
    ['nn.ZeroPad2d(1)(x)', 'N×3×34×34'],
    ['nn.Unfold(2, stride=2)(x)', 'N×12×256'],
    ['nn.ConvTranspose2d(3, 4, 2, stride=2)(x)', 'N×4×64×64'],
    ['nn.Flatten()(x)', 'N×3072'],
    ['nn.AdaptiveAvgPool2d(1)(x)', 'N×3×1×1'],
    ['F.interpolate(x, size=7)', 'N×3×7×7'],
    ['F.pad(x, (1, 2))', 'N×3×32×35'],
    ['F.adaptive_max_pool2d(x, 2)', 'N×3×2×2'],
    ['F.unfold(x, 4, stride=4)', 'N×48×64'],
    ['torch.cat([x, x], 1)', 'N×6×32×32'],
    ['torch.stack([x, x], 1)', 'N×2×3×32×32'],
    ['torch.einsum("nchw,nkhw->nck", x, x)', 'N×3×3'],
    ['torch.flatten(x, 1)', 'N×3072'],
    ['torch.mean(x, (2, 3))', 'N×3'],
    ['torch.roll(x, 1, 2)', 'N×3×32×32'],
    ['torch.matmul(x, x)', 'N×3×32×32'],
    ['torch.unsqueeze(x, 1)', 'N×1×3×32×32'],
    ['torch.chunk(x, 3, 1)[0]', 'N×1×32×32'],
    ['torch.repeat_interleave(x, 2, 1)', 'N×6×32×32'],
    ['x.permute(0, 2, 3, 1)', 'N×32×32×3'],
    ['x.view(x.size(0), -1)', 'N×3072'],
    ['x.sum(1, keepdim=True)', 'N×1×32×32'],
    ['x.transpose(1, 2)', 'N×32×3×32'],
    ['x[:, 1:, ::2]', 'N×2×16×32'],
  ])('%s gives %s', (expression, shape) => {
    const text = `# convlens: input=3x32x32
import torch
import torch.nn.functional as F
from torch import nn

class Net(nn.Module):
    def forward(self, x):
        return ${expression}
`
    const { outputs } = analysisOf(text, 'net.py').model()!.graph
    expect(outputs[0]!.shape?.map(d => (typeof d === 'number' ? d : 'N')).join('×')).toBe(shape)
  })
})
