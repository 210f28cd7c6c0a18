import { findAttribute, setPlain } from '../interpreter/attributes'
import { call } from '../interpreter/call'
import { addToDict } from '../interpreter/entries'
import { items } from '../interpreter/iterate'
import { type Run, raise } from '../interpreter/run'
import { dict, iterator, lookup, native, nativeClass, nativeMethod, propertyClass, tuple } from '../interpreter/types'
import { asString, type Kwargs, PyFunction, PyObject, PyProperty, PyUnknown, type PyValue } from '../interpreter/values'
import { moduleClass, namedModules, PyNNModule, registered, setModuleAttribute } from './module'
import { setLearned } from './nn/define'
import { bufferOf } from './nn/parameters'
import { registry } from './nn/registry'
import { PyParameter, PyTensor } from './tensor'
import { bool, text } from './values'

type Method = (run: Run, self: PyNNModule, args: readonly PyValue[], kwargs: Kwargs) => PyValue

/** The argument at a place or by its name. */
const argument = (args: readonly PyValue[], kwargs: Kwargs, at: number, name: string): PyValue | undefined =>
  args[at] ?? kwargs.get(name)

/** Every parameter below a module, each once, with its path. */
export function* namedParameters(
  self: PyNNModule,
  of: 'parameters' | 'buffers' = 'parameters',
  recurse = true,
  prefix = '',
): Generator<[string, PyTensor]> {
  const seen = new Set<PyTensor>()
  for (const [path, module] of recurse ? namedModules(self, prefix) : ([[prefix, self]] as const)) {
    for (const [name, tensor] of module[of]) {
      if (tensor === null || seen.has(tensor)) continue
      seen.add(tensor)
      yield [path ? `${path}.${name}` : name, tensor]
    }
  }
}

const children = (self: PyNNModule): [string, PyNNModule][] => {
  const seen = new Set<PyNNModule>()
  return [...self.modules].flatMap(([name, child]): [string, PyNNModule][] => {
    if (!(child instanceof PyNNModule) || seen.has(child)) return []
    seen.add(child)
    return [[name, child]]
  })
}

/** What a program that goes over the children gets: also those of which nothing is known, not even their names. */
const listed = (self: PyNNModule): [PyValue, PyValue][] => {
  const seen = new Set<PyValue>()
  const found = [...self.modules].flatMap(([name, child]): [PyValue, PyValue][] => {
    if (child === null || seen.has(child)) return []
    seen.add(child)
    return [[name, child]]
  })
  const [lost] = self.unknownParts
  return lost === undefined ? found : [...found, [new PyUnknown(lost), new PyUnknown(lost)]]
}

const all = (values: Iterable<PyValue>): PyValue => iterator([...values][Symbol.iterator]())
const pairs = (entries: Iterable<readonly [PyValue, PyValue]>): PyValue =>
  all([...entries].map(([name, value]) => tuple([name, value])))

function tensorsOf(of: 'parameters' | 'buffers', named: boolean): Method {
  return (_, self, args, kwargs) => {
    const prefix = named ? text(argument(args, kwargs, 0, 'prefix'), '') : ''
    const recurse = bool(argument(args, kwargs, named ? 1 : 0, 'recurse'), true)
    const found = [...namedParameters(self, of, recurse, prefix)]
    return named ? pairs(found) : all(found.map(([, tensor]) => tensor))
  }
}

/** A module, parameter or buffer by its path; null where the path leads nowhere. */
function follow(run: Run, self: PyNNModule, path: string): PyValue | null {
  let at: PyValue = self
  for (const part of path ? path.split('.') : []) {
    if (!(at instanceof PyNNModule)) return null
    const next: PyValue | undefined = registered(at, part) ?? findAttribute(run, at, part)
    if (next === undefined || next === null) return null
    at = next
  }
  return at
}

const get =
  (kind: string): Method =>
  (run, self, args, kwargs) => {
    const path = asString(argument(args, kwargs, 0, 'target') ?? null)
    if (path === null) return new PyUnknown('this path is not known')
    return follow(run, self, path) ?? raise('AttributeError', `${self.cls.name} has no ${kind} \`${path}\``)
  }

