import { likelyInput } from './inputs'
import type { Run } from './interpreter/run'
import { PyUnknown, type PyValue } from './interpreter/values'
import type { PyNNModule } from './torch/module'
import { tensorsIn } from './torch/values'

/** A module called at the top of the program, or handed to a summary function, with the sizes it was given. */
export interface Usage extends UsedInputs {
  readonly of: PyNNModule
  readonly className: string
}

export interface UsedInputs {
  readonly inputs: readonly (readonly (number | null)[])[]
  /** The batch that all of them have; null where they differ or it is not known. */
  readonly batch: number | null
  /** What its first layer takes: a model made with other arguments is not used with these inputs. */
  readonly takes: string
}

/** What tells inputs apart that were meant for another model of the class. */
export const taking = (likely: ReturnType<typeof likelyInput>): string => String(likely?.shape[0])

/** How many dimensions one input of a model has. */
export const channelRank = (run: Run, model: PyNNModule): number => likelyInput(run, model)?.shape.length ?? 3

/** Notes a use of a module, with the tensors that it got or the sizes that were named. */
export function note(
  run: Run,
  usages: Usage[],
  module: PyNNModule,
  args: readonly PyValue[],
  sizes: readonly number[] | null,
  called: boolean,
): void {
  // Sizes are known by their places: behind an argument that is not known nobody can tell whose they are.
  const open = args.findIndex(a => a instanceof PyUnknown)
  const shapes: readonly (readonly (number | null)[])[] = sizes
    ? [sizes]
    : tensorsIn(open < 0 ? args : args.slice(0, open)).map(t =>
        (t.shape ?? []).slice(1).map(d => (typeof d === 'number' ? d : null)),
      )
  if (shapes.length === 0 || shapes.some(s => s.length === 0 || s.includes(null))) return
  const batches = new Set(called ? tensorsIn(args).map(t => t.shape?.[0]) : [])
  const [only] = batches
  const batch = batches.size === 1 && typeof only === 'number' ? only : null
  if (usages.length < MAX_USAGES)
    usages.push({
      of: module,
      className: module.cls.name,
      inputs: shapes,
      batch,
      takes: taking(likelyInput(run, module)),
    })
}

/** More uses than these tell nothing new. */
export const MAX_USAGES = 50
