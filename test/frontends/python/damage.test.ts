/**
 * Half-typed states of real files: what is defined before a damage keeps the hints it had.
 *
 * Two situations are held to it. A file that is opened as it is, damaged: a model that is whole before the damage says
 * the same as in the undamaged file. A file that is damaged while it is open: every line of a definition before the
 * damage keeps the hint it showed, also where the model that is shown needs what was lost.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Analysis, analyze } from '../../../src/analysis/analyze'
import { isWhole } from '../../../src/analysis/damage'
import { diskEnvironment } from '../../../src/cli/disk'
import { labelText } from '../../../src/features/hintLabel'
import { type HintTable, hintTable } from '../../../src/features/hintLines'
import { keepHints } from '../../../src/features/keptHints'
import type * as ast from '../../../src/frontends/python/syntax/ast'
import { parse } from '../../../src/frontends/python/syntax/parser'
import { tokenize } from '../../../src/frontends/python/syntax/tokens'

const root = path.join(__dirname, '../../..')
const torchvision = path.join(root, '.cache/torchvision/usr/lib/python3/dist-packages')
const environment = diskEnvironment([torchvision])

/** Files with models of theirs, small ones before large ones: each names what must stand before the damage. */
const TABLE: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'examples/resnet_bottleneck.py',
    [
      ['Bottleneck(256, 64)', '256x56x56'],
      ['ResNet(Bottleneck, [1, 1, 1, 1])', '3x224x224'],
      ['resnet50', '3x224x224'],
      ['resnet101', '3x224x224'],
    ],
  ],
  [
    'examples/inception_module.py',
    [
      ['conv(8, 16, 3)', '8x28x28'],
      ['Inception', '256x28x28'],
      ['NaiveInception', '256x28x28'],
    ],
  ],
  [
    'test/frontends/python/fixtures/varied.py',
    [
      ['conv3x3(8, 16)', '8x28x28'],
      ['Unit(8, 16)', '8x28x28'],
      ['Bottle(8, Plan(16))', '8x28x28'],
      ['Tower([Plan(16), Plan(32)])', '3x64x64'],
      ['tower_small', '3x96x96'],
      ['tower_large', '3x96x96'],
    ],
  ],
  ['test/vscode/workspace/net.py', [['Net', '3x32x32']]],
  ...inTorchvision({
    alexnet: [['AlexNet', '3x224x224']],
    densenet: [
      ['_DenseLayer(64, 32, 4, 0.0)', '64x56x56'],
      ['_Transition(256, 128)', '256x56x56'],
      ['DenseNet(8, (2, 2), 16)', '3x64x64'],
    ],
    efficientnet: [
      ['MBConv(MBConvConfig(6, 3, 2, 16, 24, 2), 0.2, nn.BatchNorm2d)', '16x112x112'],
      ['FusedMBConv(FusedMBConvConfig(4, 3, 2, 24, 48, 2), 0.2, nn.BatchNorm2d)', '24x112x112'],
      ['EfficientNet([MBConvConfig(1, 3, 1, 32, 16, 1)], 0.2)', '3x64x64'],
    ],
    googlenet: [['Inception(192, 64, 96, 128, 16, 32, 32, conv_block=nn.Conv2d)', '192x28x28']],
    mobilenetv2: [
      ['InvertedResidual(32, 32, 1, 6)', '32x56x56'],
      ['MobileNetV2', '3x224x224'],
    ],
    mobilenetv3: [
      ['InvertedResidual(InvertedResidualConfig(16, 3, 64, 24, True, "HS", 2, 1, 1.0), nn.BatchNorm2d)', '16x112x112'],
    ],
    resnet: [
      ['conv3x3(64, 64)', '64x56x56'],
      ['BasicBlock(64, 64)', '64x56x56'],
      ['Bottleneck(256, 64)', '256x56x56'],
      ['ResNet(BasicBlock, [1, 1, 1, 1])', '3x224x224'],
      ['resnet18', '3x224x224'],
    ],
    shufflenetv2: [['InvertedResidual(116, 116, 1)', '116x28x28']],
    squeezenet: [
      ['Fire(96, 16, 64, 64)', '96x54x54'],
      ['SqueezeNet', '3x224x224'],
      ['squeezenet1_0', '3x224x224'],
    ],
    swin_transformer: [
      ['PatchMerging(96)', '56x56x96'],
      ['SwinTransformerBlock(96, 3, [7, 7], [0, 0])', '56x56x96'],
    ],
    vision_transformer: [
      ['MLPBlock(64, 128, 0.0)', '196x64'],
      ['EncoderBlock(4, 64, 128, 0.0, 0.0)', '196x64'],
    ],
  }),
]

function inTorchvision(files: Readonly<Record<string, readonly (readonly [string, string])[]>>): typeof TABLE {
  if (!existsSync(torchvision)) return []
  return Object.entries(files).map(([name, models]) => [
    path.join(torchvision, `torchvision/models/${name}.py`),
    models,
  ])
}

