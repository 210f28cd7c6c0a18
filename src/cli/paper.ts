import { InvalidArgumentError, Option } from 'commander'
import { PAPER_BIASES, type PaperOptions } from '../features/paperCells'
import { PAPER_FORMATS, type PaperFormat, paperReport } from '../features/paperFormats'
import type { Paint } from '../features/reportTable'
import type { Read } from './analyze'

/** What `analyze --format paper` takes besides; each is ignored by the other formats. */
export interface PaperFlags extends PaperOptions {
  readonly paperFormat: PaperFormat
}

/** With --format paper: its form, what K is, whether biases count, and the unit. */
export const PAPER_OPTIONS: readonly Option[] = [
  new Option('--paper-format <form>', 'form of the paper table').choices(PAPER_FORMATS).default('text'),
  new Option('--kilo <n>', 'paper table: what K is in its params, 1000 or 1024').argParser(kilo).default(1000),
  new Option(
    '--biases <which>',
    'paper table: none counts weights alone, params all params, both their additions as ops too',
  )
    .choices(PAPER_BIASES)
    .default('params'),
  new Option('--unit <unit>', 'paper table: ops are multiply-accumulates, or FLOPs at two each')
    .choices(['MACs', 'FLOPs'])
    .default('MACs'),
]

/** The paper tables of all models, one after another. */
export const paperTables = (files: readonly Read[], { paperFormat, ...options }: PaperFlags, paint: Paint): string =>
  files
    .flatMap(({ models }) => models.map(model => paperReport(model, paperFormat, options, paint)))
    .join(paperFormat === 'csv' ? '\r\n' : '\n')

function kilo(text: string): 1000 | 1024 {
  const value = Number(text)
  if (value !== 1000 && value !== 1024) throw new InvalidArgumentError('It expects 1000 or 1024.')
  return value
}
