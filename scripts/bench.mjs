/**
 * Prints how fast and how large everything is; it judges nothing and is no test.
 *
 *   npm run bench
 *
 * Analysis of each example beside the floor of the same run (the text parsed and nothing more), keystroke to hints through
 * the real server, server start, activation, memory, bundle sizes.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import { parseDocument } from 'yaml'
import { benchPython } from './bench-python.mjs'
import { memoryOf, ms, print, quantile, startServer, time } from './support/bench.mjs'
import { outFolder, root } from './support/paths.mjs'
import { run, runMain } from './support/processes.mjs'

/** What is measured is built apart, so that dist/ stays as it is. */
const built = path.join(outFolder, 'bench', 'dist')

await runMain(async () => {
  await run('node', ['esbuild.mjs', '--minify', `--out=${built}`], { cwd: root })
  const { analyze, lineHints, longTexts } = await library()
  const cpu = os.cpus()[0]?.model.trim() ?? 'unknown processor'
  console.log(`Node ${process.version}, ${cpu}, ${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}\n`)

  const files = networks(longTexts)
  print('Analysis from nothing: parse, shapes, costs, hints', analysisRows(files, analyze, lineHints))
  print('Keystroke to hints through the server, over stdio', await keystrokeRows(files))
  print('Start', [['what', 'median ms'], ['server: process to initialized', ms(await serverStart())], ...activation()])
  await benchPython()
  print('Bundles, minified', bundles())
})

/** Our own small files, the shared detector where it is there, and long texts in every format. */
function networks(longTexts) {
  const folder = path.join(root, 'examples')
  const found = existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map(name => path.join(folder, name))
    : []
  found.push(path.join(root, 'test/vscode/workspace/yolo.yaml'))
  found.push(path.join(root, '../shared/corpora/ultralytics/11/yolo11.yaml'))
  const files = found
    .filter(file => /\.(ya?ml|cfg|prototxt)$/.test(file) && existsSync(file))
    .map(file => ({ name: path.basename(file), text: readFileSync(file, 'utf8'), long: false }))
  files.push({ name: 'detector.yaml', text: detector(), long: false })
  for (const make of Object.values(longTexts)) files.push({ ...make(10_000), long: true })
  return files
}

/** A detector with as many rows, and of the same kinds, as a yolo11.yaml. */
function detector() {
  const backbone = [64, 128, 256, 512, 1024].flatMap((c, i) => [
    `  - [-1, 1, Conv, [${c}, 3, 2]]`,
    ...(i > 0 ? [`  - [-1, 2, C3k2, [${c}, ${i > 2 ? 'True' : 'False, 0.25'}]]`] : []),
  ])
  const head = ['  - [-1, 1, SPPF, [1024, 5]]', '  - [-1, 2, C2PSA, [1024]]']
  for (const [from, c] of [
    [6, 512],
    [4, 256],
  ]) {
    head.push('  - [-1, 1, nn.Upsample, [None, 2, "nearest"]]', `  - [[-1, ${from}], 1, Concat, [1]]`)
    head.push(`  - [-1, 2, C3k2, [${c}, False]]`)
  }
  return ['nc: 80', 'scales:', '  n: [0.50, 0.25, 1024]', 'backbone:', ...backbone, 'head:', ...head, ''].join('\n')
}

function analysisRows(files, analyze, lineHints) {
  const options = { unit: 'MACs', quietLayers: false, maximumLength: 43 }
  const rows = files.map(({ name, text, long }) => {
    const source = { uri: `file:///${name}`, name, text, languageId: languageOf(name) }
    const read = () => lineHints(analyze(source), options).length
    const floor = /\.(cfg|prototxt)$/.test(name)
      ? () => text.split('\n').map(line => line.split('='))
      : () => parseDocument(text)
    const rounds = long ? 5 : 40
    const [least, took] = [time(floor, rounds), time(read, rounds)]
    return [name, `${text.split('\n').length}`, `${read()}`, ms(least), ms(took), `${(took / least).toFixed(2)}×`]
  })
  return [['file', 'lines', 'hints', 'floor ms', 'median ms', 'of floor'], ...rows]
}

