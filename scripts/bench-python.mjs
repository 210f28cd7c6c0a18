/**
 * How fast PyTorch and Keras files are read, beside floors of the same run: a part of `npm run bench`, and alone
 *
 *   node scripts/bench-python.mjs
 *
 * It reads torchvision's models from the cache that `npm run test:torchvision` fills, and says so where they are not there.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { memoryOf, ms, print, quantile, startServer, time } from './support/bench.mjs'
import { cacheFolder, outFolder, root } from './support/paths.mjs'
import { run, runMain } from './support/processes.mjs'

const source = path.join(cacheFolder, 'torchvision/usr/lib/python3/dist-packages')
const folder = path.join(source, 'torchvision/models')
const keras = path.join(root, 'test/fixtures/keras')
const torch = path.join(root, 'test/fixtures/python/networks')
const built = path.join(outFolder, 'bench', 'dist')

if (process.argv[1] === import.meta.filename) {
  await runMain(async () => {
    await run('node', ['esbuild.mjs', '--minify', `--out=${built}`], { cwd: root })
    await benchPython()
  })
}

/** Prints the tables; the product is built already. */
export async function benchPython() {
  const library = await analyzer()
  print('Keras, small networks: re-analysis after an edit, warm, with the hints of a screen', kerasRows(library))
  print('The same networks in Keras and PyTorch: re-analysis after an edit of a number', pairRows(library))
  if (!existsSync(folder)) {
    console.log("Python: torchvision's source is not in the cache; `npm run test:torchvision` brings it.\n")
    return
  }
  print('Python: re-analysis after an edit, warm, with the hints of a screen', editRows(library))
  print('Python: convlens annotate, as a whole process', processRows())
  print("Python: torchvision's 117 models through convlens batch", batchRows())
  print('Python: 50 model files open in one server', await memoryRows())
}

/** What is typed, each time another text: a comment that moves everything behind it, and a number of the model. */
function typing(text, edit, typed) {
  if (edit === 'number') return text.replace('num_classes: int = 1000', `num_classes: int = ${1000 + (typed % 40)}`)
  const at = text.indexOf('\n', text.length / 2)
  return `${text.slice(0, at)}  # ${'x'.repeat(typed % 40)}${text.slice(at)}`
}

/** The floor is the time to parse the text; what the file imports has not changed and is in the caches. */
function editRows(library) {
  const files = ['resnet.py', 'densenet.py', 'efficientnet.py'].map(name => path.join(folder, name))
  return rowsOf(library, files, typing)
}

/** Our own networks in the three styles of Keras; what is typed is a comment, or the number of classes. */
function kerasRows(library) {
  const files = ['sequential.py', 'functional.py', 'classes.py'].map(name => path.join(keras, name))
  const type = (text, edit, typed) =>
    edit === 'number' ? text.replace(/\b10\b(?![\s\S]*\b10\b)/, String(10 + (typed % 40))) : typing(text, edit, typed)
  return rowsOf(library, files, type)
}

/**
 * One network as builder functions of Keras and as modules of PyTorch, both our fixtures and written in the same way, and
 * as torchvision has it, where its files are longer for what else they hold: a number of classes is typed.
 */
function pairRows(library) {
  const number = (text, typed) => text.replace(/(classes(?:: int )?=\s?)1000/, `$1${1000 + (typed % 40)}`)
  const networks = [
    ['resnet.py', 'ResNet50', 'resnet50'],
    ['densenet.py', 'DenseNet121', 'densenet121'],
    ['efficientnet.py', 'EfficientNetB0', 'efficientnet_b0'],
  ]
  const files = networks.flatMap(([name, inKeras, inTorch]) => [
    { of: 'Keras', file: path.join(keras, 'applications', name), model: inKeras },
    { of: 'PyTorch', file: path.join(torch, name), model: inTorch },
    ...(existsSync(folder) ? [{ of: 'torchvision', file: path.join(folder, name), model: inTorch }] : []),
  ])
  const rows = files.map(({ of, file, model }) => {
    const { text, least, took, analysis } = measured(library, file, number, model)
    const { nodes } = analysis.model().graph
    const size = [`${text.split('\n').length}`, `${nodes.length}`]
    const each = `${((took / nodes.length) * 1000).toFixed(1)}`
    return [model, of, ...size, ms(least), ms(took), `${(took / least).toFixed(1)}×`, each]
  })
  return [['model', 'in', 'lines', 'calls', 'parse ms', 'median ms', 'of parse', 'µs a call'], ...rows]
}

