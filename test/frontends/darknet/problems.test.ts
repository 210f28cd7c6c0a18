import { describe, expect, test } from 'vitest'
import { net, openCfg, sectionsOf } from './open'

/** Checks the problems of a text whose places are marked with « and »: one problem a mark, in text order. */
function checkProblems(marked: string, ...expected: readonly string[]): void {
  const text = marked.replaceAll(/[«»]/g, '')
  const places = [...marked.matchAll(/«([^»]*)»/g)].map(match => match[1])
  const problems = [...openCfg(text).problems].sort((a, b) => a.span.start - b.span.start)
  expect(problems.map(p => `${p.severity} ${p.code}: ${p.message}`)).toEqual(expected)
  expect(problems.map(p => text.slice(p.span.start, p.span.end))).toEqual(places)
}

/** The whole text after the first fix of the only problem that has one. */
function fixed(text: string): { title: string; after: string } {
  const fixes = openCfg(text).problems.flatMap(problem => problem.fixes ?? [])
  expect(fixes).toHaveLength(1)
  const { span, newText } = fixes[0]!.edits[0]!
  return { title: fixes[0]!.title, after: text.slice(0, span.start) + newText + text.slice(span.end) }
}

const conv = (filters: number | string, more = ''): string =>
  `[convolutional]\nfilters=${filters}\nsize=3\npad=1\nactivation=leaky${more}`

describe('lines', () => {
  test('a file as editors of another system write it reads the same', () => {
    const text = net(3, 16, 16, conv(4), '[maxpool]\nsize=2\nstride=2')
    for (const other of [
      text.replaceAll('\n', '\r\n'),
      `\uFEFF${text}`,
      text.replaceAll('=', ' =\t'),
      text.trimEnd(),
    ]) {
      const opened = openCfg(other)
      expect(opened.problems).toEqual([])
      expect(sectionsOf(opened).get(1)!.output).toEqual([4, 8, 8])
    }
  })

  test('a bracket that is missing', () => {
    checkProblems(
      net(3, 16, 16, conv(4), '«[maxpool»\nsize=2\nstride=2'),
      'error syntax: [maxpool lacks its closing bracket.',
    )
    const { title, after } = fixed(net(3, 16, 16, '[maxpool # half\nsize=2'))
    expect(title).toBe('Add ]')
    expect(after).toBe(net(3, 16, 16, '[maxpool] # half\nsize=2'))
    expect(sectionsOf(openCfg(net(3, 16, 16, conv(4), '[maxpool\nsize=2\nstride=2'))).get(1)!.output).toEqual([4, 8, 8])
  })

  test('a header that is being typed leaves the hints below it as they are', () => {
    const below = '[route]\nlayers=0'
    for (const typed of ['[', '[c', '[con', '  [ con # here']) {
      const opened = openCfg(net(3, 16, 16, conv(4), '[maxpool]\nstride=2', typed, conv(8), below))
      expect(opened.problems.map(problem => problem.code)).toEqual(['syntax'])
      expect([2, 3].map(i => sectionsOf(opened).get(i)!.output)).toEqual([
        [8, 8, 8],
        [4, 16, 16],
      ])
      expect(opened.file.outline().map(item => item.name)).toEqual([
        'net',
        '0 convolutional',
        '1 maxpool',
        '2 convolutional',
        '3 route',
      ])
    }
  })

  test('what follows a header, stands before the first, or is no key=value', () => {
    checkProblems(
      `«width=4»\nheight=3\n${net(3, 16, 16, '[convolutional]« # first»\n«filters=»\n«size»')}`,
      'error syntax: Darknet expects a [net] section before the first option.',
      'warning syntax: Darknet takes the whole line as the name of the section; nothing may follow [convolutional].',
      'warning syntax: Darknet ignores this: filters= has no value.',
      'warning syntax: Darknet ignores this: this line is no key=value.',
    )
  })

  test('a file that begins with a layer', () => {
    checkProblems(
      '«[convolutional]»\nfilters=4',
      'error syntax: Darknet expects [net] as the first section and gets [convolutional].',
    )
  })
})