const same: Method = (_, self) => self

/** An unused handle: `remove()` takes its hook away. */
const handleClass = nativeClass('RemovableHandle', undefined, 'torch.utils.hooks')

const hook =
  (before: boolean): Method =>
  (run, self, args, kwargs) => {
    const func = argument(args, kwargs, 0, 'hook')
    const handle = new PyObject(handleClass)
    if (func === undefined || func instanceof PyUnknown) return handle
    const made = { before, withKwargs: !before && bool(kwargs.get('with_kwargs'), false), func }
    self.hooks.push(made)
    setPlain(
      run,
      handle,
      'remove',
      native('remove', () => {
        const at = self.hooks.indexOf(made)
        if (at >= 0) self.hooks.splice(at, 1)
        return null
      }),
    )
    return handle
  }

const addModule: Method = (run, self, args, kwargs) => {
  const name = asString(argument(args, kwargs, 0, 'name') ?? null)
  const child = argument(args, kwargs, 1, 'module') ?? null
  if (name === null) {
    self.unknownParts.push('the name of a child is not known')
    return null
  }
  if (name.includes('.')) return raise('KeyError', `module name can't contain ".", got: ${name}`)
  if (name === '') return raise('KeyError', 'module name can\'t be empty string ""')
  if (child === null) self.modules.set(name, null)
  else if (child instanceof PyNNModule || child instanceof PyUnknown) {
    setModuleAttribute(run, self, name, child)
    if (child instanceof PyUnknown && !child.harmless) self.modules.set(name, child)
  } else return raise('TypeError', `${name} is not a Module subclass`)
  return null
}

const METHODS: Readonly<Record<string, Method>> = {
  add_module: addModule,
  register_module: addModule,
  register_parameter: (run, self, args, kwargs) => {
    const name = asString(argument(args, kwargs, 0, 'name') ?? null) ?? ''
    const value = argument(args, kwargs, 1, 'param') ?? null
    if (value === null) self.parameters.set(name, null)
    else setModuleAttribute(run, self, name, value)
    return null
  },
  register_buffer: (run, self, args, kwargs) => {
    const name = asString(argument(args, kwargs, 0, 'name') ?? null) ?? ''
    const value = argument(args, kwargs, 1, 'tensor') ?? null
    self.attrs?.delete(name)
    if (value === null) self.buffers.set(name, null)
    else if (value instanceof PyTensor) self.buffers.set(name, bufferOf(run, value))
    else setPlain(run, self, name, value)
    return null
  },
  parameters: tensorsOf('parameters', false),
  named_parameters: tensorsOf('parameters', true),
  buffers: tensorsOf('buffers', false),
  named_buffers: tensorsOf('buffers', true),
  children: (_, self) => all(listed(self).map(([, child]) => child)),
  named_children: (_, self) => pairs(listed(self)),
  modules: (_, self) => all([...namedModules(self)].map(([, module]) => module)),
  named_modules: (_, self, args, kwargs) => pairs(namedModules(self, text(argument(args, kwargs, 1, 'prefix'), ''))),
  get_submodule: get('submodule'),
  get_parameter: get('parameter'),
  get_buffer: get('buffer'),
  set_submodule: (run, self, args, kwargs) => {
    const path = (asString(argument(args, kwargs, 0, 'target') ?? null) ?? '').split('.')
    const parent = follow(run, self, path.slice(0, -1).join('.'))
    const child = argument(args, kwargs, 1, 'module')
    if (parent instanceof PyNNModule && child !== undefined) setModuleAttribute(run, parent, path.at(-1)!, child)
    return null
  },
  // Children first, as in PyTorch.
  apply: (run, self, args, kwargs) => {
    const fn = argument(args, kwargs, 0, 'fn') ?? null
    for (const [, child] of children(self)) call(run, moduleClass.dict.get('apply')!, [child, fn])
    call(run, fn, [self])
    return self
  },
  // Models are analysed as they are used: a call of train() is for training runs, and changes nothing here.
  train: same,
  eval: (run, self) => {
    for (const [, module] of namedModules(self)) module.training = false
    prepareEval(run, self)
    return self
  },
  requires_grad_: (_, self, args, kwargs) => {
    const learned = bool(argument(args, kwargs, 0, 'requires_grad'), true)
    for (const [, parameter] of namedParameters(self)) {
      if (parameter instanceof PyParameter) setLearned(parameter, learned)
    }
    return self
  },
  zero_grad: () => null,
  state_dict: () => new PyUnknown('the values of the weights', true),
  load_state_dict: () => new PyUnknown('what was loaded', true),
  register_forward_pre_hook: hook(true),
  register_forward_hook: hook(false),
  extra_repr: () => '',
  _get_name: (_, self) => self.cls.name,
  __repr__: (_, self) => `${self.cls.name}()`,
  __dir__: (_, self) =>
    all([...self.parameters.keys(), ...self.buffers.keys(), ...self.modules.keys(), ...(self.attrs?.keys() ?? [])]),
  _apply: same,
  _replicate_for_data_parallel: same,
  compile: () => null,
}