function rowsOf(library, files, type) {
  const rows = files.flatMap(file =>
    ['comment', 'number'].map(edit => {
      const { least, took, analysis } = measured(library, file, (text, typed) => type(text, edit, typed))
      const name = path.basename(file)
      return [name, edit, analysis.model().name, ms(least), ms(took), `${(took / least).toFixed(2)}×`]
    }),
  )
  return [['file', 'edit', 'model', 'parse ms', 'median ms', 'of parse'], ...rows]
}

/** Medians of parsing a text and of reading it again, each time as `type` changes it. */
function measured({ analyze, hintTable, diskEnvironment, parse }, file, type, model) {
  const environment = diskEnvironment([source])
  const name = path.basename(file)
  const text = readFileSync(file, 'utf8')
  const uri = pathToFileURL(file).href
  let typed = 0
  const next = () => type(text, typed++)
  let analysis
  const read = () => {
    analysis = analyze({ uri, name, text: next(), languageId: 'python' }, { environment, model }, analysis)
    return hintTable(analysis, { unit: 'MACs', quietLayers: false, maximumLength: 43 }).between(0, 60).length
  }
  const least = time(() => parse(next()), 60, 30)
  const took = time(read, 60, 30)
  return { text, least, took, analysis }
}

function processRows() {
  const cli = path.join(built, 'cli.js')
  const took = args => {
    const samples = Array.from({ length: 7 }, () => {
      const start = performance.now()
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })
      if (status !== 0) throw new Error(stderr)
      return performance.now() - start
    })
    return quantile(samples, 0.5)
  }
  const floor = took(['-e', '0'])
  const rows = ['resnet.py', 'densenet.py', 'efficientnet.py'].map(name => {
    const all = took([cli, 'annotate', path.join(folder, name), '--python-path', source])
    return [name, ms(floor), ms(all), `${(all / floor).toFixed(1)}×`]
  })
  return [['file', 'node -e 0, ms', 'median ms', 'of floor'], ...rows]
}

function batchRows() {
  const cases = readFileSync(path.join(root, 'test/fixtures/python/torchvision.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
  const requests = cases.map((line, id) => {
    const { file, model, input } = JSON.parse(line)
    const request = { id, file: path.join(source, file), model: model.split('@')[0], input: [input.join('x')] }
    return JSON.stringify({ ...request, pythonPath: [source] })
  })
  const start = performance.now()
  const { stdout } = spawnSync(process.execPath, [path.join(built, 'cli.js'), 'batch'], {
    input: `${requests.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  const all = performance.now() - start
  const each = stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line).ms ?? 0)
  return [
    ['models', 'process, ms', 'sum of ms', 'median ms', 'p95 ms', 'longest ms'],
    [
      `${each.length}`,
      ms(all),
      ms(each.reduce((a, b) => a + b, 0)),
      ms(quantile(each, 0.5)),
      ms(quantile(each, 0.95)),
      ms(Math.max(...each)),
    ],
  ]
}

/** Files under their own names and, as there are fewer than 50 of them, once more under others, in the same folder. */
async function memoryRows() {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.py'))
    .sort()
    .filter(name => /nn\.Module/.test(readFileSync(path.join(folder, name), 'utf8')))
  const files = Array.from({ length: 50 }, (_, i) => {
    const name = names[i % names.length]
    const text = readFileSync(path.join(folder, name), 'utf8')
    const copy = i < names.length ? name : name.replace(/(\w+)\.py$/, `$1_${i}.py`)
    return { uri: pathToFileURL(path.join(folder, copy)).href, text }
  })
  const server = await startServer(built)
  const empty = memoryOf(server.pid)
  let hints = 0
  const start = performance.now()
  for (const { uri, text } of files) {
    server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version: 1, text } })
    const range = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } }
    hints += (await server.request('textDocument/inlayHint', { textDocument: { uri }, range }))?.length ?? 0
  }
  const row = [`${files.length}`, `${hints}`, ms(performance.now() - start), empty, memoryOf(server.pid)]
  await server.close()
  return [['files', 'hints', 'ms', 'memory before', 'memory after'], row]
}

async function analyzer() {
  const outfile = path.join(outFolder, 'bench', 'python.cjs')
  await build({
    stdin: {
      contents: `export { analyze } from './src/analysis/analyze'
        export { diskEnvironment } from './src/cli/disk'
        export { hintTable } from './src/features/hintLines'
        export { parse } from './src/frontends/python/syntax/parser'`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  })
  return createRequire(import.meta.url)(outfile)
}
