import { items } from '../../interpreter/iterate'
import type { Run } from '../../interpreter/run'
import { classmethodClass, native, nativeClass, nativeMethod } from '../../interpreter/types'
import {
  type Kwargs,
  PyClass,
  PyFunction,
  PyMethod,
  PyNative,
  PyObject,
  PyUnknown,
  type PyValue,
  PyWrapped,
} from '../../interpreter/values'
import { PyNNModule } from '../module'

/** A function that gives one value, whatever it is given. */
export const gives = (name: string, value: PyValue): [string, PyValue] => [name, native(name, () => value)]
/** A function without effect here. */
export const nothing = (name: string): [string, PyValue] => gives(name, null)
/** A function that gives back what it is given first. */
export const same = (name: string): [string, PyValue] => [
  name,
  native(name, (_, [first], kwargs) => first ?? [...kwargs.values()][0] ?? null),
]
/** A decorator, bare or with arguments: what it decorates stays as it is. */
export const decorator = (name: string): [string, PyValue] => [
  name,
  native(name, (_, [first]) => (isCallable(first) ? first! : native(name, (__, [decorated]) => decorated ?? null))),
]
/** A name whose value matters to no shape and no weight. */
export const harmless = (name: string): [string, PyValue] => [name, new PyUnknown(`${name} is not modelled`, true)]

const isCallable = (value: PyValue | undefined): boolean =>
  value instanceof PyFunction ||
  value instanceof PyNative ||
  value instanceof PyMethod ||
  value instanceof PyClass ||
  value instanceof PyNNModule

/** Context managers that are decorators too: no_grad, autocast. They change nothing that is counted. */
export function contextClass(name: string, module = 'torch'): [string, PyClass] {
  const cls = nativeClass(name, undefined, module)
  cls.convert = (_run, _cls, [first]) => (isCallable(first) ? first! : new PyObject(cls))
  const method = (key: string, run: (args: readonly PyValue[]) => PyValue): void =>
    void cls.dict.set(
      key,
      nativeMethod(key, (_, args) => run(args)),
    )
  method('__enter__', ([self]) => self ?? null)
  method('__exit__', () => null)
  method('__call__', ([, decorated]) => decorated ?? null)
  return [name, cls]
}

/** torch.autograd.Function: `apply` runs the program's own `forward` with a context object. */
export const functionClass = nativeClass('Function', undefined, 'torch.autograd')
const contextOf = nativeClass('FunctionCtx', undefined, 'torch.autograd.function')
for (const name of [
  'save_for_backward',
  'save_for_forward',
  'mark_dirty',
  'mark_non_differentiable',
  'set_materialize_grads',
]) {
  contextOf.dict.set(
    name,
    nativeMethod(name, () => null),
  )
}
functionClass.dict.set(
  'apply',
  new PyWrapped(
    classmethodClass,
    native('apply', (run, [cls, ...args], kwargs) => {
      const context = new PyObject(contextOf)
      context.attrs = new Map<string, PyValue>([['needs_input_grad', new PyUnknown('gradients are not modelled')]])
      const forward = member(cls!, 'forward')
      if (forward === undefined) return new PyUnknown('this function has no forward')
      return run.call(forward, member(cls!, 'setup_context') === undefined ? [context, ...args] : args, kwargs)
    }),
  ),
)

function member(cls: PyValue, name: string): PyValue | undefined {
  for (const c of (cls as PyClass).mro ?? []) {
    const found = c.dict.get(name)
    if (found !== undefined) return found instanceof PyWrapped ? found.func : found
  }
  return undefined
}

const CHECKPOINT = new Set(['use_reentrant', 'preserve_rng_state', 'context_fn', 'determinism_check', 'debug'])

/** torch.utils.checkpoint.checkpoint(function, *args): calls the function. */
export const checkpoint = native('checkpoint', (run, [f, ...args], kwargs) =>
  run.call(f ?? null, args, new Map([...kwargs].filter(([name]) => !CHECKPOINT.has(name))) as Kwargs),
)

/** torch.utils.checkpoint.checkpoint_sequential(functions, segments, input). */
export const checkpointSequential = native('checkpoint_sequential', (run: Run, [functions, , input], kwargs) => {
  const list = items(run, functions ?? kwargs.get('functions') ?? null)
  if (list === null) return new PyUnknown('what is called one after the other is not known')
  return list.reduce<PyValue>((value, f) => run.call(f, [value]), input ?? kwargs.get('input') ?? null)
})