interface Real {
  readonly name: string
  readonly uri: string
  readonly text: string
  readonly body: readonly ast.Statement[]
  readonly models: readonly Model[]
}

interface Model {
  readonly expression: string
  readonly sizes: readonly number[]
  /** The end of the last definition that it needs. */
  readonly needs: number
}

const FILES: readonly Real[] = TABLE.map(([file, models]) => {
  const whole = path.resolve(root, file)
  const text = readFileSync(whole, 'utf8')
  const { body } = parse(text)
  return {
    name: path.basename(file),
    uri: pathToFileURL(whole).href,
    text,
    body,
    models: models.map(([expression, sizes]) => ({
      expression,
      sizes: sizes.split('x').map(Number),
      needs: endOfNeeds(body, expression),
    })),
  }
})

/** A text with a damage: what stands before `at` is as it was. */
interface Damaged {
  readonly file: Real
  readonly how: string
  readonly at: number
  readonly text: string
}

const PIECES = [
  '(',
  '[',
  '{',
  ')',
  ']',
  '"""',
  "'''",
  '"',
  "'",
  ':',
  ',',
  '.',
  '=',
  '\\',
  '@',
  'def ',
  'class ',
  'if ',
  '\t',
]
const HALF = [
  'self.',
  'x = nn.Conv2d(',
  'for',
  'for i in',
  'def f(',
  'class A(',
  'return',
  'x = [',
  'print("',
  'else:',
  'with a as',
]

const replaced = (file: Real, how: string, at: number, end: number, by: string): Damaged => ({
  file,
  how: `${how} at ${at}`,
  at,
  text: file.text.slice(0, at) + by + file.text.slice(end),
})

const damages = (file: Real): fc.Arbitrary<Damaged> => {
  const { text } = file
  const place = fc.nat(text.length)
  const tokens = tokenize(text).filter(t => t.end > t.start)
  const starts = [...text.matchAll(/^(?=.)/gm)].map(match => match.index)
  const line = fc.constantFrom(...starts)
  const indent = (at: number): number => /^[ \t]*/.exec(text.slice(at))![0].length
  const lineEnd = (at: number): number => text.indexOf('\n', at)
  return fc.oneof(
    place.map(at => replaced(file, 'cut', at, text.length, '')),
    fc.constantFrom(...tokens).map(({ start, end }) => replaced(file, 'token deleted', start, end, '')),
    fc
      .tuple(fc.constantFrom(...tokens), fc.constantFrom(...tokens))
      .map(([from, to]) =>
        replaced(file, 'token inserted', to.start, to.start, `${text.slice(from.start, from.end)} `),
      ),
    fc.tuple(place, fc.constantFrom('(', '[', '{')).map(([at, s]) => replaced(file, `open ${s}`, at, at, s)),
    fc.tuple(place, fc.constantFrom('"""', "'''")).map(([at, s]) => replaced(file, `open ${s}`, at, at, s)),
    fc.tuple(place, fc.constantFrom(...PIECES)).map(([at, s]) => replaced(file, `insert ${s}`, at, at, s)),
    fc.tuple(line, fc.nat(60)).map(([at, n]) => {
      const from = Math.min(at + n, lineEnd(at))
      return replaced(file, 'half a line', from, lineEnd(at), '')
    }),
    fc
      .tuple(line, fc.constantFrom(...HALF))
      .map(([at, s]) => replaced(file, `typed ${s}`, at, at, `${' '.repeat(indent(at))}${s}\n`)),
    fc
      .tuple(line, fc.integer({ min: 0, max: 13 }))
      .map(([at, n]) => replaced(file, `indented by ${n}`, at, at + indent(at), ' '.repeat(n))),
    fc.tuple(place, fc.integer({ min: 1, max: 400 })).map(([at, n]) => replaced(file, 'gap', at, at + n, '')),
  )
}

const anyDamage = fc.constantFrom(...FILES).chain(damages)
/** The same every time. */
const RUNS = { numRuns: 200, seed: 20_261_121 }

describe('a file that is opened damaged', () => {
  test('models that are whole before the damage say what they say in the undamaged file', () => {
    let models = 0
    let hints = 0
    for (const damaged of enough(d => d.file.models.some(model => isBefore(model.needs, d)))) {
      const { file, text, at, how } = damaged
      const lines = linesOfDefinitions(file, damaged)
      for (const model of file.models.filter(m => isBefore(m.needs, damaged)).slice(-2)) {
        const options = { model: model.expression, inputs: [{ shape: model.sizes }], environment }
        const whole = shownOn(hintTable(wholeOf(file, model.expression), LABELS), lines)
        const now = analyze({ uri: file.uri, name: file.name, text, languageId: 'python' }, options)
        const shown = now ? shownOn(hintTable(now, LABELS), lines) : []
        expect(shown, `${file.name}, ${how}: ${model.expression}\n${text.slice(at - 200, at + 100)}`).toEqual(whole)
        models++
        hints += whole.length
      }
    }
    // The table has something to lose.
    expect(hints).toBeGreaterThan(4 * models)
  }, 120_000)
})

