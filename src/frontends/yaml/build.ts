import type { Dim } from '../../core/dim'
import { N } from '../../core/dim'
import { type Graph, GraphBuilder, type Value } from '../../core/graph'
import type { Fix, Problem } from '../../core/problem'
import { elements } from '../../core/shape'
import type { BuiltModel, InputShape } from '../frontend'
import { nearest } from '../nearest'
import type { YamlFile } from '../yamlSource'
import { type Item, readItem } from './items'
import { INPUT_KEYS, type LayerList, readInputs } from './model'
import { runRows } from './run'
import { type Run, startRun } from './state'
import { NOTHING_DECLARED, problem, type Scope } from './values'

/** Builds a network of named layers: shapes, costs and problems of every row. */
export function buildLayerList(
  file: YamlFile,
  list: LayerList,
  chosen: readonly InputShape[],
  told?: Run['seen'],
): BuiltModel {
  const builder = new GraphBuilder()
  const run = startRun(file, builder, list.blocks, told)
  checkRoot(run, list)
  const written = list.input && readInputs(file, list.input, list.root)
  if (list.input && !written) {
    const span = list.input.value?.span ?? list.input.key.span
    run.report(problem('bad-argument', span, 'input expects sizes without the batch, such as [3, 224, 224].'))
  }
  const own = written ?? [{ shape: assumedShape(file, list) }]
  const inputs = own.map(
    (input, i) =>
      chosen.find(c => c.name !== undefined && c.name === input.name) ??
      (chosen.length === own.length || i === 0 ? named(chosen[i], input) : input),
  )
  const values = inputs.map((input, i) =>
    builder.input(input.name ?? (i === 0 ? 'input' : `input${i}`), known(input.shape)),
  )
  const names = new Map<string, Value>()
  for (const [i, { name }] of own.entries()) if (name !== undefined) names.set(name, values[i]!)
  const place = { scope: NOTHING_DECLARED, path: '', prefix: '', open: [], outer: null, inputs: names }
  const output = runRows(run, list.rows, values[0]!, place)
  if (list.rows.length > 0) builder.output(output)
  return { graph: polished(builder.build(), run, file), inputs, inputAssumed: written === null && chosen.length === 0 }
}

/** The parameters in force at each call of the layer whose row starts at a place, in execution order. */
export function scopesOf(file: YamlFile, list: LayerList, chosen: readonly InputShape[], start: number): Scope[] {
  const scopes: Scope[] = []
  buildLayerList(file, list, chosen, (item, scope) => {
    if (item.node.span.start === start) scopes.push(scope)
  })
  return scopes
}

const named = (chosen: InputShape | undefined, own: InputShape): InputShape =>
  chosen ? { ...(own.name === undefined ? {} : { name: own.name }), shape: chosen.shape } : own

/** An input of wholly unknown sizes has not even a rank. */
const known = (shape: readonly Dim[]): readonly Dim[] | null => (shape.length === 0 ? null : [N, ...shape])

/** What the first layer lets one assume where the file names no input: an image of the channels it expects. */
function assumedShape(file: YamlFile, list: LayerList): readonly Dim[] {
  for (const row of list.rows.slice(0, 8)) {
    const item = readItem(file, row, 0, () => false)
    const number = (name: string): number | null => {
      const node = file.resolve(item.options.find(o => o.name === name)?.value ?? null)
      return node?.kind === 'scalar' && Number.isSafeInteger(node.value) && (node.value as number) > 0
        ? (node.value as number)
        : null
    }
    const type = item.type.replace(/^.*\./, '').replace(/^Lazy/, '')
    if (/^Conv(Transpose)?2d$/.test(type)) return [number('in_channels') ?? 3, 224, 224]
    if (/^Conv(Transpose)?[13]d$/.test(type))
      return [number('in_channels'), ...Array(type.endsWith('1d') ? 1 : 3).fill(null)]
    if (type === 'Linear') return number('in_features') === null ? [3, 224, 224] : [number('in_features')]
    if (type === 'Embedding') return [null]
    if (type === 'Flatten') return [3, 224, 224]
  }
  return [3, 224, 224]
}

function checkRoot(run: Run, list: LayerList): void {
  const keys = [...INPUT_KEYS, 'name', 'blocks', 'layers']
  for (const { key } of list.unknownKeys) {
    const near = nearest(key.raw, keys)
    // Other tools' keys are none of our business; only what looks like a slip is told.
    if (!near || list.root.some(e => e.key.raw === near)) continue
    const fix: Fix = {
      title: `Change ${key.raw} to ${near}`,
      edits: [{ span: key.span, newText: near }],
      preferred: true,
    }
    run.report({
      code: 'unknown-option',
      severity: 'warning',
      span: key.span,
      message: `${key.raw} has no meaning here; is it ${near}?`,
      fixes: [fix],
    })
  }
  if (list.rows.length === 0) {
    run.report({ ...problem('no-model', list.key.span, `${list.key.raw} holds no layers yet.`), severity: 'info' })
  }
}

/** One problem a place and message; rows as a whole are shown at their first line; a Linear that needs it gets Flatten. */
function polished(graph: Graph, run: Run, file: YamlFile): Graph {
  const seen = new Set<string>()
  const problems: Problem[] = []
  for (const found of graph.problems) {
    const key = `${found.span.start} ${found.span.end} ${found.message}`
    if (seen.has(key)) continue
    seen.add(key)
    const head = run.heads.get(found.span)
    const flatten = found.code === 'shape-mismatch' ? flattenFix(graph, run, file, found) : null
    problems.push({
      ...found,
      span: head ?? found.span,
      ...(flatten
        ? { fixes: [{ ...flatten, preferred: true }, ...(found.fixes ?? []).map(f => ({ ...f, preferred: false }))] }
        : {}),
    })
  }
  // A block's rows run many times, and each time they lead to the same places.
  const links = new Map(graph.links.map(link => [`${link.span.start} ${link.target.start}`, link]))
  return { ...graph, problems, links: [...links.values()] }
}

/** `- type: Flatten` before a Linear whose in_features is what its input holds in all. */
function flattenFix(graph: Graph, run: Run, file: YamlFile, found: Problem): Fix | null {
  const node = graph.nodes.find(n => n.op === 'linear' && n.origin.site.attributes?.inFeatures?.span === found.span)
  const shape = node?.inputs[0]?.shape
  if (!node || !shape || shape.length < 3 || elements(shape.slice(1)) !== node.attributes.inFeatures) return null
  const item: Item | undefined = [...run.items.values()].find(i => i.site === node.origin.site)
  const before = item
    ? /^([ \t]*)-[ \t]+$/.exec(
        file.text.slice(file.text.lastIndexOf('\n', item.node.span.start - 1) + 1, item.node.span.start),
      )
    : null
  if (!item || !before) return null
  const at = item.node.span.start
  return {
    title: 'Insert Flatten before it',
    edits: [{ span: { start: at, end: at }, newText: `type: Flatten\n${before[1]}- ` }],
  }
}