describe('the input', () => {
  test('sizes that are missing or are none', () => {
    checkProblems(
      '«[net]»\nwidth=«0»\nheight=«x»\n[convolutional]\nfilters=2',
      'error bad-argument: [net] gives no channels: the size of the input is not known.',
      'error bad-argument: [net] expects width to be a whole number from 1 and gets 0.',
      'error bad-argument: [net] expects height to be a whole number from 1 and gets x.',
    )
  })

  test('is overridden as a whole, by height and width, or as a vector', () => {
    const text = net(3, 16, 16, conv(4))
    expect(sectionsOf(openCfg(text, { input: [1, 20, 30] })).get(0)!.output).toEqual([4, 20, 30])
    expect(openCfg(text, { input: [1, 20, 30] }).totals.params).toBe(4 * 9 + 4)
    expect(openCfg(text, { input: [20, 30] }).inputs).toEqual([{ shape: [3, 20, 30] }])
    const dense = '[net]\ninputs=8\n[connected]\noutput=5'
    expect(openCfg(dense).totals.params).toBe(8 * 5 + 5)
    expect(openCfg(dense, { input: [10] }).totals.params).toBe(10 * 5 + 5)
  })

  test('without its size the params that do not depend on it are known', () => {
    const opened = openCfg('[net]\nchannels=3\n[convolutional]\nfilters=2\nsize=3')
    expect([opened.totals.params, opened.totals.completeness]).toEqual([3 * 9 * 2 + 2, 'atLeast'])
  })
})

describe('references', () => {
  test('to itself, forward, beyond either end', () => {
    checkProblems(
      net(3, 8, 8, conv(4), conv(4), '[route]\nlayers=«2», 0, «3»,«-3»', '[shortcut]\nfrom=«99»'),
      'error dangling-reference: [route] 2 takes layer 2, which is itself.',
      'error dangling-reference: [route] 2 takes layer 3, but only layers 0 to 1 come before it.',
      'error dangling-reference: [route] 2 takes layer -1 (-3), but only layers 0 to 1 come before it.',
      'error dangling-reference: [shortcut] 3 takes layer 99, but only layers 0 to 2 come before it.',
    )
    checkProblems(
      net(3, 8, 8, '[route]\nlayers=«-1»'),
      'error dangling-reference: [route] 0 takes layer -1 (-1), but no layer comes before it.',
    )
  })

  test('that are none', () => {
    checkProblems(
      net(3, 8, 8, conv(4), '«[route]»', '[route]\nlayers=-2,«conv»', '«[shortcut]»\nactivation=linear'),
      'error bad-argument: [route] 1 names no layers: layers= is missing, and Darknet stops here.',
      'error bad-argument: [route] 2 expects layers to be layer numbers and gets conv.',
      'error bad-argument: [shortcut] 3 names no layers: from= is missing, and Darknet stops here.',
    )
    const trailing = openCfg(net(3, 8, 8, conv(4), '[route]\nlayers=-1,'))
    expect(trailing.problems.map(p => p.message)).toEqual([
      '[route] 1 expects layers to be layer numbers and gets an empty entry, which Darknet reads as layer 0.',
    ])
  })

  test('maps of different sizes', () => {
    const down = '[maxpool]\nsize=2\nstride=2'
    const opened = openCfg(net(3, 16, 16, conv(4), down, '[route]\nlayers=-1,-2'))
    expect(opened.problems.map(p => [p.code, p.severity])).toEqual([['shape-mismatch', 'error']])
    expect(opened.problems[0]!.message).toContain('8×8 and 16×16')
    checkProblems(
      net(3, 16, 12, conv(4), down, '[shortcut]\nfrom=«-2»'),
      'info shape-mismatch: [shortcut] 2 adds maps of 8×6 and 16×12: pjreddie’s Darknet takes every n-th position, AlexeyAB’s stops here.',
    )
    checkProblems(
      net(3, 16, 12, conv(4), '[maxpool]\nstride_x=2\nsize=2', '[shortcut]\nfrom=«-2»'),
      'error shape-mismatch: [shortcut] 2 cannot add maps of 16×6 and 16×12.',
    )
    checkProblems(
      net(3, 16, 12, conv(4), conv(5), '[sam]\nfrom=«-2»', conv(4), '[scale_channels]\nfrom=«0»'),
      'error shape-mismatch: [sam] 2 cannot multiply 4×16×12 by 5×16×12.',
      'error shape-mismatch: [scale_channels] 4 cannot multiply 4×16×12 by 4×16×12.',
    )
  })

  test('groups that do not divide, parts that are not there', () => {
    checkProblems(
      net(3, 8, 8, conv(5), '[route]\nlayers=-1\ngroups=«2»', '[route]\nlayers=0\ngroups=5\ngroup_id=«5»'),
      'error groups-not-dividing: [route] 1: groups 2 does not divide 5 channels.',
      'error bad-argument: [route] 2 takes part 5 of 5, but the parts are 0 to 4.',
    )
  })

  test('shared weights', () => {
    checkProblems(
      net(3, 8, 8, conv(3), '[maxpool]', conv(3, '\nshare_index=«1»'), conv(4, '\nshare_index=«0»')),
      'error bad-argument: [convolutional] 2 shares the weights of [maxpool] 1, which is no convolution.',
      'error shape-mismatch: [convolutional] 3 (3×3 ?→4) cannot share the weights of [convolutional] 0 (3×3 3→3).',
    )
  })
})

