/** Every layer against what Darknet itself makes of it: see test/fixtures/darknet/README.md. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { darknet } from '../../../src/frontends/darknet'
import { layerTypes } from '../../../src/frontends/darknet/layers'
import { openCfg, sectionsOf } from './open'

interface Measured {
  readonly file: string
  readonly fork: string
  readonly weightsBytes: number
  readonly layers: readonly (readonly [type: string, output: readonly number[], floats: number, bflops: number])[]
}

/** Darknet writes three 32-bit numbers and one of 64 bits before the weights. */
const WEIGHTS_HEADER = 20

const cases = readFileSync(new URL('measured.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Measured)

const read = (file: string): string => readFileSync(`test/fixtures/darknet/${file}`, 'utf8')

describe('as Darknet', () => {
  it.each(cases)('$file', ({ file, layers, weightsBytes, fork }) => {
    const text = read(file)
    expect(darknet.detect({ uri: `file:///${file}`, name: file, text })).toBe(true)
    const opened = openCfg(text)
    const made = sectionsOf(opened)
    const got = layers.map(([type, output], i) => {
      const section = made.get(i)
      const image = section?.output?.length === 1 ? [section.output[0], 1, 1] : (section?.output ?? null)
      const values = image?.reduce<number>((product, dim) => product * Number(dim), 1)
      return [type, output.length === 3 ? image : [values], section?.stored]
    })
    expect(got).toEqual(layers.map(([type, output, floats]) => [type, output, floats]))
    const { params, buffers, completeness } = opened.totals
    expect(completeness).toBe('exact')
    expect(WEIGHTS_HEADER + 4 * (params + buffers)).toBe(weightsBytes)
    if (fork === 'AlexeyAB') checkConvolutions(text, layers, made)
    expect(opened.problems.filter(problem => problem.severity === 'error')).toEqual([])
  })

  it('measured every type of layer', () => {
    const own = cases.filter(({ file }) => file.startsWith('own/')).map(({ file }) => read(file))
    const headers = new Set(own.flatMap(text => [...text.matchAll(/\[ *(\w+) *\]/g)].map(match => match[1])))
    expect(layerTypes.filter(({ names }) => !names.some(name => headers.has(name))).map(t => t.names[0])).toEqual([])
  })
})

/** BFLOPs are 2 × MACs of a convolution, in single precision; of binary ones Darknet counts 1/32. */
function checkConvolutions(text: string, layers: Measured['layers'], made: ReturnType<typeof sectionsOf>): void {
  const sections = text.split(/^ *\[/m).slice(2)
  for (const [i, [type, , , bflops]] of layers.entries()) {
    if (type !== 'convolutional') continue
    const binary = /^xnor *= *1/m.test(sections[i]!)
    const ours = (2 * made.get(i)!.macs) / 1e9 / (binary ? 32 : 1)
    expect(Math.abs(ours - bflops), `[${i}] ${ours} and ${bflops}`).toBeLessThan(1e-6 * bflops + 1e-9)
  }
}

/** Numbers that the authors published, recomputed by others from Darknet's rules; kept beside the project. */
const PUBLISHED = '../shared/oracle/darknet.json'

interface Published {
  readonly file: string
  readonly size: number
  readonly calc_params: number
  readonly calc_conv_bflops: number
  readonly calc_weights_bytes: number
}

if (existsSync(PUBLISHED))
  describe('as published', () => {
    const published = existsSync(PUBLISHED) ? (JSON.parse(readFileSync(PUBLISHED, 'utf8')) as Published[]) : []
    it.each(published)('$file', want => {
      const opened = openCfg(readFileSync(`../shared/${want.file}`, 'utf8'), { input: [3, want.size, want.size] })
      const { params, buffers, macs, completeness } = opened.totals
      expect({ params, completeness }).toEqual({ params: want.calc_params, completeness: 'exact' })
      expect(Math.abs((2 * macs) / 1e9 - want.calc_conv_bflops)).toBeLessThan(0.0006)
      expect(WEIGHTS_HEADER + 4 * (params + buffers)).toBe(want.calc_weights_bytes)
    })
  })
