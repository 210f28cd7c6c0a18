import type { NameGroup } from '../frontend'
import { builtins } from './interpreter/builtins'
import { libraryModules } from './interpreter/library'
import { PyModule, PyUnknown, type PyValue } from './interpreter/values'
import { layerClass } from './keras/layer'
import { kerasModules } from './keras/library'
import { modelClass, sequentialClass } from './keras/modelClasses'
import { tensorflowModules } from './tensorflow/library'
import { torchModules } from './torch/library'
import { moduleClass } from './torch/module'
import { tensorClass } from './torch/tensor'

/** Every name that programs may use, by module, read off the very tables that the interpreter looks them up in. */
export const supportedNames = (): NameGroup[] => [
  // The files of torch.nn.modules hold what torch.nn holds.
  ...[...torchModules].flatMap(([title, { dict }]) => (title.startsWith('torch.nn.modules') ? [] : group(title, dict))),
  ...[...kerasModules].flatMap(([title, { dict }]) => (FOLDERS.has(title) ? [] : group(title, dict))),
  group('keras.layers.Layer', layerClass.dict),
  group('keras.Model', modelClass.dict),
  group('keras.Sequential', sequentialClass.dict),
  // tf.compat.v1 and v2 hold what tf holds.
  ...[...tensorflowModules].flatMap(([title, { dict }]) => (title.includes('.compat') ? [] : group(title, dict))),
  group('torch.Tensor', tensorClass.dict),
  group('torch.nn.Module', moduleClass.dict),
  ...[...libraryModules].map(([title, { dict }]) => group(title, dict)),
  group('builtins', builtins),
]

/** Files of Keras that hold what its modules hold. */
const FOLDERS = new Set([
  'keras.layers.layer',
  'keras.api_export',
  'keras.engine',
  'keras.config',
  'keras.utils.np_utils',
])

/** Names whose values are known; submodules have groups of their own. */
const group = (title: string, dict: ReadonlyMap<string, PyValue>): NameGroup => ({
  title,
  ...(/^keras\b/.test(title) ? { format: 'keras' } : /^tensorflow\b/.test(title) ? { format: 'tensorflow' } : {}),
  names: [...dict]
    .filter(([name, value]) => !name.startsWith('__') && !(value instanceof PyModule) && !isMissing(value))
    .map(([name]) => name)
    .sort(),
})

/** What is known not to matter (checkpoints, profilers) is read over; what is not modelled is not listed. */
const isMissing = (value: PyValue): boolean => value instanceof PyUnknown && !value.harmless