async function keystrokeRows(files) {
  const rows = []
  for (const { name, text, long } of files.filter(
    file => file.long || /yolo|detector|resnet50|googlenet/.test(file.name),
  )) {
    const server = await startServer(built)
    const uri = `file:///${name}`
    const start = performance.now()
    server.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: languageOf(name), version: 1, text },
    })
    await server.request('textDocument/inlayHint', { textDocument: { uri }, range: range(0, 60) })
    const first = performance.now() - start
    const { line, character } = placeToType(text)
    const samples = []
    // A digit is typed behind a number of a layer and taken back, so that everything after it changes.
    for (let i = 0; i < (long ? 40 : 200); i++) {
      const end = { line, character: character + (i % 2) }
      const sent = performance.now()
      server.notify('textDocument/didChange', {
        textDocument: { uri, version: i + 2 },
        contentChanges: [{ range: { start: { line, character }, end }, text: i % 2 ? '' : '0' }],
      })
      await server.request('textDocument/inlayHint', {
        textDocument: { uri },
        range: range(Math.max(0, line - 30), line + 30),
      })
      if (i >= 4) samples.push(performance.now() - sent)
    }
    rows.push([name, ms(first), ms(quantile(samples, 0.5)), ms(quantile(samples, 0.95)), memoryOf(server.pid)])
    await server.close()
  }
  return [['file', 'first ms', 'median ms', 'p95 ms', 'memory'], ...rows]
}

/** Behind the last digit of a layer's number of channels, in the middle of the file. */
function placeToType(text) {
  const lines = text.split('\n')
  const line = lines.findIndex(
    (l, i) => i >= lines.length / 2 && /(?:channels|filters|num_output: |Conv, |width)\D{0,3}\d+/.test(l),
  )
  const at = line < 0 ? lines.findIndex(l => /\d/.test(l)) : line
  const match = /(?:channels|filters|num_output: |Conv, |width)\D{0,3}\d+/.exec(lines[at]) ?? /\d+/.exec(lines[at])
  return { line: at, character: match.index + match[0].length }
}

async function serverStart() {
  const samples = []
  for (let i = 0; i < 7; i++) {
    const start = performance.now()
    const server = await startServer(built)
    samples.push(performance.now() - start)
    await server.close()
  }
  return quantile(samples, 0.5)
}

/** Loads the extension in processes of their own with a stand-in for VS Code: what a YAML workspace without models pays. */
function activation() {
  const folder = path.join(root, 'src/extension')
  const sources = readdirSync(folder).map(file => readFileSync(path.join(folder, file), 'utf8'))
  const names = [
    ...new Set(sources.flatMap(source => [...source.matchAll(/\bvscode\.([A-Za-z]+)/g)].map(match => match[1]))),
  ]
  const script = `
    const Module = require('node:module')
    const special = { [Symbol.toPrimitive]: () => 'x', [Symbol.iterator]: function* () {}, forEach: () => {}, then: undefined }
    const anything = new Proxy(function () {}, {
      get: (_, key) => (key in special ? special[key] : anything),
      apply: () => anything,
      construct: () => anything,
      set: () => true,
    })
    const vscode = Object.fromEntries(${JSON.stringify(names)}.map(name => [name, anything]))
    const load = Module._load
    Module._load = function (name, ...rest) { return name === 'vscode' ? vscode : load.call(this, name, ...rest) }
    const start = performance.now()
    const extension = require(${JSON.stringify(path.join(built, 'extension.js'))})
    const loaded = performance.now()
    extension.activate({ subscriptions: [], extensionUri: anything, extension: anything })
    console.log(loaded - start, performance.now() - loaded)
    process.exit()`
  const samples = Array.from({ length: 7 }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
    if (!stdout) throw new Error(`The extension could not be loaded: ${stderr.slice(-1000)}`)
    return stdout.trim().split(' ').map(Number)
  })
  const of = i =>
    ms(
      quantile(
        samples.map(sample => sample[i]),
        0.5,
      ),
    )
  return [
    ['extension: load', of(0)],
    ['extension: activate, no model open', of(1)],
  ]
}

function bundles() {
  const files = readdirSync(built, { recursive: true, encoding: 'utf8' }).sort()
  const rows = files
    .filter(file => /\.(js|css)$/.test(file))
    .map(file => [`dist/${file}`, `${(statSync(path.join(built, file)).size / 1000).toFixed(0)} kB`])
  return [['file', 'size'], ...rows]
}

/** The analyzer and the generators of long texts, bundled for this process. */
async function library() {
  const outfile = path.join(outFolder, 'bench', 'library.cjs')
  await build({
    stdin: {
      contents: `export { analyze } from './src/analysis/analyze'
        export { lineHints } from './src/features/hintLines'
        export { longTexts } from './test/support/generate'`,
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

function range(first, last) {
  return { start: { line: first, character: 0 }, end: { line: last, character: 0 } }
}

function languageOf(name) {
  return name.endsWith('.cfg') ? 'darknet-cfg' : name.endsWith('.prototxt') ? 'prototxt' : 'yaml'
}