describe('heads', () => {
  test('yolo: the filters before it, with both numbers and the right one as a fix', () => {
    const head = '[yolo]\nmask=0,1,2\nnum=6\nclasses=4'
    const text = net(3, 32, 32, conv('«255»'), head)
    checkProblems(
      text,
      'error shape-mismatch: [yolo] 1 expects 3 · (4 + 5) = 27 channels and gets 255 from [convolutional] 0.',
    )
    expect(fixed(text.replaceAll(/[«»]/g, ''))).toEqual({
      title: 'Set filters of [convolutional] 0 to 27',
      after: net(3, 32, 32, conv(27), head),
    })
  })

  test('region, Gaussian_yolo, iseg, and heads behind another layer', () => {
    checkProblems(
      net(3, 32, 32, conv('«30»'), '[region]\nnum=5\ncoords=4\nclasses=2'),
      'error shape-mismatch: [region] 1 expects 5 · (2 + 5) = 35 channels and gets 30 from [convolutional] 0.',
    )
    checkProblems(
      net(3, 32, 32, conv('«30»'), '[Gaussian_yolo]\nmask=1,2\nnum=3\nclasses=2'),
      'error shape-mismatch: [Gaussian_yolo] 1 expects 2 · (2 + 9) = 22 channels and gets 30 from [convolutional] 0.',
    )
    checkProblems(
      net(3, 32, 32, conv(30), '[maxpool]', '«[iseg]»\nclasses=2\nids=8'),
      'error shape-mismatch: [iseg] 2 expects 2 + 8 = 10 channels and gets 30 from [maxpool] 1.',
    )
  })

  test('detection: the values before it', () => {
    const text = net(3, 7, 7, '[connected]\noutput=«1470»', '[detection]\nside=7\ncoords=4\nnum=2\nclasses=2')
    checkProblems(
      text,
      'error shape-mismatch: [detection] 1 expects side² · ((coords + 1) · num + classes) = 7² · (5 · 2 + 2) = 588 values and gets 1470 from [connected] 0.',
    )
    expect(fixed(text.replaceAll(/[«»]/g, '')).after).toContain('output=588\n')
  })

  test('anchors that are not there', () => {
    checkProblems(
      net(3, 32, 32, conv(14), '[yolo]\nmask=2,«3»\nnum=3\nclasses=2'),
      'info bad-argument: [yolo] 1 uses anchor 3, but num=3 gives anchors 0 to 2.',
    )
  })
})

