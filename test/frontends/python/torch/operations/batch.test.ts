/** The batch stays the symbol N through the arithmetic that models do with it. Expectations follow by hand from the rules. */
import { describe, expect, test } from 'vitest'
import { N } from '../../../../../src/core/dim'
import { evaluateExpression } from '../../../../support/pythonExpression'

const inputs = {
  x: { shape: [N, 64, 56, 56] },
  t: { shape: [N, 197, 768] },
  w: { shape: [{ coefficient: 64, symbols: ['N'] }, 7, 7, 96] },
}
const PRELUDE = `
def shuffle(x, groups):
    b, c, h, w = x.shape
    return x.view(b, groups, c // groups, h, w).transpose(1, 2).contiguous().view(b, -1, h, w)
def partition(x, ws):
    B, H, W, C = x.shape
    x = x.view(B, H // ws, ws, W // ws, ws, C)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, ws, ws, C)
def reverse(windows, ws, H, W):
    B = int(windows.shape[0] / (H * W / ws / ws))
    x = windows.view(B, H // ws, W // ws, ws, ws, -1)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(B, H, W, -1)
def heads(t, n):
    B, L, C = t.shape
    return t.reshape(B, L, n, C // n).permute(0, 2, 1, 3)
def stem(t):
    return torch.cat((torch.zeros(1, 1, 768).expand(t.shape[0], -1, -1), t), dim=1)
def temporal(x):
    B, C, H, W = x.size()
    return x.reshape(B * C, 1, H * W).sum(-1).view(B, C)
class Scaled:
    def __call__(self, x):
        x *= 2
        x.add_(1)
        return x
`

const ROWS: readonly (readonly [string, string])[] = [
  ['x.view(x.size(0), -1)', 'N×200704'],
  ['x.flatten(1)', 'N×200704'],
  ['x.flatten(2).transpose(1, 2)', 'N×3136×64'],
  ['x.flatten(0, 1)', '64N×56×56'],
  ['x.reshape(-1, 56)', '3584N×56'],
  ['x.reshape(x.shape[0] * 64, 56, 56).view(-1, 64, 56 * 56)', 'N×64×3136'],
  ['x.permute(0, 2, 3, 1)', 'N×56×56×64'],
  ['x.mean([2, 3])', 'N×64'],
  ['x.repeat(2, 1, 1, 1)', '2N×64×56×56'],
  ['torch.cat([x, x])', '2N×64×56×56'],
  ['x.chunk(2, dim=1)[1]', 'N×32×56×56'],
  ['torch.zeros(x.shape[0], 1, 8)', 'N×1×8'],
  ['torch.ones_like(x[:, :1])', 'N×1×56×56'],
  ['x[:x.shape[0]]', 'N×64×56×56'],
  ['x[:1]', '1×64×56×56'],
  ['x[:, 0]', 'N×56×56'],
  ['t[:, 1:]', 'N×196×768'],
  ['t[:, 0]', 'N×768'],
  ['t @ t.transpose(-2, -1)', 'N×197×197'],
  ['t.unsqueeze(1).expand(-1, 4, -1, -1)', 'N×4×197×768'],
  ['x.shape[0] * 4 // 2', '2N'],
  ['int(x.shape[0] * 64 / 8 / 8)', 'N'],
  ['x.shape[0] == x.size(0)', 'True'],
  ['x.shape[0] > 0', 'True'],
  ['x.new_zeros(len(x), 3)', 'N×3'],
  ['x.numel()', '200704N'],
  ['shuffle(x, 4)', 'N×64×56×56'],
  ['partition(x.permute(0, 2, 3, 1), 7)', '64N×7×7×64'],
  ['reverse(w, 7, 56, 56)', 'N×56×56×96'],
  ['heads(t, 12)', 'N×12×197×64'],
  ['stem(t)', 'N×198×768'],
  ['temporal(x)', 'N×64'],
  ['Scaled()(x)', 'N×64×56×56'],
  ['F.pad(x, (0, 0, 0, 0, 0, 64))', 'N×128×56×56'],
  ['F.interpolate(x, size=x.shape[-2:])', 'N×64×56×56'],
  ["torch.einsum('bchw,bdhw->bcd', x, x)", 'N×64×64'],
  ['x.unbind(1)[0]', 'N×56×56'],
]

test.each(ROWS)('%s is %s', (expression, expected) => {
  const { result, problems } = evaluateExpression(expression, inputs, PRELUDE)
  expect(result).toBe(expected)
  expect(problems).toEqual([])
})

describe('multiply-accumulates, for one image', () => {
  test.each([
    ['t @ t.transpose(-2, -1)', 197 * 197 * 768],
    ['torch.matmul(heads(t, 12), heads(t, 12).transpose(-2, -1))', 12 * 197 * 197 * 64],
    ['F.scaled_dot_product_attention(heads(t, 12), heads(t, 12), heads(t, 12))', 2 * 12 * 197 * 197 * 64],
    ["torch.einsum('bhid,bhjd->bhij', heads(t, 12), heads(t, 12))", 12 * 197 * 197 * 64],
    ["torch.einsum('bld,l->bld', t, torch.ones(197))", 0],
    ['F.linear(t, torch.randn(10, 768))', 197 * 768 * 10],
    ['F.conv2d(x, torch.randn(32, 64, 3, 3), padding=1)', 9 * 64 * 32 * 56 * 56],
    ['F.conv2d(x.reshape(-1, 1, 56, 56), torch.randn(1, 1, 3, 3), padding=1)', 64 * 9 * 56 * 56],
    ['torch.outer(torch.arange(9.0), torch.arange(9.0))', 0],
    ['x * x + x', 0],
  ])('%s costs %i', (expression, expected) => {
    expect(evaluateExpression(expression, inputs, PRELUDE).macs).toBe(expected)
  })
})

describe('what is not known', () => {
  test.each([
    ['x[x > 0]', '?'],
    ['x[:, x.mean((0, 2, 3)) > 0]', 'N×?×56×56'],
    ['torch.nonzero(t)', '?×3'],
    ['x.split(1)', '?'],
  ])('%s is %s', (expression, expected) => {
    expect(evaluateExpression(expression, inputs).result).toBe(expected)
  })

  test('a method that is not modelled is a node that says so', () => {
    const { graph, result } = evaluateExpression('x.istft(8)', inputs)
    expect(result).toBe('?')
    expect(graph.nodes.map(n => n.unknown)).toEqual(['Tensor.istft is not modelled'])
  })

  test('a name that tensors do not have is an error', () => {
    expect(evaluateExpression('x.sizes()', inputs).raised).toBe('AttributeError')
  })
})
