import type { BuildOptions, InputShape } from '../frontend'
import type { Guess } from './doubts'
import { annotatedInputs, likelyInput, requiredInputs } from './inputs'
import type { Run } from './interpreter/run'
import { kerasInputs } from './keras/drawing'
import { PyLayer } from './keras/layer'
import type { PyNNModule } from './torch/module'
import { taking, type UsedInputs } from './usages'

/** What a model is called with. */
export interface Chosen {
  readonly inputs: readonly InputShape[]
  readonly dtypes: readonly (string | undefined)[]
  readonly missing: readonly string[]
  readonly assumed: boolean
  readonly batch: number | null
}

/** By option or directive, by use in the file, else by the first layer. */
export function chooseInputs(
  run: Run,
  model: PyNNModule,
  options: BuildOptions,
  usage: UsedInputs | undefined,
  { inputs: guessed, exploring, asDeclared }: Guess,
): Chosen {
  if (model instanceof PyLayer) {
    return { ...kerasInputs(model, options.inputs, usage?.inputs, asDeclared), batch: null }
  }
  const names = requiredInputs(model)
  const likely = likelyInput(run, model)
  const dtype = likely?.dtype
  const finish = (shapes: readonly InputShape[], assumed: boolean, batch: number | null = null): Chosen => ({
    inputs: shapes.map((s, i) => ({ name: s.name ?? names[i] ?? `input${i}`, shape: s.shape })),
    dtypes: shapes.map(() => dtype),
    missing: names.slice(shapes.length),
    assumed,
    batch,
  })
  if (options.inputs.length > 0) {
    const byName = names.map(n => options.inputs.find(i => i.name === n)).filter(i => i !== undefined)
    return finish(byName.length === options.inputs.length ? byName : options.inputs, false)
  }
  if (usage && usage.inputs.length > 0 && usage.takes === taking(likely))
    return finish(
      usage.inputs.map(shape => ({ shape })),
      false,
      usage.batch,
    )
  const annotated = annotatedInputs(model)
  if (annotated) {
    return finish(
      annotated.map(shape => ({ shape })),
      false,
    )
  }
  if (guessed) {
    const known = exploring ? guessed : guessed.slice(0, guessed.findLastIndex(g => g !== null) + 1)
    const shapes = known.map(g => ({ shape: g?.shape ?? [] }))
    return { ...finish(shapes, true), dtypes: known.map(g => g?.dtype) }
  }
  return finish(likely ? [{ shape: likely.shape }] : [], true)
}