describe('names', () => {
  test('a layer that Darknet does not know', () => {
    const text = net(3, 8, 8, conv(4), '[convolutionl]\nfilters=8', '[route]\nlayers=0')
    checkProblems(
      text.replace('[convolutionl]', '«[convolutionl]»'),
      'warning unknown-layer: Darknet has no [convolutionl] layer. Did you mean [convolutional]?',
    )
    expect(fixed(text).after).toBe(text.replace('convolutionl', 'convolutional'))
    const opened = openCfg(text)
    expect(opened.totals.completeness).toBe('atLeast')
    expect(sectionsOf(opened).get(1)!.output).toBeNull()
    expect(sectionsOf(opened).get(2)!.output).toEqual([4, 8, 8])
    checkProblems(net(3, 8, 8, '«[attention]»'), 'warning unknown-layer: Darknet has no [attention] layer.')
  })

  test('keys that Darknet does not read, and keys given twice', () => {
    checkProblems(
      net(3, 8, 8, '[convolutional]\nfilters=4\n«fliters»=8\n«weight_decay»=0\nsize=1\n«size»=3\n«filters»=4'),
      'info unknown-option: Darknet does not read fliters in [convolutional]. Did you mean filters?',
      'hint unknown-option: Darknet does not read weight_decay in [convolutional].',
      'info duplicate-name: Darknet takes the first size=1; this one has no effect.',
      'hint duplicate-name: Darknet takes the first filters=4; this one has no effect.',
    )
  })

  test('words', () => {
    checkProblems(
      net(3, 8, 8, '[convolutional]\nactivation=«leeky»', '[shortcut]\nfrom=-1\nweights_type=«each»'),
      'warning bad-argument: [convolutional] 0: Darknet knows no activation leeky. Did you mean leaky?',
      'error bad-argument: [shortcut] 1: Darknet knows no weights_type each.',
    )
  })
})

describe('numbers', () => {
  test.each([
    ['filters', 'abc', 'error bad-argument: [convolutional] 0 expects filters to be a whole number and gets abc.'],
    ['filters', 'NaN', 'error bad-argument: [convolutional] 0 expects filters to be a whole number and gets NaN.'],
    [
      'filters',
      '9'.repeat(30),
      `error bad-argument: [convolutional] 0 expects filters to be a whole number and gets ${'9'.repeat(30)}.`,
    ],
    ['filters', '-4', 'error bad-argument: [convolutional] 0 expects filters to be a whole number from 1 and gets -4.'],
    ['size', '0', 'error bad-argument: [convolutional] 0 expects size to be a whole number from 1 and gets 0.'],
    ['stride', '1.5', 'warning bad-argument: Darknet reads stride as 1: it takes whole numbers, not 1.5.'],
    [
      'size',
      '99',
      'error kernel-too-large: Kernel 99 is larger than the padded input 8: [convolutional] 0 gets N×3×8×8 from the input image.',
    ],
  ])('%s=%s', (key, value, message) => {
    checkProblems(net(3, 8, 8, `[convolutional]\n${key}=«${value}»`), message)
  })

  test('what cannot be read is unknown, never 0, and the rest stays known', () => {
    const opened = openCfg(net(3, 8, 8, conv(4), conv('x'), conv(8), '[route]\nlayers=0', conv(2)))
    const made = sectionsOf(opened)
    expect(made.get(1)!.output).toEqual([null, 8, 8])
    expect(made.get(2)!.output).toEqual([8, 8, 8])
    expect(made.get(2)!.params).toBeNaN()
    expect(made.get(4)).toMatchObject({ output: [2, 8, 8], params: 4 * 9 * 2 + 2 })
  })

  test('a half-typed value costs its own layer and what follows it, no false mismatch', () => {
    const opened = openCfg(net(3, 32, 32, conv(''), '[yolo]\nmask=0\nclasses=2\nnum=1'))
    expect(opened.problems.map(p => [p.severity, p.code])).toEqual([['warning', 'syntax']])
  })

  test('a layer that needs an image', () => {
    checkProblems(
      net(3, 8, 8, '[connected]\noutput=4', '[softmax]', '«[convolutional]»\nfilters=2'),
      'error shape-mismatch: [convolutional] 2 needs an image and gets a list of numbers, N×4 from [softmax] 1.',
    )
  })

  test('strides of nothing, parts larger than the image', () => {
    checkProblems(
      net(3, 8, 8, '[upsample]\nstride=«0»', '[reorg]\nstride=«-2»'),
      'error bad-argument: [upsample] 0 expects stride to be a number other than 0.',
      'error bad-argument: [reorg] 1 expects stride to be a whole number from 1 and gets -2.',
    )
    checkProblems(
      net(3, 8, 8, '[crop]\ncrop_height=«9»\ncrop_width=8'),
      'warning shape-mismatch: [crop] 0 cuts 9 out of 8: crop_height is larger than its input.',
    )
  })
})
