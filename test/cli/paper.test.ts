import { describe, expect, test } from 'vitest'
import { convlens, file, SMALL } from './terminal'

/** conv 3×3: 108 weights, 4 biases under the norm's 4 scales and shifts; 1×1: 8 weights and 2 biases. See SMALL. */
const paper = async (...more: string[]): Promise<string> => {
  const { status, out } = await convlens(['analyze', file('small.cfg', SMALL), '--format', 'paper', ...more])
  expect(status).toBe(0)
  return out
}

describe('analyze --format paper', () => {
  test('a row a stage, aligned, and what is counted', async () => {
    expect((await paper()).split('\n')).toEqual([
      'small, input 3×8×8',
      '',
      'layer  type         patch size/stride  output size  depth  params  ops',
      'conv1  convolution  3×3/1              8×8×4            1     116   7K',
      '       max pool     2×2/2              4×4×4            0',
      'conv2  convolution  1×1/1              4×4×2            1      10  128',
      'total                                                   2     126   7K',
      '',
      'Params: K = 1000, biases and norms included. Ops: multiply-accumulates (MACs), M = 10^6, biases left out.',
      '',
    ])
  })

  test('unit, K and biases are chosen and printed', async () => {
    const out = await paper('--kilo', '1024', '--biases', 'none', '--unit', 'FLOPs')
    expect(out).toMatch(/conv2 .* 8 {2}256\n/)
    expect(out).toContain('Params: K = 1024, weights alone')
    expect(out).toContain('FLOPs, 2 for a multiply-accumulate')
  })

  test('csv has exact numbers, the unit in its heads, and the layers of the file', async () => {
    expect(await paper('--paper-format', 'csv', '--biases', 'both')).toBe(
      [
        'layer,type,patch size/stride,output size,depth,params with biases,MACs with biases,in the file',
        'conv1,convolution,3×3/1,8×8×4,1,116,6912,0.conv',
        ',max pool,2×2/2,4×4×4,0,0,0,1',
        'conv2,convolution,1×1/1,4×4×2,1,10,160,2.conv',
        'total,,,,2,126,7072,',
        '',
      ].join('\r\n'),
    )
  })

  test('markdown', async () => {
    const out = await paper('--paper-format', 'markdown')
    expect(out).toContain(
      '| layer | type | patch size/stride | output size | depth | params | ops |\n|---|---|---|---|---:|---:|---:|\n',
    )
    expect(out).toContain('| conv2 | convolution | 1×1/1 | 4×4×2 | 1 | 10 | 128 |\n')
  })

  test('latex escapes what the file and the table hold', async () => {
    const yaml = 'name: a_b & 50%\ninput: [4, 8, 8]\nlayers:\n  - Conv2d: {out_channels: 8, kernel_size: 3}\n'
    const { out } = await convlens(['analyze', file('net.yaml', yaml), '--format', 'paper', '--paper-format', 'latex'])
    expect(out).toContain('\\begin{tabular}{llllrrr}')
    expect(out).toContain('conv1 & convolution & 3$\\times$3/1 & 6$\\times$6$\\times$8 & 1 & 296 & 10K \\\\')
    expect(out).toContain('\\caption{a\\_b \\& 50\\%, input 4$\\times$8$\\times$8. Params: K = 1000')
    expect(out).toContain('10\\textasciicircum{}6')
  })

  test('a wrong K is refused', async () => {
    const { status, err } = await convlens(['analyze', file('s.cfg', SMALL), '--format', 'paper', '--kilo', '1001'])
    expect([status, err]).toEqual([2, expect.stringContaining('1000 or 1024')])
  })
})
