import type { PyClass } from '../../interpreter/values'
import { moduleClass } from '../module'
import { moduleDict, moduleList, sequential } from './containers'
import { convolutions, transposedConvolutions } from './convolutions'

/** Every class of torch.nn that is modelled. */
export const nnClasses: readonly PyClass[] = [
  moduleClass,
  sequential,
  moduleList,
  moduleDict,
  ...convolutions,
  ...transposedConvolutions,
]
