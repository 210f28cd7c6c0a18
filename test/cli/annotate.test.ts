import { expect, test } from 'vitest'
import { convlens, file, SMALL } from './terminal'

test('the source comes back with its hints, and the totals', async () => {
  const { status, out, err } = await convlens(['annotate', file('small.cfg', SMALL)])
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out).toBe(
    `${SMALL.replace('[convolutional]', '[convolutional]   N×4×8×8 · 116 params · 6.9k MACs')
      .replace('[maxpool]', '[maxpool]   N×4×4×4')
      .replace('[convolutional]\n', '[convolutional]   N×2×4×4 · reduce · 10 params · 128 MACs\n')}
small: 126 params | 7.0k MACs | input 3×8×8
`,
  )
})

test('hints stand before trailing comments, as in the editor', async () => {
  const text = 'input: [3, 8, 8]\nlayers:\n  - Conv2d: {out_channels: 4, kernel_size: 3} # first\n  - ReLU # quiet\n'
  const { out } = await convlens(['annotate', file('net.yaml', text)])
  expect(out).toContain('  - Conv2d: {out_channels: 4, kernel_size: 3}   N×4×6×6 · 112 params · 3.9k MACs # first\n')
  expect(out).toContain('  - ReLU # quiet\n')
})

test('hints are dim at a terminal, and plain with NO_COLOR', async () => {
  const cfg = file('small.cfg', SMALL)
  const esc = '\u001B'
  expect((await convlens(['annotate', cfg], { tty: true })).out).toContain(`[maxpool]${esc}[2m   N×4×4×4${esc}[22m`)
  expect((await convlens(['annotate', cfg], { tty: true, env: { NO_COLOR: '1' } })).out).not.toContain(esc)
  expect((await convlens(['annotate', cfg])).out).not.toContain(esc)
})

test('another input changes the numbers, wherever the option stands', async () => {
  const cfg = file('small.cfg', SMALL)
  const after = await convlens(['annotate', cfg, '--input', '3x16x16'])
  expect(after.out).toContain('[maxpool]   N×4×8×8')
  expect(await convlens(['annotate', '--input', '3x16x16', cfg])).toEqual(after)
})

test('an error is told with its place and gives status 1; hints stay', async () => {
  const cfg = file('wrong.cfg', SMALL.replace('[maxpool]\nsize=2', '[maxpool]\nsize=-2'))
  const { status, out } = await convlens(['annotate', cfg])
  expect(status).toBe(1)
  expect(out).toContain('[convolutional]   N×4×8×8 · 116 params')
  expect(out).toMatch(/wrong\.cfg:15:\d+: error: .*-2/)
})

test('one instance of a block can be pinned', async () => {
  const net = file(
    'net.yaml',
    `input: [3, 8, 8]
blocks:
  unit:
    params: {channels: }
    layers:
      - Conv2d: {out_channels: "\${channels}", kernel_size: 1}
layers:
  - unit: {name: a, channels: 4}
  - unit: {name: b, channels: 8}
`,
  )
  expect((await convlens(['annotate', net])).out).toContain('kernel_size: 1}   4×8×8…8×8×8 ×2 · expand · 56 params')
  // 4·8 weights and 8 biases; 32 multiplications at 64 positions.
  const pinned = await convlens(['annotate', net, '--pin', 'b'])
  expect(pinned.out).toContain('kernel_size: 1}   N×8×8×8 · expand · 40 params · 2.0k MACs')
  expect(pinned.out).toContain('- unit: {name: a, channels: 4}   N×4×8×8 · expand · 16 params · 768 MACs')
  const missing = await convlens(['annotate', net, '--pin', 'c'])
  expect(missing.status).toBe(2)
  expect(missing.err).toMatch(/net\.yaml: no call c in net\.\n$/)
})

test('line ends of the file are kept', async () => {
  const { out } = await convlens(['annotate', file('small.cfg', SMALL.replaceAll('\n', '\r\n'))])
  expect(out).toContain('[maxpool]   N×4×4×4\r\nsize=2\r\n')
})
