/**
 * What the classes of keras.layers mean: from a layer's arguments and its inputs to ops of the graph, with Keras' own
 * shape rules and weights. Shared by the front ends that read Keras from JSON and from Python.
 *
 * How a front end uses it:
 * 1. Find the class: `kerasLayer('Conv2D')`; older spellings (Convolution2D, nb_filter, Merge) through `modernize`.
 * 2. Its `parameters` are the constructor's arguments in order with their defaults; COMMON_PARAMETERS come on top.
 *    Arguments are plain data (`ConfigValue`): numbers, strings, lists; UNKNOWN where a value is not known; a layer
 *    given as an argument, or an activation that is a callable, is an `InnerLayer` (`innerLayer` for one of the table,
 *    else one whose `call` runs the program's own). `data_format: null` is channels_last: fill in a global setting.
 * 3. Keep one `LayerParts` (a Map) with each layer object: it holds the weights, made at the first call as Keras
 *    builds layers, and makes later calls share them.
 * 4. At each call: `drawingOn(builder, parts, origin, declare)` with the origin of the call, and
 *    `callLayer(kind, config, inputs, drawing, body => builder.scope(origin, inputs, body))`. `declareIn` counts weights
 *    at once, `declareDetached` leaves it to `builder.adopt(layer)` for each of `parts.values()`. `trainable` false
 *    makes them frozen, which Keras counts as non-trainable.
 * 5. It throws BadConfig where Keras raises ValueError and UnknownConfig where an argument that decides is not known
 *    (draw `builder.unknown` then). Conflicts of shapes are faults of the ops and need nothing.
 * Not in the table, because front ends differ in them: InputLayer, Lambda, models inside models.
 */
import { attentionLayers } from './attention'
import { augmentation } from './augmentation'
import { categorical } from './categorical'
import { convolutions } from './convolutions'
import { coreLayers } from './core'
import type { LayerKind } from './define'
import { CLASS_ALIASES } from './legacy'
import { merging } from './merging'
import { norms } from './norms'
import { pooling } from './pooling'
import { preprocessing } from './preprocessing'
import { recurrentLayers } from './recurrent'
import { reshaping } from './reshaping'
import { spectrograms } from './spectrograms'
import { wrappers } from './wrappers'

export {
  BadConfig,
  type Config,
  type ConfigValue,
  InnerLayer,
  Misfit,
  REQUIRED,
  UNKNOWN,
  UnknownConfig,
  WholeFloat,
} from './config'
export {
  COMMON_PARAMETERS,
  callLayer,
  type Declare,
  type Drawing,
  declareDetached,
  declareIn,
  drawingOn,
  innerLayer,
  type LayerKind,
  type LayerParts,
  withDefaults,
} from './define'
export { CLASS_ALIASES, type Modern, modernize } from './legacy'
export { applied } from './parts'
export { type Recipes, recipesOf } from './recipes'

/** Every class of keras.layers that is understood. */
export const kerasLayers: readonly LayerKind[] = [
  ...convolutions,
  ...pooling,
  ...norms,
  ...coreLayers,
  ...merging,
  ...reshaping,
  ...recurrentLayers,
  ...attentionLayers,
  ...preprocessing,
  ...augmentation,
  ...categorical,
  ...spectrograms,
  ...wrappers,
]

const byName: ReadonlyMap<string, LayerKind> = new Map(kerasLayers.map(kind => [kind.name, kind]))

/** A class by its name in any version of Keras; undefined for what is not understood. */
export const kerasLayer = (name: string): LayerKind | undefined =>
  byName.get(name) ?? (Object.hasOwn(CLASS_ALIASES, name) ? byName.get(CLASS_ALIASES[name]!) : undefined)
