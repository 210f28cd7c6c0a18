/** What the editor asks for: detection, outline, links, completion. */
import { describe, expect, test } from 'vitest'
import { darknet } from '../../../src/frontends/darknet'
import { layerTypes } from '../../../src/frontends/darknet/layers'
import { net, openCfg } from './open'

const detects = (text: string, name = 'a.cfg', languageId?: string): boolean =>
  darknet.detect({ uri: `file:///${name}`, name, text, ...(languageId ? { languageId } : {}) })

describe('detection is by content', () => {
  test.each([
    ['a network', '# comment\n\n [net]\nwidth=4\n[convolutional]\n'],
    ['one with another name', '[network]\r\nbatch=1\r\n'],
    ['one that begins with its layers', '[convolutional]\nfilters=3\n'],
    ['one in capitals of its own', '[net]\n[Gaussian_yolo]\n'],
  ])('%s', (_, text) => {
    expect(detects(text)).toBe(true)
  })

  test.each([
    ['an empty file', ''],
    ['a package’s settings', '[metadata]\nname = net\n[options]\nzip_safe = no\n'],
    ['the network section of another program', '[network]\nhost = example\n[cache]\nsize = 3\n'],
    ['a section of a network with a local part', '[network]\nhost = example\n[local]\nsize = 3\n'],
    ['a YAML list', '- [net]\n- [convolutional]\n'],
    ['layers with names that other programs have too', '[local]\npath=x\n[cost]\nmax=3\n'],
  ])('not %s', (_, text) => {
    expect(detects(text)).toBe(false)
  })

  test('a network under any name, another program’s file never, one that is begun by the editor’s word', () => {
    expect(detects('[net]\n[convolutional]\n', 'net.txt')).toBe(true)
    expect(detects('[net]\nretry = 2\ngit-fetch-with-cli = true\n', 'config.toml')).toBe(false)
    expect(detects('[ne', 'net.txt', 'darknet-cfg')).toBe(true)
    expect(detects('[train]\nepochs = 3\n', 'resnet.cfg', 'darknet-cfg')).toBe(false)
    expect(detects('[convolutional]\n', 'resnet.cfg', 'darknet-cfg')).toBe(true)
  })
})

test('the outline numbers the layers as references do', () => {
  const text = net(
    3,
    64,
    48,
    '[convolutional]\nfilters=8\nsize=3\nstride=2',
    '[route]\nlayers=-1,0',
    '[yolo]\nclasses=2',
  )
  const outline = openCfg(text).file.outline()
  expect(outline.map(({ name, detail }) => `${name} ${detail}`)).toEqual([
    'net 3×64×48',
    '0 convolutional 3×3 8 /2',
    '1 route -1,0',
    '2 yolo 2 classes',
  ])
  const { span, nameSpan } = outline[1]!
  expect(text.slice(span.start, span.end)).toBe('[convolutional]\nfilters=8\nsize=3\nstride=2')
  expect(text.slice(nameSpan.start, nameSpan.end)).toBe('[convolutional]')
})

test('every number of a reference leads to the header that it names', () => {
  const text = net(
    3,
    8,
    8,
    '[conv]\n# a',
    '[maxpool]\n# b',
    '[route]\nlayers = -1, 0',
    '[shortcut]\nfrom=-3,1',
    '[sam]\nfrom=2',
  )
  const { graph } = openCfg(text)
  const at = (start: number, end: number): string => text.slice(start, end)
  expect(graph.links.map(({ span, target }) => [at(span.start, span.end), at(target.start, target.end)])).toEqual([
    ['-1', '[maxpool]'],
    ['0', '[conv]'],
    ['-3', '[conv]'],
    ['1', '[maxpool]'],
    ['2', '[route]'],
  ])
})

/** Labels of what is offered at `$0`, and the text after the first. */
function complete(fixture: string): { labels: string[]; after: string } {
  const offset = fixture.indexOf('$0')
  const text = fixture.slice(0, offset) + fixture.slice(offset + 2)
  const entries = darknet.complete!({ uri: 'file:///a.cfg', name: 'a.cfg', text }, offset)
  const [first] = entries
  const after = first && text.slice(0, first.span.start) + (first.insert ?? first.label) + text.slice(first.span.end)
  return { labels: entries.map(entry => entry.label), after: after ?? text }
}

describe('completion', () => {
  test('sections behind a bracket, in place of what is there', () => {
    const { labels, after } = complete('[net]\n  [con$0')
    expect(labels).toEqual(['[net]', ...layerTypes.map(({ names }) => `[${names[0]}]`)])
    expect(after).toBe('[net]\n  [net]')
    expect(complete('[net]\n[con$0vol] # x\nfilters=3').after).toBe('[net]\n[net] # x\nfilters=3')
  })

  test('keys of the section that are not given yet, above or below', () => {
    const { labels, after } = complete(
      '[net]\n[shortcut]\nactivation=linear\nfr$0\nweights_type=none\n[route]\nlayers=1',
    )
    expect(labels).toEqual(expect.arrayContaining(['from', 'weights_normalization', 'stopbackward']))
    expect(labels).not.toEqual(expect.arrayContaining(['activation']))
    expect(labels).not.toEqual(expect.arrayContaining(['weights_type']))
    expect(labels).not.toContain('layers')
    expect(after).toBe('[net]\n[shortcut]\nactivation=linear\nfrom=\nweights_type=none\n[route]\nlayers=1')
  })

  test('keys of [net], sections on an empty line, nothing in a comment', () => {
    expect(complete('[net]\nwid$0').labels).toContain('width')
    expect(complete('[net]\n$0').labels).toEqual(expect.arrayContaining(['height', '[convolutional]']))
    expect(complete('$0').labels).toContain('[net]')
    expect(complete('[net]\n# wid$0').labels).toEqual([])
    expect(complete('[nothing]\nwid$0').labels).toEqual([])
  })

  test('words that Darknet knows, switches, earlier layers', () => {
    expect(complete('[net]\n[conv]\nactivation=le$0').labels).toEqual(
      expect.arrayContaining(['leaky', 'mish', 'linear']),
    )
    expect(complete('[net]\n[conv]\nactivation = x$0yz').after).toBe('[net]\n[conv]\nactivation = linear')
    expect(complete('[net]\n[conv]\nbatch_normalize=$0').labels).toEqual(['0', '1'])
    const near = complete('[net]\n[conv]\n[maxpool]\n[route]\nlayers=-2, $0')
    expect(near).toEqual({ labels: ['-1', '-2'], after: '[net]\n[conv]\n[maxpool]\n[route]\nlayers=-2, -1' })
  })
})
