/**
 * Holds the built command line to torchvision 0.14.1: params, MACs and output of its 117 image and video models, as
 * PyTorch 1.13 measured them, from its unmodified source, which is taken from Debian's package and never run. Where the
 * oracle lies beside the checkout, also every layer and every name of forward code of 16 models, by line.
 *
 *   node scripts/test-torchvision.mjs
 *
 * Where Debian's package cannot be had there is nothing to read, and it says so.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './support/paths.mjs'
import { Failure, run, runMain } from './support/processes.mjs'
import { torchvisionSource } from './support/torchvision.mjs'

const oracle = path.join(root, '../shared/oracle/check.mjs')

await runMain(async () => {
  const source = await torchvisionSource()
  if (source === null) {
    console.log("Debian's package python3-torchvision cannot be had here; torchvision's models were not read.")
    return
  }
  const cases = readFileSync(path.join(root, 'test/fixtures/python/torchvision.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
  const wrong = compare(cases, answers(cases, source))
  for (const line of wrong) console.log(`✘ ${line}`)
  if (existsSync(oracle)) {
    await run('node', [oracle, 'torchvision-lines', '--src', source], { cwd: root, echo: true, limitMs: 120_000 })
  }
  console.log(`${cases.length - wrong.length} passed, ${wrong.length} failed`)
  if (wrong.length > 0) throw new Failure(`${wrong.length} of ${cases.length} models of torchvision come out wrong.`)
})

/** What `convlens batch` answers, by id. */
function answers(cases, source) {
  const requests = cases.map((c, id) => ({
    id,
    file: path.join(source, c.file),
    model: expression(c),
    input: [c.input.join('x')],
    pythonPath: [source],
  }))
  const output = execFileSync('node', [path.join(root, 'dist/cli.js'), 'batch'], {
    input: requests.map(r => `${JSON.stringify(r)}\n`).join(''),
    maxBuffer: 2 ** 30,
  })
  const lines = output.toString().split('\n').filter(Boolean)
  return new Map(lines.map(line => JSON.parse(line)).map(answer => [answer.id, answer]))
}

function expression({ model, kwargs }) {
  const name = model.split('@')[0]
  const args = Object.entries(kwargs ?? {}).map(([key, value]) => `${key}=${python(value)}`)
  return args.length ? `${name}(${args.join(', ')})` : name
}

function python(value) {
  return value === true ? 'True' : value === false ? 'False' : value === null ? 'None' : JSON.stringify(value)
}

/** One line for every model that differs in params, MACs, completeness or output. */
function compare(cases, found) {
  return cases.flatMap((c, id) => {
    const model = found.get(id)?.models?.[0]
    if (!model) return [`${c.model}: ${found.get(id)?.error ?? 'no model'}`]
    const { params, macs, completeness } = model.totals
    const [batch, ...sizes] = model.outputs[0]?.shape ?? []
    const wanted = /^\[[\d, ]+\]$/.test(c.output ?? '') ? JSON.parse(c.output).slice(1) : null
    const same = wanted === null || (batch === 'N' && JSON.stringify(sizes) === JSON.stringify(wanted))
    if (params === c.params && macs === c.macs && completeness === 'exact' && same) return []
    return [
      `${c.model}: ${params} params of ${c.params}, ${macs} MACs of ${c.macs}, ${completeness}, ${sizes.join('×')}`,
    ]
  })
}
