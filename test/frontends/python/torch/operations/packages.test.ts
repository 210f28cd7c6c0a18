/** einops and NumPy, as far as model code uses them. Expectations follow from einops' documentation and NumPy by hand. */
import { expect, test } from 'vitest'
import { N } from '../../../../../src/core/dim'
import { evaluateExpression } from '../../../../support/pythonExpression'

const inputs = { x: { shape: [N, 3, 32, 48] }, t: { shape: [N, 64, 192] } }
const PRELUDE = `
import numpy as np
from einops import rearrange, reduce, repeat, einsum, pack, unpack
from einops.layers.torch import Rearrange, Reduce
`

test.each([
  ["rearrange(x, 'b c h w -> b h w c')", 'N×32×48×3'],
  ["rearrange(x, 'b c h w -> b c (h w)')", 'N×3×1536'],
  ["rearrange(x, 'b c (h p) (w q) -> b (h w) (p q c)', p=16, q=16)", 'N×6×768'],
  ["rearrange(t, 'b n (three h d) -> three b h n d', three=3, h=4)", '3×N×4×64×16'],
  ["rearrange(x, 'b c ... -> b (...) c')", 'N×1536×3'],
  ["rearrange(x, 'b (k c) ... -> b k (...) c', k=3)", 'N×3×1536×1'],
  ["rearrange(x, 'b ... -> b (...)')", 'N×4608'],
  ["rearrange(x, '... h w -> ... (h w)')", 'N×3×1536'],
  ["rearrange(x, 'b c h w -> (b h) w c')", '32N×48×3'],
  ["rearrange([t, t], 's b n d -> b (s n) d')", 'N×128×192'],
  ["reduce(x, 'b c h w -> b c', 'mean')", 'N×3'],
  ["reduce(x, 'b c (h 2) (w 2) -> b c h w', 'max')", 'N×3×16×24'],
  ["reduce(x, 'b c h w -> b c 1 1', 'mean')", 'N×3×1×1'],
  ["repeat(t, 'b n d -> b (r n) d', r=2)", 'N×128×192'],
  ["repeat(torch.zeros(1, 1, 8), '1 1 d -> b 1 d', b=t.shape[0])", 'N×1×8'],
  ["einsum(t, t, 'b query d, b key d -> b query key')", 'N×64×64'],
  ["Rearrange('b c h w -> b (h w) c')(x)", 'N×1536×3'],
  ["Reduce('b c h w -> b c', 'mean')(x)", 'N×3'],
  ["pack([x, x[:, :, 0]], 'b c *')[0]", 'N×3×1584'],
  ["pack([t, t[:, 0]], 'b * d')[0]", 'N×65×192'],
  ["unpack(pack([t, t[:, :3]], 'b * d')[0], [(64,), (3,)], 'b * d')[1]", 'N×3×192'],
  ["unpack(pack([x], '* w')[0], pack([x], '* w')[1], '* w')[0]", 'N×3×32×48'],
  ['np.random.normal(0, 1, (5, 7))', '5×7'],
  ['np.random.randn(2, 3)', '2×3'],
  ['torch.FloatTensor(np.random.uniform(0, 1, size=(4, 9)))', '4×9'],
  ['torch.cuda.LongTensor(2, 3)', '2×3'],
  ['np.arange(3).tolist()', '[0, 1, 2]'],
  ['np.linspace(0, 1, 3).tolist()', '[0.0, 0.5, 1.0]'],
  ['np.round(np.array([0.5, 1.5, 2.4])).tolist()', '[0.0, 2.0, 2.0]'],
  ['np.cumsum([1, 2, 3]).tolist()', '[1, 3, 6]'],
  ['int(np.prod((2, 3, 4)))', '24'],
  ['np.unique(np.array([8, 8, 24])).tolist()', '[8, 24]'],
  ['np.sqrt(16)', '4.0'],
  ['(np.poly1d((0.5, 0.5)) ** 3).coeffs.tolist()', '[0.125, 0.375, 0.375, 0.125]'],
  ['[int(n) for n in (np.poly1d([1, 2]) * np.poly1d([1, -1])).c]', '[1, 1, -2]'],
  ['np.transpose(x, (0, 2, 3, 1))', 'N×32×48×3'],
  ['np.transpose(x.numpy(), axes=[1, 0, 3, 2])', '3×N×48×32'],
  ['np.transpose(x)', '48×32×3×N'],
  ['[int(w) for w in np.array([1.5, 2.5]) * 2]', '[3, 5]'],
  ['isinstance(x, np.ndarray)', 'False'],
])('%s is %s', (expression, expected) => {
  const { result, raised } = evaluateExpression(expression, inputs, PRELUDE)
  expect([result, raised]).toEqual([expected, null])
})
