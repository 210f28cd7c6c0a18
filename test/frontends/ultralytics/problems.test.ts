import { describe, expect, test } from 'vitest'
import type { ProblemCode } from '../../../src/core/problem'
import { backbone, openModel, rowMacs, rowParams, shapeOf } from './open'

/** Checks the problems of a text whose places are marked with « and »: one problem a mark, in text order. */
function checkProblems(marked: string, ...expected: readonly (readonly [code: ProblemCode, message: string])[]): void {
  const text = marked.replaceAll(/[«»]/g, '')
  const places = [...marked.matchAll(/«([^»]*)»/g)].map(match => match[1])
  const problems = [...openModel(text).problems].sort((a, b) => a.span.start - b.span.start)
  expect(problems.map(p => [p.code, p.message])).toEqual(expected)
  expect(problems.map(p => text.slice(p.span.start, p.span.end))).toEqual(places)
}

const STEM = '[-1, 1, Conv, [32, 3, 2]]'

describe('modules and references', () => {
  test('an unknown module names its neighbour', () => {
    checkProblems(backbone(STEM, '[-1, 1, «C2F», [64]]'), [
      'unknown-layer',
      'C2F is not a module of Ultralytics; C2f is.',
    ])
    checkProblems(backbone(STEM, '[-1, 1, «MyGate», [64]]'), [
      'unknown-layer',
      'MyGate is not a module of Ultralytics.',
    ])
    checkProblems(backbone(STEM, '[-1, 1, «nn.MaxPol2d», [2]]'), [
      'unknown-layer',
      'nn.MaxPol2d is not a module of Ultralytics; nn.MaxPool2d is.',
    ])
  })

  test('a file that names modules of another framework', () => {
    // YOLOv7's tiny model, whose Conv takes the activation where Ultralytics' takes the dilation, and its own MP.
    const conv = '[-1, 1, Conv, [64, 1, 1, None, 1, nn.LeakyReLU(0.1)]]'
    const text = backbone(STEM, conv, '[-1, 1, MP, []]', '[-1, 1, MP, []]')
    expect(openModel(text).problems.map(p => [p.severity, p.code])).toEqual([
      ['info', 'bad-argument'],
      ['warning', 'unknown-layer'],
    ])
    expect(openModel(backbone(STEM, conv)).problems.map(p => p.severity)).toEqual(['error'])
  })

  test('the fix of an unknown module', () => {
    const text = backbone(STEM, '[-1, 1, C2F, [64]]')
    const [fix] = openModel(text).problems[0]!.fixes!
    const { span, newText } = fix!.edits[0]!
    expect(fix!.title).toBe('Change C2F to C2f')
    expect(text.slice(0, span.start) + newText + text.slice(span.end)).toBe(backbone(STEM, '[-1, 1, C2f, [64]]'))
  })

  test('rows that do not come before', () => {
    checkProblems(
      backbone(
        STEM,
        '[«1», 1, Conv, [32]]',
        '[[-1, «3»], 1, Concat, [1]]',
        '[«9», 1, Conv, [32]]',
        '[«-7», 1, Conv, [32]]',
      ),
      ['dangling-reference', 'row 1 takes its own output.'],
      ['dangling-reference', 'row 2 takes row 3, which comes after it.'],
      ['dangling-reference', 'row 3 takes row 9, and there are 5 rows.'],
      ['dangling-reference', 'row 4 takes row -7, and only 4 rows stand before it.'],
    )
  })

  test('what comes after an unknown module keeps what is known of it', () => {
    const built = openModel(
      backbone(STEM, '[-1, 1, MyGate, [64]]', '[-1, 1, Conv, [64, 3]]', '[-1, 1, Conv, [16, 1]]', '[0, 1, Conv, [8]]'),
    )
    const [, gate, lost, known, apart] = built.rows!
    expect(built.totals.completeness).toBe('atLeast')
    expect([shapeOf(gate!.output), shapeOf(lost!.output)]).toEqual([null, [1, 64, null, null]])
    // 64 channels are said, so the 1×1 has 64 × 16 weights and 2 × 16 of its norm.
    expect([rowParams(built.graph, known!), shapeOf(known!.output)]).toEqual([1056, [1, 16, null, null]])
    expect([rowParams(built.graph, apart!), rowMacs(built.graph, apart!)]).toEqual([32 * 8 + 16, 32 * 8 * 320 * 320])
  })
})

