import type { BuildOptions, BuiltModel, FrontEnd, ModelFile, OutlineItem, Source } from '../frontend'
import { readYaml, type YamlFile } from '../yamlSource'
import { buildLayerList } from './build'
import { completeLayerList } from './complete'
import { isLayerList } from './detect'
import { buildPositional } from './kindle'
import { kindleModules } from './kindleModules'
import { layerTypes } from './layers'
import { baseName, readLayerList } from './model'
import { outlineOf, positionalOutline } from './outline'
import { readPositional } from './positional'
import { rewriteItem } from './rewrite'
import { rewritePositional } from './rewritePositional'

/**
 * Layer lists written by hand in YAML: mappings with torch.nn's names and defaults, with blocks, repeats, branches and
 * residuals; and positional rows as JeiKeiLim/kindle reads them.
 */
export const layerLists: FrontEnd = {
  format: 'yaml',
  detect: isLayerList,
  open,
  complete: completeLayerList,
  supported: () => [
    { title: 'types', names: layerTypes.map(type => type.name) },
    { title: 'positional rows', names: Object.keys(kindleModules) },
  ],
}

/** Texts of opened files, for reuse by the next opening of the same document. */
const texts = new WeakMap<ModelFile, YamlFile>()

function open(source: Source, previous?: ModelFile): ModelFile {
  const file = readYaml(source.text, previous && texts.get(previous))
  const model = withModel(file, source)
  texts.set(model, file)
  return model
}

function withModel(file: YamlFile, source: Source): ModelFile {
  const positional = readPositional(file)
  if (positional) {
    const name = baseName(source.name)
    return modelFile(
      file,
      name,
      positional.key.span,
      () => positionalOutline(file, positional, name),
      ({ inputs }) => buildPositional(file, positional, inputs),
      request => rewritePositional(file, positional, request),
    )
  }
  const list = readLayerList(file, source)
  if (list) {
    return modelFile(
      file,
      list.name,
      list.key.span,
      () => outlineOf(file, list),
      ({ inputs }) => buildLayerList(file, list, inputs),
      (request, options) => rewriteItem(file, list, request, options),
    )
  }
  const empty = { inputs: [], outputs: [], nodes: [], layers: [], scopes: [], problems: [], links: [], stopped: null }
  return {
    format: 'yaml',
    models: [],
    defaultModel: undefined,
    problems: file.problems,
    outline: () => [],
    build: () => ({ graph: empty, inputs: [], inputAssumed: true }),
  }
}

function modelFile(
  file: YamlFile,
  name: string,
  span: { readonly start: number; readonly end: number },
  outline: () => readonly OutlineItem[],
  build: (options: BuildOptions) => BuiltModel,
  rewrite: NonNullable<ModelFile['rewrite']>,
): ModelFile {
  return {
    format: 'yaml',
    models: [{ name, aliases: [], span }],
    defaultModel: name,
    problems: file.problems,
    outline,
    build,
    rewrite,
  }
}