for (const [name, run] of Object.entries(METHODS)) method(name, run)
// What moves, casts or shares a module changes nothing that is counted.
for (const name of 'to to_empty cuda cpu xpu ipu npu half float double bfloat16 type share_memory'.split(' ')) {
  method(name, same)
}
// Hooks that see gradients or stored weights never run.
for (const name of [
  'register_full_backward_hook',
  'register_full_backward_pre_hook',
  'register_backward_hook',
  'register_state_dict_pre_hook',
  'register_state_dict_post_hook',
  'register_load_state_dict_pre_hook',
  'register_load_state_dict_post_hook',
  '_register_load_state_dict_pre_hook',
  '_register_state_dict_hook',
]) {
  method(name, () => new PyObject(handleClass))
}
for (const name of ['_load_from_state_dict', '_save_to_state_dict', 'get_extra_state', 'set_extra_state']) {
  method(name, () => null)
}
handleClass.dict.set(
  'remove',
  nativeMethod('remove', () => null),
)

// The dicts in which a module keeps what it registered.
for (const [name, of] of [
  ['_parameters', 'parameters'],
  ['_buffers', 'buffers'],
  ['_modules', 'modules'],
] as const) {
  moduleClass.dict.set(
    name,
    new PyProperty(
      propertyClass,
      native(name, (_, [self]) =>
        self instanceof PyNNModule
          ? registry(self[of] as Map<string, PyValue>)
          : new PyUnknown('a module that is not known'),
      ),
      native(name, (run, [self, given]) => {
        if (!(self instanceof PyNNModule)) return null
        const to = self[of] as Map<string, PyValue>
        to.clear()
        for (const pair of items(run, call(run, findAttribute(run, given!, 'items')!, [])) ?? []) {
          const [key, value] = items(run, pair) ?? []
          if (key !== undefined && value !== undefined) to.set(asString(key) ?? '', value)
        }
        return null
      }),
    ),
  )
}
moduleClass.dict.set(
  '__dict__',
  new PyProperty(
    propertyClass,
    native('__dict__', (_, [self]) => {
      const own = dict()
      if (self instanceof PyNNModule) for (const [name, value] of self.attrs ?? []) addToDict(own, name, value)
      return own
    }),
  ),
)

/** Modules whose `train` the program writes itself get ready there for being used: eval() is train(False) of each. */
export function prepareEval(run: Run, model: PyNNModule): void {
  model.prepared = true
  for (const [, module] of namedModules(model)) {
    const own = lookup(module.cls, 'train')
    if (own instanceof PyFunction && takesMode(own)) call(run, own, [module, false])
  }
}

/** Programs call other methods `train`, too: those that run the training. */
function takesMode({ definition: { parameters } }: PyFunction): boolean {
  const [, mode, ...others] = [...parameters.positionalOnly, ...parameters.positional]
  return (mode?.name === 'mode' || mode?.default?.kind === 'Singleton') && others.every(p => p.default)
}

function method(name: string, run: Method): void {
  moduleClass.dict.set(
    name,
    nativeMethod(name, (r, [self, ...args], kwargs) =>
      self instanceof PyNNModule ? run(r, self, args, kwargs) : new PyUnknown('a module that is not known'),
    ),
  )
}
