import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { darknet } from '../../../src/frontends/darknet'
import { net, openCfg } from './open'

const codes = (text: string): string[] => openCfg(text).problems.map(problem => problem.code)

describe('whatever is in a file', () => {
  const upstream = readdirSync('test/fixtures/darknet/upstream')
    .map(name => readFileSync(`test/fixtures/darknet/upstream/${name}`, 'utf8'))
    .filter(text => text.length < 6000)

  /** Takes out, doubles, or puts in at a place. */
  const mutation = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(40),
    insert: fc.oneof(
      fc.constantFrom(
        '[',
        ']',
        '=',
        ',',
        '-',
        '#',
        '\n',
        '\r',
        '\u0000',
        '[route]\nlayers=',
        'size=-3\n',
        'groups=0\n',
      ),
      fc.constantFrom('stride=0\n', 'filters=1e9\n', '99999999999', 'NaN', '\nstride_x=2\n', 'share_index=', 'from=\n'),
      fc.constantFrom(...[...new Set(upstream.flatMap(text => text.split('\n')))]),
      fc.string({ maxLength: 12 }),
    ),
  })

  test('reading, building, outline and completion never throw, and spans lie inside', () => {
    fc.assert(
      fc.property(fc.constantFrom(...upstream), fc.array(mutation, { maxLength: 6 }), (original, mutations) => {
        let text = original
        for (const { at, length, insert } of mutations) {
          const start = Math.floor(at * text.length)
          text = text.slice(0, start) + insert + text.slice(start + length)
        }
        const { file, problems, graph, totals } = openCfg(text)
        for (const { span } of [...problems, ...graph.links, ...file.outline()]) {
          expect(0 <= span.start && span.start <= span.end && span.end <= text.length).toBe(true)
        }
        for (const total of [totals.params, totals.macs, totals.activations]) expect(total).toBeGreaterThanOrEqual(0)
        const source = { uri: 'file:///a.cfg', name: 'a.cfg', text }
        darknet.detect(source)
        for (const { at } of mutations) darknet.complete!(source, Math.floor(at * text.length))
      }),
      { numRuns: 150 },
    )
  })

  test('any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        openCfg(text).file.outline()
        openCfg(`[net]\n[${text}]\n${text}=${text}\n[route]\nlayers=${text}`)
      }),
    )
  })
})

describe('bounds are told', () => {
  test('sections', () => {
    const opened = openCfg(`[net]\nwidth=8\nheight=8\nchannels=3\n${'[dropout]\n'.repeat(60_000)}`)
    expect(opened.problems.map(problem => problem.code)).toEqual(['limit'])
    expect(opened.graph.nodes).toHaveLength(49_999)
  })

  test('characters', () => {
    const text = net(3, 8, 8, `[convolutional]\nfilters=4\n${'# nothing\n'.repeat(500_000)}[maxpool]`)
    expect(codes(text)).toEqual(['limit'])
    expect(openCfg(text).graph.nodes).toHaveLength(2)
    expect(codes(net(3, 8, 8, `[convolutional]\n${'activation=leaky\n'.repeat(300_000)}`)).at(-1)).not.toBe('syntax')
    expect(codes('filters'.repeat(1_000_000))).toEqual(['limit'])
  })

  test('entries of one list', () => {
    const text = net(3, 8, 8, '[dropout]', `[route]\nlayers=${'-1,'.repeat(2000)}-1`)
    expect(codes(text)).toEqual(['limit'])
    expect(openCfg(text).graph.outputs[0]!.shape).toBeNull()
  })

  test('problems', () => {
    const wrong = openCfg(net(3, 8, 8, 'x\n'.repeat(5000), '[route]\nlayers=9\ny=1\n'.repeat(5000)))
    expect(wrong.problems.length).toBeLessThan(3000)
  })

  test('sizes that no computer holds are unknown', () => {
    const opened = openCfg(
      net(3, 2_000_000_000, 2_000_000_000, '[upsample]\nstride=2000000000', '[convolutional]\nfilters=9'),
    )
    expect(opened.graph.nodes[0]!.outputs[0]!.shape!.slice(2)).toEqual([null, null])
    expect(opened.totals.completeness).toBe('atLeast')
    expect(opened.totals.params).toBe(9 * 3 + 9)
  })
})
