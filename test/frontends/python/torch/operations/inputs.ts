import type { Input } from '../../../../support/pythonExpression'

/** The tensors that the measured expressions name. */
export const inputs: Readonly<Record<string, Input>> = {
  x: { shape: [2, 3, 8, 8] },
  y: { shape: [2, 5, 12] },
  m: { shape: [4, 6] },
  v: { shape: [7] },
  b: { shape: [2, 3, 4] },
  c: { shape: [2, 4, 5] },
  q: { shape: [2, 4, 10, 16] },
  w: { shape: [6, 3, 3, 3] },
  d: { shape: [3, 3, 3] },
  i: { shape: [2, 4], dtype: 'int64' },
  k: { shape: [2, 5], dtype: 'bool' },
}
