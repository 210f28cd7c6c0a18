import { styleText } from 'node:util'
import { type Paint, plain } from '../features/reportTable'

/** Where a command reads and writes; tests put their own in. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Dim and bold at a terminal that wants colours (no-color.org), plain text into files and pipes. */
export function paintFor({ stdout, env }: Streams): Paint {
  if (!stdout.isTTY || env.NO_COLOR || env.TERM === 'dumb') return plain
  return {
    dim: text => styleText('dim', text, { validateStream: false }),
    bold: text => styleText('bold', text, { validateStream: false }),
  }
}

/** Says on a terminal what is being read; clears the line when done. Silent elsewhere. */
export function progress({ stderr }: Streams, text: string): () => void {
  if (!stderr.isTTY) return () => {}
  stderr.write(`\r\u001B[K${text}`)
  return () => void stderr.write('\r\u001B[K')
}
