import type { Problem } from '../../core/problem'
import type { FrontEnd, ModelChoice, ModelFile, Source } from '../frontend'
import { kerasLayers } from '../kerasLayers'
import { buildModel } from './build'
import { parseJson } from './json'
import { outlineOf } from './outline'
import { rewriteLayer } from './rewrite'
import { modelOf } from './topology'

/** Models saved as JSON: Keras' to_json of any version, and the topology in model.json of TensorFlow.js. */
export const kerasJson: FrontEnd = {
  format: 'keras-json',
  detect,
  open,
  supported: () => [{ title: 'class_name', names: kerasLayers.map(kind => kind.name).sort() }],
}

/** How much of a text decides: a model says its class before its layers, TensorFlow.js after some words of its own. */
const LOOK = 200_000

/** A JSON file that speaks of a class of Keras' models. */
function detect({ name, text, languageId }: Source): boolean {
  if (!(languageId === 'json' || languageId === 'jsonc' || /\.json$/i.test(name))) return false
  return MODEL.test(text.slice(0, LOOK)) || MODEL.test(text.slice(-LOOK))
}

const MODEL = /"class_name"\s{0,9}:\s{0,9}"(?:Sequential|Model|Functional|Graph)"/

function open(source: Source): ModelFile {
  const { text } = source
  const { root, problems } = parseJson(text)
  const model = modelOf(root)
  const choice: ModelChoice | undefined = model ? { name: model.name, aliases: [], span: model.span } : undefined
  const missing: Problem[] =
    root && !model && problems.length === 0
      ? [
          {
            code: 'no-model',
            severity: 'info',
            span: { start: 0, end: 0 },
            message: 'This JSON holds no model of Keras.',
          },
        ]
      : []
  return {
    format: 'keras-json',
    models: choice ? [choice] : [],
    defaultModel: choice?.name,
    problems: [...problems, ...missing],
    outline: () => (model ? outlineOf(model) : []),
    build: options => buildModel(model!, text, options),
    rewrite: request => (model ? rewriteLayer(request, model, text) : { refused: 'There is no model.' }),
  }
}
