import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOSTILE } from './hostile/programs'
import type { Answer, Question } from './hostile/worker'

/** Programs that would take all time or memory there is, held to a worker of their own with little memory. */
let folder: string
let worker: Worker

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'convlens-hostile-'))
  const outfile = path.join(folder, 'worker.cjs')
  await build({
    entryPoints: [path.join(__dirname, 'hostile/worker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  })
  worker = new Worker(outfile, { resourceLimits: { maxOldGenerationSizeMb: 700 } })
})
afterAll(async () => {
  await worker.terminate()
  rmSync(folder, { recursive: true, force: true })
})

function ask(question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      worker.off('message', answered)
      worker.off('error', failed)
      then()
    }
    const answered = (answer: Answer): void => settle(() => resolve(answer))
    const failed = (error: Error): void => settle(() => reject(error))
    worker.on('message', answered)
    worker.on('error', failed)
    worker.postMessage(question)
  })
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '        ')

/** Two networks; the hostile program stands above both, where the first is built, or where it runs. */
const around = (program: string, where: 'top' | 'init' | 'forward'): string => `import torch
from torch import nn
import torch.nn.functional as F
${where === 'top' ? program : ''}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 1)
${where === 'init' ? indented(program) : ''}
        self.b = nn.Conv2d(8, 4, 1)

    def forward(self, image):
        image = self.a(image)
${where === 'forward' ? indented(program) : ''}
        return self.b(image)


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 1)

    def forward(self, image):
        return self.c(image)
`

/** 3·8 + 8 and 8·4 + 4 params, at 64 positions. */
const NET = [
  'N×8×8×8 · expand · 32 params · 1.5k MACs',
  'N×4×8×8 · reduce · 36 params · 2.0k MACs',
  'image: N×3×8×8',
  'N×8×8×8',
  'N×4×8×8',
]
const OTHER = ['N×8×8×8 · expand · 32 params · 1.5k MACs', 'image: N×3×8×8', 'N×8×8×8']
/** Some 2 s on a slow machine that does other work, too. */
const LIMIT_MS = 12_000

describe('without end, above the networks', () => {
  test.each(Object.entries(HOSTILE))(
    '%s',
    async (_, program) => {
      const [net, other] = await ask({ text: around(program, 'top'), models: ['Net', 'Other'] })
      expect(net!.hints).toEqual(NET)
      expect(other!.hints).toEqual(OTHER)
      expect(net!.ms + other!.ms).toBeLessThan(LIMIT_MS)
    },
    40_000,
  )
})

describe.each(['init', 'forward'] as const)('without end, in %s', where => {
  test.each(Object.entries(HOSTILE))(
    '%s',
    async (_, program) => {
      const [net, other] = await ask({ text: around(program, where), models: ['Net', 'Other'] })
      // The network beside it is read as ever.
      expect(other!.hints).toEqual(OTHER)
      // This one is read as far as it goes, and what is left out is said.
      if (net!.completeness === 'exact') expect(net!.params).toBe(32 + 36)
      else expect(net!.codes.includes('limit') || net!.uncounted > 0).toBe(true)
      expect(net!.ms + other!.ms).toBeLessThan(LIMIT_MS)
    },
    40_000,
  )
})