describe('rows', () => {
  test('that are no rows', () => {
    checkProblems(
      `${backbone(STEM)}  - «[-1, 1, Conv]»\n  - «Conv»\n  - [«a», 1, Conv, [8]]\n  - [-1, «"2"», Conv, [8]]\n  - [-1, 1, «3», [8]]\n  - [-1, 1, Conv, «8»]\n`,
      ['bad-argument', 'row 1 expects 4 entries, [from, repeats, module, args], and gets 3.'],
      ['bad-argument', 'row 2 expects [from, repeats, module, args] and gets "Conv".'],
      ['bad-argument', 'row 3 expects from to be row numbers and gets "a".'],
      ['bad-argument', 'row 4 expects repeats to be a number and gets "2".'],
      ['bad-argument', 'row 5 expects the name of a module and gets 3.'],
      ['bad-argument', 'row 6 expects a list of arguments and gets 8.'],
    )
  })

  test('keep their place, so that later references still hold', () => {
    const built = openModel(backbone(STEM, '[-1, 1,', '[0, 1, Conv, [8]]', '[2, 1, Conv, [16]]'))
    expect(built.rows!.map(row => shapeOf(row.output))).toEqual([
      [1, 32, 320, 320],
      null,
      [1, 8, 320, 320],
      [1, 16, 320, 320],
    ])
  })

  test('arguments that do not fit', () => {
    checkProblems(backbone('[-1, 1, Conv, [32, «x», 2]]'), [
      'unknown-name',
      'row 0 (Conv) expects k to be a whole number or two and gets "x".',
    ])
    checkProblems(backbone('[-1, 1, Conv, [«.nan»]]'), [
      'bad-argument',
      'row 0 (Conv) expects a number of output channels and gets nan.',
    ])
    checkProblems(backbone('«[-1, 1, Conv, []]»'), [
      'bad-argument',
      'row 0 (Conv) expects the number of output channels and gets none.',
    ])
    checkProblems(backbone(STEM, '[-1, 1, SPPF, [32, 5, 3, True, «1»]]'), [
      'bad-argument',
      'row 1 (SPPF) takes at most 4 arguments and gets 5.',
    ])
    checkProblems(backbone(STEM, '«[-1, 1, C2PSA, [64]]»'), [
      'bad-argument',
      'row 1 (C2PSA) expects as many output as input channels and gets 64 of 32.',
    ])
    checkProblems(backbone(STEM, '«[-1, 1, C2PSA, [32]]»'), [
      'bad-argument',
      'row 1 (C2PSA) expects at least 64 channels in its attention and gets 16.',
    ])
    checkProblems(backbone(STEM, '«[-1, 1, C3Ghost, [32, True, 3]]»'), [
      'bad-argument',
      'row 1 (C3Ghost) expects groups that divide 16 channels and gets 3.',
    ])
    checkProblems(backbone(STEM, '«[0, 1, Concat, [1]]»'), [
      'bad-argument',
      'row 1 (Concat) expects a list of inputs and gets one.',
    ])
    checkProblems(backbone(STEM, '«[[-1, 0], 1, Conv, [8]]»'), [
      'bad-argument',
      'row 1 (Conv) expects one input and gets a list of 2.',
    ])
  })

  test('sizes that do not fit', () => {
    const grouped = openModel(backbone(STEM, '[-1, 1, Conv, [48, 3, 1, None, 5]]'))
    expect(grouped.problems.map(p => [p.code, p.message])).toEqual([
      ['groups-not-dividing', 'row 1 (Conv): groups 5 does not divide 32 input channels.'],
    ])
    const text = backbone(STEM, '[-1, 1, Conv, [32, 3, 2]]', '[[-1, 0], 1, Concat, [1]]')
    const [sizes] = openModel(text).problems
    expect([sizes!.code, sizes!.message]).toEqual([
      'shape-mismatch',
      'row 2 (Concat): cat along 1: sizes differ beside it, 160×160 and 320×320: N×32×160×160 from row 1 (Conv), N×32×320×320 from row 0 (Conv).',
    ])
  })

  test('a torch layer whose channels are wrong, and the fix', () => {
    const text = backbone(STEM, '[-1, 1, nn.Conv2d, [64, 8, 1]]')
    const [problem] = openModel(text).problems
    expect(problem!.message).toBe(
      'row 1 (nn.Conv2d) expects 64 input channels and gets 32: N×32×320×320 from row 0 (Conv).',
    )
    const { span, newText } = problem!.fixes![0]!.edits[0]!
    expect(text.slice(0, span.start) + newText + text.slice(span.end)).toBe(
      backbone(STEM, '[-1, 1, nn.Conv2d, [32, 8, 1]]'),
    )
  })

  test('a fault that several branches of a block see is told once', () => {
    checkProblems(backbone(STEM, '[-1, 1, nn.Conv2d, [32, 8, 1]]', '«[-1, 1, C3, [16]]»'), [
      'shape-mismatch',
      'row 2 (C3) expects 32 input channels and gets 8: N×8×320×320 from row 1 (nn.Conv2d).',
    ])
  })

  test('a list where one map is taken', () => {
    checkProblems(backbone(STEM, '[-1, 1, CBLinear, [[8, 16]]]', '«[-1, 1, Conv, [16]]»'), [
      'bad-argument',
      'row 2 (Conv) expects one input and gets the 2 outputs of row 1.',
    ])
  })

  test('a torch layer that changes the channels is believed to keep them, as in the framework', () => {
    checkProblems(backbone(STEM, '[-1, 1, nn.Conv2d, [32, 8, 1]]', '«[-1, 1, Conv, [16]]»'), [
      'shape-mismatch',
      'row 2 (Conv) expects 32 input channels and gets 8: N×8×320×320 from row 1 (nn.Conv2d).',
    ])
  })
})

