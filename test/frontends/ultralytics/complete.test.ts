import { describe, expect, test } from 'vitest'
import { ultralytics } from '../../../src/frontends/ultralytics'
import { rowSignature } from '../../../src/frontends/ultralytics/complete'
import { MODULES } from '../../../src/frontends/ultralytics/modules'

/** What is offered at `$0`, and the text that the first offer of a label leaves. */
function offers(marked: string): { labels: string[]; take: (label: string) => string } {
  const offset = marked.indexOf('$0')
  const text = marked.replace('$0', '')
  const entries = ultralytics.complete!({ uri: 'file:///a.yaml', name: 'a.yaml', text }, offset)
  return {
    labels: entries.map(e => e.label),
    take: label => {
      const { span, insert } = entries.find(e => e.label === label)!
      return text.slice(0, span.start) + (insert ?? label) + text.slice(span.end)
    },
  }
}

describe('completion', () => {
  test('modules in the third place, also while the row is broken', () => {
    const { labels, take } = offers('nc: 1\nbackbone:\n  - [-1, 1, C2$0\n')
    expect(labels).toEqual(expect.arrayContaining(['Conv', 'C2f', 'nn.MaxPool2d', 'Detect', 'torchvision.ops.MLP']))
    expect(take('C2f')).toBe('nc: 1\nbackbone:\n  - [-1, 1, C2f\n')
    expect(offers('nc: 1\nbackbone:\n  - [[-1, 2], 1, nn.Max$0, [1]]\n').take('nn.MaxPool2d')).toContain(
      '1, nn.MaxPool2d, [1]]',
    )
  })

  test('earlier rows in the first place', () => {
    const { labels, take } = offers('nc: 1\nbackbone:\n  - [-1, 1, Conv, [8]]\n  - [-1, 1, C2f, [8]]\n  - [-$0\n')
    expect(labels).toEqual(['-1', '1', '0'])
    expect(take('0')).toContain('  - [0\n')
  })

  test('names among the arguments, keys at the margin, nothing elsewhere', () => {
    expect(offers('nc: 1\nbackbone:\n  - [-1, 1, Detect, [n$0]]\n').labels).toContain('nc')
    expect(offers('n$0\nbackbone:\n').labels).toEqual(expect.arrayContaining(['nc', 'scales', 'backbone', 'head']))
    expect(offers('nc: 1\nbackbone:\n  - [-1, $0\n').labels).toEqual([])
    expect(offers('nc: 1\nother:\n  - [-1, 1, $0\n').labels).toEqual([])
  })

  test.each([
    ['Conv', '[c2, k=1, s=1, p=None, g=1, d=1, act=True]'],
    ['C2f', '[c2, shortcut=False, g=1, e=0.5]'],
    ['SPPF', '[c2, k=5, n=3, shortcut=False]'],
    ['HGBlock', '[cm, c2, k=3, lightconv=False, shortcut=False]'],
    ['Segment', '[nc=80, nm=32, npr=256]'],
    [
      'RTDETRDecoder',
      '[nc=80, hd=256, nq=300, ndp=4, nh=8, ndl=6, d_ffn=1024, dropout=0.0, act=None, eval_idx=-1, nd=100, label_noise_ratio=0.5, box_noise_scale=1.0, learnt_init_query=False]',
    ],
    ['Index', '[c2, index=0]'],
    ['nn.BatchNorm2d', '[]'],
  ])('%s takes %s', (name, signature) => {
    expect(rowSignature(MODULES.get(name)!)).toBe(signature)
  })
})
