/**
 * Holds the advisor to the real PyTorch: every proposal for every classification model of torchvision is written into
 * a copy of its file, built there, and its output, the shapes of all other layers, its params and its MACs are compared
 * with what was promised. Writes the table docs/rewrites.md.
 *
 *   npm run build && node scripts/check-rewrites.mjs [model …]
 *
 * Needs Debian's packages python3-torch and python3-torchvision, whose own models are the ones that are rewritten.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { root } from './support/paths.mjs'
import { Failure, runMain } from './support/processes.mjs'
import { torchvisionSource } from './support/torchvision.mjs'

const PYTHON = '/usr/bin/python3'
const script = path.join(root, 'scripts/support/rewrites.py')
const cli = path.join(root, 'dist/cli.js')

await runMain(async () => {
  const source = await torchvisionSource()
  if (source === null) throw new Failure("Debian's package python3-torchvision cannot be had here.")
  const { models, ...versions } = JSON.parse(python(['list']))
  const wanted = process.argv.slice(2)
  const sizes = inputSizes()
  const scratch = mkdtempSync(path.join(tmpdir(), 'convlens-rewrites-'))
  try {
    const rows = Object.entries(models)
      .filter(([model]) => wanted.length === 0 || wanted.includes(model))
      .map(([model, file]) =>
        check({ model, file: path.join(source, 'torchvision/models', file), size: sizes.get(model), source, scratch }),
      )
    const wrong = rows.flatMap(row => row.wrong)
    for (const line of wrong) console.log(`✘ ${line}`)
    const proposals = rows.reduce((sum, row) => sum + row.proposals, 0)
    console.log(`${rows.length} models, ${proposals} proposals, ${wrong.length} disagreements`)
    if (wanted.length === 0) write(rows, versions)
    if (wrong.length > 0) throw new Failure(`${wrong.length} of ${proposals} rewrites are not what was promised.`)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
})

/** The spatial size of each model's input, as the fixture of measured models has it. */
function inputSizes() {
  const cases = readFileSync(path.join(root, 'test/fixtures/python/torchvision.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
  return new Map(cases.map(line => JSON.parse(line)).map(({ model, input }) => [model, input.at(-1)]))
}

/** Writes and builds every proposal for a model. */
function check({ model, file, size, source, scratch }) {
  const text = readFileSync(file, 'utf8')
  const advised = [[], ['--norm']].map(more => advise(file, model, size, source, more))
  const proposals = advised.flatMap(({ proposals: list }) => list).filter(isNew())
  const requests = proposals.map((proposal, id) => {
    const folder = path.join(scratch, model, String(id))
    mkdirSync(folder, { recursive: true })
    const edited = path.join(folder, path.basename(file))
    writeFileSync(edited, apply(text, proposal.edits))
    return { id, file: edited, model, size }
  })
  const answers = new Map(
    python(['check'], requests.map(r => `${JSON.stringify(r)}\n`).join(''))
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line))
      .map(answer => [answer.id, answer]),
  )
  const whole = built(file, model, size)
  const wrong = proposals.flatMap((proposal, id) =>
    differences(proposal, answers.get(id), whole).map(
      text => `${model} ${proposal.id}${proposal.norm ? ' with norm' : ''}: ${text}`,
    ),
  )
  const forms = {}
  for (const { form } of proposals) forms[form] = (forms[form] ?? 0) + 1
  console.log(`${model}: ${proposals.length} proposals, ${wrong.length} disagreements`)
  return { model, file: path.basename(file), proposals: proposals.length, forms, best: best(proposals), wrong }
}

/** One text is tried once: with and without a norm some places give the same edit. */
function isNew() {
  const seen = new Set()
  return ({ edits }) => {
    const key = JSON.stringify(edits)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  }
}

function built(file, model, size) {
  const answer = JSON.parse(python(['check'], `${JSON.stringify({ id: 0, file, model, size })}\n`))
  if (answer.error) throw new Failure(`${model} as written: ${answer.error}`)
  return answer
}