describe('the header', () => {
  const rows = 'backbone:\n  - [-1, 1, Conv, [8, 3, 2]]\n'
  test.each<[string, ProblemCode, string]>([
    [`nc: «many»\n${rows}`, 'bad-argument', 'nc expects a whole number from 1 and gets "many".'],
    [
      `scales:\n  n: «[1, 2]»\n${rows}`,
      'bad-argument',
      'Scale n expects [depth, width, max_channels] and gets [1, 2].',
    ],
    [`scales: «[n]»\n${rows}`, 'bad-argument', 'scales expects a mapping from names to [depth, width, max_channels].'],
    [`depth_multiple: «deep»\n${rows}`, 'bad-argument', 'depth_multiple expects a number and gets "deep".'],
    [`activation: «my.Act()»\n${rows}`, 'unknown-name', 'The activation my.Act() is not known.'],
    [
      `backbone: «yes, rows»\nhead:\n  - [-1, 1, Conv, [8]]\n`,
      'bad-argument',
      'backbone expects a list of rows [from, repeats, module, args].',
    ],
  ])('%j', (marked, code, message) => checkProblems(marked, [code, message]))

  test('a scale that the file does not list', () => {
    const text = `scales:\n  n: [0.5, 0.5, 1024]\n${rows}`
    const { problems, file } = openModel(text, { name: 'yolo11s.yaml' })
    expect(problems.map(p => [p.code, p.message])).toEqual([
      ['unknown-option', "The file's name asks for scale s, and the scales are n."],
    ])
    expect(file.defaultModel).toBe('yolo11n')
  })

  test('an unknown activation leaves shapes known and totals open', () => {
    const built = openModel(`activation: my.Act()\n${rows}`)
    expect(shapeOf(built.rows![0]!.output)).toEqual([1, 8, 320, 320])
    expect(built.totals.completeness).toBe('atLeast')
  })
})

describe('bounds', () => {
  test.each<[string, string]>([
    ['repeats of a plain module', '[-1, 1e9, Conv, [32]]'],
    ['repeats of a repeating module', '[-1, 1000000000, C2f, [32]]'],
    ['repeats among the arguments', '[-1, 1, RepNCSPELAN4, [32, 32, 32, 1000000000]]'],
    ['endless repeats', '[-1, .inf, Conv, [32]]'],
  ])('%s', (_, row) => {
    const built = openModel(backbone(STEM, row, '[0, 1, Conv, [8]]'))
    expect(built.problems).toHaveLength(1)
    expect(built.problems[0]!.message).toMatch(/at most 1000/)
    expect(shapeOf(built.rows![2]!.output)).toEqual([1, 8, 320, 320])
    expect(built.totals.completeness).toBe('atLeast')
  })

  test('huge and negative numbers are told and do not stop the rest', () => {
    for (const argument of ['1e300', '-5', '0', '99999999999', '.inf']) {
      const built = openModel(backbone(`[-1, 1, Conv, [${argument}, 3]]`, STEM))
      expect(built.problems.length).toBeGreaterThan(0)
      expect(built.rows).toHaveLength(2)
    }
  })

  test('a quarter of a million calls', () => {
    const built = openModel(backbone(...Array.from({ length: 250 }, () => '[-1, 1000, nn.ReLU, []]')))
    expect(built.graph.nodes.length).toBeLessThanOrEqual(200_000)
    expect(built.problems.map(p => p.code)).toEqual(['limit'])
  })
})
