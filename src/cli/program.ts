import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { version } from '../../package.json'
import { FORM_NAMES } from '../analysis/advise'
import { parseCount } from '../base/parse'
import { conventions } from '../core/conventions'
import { isCalled } from '../features/pin'
import { ADVICE_FORMATS, type AdviceOptions, adviseFile } from './advise'
import { FORMATS, type Format, kerasReport, type Read, report } from './analyze'
import { annotate } from './annotate'
import { batch } from './batch'
import { CHECK_FORMATS, type CheckFormat, check, checkGithub, checkJson, checkSarif, checkTable, failed } from './check'
import { COMPARE_FORMATS, type CompareOptions, comparison, readSide, type Side } from './compare'
import { deviceOf } from './device'
import { languageServer } from './lsp'
import { PAPER_OPTIONS, type PaperFlags, paperTables } from './paper'
import { chosenModel, type ModelOptions, open } from './read'
import { paintFor, progress, type Streams } from './streams'
import { SUPPORTED_FORMATS, type SupportedFormat, supportedReport } from './supported'
import { STATUS, Unusable } from './unusable'

/** Runs one command line (without `node` and the script's name) and gives its exit status. */
export async function run(args: readonly string[], streams: Streams): Promise<number> {
  let status: number = STATUS.ok
  const program = commands(streams, next => {
    status = Math.max(status, next)
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? STATUS.ok : STATUS.unusable
    if (!(error instanceof Unusable)) throw error
    streams.stderr.write(`convlens: ${error.message}\n`)
    return STATUS.unusable
  }
  return status
}

function commands(streams: Streams, exit: (status: number) => void): Command {
  const { stdout, stderr } = streams
  const program = new Command('convlens')
    .description('Shapes, params and MACs of a network, read from the file that defines it; nothing is run.')
    .version(version)
    .enablePositionalOptions()
    .option('--supported', 'what is understood: layers, functions and modules by format and namespace')
    .addOption(new Option('--format <format>', 'form of that list').choices(SUPPORTED_FORMATS).default('table'))
    .allowExcessArguments()
    .action(({ supported, format }: { supported?: boolean; format: SupportedFormat }) => {
      const [wrong] = program.args
      if (wrong !== undefined) program.error(`error: unknown command '${wrong}'`)
      if (!supported) program.help({ error: true })
      stdout.write(supportedReport(format))
    })
    .exitOverride()
    .configureOutput({
      writeOut: text => void stdout.write(text),
      writeErr: text => void stderr.write(text),
      outputError: (text, write) => write(`convlens: ${text.replace(/^error: /, '').replace(/\n(?=.)/g, ' ')}`),
    })
  const read = (files: readonly string[], options: ModelOptions, all: boolean): Read[] =>
    files.flatMap(file => {
      const done = progress(streams, `reading ${file}`)
      try {
        const analysis = open(file, options)
        const models = all ? analysis.models.map(choice => analysis.model(choice)!) : [chosenModel(file, analysis)]
        return [{ file, analysis, models }]
      } catch (error) {
        if (!(error instanceof Unusable)) throw error
        done()
        stderr.write(`convlens: ${error.message}\n`)
        exit(STATUS.unusable)
        return []
      } finally {
        done()
      }
    })
  const shapeErrors = (files: readonly Read[]): void => {
    if (files.some(f => f.models.some(m => m.problems.some(p => p.severity === 'error')))) exit(STATUS.failed)
  }

  withModel(program.command('annotate <file>'))
    .description('the source with its hints at the line ends, and the totals')
    .option('--pin <path>', 'one instance of a block, such as layer3.0, whose lines show it alone')
    .action((file: string, options: ModelOptions & { pin?: string }) => {
      const files = read([file], options, false)
      for (const { analysis, models } of files) {
        const [model] = models
        if (options.pin !== undefined && !isCalled(model!, options.pin))
          throw new Unusable(`${file}: no call ${options.pin} in ${model!.name}.`)
        stdout.write(`${annotate(file, analysis, model!, paintFor(streams), options.pin)}\n`)
      }
      shapeErrors(files)
    })

  const analyzing = withModel(program.command('analyze <file...>'))
    .description('every layer with its shape and cost; all models of a file unless one is named')
    .addOption(
      new Option('--format <format>', 'form of the report; paper: a row a stage or block, as papers have it')
        .choices([...FORMATS, 'paper'])
        .default('table'),
    )
    .addOption(
      new Option('--keras-summary', 'the table that model.summary() of Keras prints, and nothing else').conflicts([
        'format',
        'convention',
      ]),
    )
    .addOption(
      new Option('--convention <name>', 'also the totals as another tool counts them').choices(
        conventions.map(c => c.name),
      ),
    )
  for (const option of PAPER_OPTIONS) analyzing.addOption(option)
  analyzing.action(
    (
      names: string[],
      {
        format,
        ...options
      }: ModelOptions & PaperFlags & { format: Format | 'paper'; convention?: string; kerasSummary?: true },
    ) => {
      const files = read(names, options, options.model === undefined)
      const paint = paintFor(streams)
      if (files.length && options.kerasSummary) stdout.write(kerasReport(files))
      else if (files.length) {
        stdout.write(
          format === 'paper' ? paperTables(files, options, paint) : report(files, format, options.convention, paint),
        )
      }
      shapeErrors(files)
    },
  )

  withModel(program.command('advise <file>'))
    .description('where a 1x1 bottleneck would cut cost: edits that were tried, with what they save')
    .addOption(new Option('--form <form>', 'one form alone').choices(FORM_NAMES))
    .addOption(new Option('--width <r>', 'channels of the bottleneck').argParser(width).conflicts('ratio'))
    .addOption(
      new Option('--ratio <q>', 'input channels by channels of the bottleneck; 4 unless told').argParser(ratio),
    )
    .option('--norm', 'with a norm and an activation after the new layers')
    .option('--device <id>', 'whose least time is given, such as t4-fp16')
    .option('--max-macs <count>', 'only the cheapest set of edits that brings the model under it, such as 3G', count)
    .option('--max-params <count>', 'the same for params', count)
    .addOption(new Option('--format <format>', 'form of the report').choices(ADVICE_FORMATS).default('table'))
    .option('--apply <id...>', 'write these proposals into the file; all of a budget: all')
    .action((file: string, options: ModelOptions & AdviceOptions) => {
      const files = read([file], options, false)
      for (const { analysis, models } of files) {
        stdout.write(adviseFile(file, analysis, models[0]!, options, paintFor(streams)))
      }
      shapeErrors(files)
    })

  withInput(program.command('compare <a> <b>'))
    .description('what differs from model A to model B, layer by layer; A and B are files, or FILE@GITREV')
    .option('--model-a <name>', 'the model of A')
    .option('--model-b <name>', 'the model of B')
    .option('--device <id>', 'whose least time is given, such as t4-fp16')
    .addOption(new Option('--format <format>', 'form of the report').choices(COMPARE_FORMATS).default('table'))
    .action(async (a: string, b: string, options: CompareOptions) => {
      const { modelA, modelB, device, format, ...others } = options
      const sideOf = async (name: string, model: string | undefined): Promise<Side> => {
        const done = progress(streams, `reading ${name}`)
        try {
          return await readSide(name, { ...others, ...(model === undefined ? {} : { model }) })
        } finally {
          done()
        }
      }
      const sides = [await sideOf(a, modelA), await sideOf(b, modelB)] as const
      stdout.write(comparison(...sides, format, deviceOf(device), paintFor(streams)))
      if (sides.some(({ model }) => model.problems.some(p => p.severity === 'error'))) exit(STATUS.failed)
    })

  withModel(program.command('check <file...>'))
    .description('exit status 1 when a shape is wrong or a budget is missed, here or in a `# convlens:` comment')
    .option('--max-params <count>', 'most params, such as 5M', count)
    .option('--max-macs <count>', 'most MACs, such as 600M', count)
    .addOption(new Option('--format <format>', 'form of the result').choices(CHECK_FORMATS).default('table'))
    .action(
      (names: string[], options: ModelOptions & { maxParams?: number; maxMacs?: number; format: CheckFormat }) => {
        const results = read(names, options, false).map(file => check(file, options))
        const render = { table: checkTable, json: checkJson, github: checkGithub, sarif: checkSarif }[options.format]
        if (results.length) stdout.write(render(results, version))
        if (failed(results)) exit(STATUS.failed)
      },
    )

  program
    .command('batch')
    .description('one JSON request a line from standard input, one answer a line')
    .action(() => batch(streams))

  program
    .command('lsp')
    .description('the language server, for other editors')
    .requiredOption('--stdio', 'speak over standard input and output')
    .action(() => languageServer())

  return program
}

const withModel = (command: Command): Command =>
  withInput(command.option('--model <name>', 'the model: a name or a scale of the file'))

function withInput(command: Command): Command {
  return command
    .option('--input <shape>', 'sizes without the batch: 3x224x224, or name=3x224x224; repeatable', collect)
    .option(
      '--python-path <dir>',
      "where imports are looked up after the file's own folder and package; repeatable; default: the packages of the active virtual environment, or of .venv",
      collect,
    )
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

function width(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It expects a whole number of channels, from 1.')
  return Number(text)
}

function ratio(text: string): number {
  const value = Number(text)
  if (!(value > 1 && value <= MOST_RATIO)) throw new InvalidArgumentError('It expects a number above 1, such as 4.')
  return value
}

/** No layer has more channels than this. */
const MOST_RATIO = 2 ** 20

function count(text: string): number {
  const value = parseCount(text)
  if (value === null) throw new InvalidArgumentError('It expects a count such as 600M.')
  return value
}
