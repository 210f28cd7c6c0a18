import { expect, test } from 'vitest'
import { openModel, rowMacs, rowParams, shapeOf } from './open'

const text = (head: string, anchors = '\n  - [10,13, 16,30]\n  - [30,61, 62,45]') =>
  `nc: 7\nanchors: ${anchors}\nbackbone:\n  - [-1, 1, Conv, [16, 3, 8]]\n  - [-1, 1, Conv, [32, 3, 2]]\nhead:\n  - [[0, 1], 1, ${head}]\n`

/** Two anchors of 7 + 5 numbers at 8×8 and 4×4 positions, by 1×1 convolutions with bias. */
const PARAMS = (16 + 1) * 24 + (32 + 1) * 24
const MACS = 16 * 24 * 64 + 32 * 24 * 16

test.each([
  ['lists', undefined],
  ['a number', '2'],
])('the head of YOLOv5 with anchors as %s', (_, anchors) => {
  const built = openModel(text('Detect, [nc, anchors]', anchors), { input: [3, 64, 64] })
  const row = built.rows!.at(-1)!
  expect(built.problems).toEqual([])
  expect([rowParams(built.graph, row), rowMacs(built.graph, row)]).toEqual([PARAMS, MACS])
  expect(shapeOf(row.output)).toEqual([1, 2 * (64 + 16), 12])
  expect(built.totals.completeness).toBe('exact')
})

test('the mask head of YOLOv5', () => {
  const built = openModel(text('Segment, [nc, anchors, 4, 8]'), { input: [3, 64, 64] })
  expect(built.problems).toEqual([])
  expect(built.rows!.at(-1)!.outputs!.map(shapeOf)).toEqual([
    [1, 160, 16],
    [1, 4, 16, 16],
  ])
  // Boxes with 4 coefficients more; prototypes by 3×3 at 8×8, 3×3 and 1×1 at 16×16, each with a norm.
  const head = (16 + 1) * 32 + (32 + 1) * 32
  const proto = 16 * 8 * 9 + 16 + (8 * 8 * 9 + 16) + (8 * 4 + 8)
  expect(rowParams(built.graph, built.rows!.at(-1)!)).toBe(head + proto)
})

test('anchors that are none', () => {
  expect(openModel(text('Detect, [nc, anchors]', 'many')).problems.map(p => p.message)).toEqual([
    'row 2 (Detect) expects anchors to be a number, or a list of widths and heights a level.',
  ])
})
