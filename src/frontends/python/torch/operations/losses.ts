import { raise } from '../../interpreter/run'
import { PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { type Operation, operation } from './define'

const NAMES =
  `cross_entropy nll_loss binary_cross_entropy binary_cross_entropy_with_logits mse_loss l1_loss smooth_l1_loss huber_loss kl_div
   poisson_nll_loss gaussian_nll_loss hinge_embedding_loss cosine_embedding_loss margin_ranking_loss soft_margin_loss
   multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss triplet_margin_loss triplet_margin_with_distance_loss
   ctc_loss`.split(/\s+/)

/** Losses fold all that they are given to one number, unless `reduction='none'` keeps the elements apart. */
export const lossOperations: readonly Operation[] = NAMES.map(name =>
  operation(name, 'functional', null, (run, named, args) => {
    const tensors = [...args, ...Object.values(named)].filter((v): v is PyTensor => v instanceof PyTensor)
    if (tensors.length === 0) return raise('TypeError', `${name}() is missing its input`)
    const shapes = [named.reduction === 'none' ? elementwiseShape(name, tensors) : []]
    return traceOf(run).op(run, 'compute', { function: name, shapes }, tensors, name)
  }),
)

/** Losses of pairs keep the shape; those of classes are left without one. */
const elementwiseShape = (name: string, [input]: readonly PyTensor[]) =>
  /mse|l1_loss|huber|binary|kl_div|poisson/.test(name) ? input!.shape : null