function differences({ layers, model }, answer, whole) {
  if (!answer || answer.error) return [`it does not run: ${answer?.error ?? 'no answer'}`]
  const found = []
  if (JSON.stringify(answer.output) !== JSON.stringify(whole.output)) found.push(`output ${answer.output}`)
  const left = new Set(layers)
  const missing = firstMissing(
    whole.calls.filter(([name]) => !left.has(name)),
    answer.calls,
  )
  if (missing) found.push(`${missing[0]} no longer gives ${JSON.stringify(missing[2])}`)
  const params = answer.params
  if (params !== model.after.params) found.push(`${params} params, promised ${model.after.params}`)
  // PyTorch's hooks see layers, not the products inside attention: those are the same before and after.
  const saved = whole.macs - answer.macs
  const promised = model.before.macs - model.after.macs
  if (saved !== promised) found.push(`saves ${saved} MACs, promised ${promised}`)
  if (whole.params !== model.before.params) found.push(`${whole.params} params as written, said ${model.before.params}`)
  return found
}

/** The first of some calls that another list does not have, type and shape, in the same order. Paths may have changed. */
function firstMissing(calls, among) {
  const key = ([, type, shape]) => `${type} ${shape}`
  let at = 0
  return calls.find(call => {
    while (at < among.length && key(among[at]) !== key(call)) at++
    return at++ >= among.length
  })
}

function best(proposals) {
  return proposals.reduce((least, p) => Math.min(least, p.model.after.macs / p.model.before.macs), 1)
}

function advise(file, model, size, source, more) {
  const args = [
    cli,
    'advise',
    file,
    '--model',
    model,
    '--input',
    `3x${size}x${size}`,
    '--python-path',
    source,
    '--format',
    'json',
  ]
  return JSON.parse(
    execFileSync('node', [...args, ...more], { maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'inherit'] }).toString(),
  )
}

function python(args, input = '') {
  return execFileSync(PYTHON, [script, ...args], {
    input,
    maxBuffer: 2 ** 30,
    stdio: ['pipe', 'pipe', 'ignore'],
  }).toString()
}

/** The text with edits made that are given by 1-based lines and columns. */
function apply(text, edits) {
  const starts = [0]
  for (const match of text.matchAll(/\n/g)) starts.push(match.index + 1)
  const offset = (line, column) => starts[line - 1] + column - 1
  return [...edits]
    .sort((a, b) => b.line - a.line || b.column - a.column)
    .reduce(
      (result, { line, column, endLine, endColumn, newText }) =>
        result.slice(0, offset(line, column)) + newText + result.slice(offset(endLine, endColumn)),
      text,
    )
}

function write(rows, { torch, torchvision }) {
  const count = rows.reduce((sum, row) => sum + row.proposals, 0)
  const wrong = rows.reduce((sum, row) => sum + row.wrong.length, 0)
  const names = ['reduce', 'bottleneck', 'expand', 'separable']
  const lines = rows.map(
    ({ model, file, forms, best: least, wrong: list }) =>
      `| ${model} | ${file} | ${names.map(name => forms[name] ?? 0).join(' | ')} | −${Math.round(100 * (1 - least))}% | ${list.length} |`,
  )
  const text = `# Rewrites against the real PyTorch

Every proposal of the advisor (r = C/4, with and without a norm and an activation) for every classification model of
torchvision ${torchvision} was written into a copy of its file, built by PyTorch ${torch} and called. Compared with what was
promised: the output's shape, the output's shape of every other layer, params, and the MACs that are saved.
${count} proposals, ${wrong} disagreements.

Made by \`npm run build && node scripts/check-rewrites.mjs\`.

| model | file | reduce | bottleneck | expand | separable | best one edit, MACs | disagreements |
|---|---|---|---|---|---|---|---|
${lines.join('\n')}
`
  const folder = path.join(root, 'docs')
  if (!existsSync(folder)) mkdirSync(folder)
  writeFileSync(path.join(folder, 'rewrites.md'), text)
}
