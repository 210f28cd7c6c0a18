import { totals } from '../../../src/core/cost'
import { formatShape } from '../../../src/core/shape'
import { layerLists } from '../../../src/frontends/yaml'

/** Opens and builds a text as the only model of a file. */
export function built(text: string, name = 'net.yaml') {
  const file = layerLists.open({ uri: name, name, text })
  const model = file.build({ model: file.defaultModel ?? '', inputs: [] })
  const sums = totals(model.graph)
  return {
    file,
    model,
    graph: model.graph,
    sums,
    output: model.graph.outputs.map(o => formatShape(o.shape)).join(' '),
    /** `code "the text it is shown at" the sentence`. */
    problems: [...file.problems, ...model.graph.problems].map(
      p => `${p.code} ${JSON.stringify(text.slice(p.span.start, p.span.end))} ${p.message}`,
    ),
    /** The text after the first fix of the first problem that has one. */
    fixed: (): string => {
      const fix = [...file.problems, ...model.graph.problems].flatMap(p => p.fixes ?? [])[0]
      if (!fix) return text
      const edits = [...fix.edits].sort((a, b) => b.span.start - a.span.start)
      return edits.reduce((t, e) => t.slice(0, e.span.start) + e.newText + t.slice(e.span.end), text)
    },
  }
}

/** `input: [3, 8, 8]` and rows. */
export const rows = (list: string, input = '[3, 8, 8]'): string => `input: ${input}\nlayers:\n${list}`
