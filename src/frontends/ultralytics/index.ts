import type { FrontEnd, ModelFile } from '../frontend'
import { readYaml, type YamlFile } from '../yamlSource'
import { buildModel } from './build'
import { completeAt } from './complete'
import { isModelFile } from './detect'
import { readHeader, rootEntries, type Scale } from './header'
import { MODULES } from './modules'
import { modelChoices, stemOf } from './names'
import { outlineOf } from './outline'
import { rewriteRow } from './rewrite'
import { readRows } from './rows'

/** Ultralytics' model YAML: `backbone` and `head`, lists of `[from, repeats, module, args]`, in several scales. */
export const ultralytics: FrontEnd = {
  format: 'ultralytics',
  detect: source => isModelFile(source.text),
  open(source, previous) {
    const yaml = readYaml(source.text, previous && texts.get(previous))
    const stem = stemOf(source.name)
    const entries = rootEntries(yaml)
    const header = readHeader(yaml, stem)
    const { rows, problems } = readRows(yaml, entries)
    const models = rows.length > 0 ? modelChoices(stem, header) : []
    const scaleOf = (model: string): Scale => {
      const at = models.findIndex(choice => choice.name === model)
      return header.scales[at] ?? header.chosen
    }
    const file: ModelFile = {
      format: 'ultralytics',
      models,
      defaultModel: models[header.scales.indexOf(header.chosen)]?.name,
      problems: [...yaml.problems, ...header.problems, ...problems],
      outline: () => outlineOf(yaml, entries, rows),
      build: ({ model, inputs }) => buildModel(yaml, header, rows, scaleOf(model), inputs),
      rewrite: (request, { model }) =>
        rewriteRow({ file: yaml, entries, header, rows, scale: scaleOf(model) }, request),
    }
    texts.set(file, yaml)
    return file
  },
  complete: completeAt,
  supported: () => [{ title: 'modules', names: [...MODULES.keys()] }],
}

/** What each file was read from, so that unchanged rows are not parsed again. */
const texts = new WeakMap<ModelFile, YamlFile>()
