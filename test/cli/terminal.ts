/** The command line in this process, with files of its own and what it writes caught. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { Readable, Writable } from 'node:stream'
import { run } from '../../src/cli/program'
import { temporaryFolder } from '../support/folder'

export interface Outcome {
  readonly status: number
  readonly out: string
  readonly err: string
}

/** Runs `convlens` with arguments. With `tty` both outputs are terminals. */
export async function convlens(
  args: readonly string[],
  { input = '', tty = false, env = {} }: { input?: string; tty?: boolean; env?: Record<string, string> } = {},
): Promise<Outcome> {
  const [stdout, stderr] = [catching(tty), catching(tty)]
  const status = await run(args, { stdin: Readable.from([input]), stdout: stdout.stream, stderr: stderr.stream, env })
  return { status, out: stdout.text(), err: stderr.text() }
}

/** Puts a text, or bytes, into a file of a fresh folder, which goes with the test file, and gives its path. */
export function file(name: string, content: string | Uint8Array): string {
  const at = path.join(temporaryFolder(), name)
  writeFileSync(at, content)
  return at
}

function catching(isTTY: boolean): { stream: Writable & { isTTY: boolean }; text: () => string } {
  const parts: string[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      parts.push(String(chunk))
      done()
    },
  })
  return { stream: Object.assign(stream, { isTTY }), text: () => parts.join('') }
}

/**
 * A network small enough to count by hand, on 3×8×8: a 3×3 to 4 channels with batch norm, 108 weights, bias and scale,
 * 108 · 64 MACs; pooling to 4×4; a 1×1 to 2 channels, 8 weights and 2 biases, 8 · 16 MACs.
 */
export const SMALL = `[net]
width=8
height=8
channels=3

[convolutional]
batch_normalize=1
filters=4
size=3
stride=1
pad=1
activation=leaky

[maxpool]
size=2
stride=2

[convolutional]
filters=2
size=1
stride=1
activation=linear
`
