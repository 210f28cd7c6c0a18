import type { PyClass } from '../../interpreter/values'
import { moduleClass } from '../module'
import { activations } from './activations'
import { multiheadAttention } from './attention'
import { moduleDict, moduleList, sequential } from './containers'
import { convolutionBases, convolutions, transposedConvolutions } from './convolutions'
import './copies'
import { lazyLayers } from './lazy'
import { attentionLinear, linears } from './linears'
import { losses } from './losses'
import { normBases, norms } from './norms'
import { parameterClasses } from './parameters'
import { pooling } from './pooling'
import { recurrent } from './recurrent'
import { shapes } from './shapes'
import { transformers } from './transformer'
import { wrappers } from './wrappers'

/** Every class of torch.nn that is modelled. */
export const nnClasses: readonly PyClass[] = [
  moduleClass,
  sequential,
  moduleList,
  moduleDict,
  ...parameterClasses,
  ...convolutions,
  ...transposedConvolutions,
  ...linears,
  ...norms,
  ...pooling,
  ...activations,
  ...shapes,
  multiheadAttention,
  ...recurrent,
  ...transformers,
  ...losses,
  ...lazyLayers,
  ...wrappers,
]

/** Classes that only the files below torch.nn.modules name. */
export const hiddenClasses: readonly PyClass[] = [...convolutionBases, ...normBases, attentionLinear]
