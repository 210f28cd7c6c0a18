import type { Span } from '../../base/text'
import type { Problem } from '../../core/problem'
import { elementsOf, type JsonNode, member, members, spanOf, textOf } from './json'
import { isReference, type LayerEntry, type ModelEntry } from './topology'

/** What of a file is not as Keras writes it: what cannot be told from the layers that are drawn. */
export function structureProblems(model: ModelEntry): Problem[] {
  const problems: Problem[] = []
  check(model, problems)
  return problems.slice(0, MOST)
}
const MOST = 50

function check(model: ModelEntry, problems: Problem[]): void {
  const error = (code: Problem['code'], span: Span, message: string): void => {
    if (problems.length < MOST) problems.push({ code, severity: 'error', span, message })
  }
  const { layers, node } = model
  const config = member(node, 'config')
  const listed = config?.type === 'array' ? config : member(config, 'layers')
  const at = spanOf(member(node, 'class_name') ?? node)
  if (listed?.type !== 'array') {
    error('bad-argument', at, `${model.name} has no list of layers.`)
    return
  }
  for (const item of elementsOf(listed))
    if (item.type !== 'object') error('bad-argument', spanOf(item), `A layer is a mapping, this is ${kindOf(item)}.`)
  const names = new Set<string>()
  for (const entry of layers) {
    const span = placeOf(entry)
    if (entry.typeNode === undefined || textOf(entry.typeNode) === undefined)
      error('bad-argument', span, `${entry.name} has no class_name.`)
    if (entry.config?.type !== 'object' && !(entry.model && entry.config?.type === 'array'))
      error('bad-argument', span, `${entry.name} has no config.`)
    for (const name of ['batch_shape', 'batch_input_shape']) {
      const shape = member(entry.config, name)
      const wrong = shape && (shape.type === 'array' ? elementsOf(shape).find(size => !isSize(size.value)) : shape)
      if (wrong && wrong.type !== 'null')
        error(
          'bad-argument',
          spanOf(wrong),
          `${name} of ${entry.name} is a list of whole numbers, null where one is open.`,
        )
    }
    if (names.has(entry.name) && entry.type !== 'InputLayer')
      error('duplicate-name', span, `Two layers have the name ${entry.name}.`)
    names.add(entry.name)
    if (!model.sequential)
      for (const { node: call, inputs } of entry.calls)
        if (inputs.length === 0) error('dangling-reference', spanOf(call), `A call of ${entry.name} names no tensor.`)
    if (entry.model) check(entry.model, problems)
  }
  if (model.sequential) return
  for (const name of ['input_layers', 'output_layers'])
    for (const wrong of noReferences(member(config, name)))
      error('dangling-reference', spanOf(wrong), `This entry of ${name} is no layer, call and output.`)
  if (model.outputs.length === 0) error('dangling-reference', at, `${model.name} names no output_layers.`)
  for (const { layer, node: reference } of model.inputs)
    if (!names.has(layer)) error('dangling-reference', spanOf(reference), `The input ${layer} is not in the model.`)
}

/** What stands in a list or mapping of references and is none. */
function noReferences(node: JsonNode | undefined): readonly JsonNode[] {
  if (!node || isReference(node)) return []
  if (node.type === 'object') return members(node).flatMap(([, value]) => noReferences(value))
  const items = elementsOf(node)
  return node.type !== 'array' || items[0]?.type === 'string' ? [node] : items.flatMap(noReferences)
}

/** A size, or null where it is open. */
export const isSize = (value: unknown): boolean =>
  value === null || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)

const placeOf = ({ typeNode, node }: LayerEntry): Span => spanOf(typeNode ?? node)

const kindOf = ({ type }: JsonNode): string =>
  type === 'array' ? 'a list' : type === 'null' ? 'null' : type === 'boolean' ? 'a truth value' : `a ${type}`
