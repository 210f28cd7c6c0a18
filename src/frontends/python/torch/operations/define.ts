import { bindNative } from '../../interpreter/arguments'
import type { Run } from '../../interpreter/run'
import { native, nativeMethod } from '../../interpreter/types'
import type { Kwargs, PyNative, PyValue } from '../../interpreter/values'
import { type Bound, guarded } from '../nn/define'

/** Where a function can be reached: `torch.cat`, `F.relu`, `x.view`. Methods get the tensor as their first argument. */
export type Place = 'torch' | 'functional' | 'method'

/** One function of PyTorch on tensors. */
export interface Operation {
  readonly name: string
  readonly places: readonly Place[]
  /** As bindNative reads it: `input, dim=, *, keepdim=`. Absent where it takes any number of arguments. */
  readonly signature?: string
  readonly run: (run: Run, args: Bound, all: readonly PyValue[]) => PyValue
}

/** Shorthand for a table's rows. */
export const operation = (
  name: string,
  places: string,
  signature: string | null,
  run: Operation['run'],
): Operation => ({
  name,
  places: places.split(' ') as Place[],
  ...(signature === null ? {} : { signature }),
  run,
})

/** What the interpreter calls: arguments bound by name, failures of knowledge turned into unknown tensors. */
export function nativeOf({ name, signature, run: body }: Operation, method: boolean): PyNative {
  const make = method ? nativeMethod : native
  return make(name, (run, args, kwargs) => {
    const bound =
      signature === undefined
        ? Object.fromEntries(kwargs)
        : bindNative(name, signature, args, renamed(signature, kwargs))
    return guarded(run, name, args, kwargs, () => body(run, bound, args))
  })
}

/** NumPy's names of arguments, which PyTorch's functions take as well (torch/csrc/utils/python_arg_parser.cpp). */
const NUMPY_NAMES: ReadonlyMap<string, string> = new Map([
  ['axis', 'dim'],
  ['keepdims', 'keepdim'],
  ['x', 'input'],
  ['a', 'input'],
  ['x1', 'input'],
  ['x2', 'other'],
])

function renamed(signature: string, kwargs: Kwargs): Kwargs {
  if (![...kwargs.keys()].some(key => NUMPY_NAMES.has(key))) return kwargs
  const names = new Set(signature.split(/[\s,=]+/))
  return new Map([...kwargs].map(([key, value]) => [names.has(key) ? key : (NUMPY_NAMES.get(key) ?? key), value]))
}
