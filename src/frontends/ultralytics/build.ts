import { N } from '../../core/dim'
import { type Graph, GraphBuilder, type Value } from '../../core/graph'
import type { Problem } from '../../core/problem'
import type { BuiltModel, InputShape, Row } from '../frontend'
import type { YamlFile } from '../yamlSource'
import { readActivation, SILU } from './activations'
import { flat } from './block'
import type { Header, Scale } from './header'
import type { Names } from './literal'
import type { Build } from './place'
import { buildRow, type Done } from './row'
import type { RowSource } from './rows'
import type { Arg } from './signature'
import { isForeign } from './tell'

/** Builds the network of one scale, as Ultralytics' parse_model does, and runs an image through it. */
export function buildModel(
  file: YamlFile,
  header: Header,
  rows: readonly RowSource[],
  scale: Scale,
  chosen: readonly InputShape[],
): BuiltModel {
  const builder = new GraphBuilder()
  const names: Names = new Map<string, Arg>([
    ...header.values,
    ['depth', scale.depth],
    ['width', scale.width],
    ['scale', scale.letter],
    ['max_channels', scale.maxChannels],
  ])
  const classes = header.values.get('nc')
  const build: Build = {
    builder,
    activation: header.activation === null ? SILU : readActivation(header.activation.text),
    legacy: true,
    classes: typeof classes === 'number' ? classes : null,
    sharedActivation: null,
    text: null,
  }
  if (header.activation && build.activation === null) {
    const message = `The activation ${header.activation.text} is not known.`
    builder.problem({ code: 'unknown-name', severity: 'warning', span: header.activation.span, message })
  }
  const shape = chosen[0]?.shape ?? usualInput(header, rows)
  const image = builder.input(chosen[0]?.name ?? 'images', [N, ...shape])
  const done: Done[] = []
  const built: Built[] = []
  for (const row of rows) {
    if (builder.isFull) break
    const from = builder.counts
    const { result, shown } = buildRow({ file, build, names, scale, rows, done, image }, row)
    done.push(result)
    built.push({ row, outputs: flat(shown), from, to: builder.counts })
  }
  for (const value of flat(done.at(-1)?.feed ?? [])) builder.output(value)
  const graph = builder.build()
  const foreign = rows.some(({ parts }) => parts && isForeign(parts.module))
  const problems = unique(graph.problems)
  return {
    graph: { ...graph, problems: foreign ? ofAnotherFramework(problems) : problems },
    inputs: [{ shape }],
    inputAssumed: chosen.length === 0,
    rows: built.map(one => rowOf(one, graph)),
  }
}

interface Built {
  readonly row: RowSource
  readonly outputs: readonly Value[]
  readonly from: GraphBuilder['counts']
  readonly to: GraphBuilder['counts']
}

const rowOf = ({ row, outputs, from, to }: Built, graph: Graph): Row => ({
  index: row.index,
  type: row.parts?.module ?? '',
  span: row.span,
  first: from.nodes,
  last: to.nodes,
  layers: graph.layers.slice(from.layers, to.layers),
  output: outputs[0] ?? null,
  ...(outputs.length > 1 ? { outputs } : undefined),
})

/** 640×640 for detection and what builds on it, 224×224 for classification: the framework's own defaults. */
function usualInput(header: Header, rows: readonly RowSource[]): readonly number[] {
  const size = rows.at(-1)?.parts?.module === 'Classify' ? 224 : 640
  return [header.channels, size, size]
}

/**
 * The problems of a file for a framework that grew from Ultralytics, which is one that names modules of its own: each of
 * those is told once, and where Ultralytics' modules would refuse their arguments, the other's may have other signatures.
 */
function ofAnotherFramework(problems: readonly Problem[]): Problem[] {
  const told = new Set<string>()
  return problems
    .filter(({ code, fixes, message }) => {
      if (code !== 'unknown-layer' || fixes) return true
      return !told.has(message) && told.add(message)
    })
    .map(problem =>
      problem.severity === 'error' && problem.code !== 'dangling-reference'
        ? { ...problem, severity: 'info' }
        : problem,
    )
}

/** The branches of a block often see the same fault; it is told once. */
function unique(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>()
  return problems.filter(({ span, message }) => {
    const key = `${span.start} ${span.end} ${message}`
    return !seen.has(key) && seen.add(key)
  })
}
