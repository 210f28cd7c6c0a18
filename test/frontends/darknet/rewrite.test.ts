import { describe, expect, test } from 'vitest'
import { type Asked, everyRewriting, filesOf, layersOf, opened, rewritten, textAfter } from '../rewriting'
import { net } from './open'

const conv = (filters: number, ...more: readonly string[]): string =>
  [
    '[convolutional]',
    'batch_normalize=1',
    `filters=${filters}`,
    'size=3',
    'stride=2',
    'pad=1',
    ...more,
    'activation=leaky',
  ].join('\n')

/** Rewrites section 1 of a text, or that of another path. */
const changed = (text: string, asked: Partial<Asked> = {}, path = '1.conv'): string =>
  textAfter(text, path, { form: 'reduce', between: 'nothing', ...asked }, 'net.cfg')

const small = (filters: number, activation: string, more: readonly string[] = []): string =>
  ['[convolutional]', ...more, `filters=${filters}`, 'size=1', 'stride=1', 'pad=1', `activation=${activation}`].join(
    '\n',
  )

describe('sections are put before the one that stands there', () => {
  const text = net(3, 64, 64, conv(64), `# Down again.\n${conv(128)}`, '[maxpool]\nsize=2\nstride=2')
  const around = (...sections: readonly string[]): string =>
    net(3, 64, 64, conv(64), `# Down again.\n${sections.join('\n\n')}`, '[maxpool]\nsize=2\nstride=2')
  const wide = (filters: number, activation: string, more: readonly string[] = [], groups: readonly string[] = []) =>
    [
      '[convolutional]',
      ...more,
      `filters=${filters}`,
      ...groups,
      'size=3',
      'stride=2',
      'pad=1',
      `activation=${activation}`,
    ].join('\n')
  const norm = ['batch_normalize=1']

  test('reduce', () => {
    expect(changed(text)).toBe(around(small(16, 'linear'), conv(128)))
    expect(changed(text, { between: 'norm' })).toBe(around(small(16, 'leaky', norm), conv(128)))
  })

  test('bottleneck', () => {
    expect(changed(text, { form: 'bottleneck' })).toBe(
      around(small(16, 'linear'), wide(16, 'linear'), small(128, 'leaky', norm)),
    )
    expect(changed(text, { form: 'bottleneck', between: 'norm' })).toBe(
      around(small(16, 'leaky', norm), wide(16, 'leaky', norm), small(128, 'leaky', norm)),
    )
  })

  test('expand', () => {
    expect(changed(text, { form: 'expand' })).toBe(around(wide(16, 'linear'), small(128, 'leaky', norm)))
  })

  test('separable', () => {
    expect(changed(text, { form: 'separable' })).toBe(
      around(wide(64, 'linear', [], ['groups=64']), small(128, 'leaky', norm)),
    )
    expect(changed(text, { form: 'separable', between: 'norm' })).toBe(
      around(wide(64, 'leaky', norm, ['groups=64']), small(128, 'leaky', norm)),
    )
  })
})

test('whoever names a layer behind the new ones names it still', () => {
  const sections = (...numbers: readonly string[]): string[] => [
    conv(64),
    conv(64, 'dilation=1'),
    '[convolutional]\nfilters=64\nsize=3\npad=1\nactivation=linear',
    `[shortcut]\nfrom=${numbers[0]}\nactivation=linear`,
    `[route]\nlayers = ${numbers[1]}   # three of them`,
    '[convolutional]\nfilters=64\nsize=1\nactivation=logistic',
    `[route]\nlayers=${numbers[2]}`,
    `[sam]\nfrom=${numbers[3]}`,
    '[avgpool]',
    '[convolutional]\nfilters=64\nsize=1\nactivation=logistic',
    `[scale_channels]\nfrom=${numbers[4]}`,
    `[convolutional]\nfilters=64\nsize=1\nshare_index=${numbers[5]}\nactivation=linear`,
  ]
  const before = net(3, 64, 64, ...sections('-2', '-1, 1,-3', '-2', '3', '7', '9'))
  // One section more before section 1: −2 of section 3 leads to 1, which moves along; −3 of 4 as well; all counted
  // from the start move by one, and the route to section 4 is a number back that crosses nothing.
  const [first, second, ...rest] = sections('-2', '-1, 2,-3', '-2', '4', '8', '10')
  const reduced = '[convolutional]\nfilters=16\nsize=1\nstride=1\npad=1\nactivation=linear'
  expect(changed(before)).toBe(net(3, 64, 64, first!, reduced, second!, ...rest))
})

test('a number back that leads over the new sections counts them', () => {
  const sections = (from: string): string[] => [
    conv(64),
    '[convolutional]\nfilters=64\nsize=3\npad=1\nactivation=linear',
    `[shortcut]\nfrom=${from}\nactivation=linear`,
  ]
  const lines = changed(net(3, 64, 64, ...sections('-2')), { form: 'bottleneck' })
  expect(lines).toContain('from=-4\n')
  expect(changed(net(3, 64, 64, ...sections('0')), { form: 'bottleneck' })).toContain('from=0\n')
})

