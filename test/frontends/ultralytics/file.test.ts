import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ultralytics } from '../../../src/frontends/ultralytics'
import { backbone, openModel, rowParams, shapeOf } from './open'

const SCALES = 'nc: 7\nscales:\n  n: [0.5, 0.25, 1024]\n  s: [0.5, 0.5, 1024]\n'
const STEM = '[-1, 1, Conv, [64, 3, 2]]'
const scaled = `${SCALES}backbone:\n  - ${STEM}\n`

describe('what is a model file', () => {
  test.each<[string, boolean]>([
    [backbone(STEM), true],
    [scaled, true],
    ['\uFEFFnc: 1\r\nbackbone:\r\n  - [-1, 1, Conv, [8]]\r\n', true],
    [
      'nc: 80\nbackbone:\n  [[-1, 1, Conv, [32, 3, 1]],\n   [-1, 1, Conv, [64, 3, 2]],\n  ]\nhead:\n  [[-1, 1, Conv, [8]],\n  ]\n',
      true,
    ],
    ['nc: 80\nbackbone:\nhead:\n', true],
    ['backbone:\n  - [[-1, 0], 1, "Concat", [1]]\n', true],
    ['input_size: [32, 32]\ninput_channel: 3\nbackbone:\n  [\n    [-1, 1, Conv, [8, 3, 2]],\n  ]\n', false],
    ['version: 3\nservices:\n  web: [1, 2, 3]\n', false],
    ['layers:\n  - type: Conv2d\n    out_channels: 8\n', false],
    ['model:\n  backbone:\n    type: ResNet\n    depth: 50\n', false],
    ['backbone: resnet50\nhead: fpn\n', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(ultralytics.detect({ uri: 'file:///a.yaml', name: 'a.yaml', text })).toBe(expected)
  })
})

describe('models', () => {
  test.each<[file: string, names: string[], chosen: string]>([
    ['yolov8.yaml', ['yolov8n', 'yolov8s'], 'yolov8n'],
    ['yolov8-p2.yaml', ['yolov8n-p2', 'yolov8s-p2'], 'yolov8n-p2'],
    ['yolo11s.yaml', ['yolo11n', 'yolo11s'], 'yolo11s'],
    ['yolo11s-seg.yml', ['yolo11n-seg', 'yolo11s-seg'], 'yolo11s-seg'],
    ['yoloe-26.yaml', ['yoloe-26n', 'yoloe-26s'], 'yoloe-26n'],
    ['mine.yaml', ['mine-n', 'mine-s'], 'mine-n'],
  ])('%s', (name, names, chosen) => {
    const { file } = openModel(scaled, { name })
    expect(file.models.map(m => m.name)).toEqual(names)
    expect(file.defaultModel).toBe(chosen)
    expect(file.models.every((m, i) => m.aliases.includes('ns'[i]!))).toBe(true)
    expect(file.models.map(m => scaled.slice(m.span.start, m.span.end))).toEqual(['n', 's'])
  })

  test('a file without scales is one model of its own name', () => {
    expect(openModel(backbone(STEM), { name: 'yolov9c.yaml' }).file.models.map(m => m.name)).toEqual(['yolov9c'])
  })

  test('a file of one scale keeps its name', () => {
    const one = scaled.replace('  s: [0.5, 0.5, 1024]\n', '')
    expect(openModel(one, { name: 'rtdetr-l.yaml' }).file.models.map(m => m.name)).toEqual(['rtdetr-l'])
    expect(openModel(one, { name: 'yolov10n.yaml' }).file.models.map(m => m.name)).toEqual(['yolov10n'])
  })

  test('scales stretch channels', () => {
    expect(['n', 's'].map(model => shapeOf(openModel(scaled, { model }).rows![0]!.output))).toEqual([
      [1, 16, 320, 320],
      [1, 32, 320, 320],
    ])
  })

  test('no rows, no models', () => {
    expect(openModel('nc: 80\nbackbone:\nhead:\n').file.models).toEqual([])
  })
})

describe('inputs', () => {
  test('are 640×640, 224×224 for classification, and have as many channels as the file says', () => {
    expect(openModel(backbone(STEM)).inputs).toEqual([{ shape: [3, 640, 640] }])
    expect(openModel(`ch: 4\n${backbone(STEM)}`).inputs).toEqual([{ shape: [4, 640, 640] }])
    expect(openModel(`${backbone(STEM)}head:\n  - [-1, 1, Classify, [nc]]\n`).inputs).toEqual([
      { shape: [3, 224, 224] },
    ])
  })

  test('may be chosen, the channels too', () => {
    const built = openModel(backbone(STEM), { input: [1, 100, 50] })
    expect(built.inputAssumed).toBe(false)
    expect([shapeOf(built.rows![0]!.output), rowParams(built.graph, built.rows![0]!)]).toEqual([
      [1, 64, 50, 25],
      64 * 9 + 128,
    ])
  })
})

test('sizes that are not known leave params and channels known', () => {
  const text = backbone(STEM, '[-1, 1, SPPF, [64, 5]]', '[-1, 1, C2PSA, [64]]'.replaceAll('64', '128')).replace(
    'SPPF, [64',
    'SPPF, [128',
  )
  const [known, open] = [openModel(text), openModel(text, { input: [3, null, null] })]
  expect(open.problems).toEqual([])
  expect(open.totals.params).toBe(known.totals.params)
  expect(open.totals.completeness).toBe('atLeast')
  expect(shapeOf(open.rows!.at(-1)!.output)).toEqual([1, 128, null, null])
})

describe('places', () => {
  test('hints stand before a trailing comment', () => {
    const text = backbone(`${STEM} # stem`, '[-1, 1, # two lines\n     Conv, [8]]', '[-1, 1, Conv, [8]]')
    const anchors = openModel(text)
      .graph.scopes.filter(s => s.parent === null)
      .map(s => s.origin.site.anchor)
    expect(anchors.map(at => text.slice(0, at).split('\n').at(-1))).toEqual([
      `  - ${STEM}`,
      '  - [-1, 1,',
      '  - [-1, 1, Conv, [8]]',
    ])
  })

  test('hints of flow lists stand behind what closes the row', () => {
    const text = `nc: 1\nbackbone:\n  [${STEM}, # stem\n   [-1, 1, Conv, [8]] , \n   [-1, 1, Conv, [8]]]\n`
    const anchors = openModel(text)
      .graph.scopes.filter(s => s.parent === null)
      .map(s => s.origin.site.anchor)
    expect(anchors.map(at => text.slice(at).split('\n')[0])).toEqual([' # stem', ' ', ''])
  })

  test('every number of from leads to its row', () => {
    const text = backbone(STEM, '[0, 1, Conv, [64]]', '[[-1, 0], 1, Concat, [1]]')
    const links = openModel(text).graph.links.map(l => [
      text.slice(l.span.start, l.span.end),
      text.slice(l.target.start, l.target.end),
    ])
    expect(links).toEqual([
      ['0', STEM],
      ['-1', '[0, 1, Conv, [64]]'],
      ['0', STEM],
    ])
  })

  test('module paths are those of the framework', () => {
    const built = openModel(backbone(STEM, '[-1, 2, C2f, [64, True]]', '[-1, 2, Conv, [64]]'))
    const paths = built.graph.nodes.filter(node => node.op === 'conv2d').map(node => node.origin.path)
    expect(paths).toEqual([
      'model.0.conv',
      'model.1.cv1.conv',
      'model.1.m.0.cv1.conv',
      'model.1.m.0.cv2.conv',
      'model.1.m.1.cv1.conv',
      'model.1.m.1.cv2.conv',
      'model.1.cv2.conv',
      'model.2.0.conv',
      'model.2.1.conv',
    ])
  })

  test('the outline has the sections and their rows', () => {
    const text = `${backbone(STEM, '[-1, 1,')}head:\n  - [-1, 1, Conv, [nc, 1]]\n`
    const items = openModel(text).file.outline()
    expect(items.map(s => [s.name, s.children.map(c => [c.name, c.detail])])).toEqual([
      [
        'backbone',
        [
          ['0 Conv', '64, 3, 2'],
          ['1', ''],
        ],
      ],
      ['head', [['2 Conv', '"nc", 1']]],
    ])
  })
})

describe('broken files', () => {
  const rows = [
    STEM,
    '[-1, 2, C2f, [64, True]]',
    '[[-1, 0], 1, Concat, [1]]',
    '[-1, 1, nn.Upsample, [None, 2, nearest]]',
  ]
  const whole = `${SCALES}backbone:\n${rows.map(r => `  - ${r}\n`).join('')}head:\n  - [[0, 3], 1, Detect, [nc]]\n`

  test.each([1, 2, 3, 4, 5, 8, 12])('row 1 cut after %i characters costs only that row', length => {
    const text = whole.replace(rows[1]!, rows[1]!.slice(0, length))
    const shapes = openModel(text).rows!.map(row => shapeOf(row.output))
    expect(shapes).toHaveLength(5)
    expect(shapes[0]).toEqual([1, 16, 320, 320])
    expect(shapes[1]).toBeNull()
  })

  test('any text, any cut and any change is read without an exception, in bounded time', () => {
    const pieces = [
      '[',
      ']',
      '{',
      '&a ',
      '*a',
      '-1',
      '1e9',
      '.nan',
      'None',
      ', ',
      ': ',
      '\n',
      '  - ',
      '"',
      "'",
      '#',
      '- [*a, 1, Conv, [8]]',
    ]
    const change = fc.record({
      at: fc.nat(whole.length),
      cut: fc.nat(30),
      put: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })),
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), changes => {
        const text = changes.reduce((t, { at, cut, put }) => t.slice(0, at) + put + t.slice(at + cut), whole)
        ultralytics.detect({ uri: 'file:///a.yaml', name: 'a.yaml', text })
        const built = openModel(text, { name: 'yolo11n.yaml' })
        built.file.outline()
        for (const { span } of built.problems) expect(span.start).toBeLessThanOrEqual(span.end)
      }),
      { numRuns: 400 },
    )
  })

  test('aliases of aliases of rows', () => {
    const bomb = Array.from({ length: 20 }, (_, i) => `x${i + 1}: &x${i + 1} [*x${i}, *x${i}, *x${i}, *x${i}]\n`).join(
      '',
    )
    const started = Date.now()
    const built = openModel(
      `x0: &x0 [-1, 1, Conv, [8]]\n${bomb}nc: *x20\nbackbone:\n  - *x0\n  - *x20\n  - [-1, 1, *x20, *x20]\n`,
    )
    expect(shapeOf(built.rows![0]!.output)).toEqual([1, 8, 640, 640])
    expect(Date.now() - started).toBeLessThan(2000)
  })

  test('a later edit reuses what did not change and gives the same', () => {
    const source = { uri: 'file:///a.yaml', name: 'a.yaml', text: whole }
    const first = ultralytics.open(source)
    const edited = whole.replace('[64, True]', '[128, True]')
    const again = ultralytics.open({ ...source, text: edited }, first)
    const shapes = (file: typeof again) =>
      file.build({ model: file.models[0]!.name, inputs: [] }).rows!.map(r => shapeOf(r.output))
    expect(shapes(again)).toEqual(shapes(ultralytics.open({ ...source, text: edited })))
  })
})