describe('a file that is damaged while it is open', () => {
  test('definitions before the damage keep every hint they showed', () => {
    let hints = 0
    let faulty = 0
    for (const damaged of enough(d => linesOfDefinitions(d.file, d).size > 0)) {
      const { file, text, at, how } = damaged
      const before = wholeOf(file)
      const after = analyze({ uri: file.uri, name: file.name, text, languageId: 'python' }, { environment }, before)
      expect(after, `${file.name}, ${how}`).toBeDefined()
      // What parses is another program, which may show another model.
      if (isWhole(after!)) continue
      faulty++
      const lines = linesOfDefinitions(file, damaged)
      const whole = hintTable(before, LABELS)
      const shown = shownOn(keepHints(after!, hintTable(after!, LABELS), whole), lines)
      expect(shown, `${file.name}, ${how}\n${text.slice(at - 200, at + 100)}`).toEqual(shownOn(whole, lines))
      hints += shown.length
    }
    expect(faulty).toBeGreaterThan(100)
    expect(hints).toBeGreaterThan(5 * faulty)
  }, 120_000)
})

/** As many damages as are asked for, of those that something stands before. */
function enough(wanted: (damaged: Damaged) => boolean): Damaged[] {
  return fc
    .sample(anyDamage, { ...RUNS, numRuns: RUNS.numRuns * 10 })
    .filter(wanted)
    .slice(0, RUNS.numRuns)
}

const LABELS = { unit: 'MACs', quietLayers: false, maximumLength: 0 } as const

const known = new Map<string, Analysis>()
/** The undamaged file, with one of its models or the one that it shows by itself. */
function wholeOf(file: Real, expression?: string): Analysis {
  const key = `${file.uri} ${expression}`
  let analysis = known.get(key)
  if (!analysis) {
    const model = file.models.find(m => m.expression === expression)
    const options = model ? { model: model.expression, inputs: [{ shape: model.sizes }] } : {}
    const source = { uri: file.uri, name: file.name, text: file.text, languageId: 'python' }
    analysis = analyze(source, { ...options, environment })!
    known.set(key, analysis)
  }
  return analysis
}

/** `12 N×64×56×56 · 36.9k params`, for those of these lines that have a hint. */
const shownOn = (table: HintTable, lines: ReadonlySet<number>): string[] =>
  table
    .between(0, Number.POSITIVE_INFINITY)
    .filter(hint => lines.has(hint.line))
    .map(({ line, parts }) => `${line} ${labelText(parts)}`)

/** A definition ends before a damage that begins on a later line. */
const isBefore = (end: number, { file, at }: Damaged): boolean => file.text.slice(end, at).includes('\n')

/** The lines of all classes and functions that end before the damage. */
function linesOfDefinitions(file: Real, damaged: Damaged): Set<number> {
  const lines = new Set<number>()
  const count = (offset: number): number => file.text.slice(0, offset).split('\n').length - 1
  for (const s of file.body) {
    if ((s.kind !== 'ClassDef' && s.kind !== 'FunctionDef') || !isBefore(s.end, damaged)) continue
    for (let line = count(s.start); line <= count(s.end); line++) lines.add(line)
  }
  return lines
}

/** The end of the last statement of the file that a name in an expression leads to, over any number of steps. */
function endOfNeeds(body: readonly ast.Statement[], expression: string): number {
  const needed = new Set<ast.Statement>()
  const open = [parse(expression).body as unknown]
  while (open.length > 0) {
    for (const name of namesIn(open.pop()!)) {
      for (const s of body) {
        if (needed.has(s) || !binds(s, name)) continue
        needed.add(s)
        open.push(s)
      }
    }
  }
  return Math.max(0, ...[...needed].map(s => s.end))
}

function binds(s: ast.Statement, name: string): boolean {
  if (s.kind === 'ClassDef' || s.kind === 'FunctionDef') return s.name === name
  if (s.kind === 'Assign') return s.targets.some(t => namesIn(t).has(name))
  if (s.kind === 'Import' || s.kind === 'ImportFrom') return s.names.some(n => (n.alias ?? n.name) === name)
  return s.kind === 'If' && s.body.some(inner => binds(inner, name))
}

function namesIn(node: unknown, into = new Set<string>()): Set<string> {
  if (Array.isArray(node)) for (const item of node) namesIn(item, into)
  else if (node !== null && typeof node === 'object') {
    if ((node as { kind?: unknown }).kind === 'Name') into.add((node as ast.Name).id)
    for (const value of Object.values(node)) if (typeof value === 'object') namesIn(value, into)
  }
  return into
}