describe('style', () => {
  test('blanks around =, indentation, line ends, no blank lines, the short name', () => {
    const text =
      '[net]\r\nwidth = 64\r\nheight = 64\r\nchannels = 16\r\n[conv]\r\n  filters = 32 # many\r\n  size = 3\r\n  activation = relu\r\n[maxpool]\r\n  size = 2\r\n'
    expect(changed(text, { form: 'bottleneck' }, '0.conv')).toBe(
      text.replace(
        '[conv]\r\n  filters = 32 # many\r\n  size = 3\r\n',
        '[conv]\r\n  filters = 8\r\n  size = 1\r\n  activation = linear\r\n[conv]\r\n  filters = 8\r\n  size = 3\r\n  activation = linear\r\n[conv]\r\n  filters = 32 # many\r\n  size = 1\r\n',
      ),
    )
  })

  test('what describes a window goes from a 1×1 in its place; comments and all else stay', () => {
    const text = net(
      16,
      64,
      64,
      '[convolutional]\n# The stem.\nfilters=32\nsize=3\nstride_x=2\n  padding=1\ndilation=1\nlearning_rate=.5\nactivation=mish # smooth',
      '[avgpool]',
    )
    expect(changed(text, { form: 'expand' }, '0.conv')).toBe(
      net(
        16,
        64,
        64,
        '[convolutional]\nfilters=8\nsize=3\nstride_x=2\n  padding=1\ndilation=1\nlearning_rate=.5\nactivation=linear',
        '[convolutional]\n# The stem.\nfilters=32\nsize=1\nlearning_rate=.5\nactivation=mish # smooth',
        '[avgpool]',
      ),
    )
  })

  test('a linear convolution has the activation between that the file has', () => {
    const head = '[convolutional]\nsize=3\npad=1\nfilters=24\nactivation=linear'
    const text = net(16, 64, 64, '[convolutional]\nfilters=32\nsize=1\nactivation=swish', head)
    expect(changed(text, { between: 'norm' })).toBe(
      net(
        ...([16, 64, 64] as const),
        '[convolutional]\nfilters=32\nsize=1\nactivation=swish',
        '[convolutional]\nbatch_normalize=1\nsize=1\npad=1\nfilters=8\nactivation=swish',
        head,
      ),
    )
  })
})

test('a convolution without batch normalization has a bias in Darknet, so each such step costs its width in params', () => {
  const text = net(64, 16, 16, conv(8), conv(128))
  const file = opened(text, 'net.cfg')
  const group = file.groups.find(({ paths }) => paths.includes('1.conv')) ?? file.groups[0]!
  const outcome = rewritten(file, group, { form: 'reduce', between: 'nothing', width: 8 })
  if ('refused' in outcome) throw new Error(outcome.refused)
  expect(outcome.differs).toBeNull()
  expect(layersOf(outcome.model).filter(layer => layer.startsWith('conv'))).toContain('conv2d 8→8 1×1 N×8×8×8')
  const added = 8 * 8 + 8
  expect(outcome.model.totals.params - file.model.totals.params).toBe(added)
})

describe('refused', () => {
  const shared = net(16, 64, 64, conv(16), conv(16, 'share_index=0'))

  test.each([
    [shared, '0.conv', {}, 'Layer 1 uses its weights.'],
    [shared, '1.conv', {}, 'It uses the weights of another layer.'],
    [
      net(16, 64, 64, conv(16, 'antialiasing=1')),
      '0.conv',
      { form: 'expand' },
      'Its antialiasing blurs behind the activation.',
    ],
    [net(16, 64, 64, conv(16, 'xnor=1')), '0.conv', { form: 'separable' }, 'With xnor it has no groups.'],
    [net(16, 64, 64, '[crnn]\noutput_filters=32\nhidden_filters=32'), '0.input', {}, 'It is built inside [crnn].'],
  ] as const)('%#', (text, path, asked, sentence) => {
    const file = opened(text, 'net.cfg')
    const group = file.groups.find(({ paths }) => paths.some(one => one.startsWith(path)))!
    const outcome = rewritten(file, group, { form: 'reduce', between: 'nothing', ...asked })
    expect('refused' in outcome && outcome.refused).toBe(sentence)
  })
})

const folders = ['../../fixtures/darknet/', '../../../../shared/corpora/darknet/']

test.each(folders)(
  'every place of every file with forms in turn, %s',
  folder => {
    for (const { name, text } of filesOf(new URL(folder, import.meta.url), /\.cfg$/)) {
      expect(everyRewriting(text, name.split('/').at(-1)!).wrong).toEqual([])
    }
  },
  180_000,
)
