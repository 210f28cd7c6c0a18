import { bindNative } from '../../interpreter/arguments'
import { items, onIterate } from '../../interpreter/iterate'
import { type Run, raise } from '../../interpreter/run'
import { iterator, list, native, nativeClass, nativeMethod, propertyClass, tuple } from '../../interpreter/types'
import { asInt, asString, type PyClass, PyDict, PyProperty, PyUnknown, type PyValue } from '../../interpreter/values'
import { PyNNModule, setModuleAttribute } from '../module'
import { PyParameter, PyTensor, parameterClass, tensorClass } from '../tensor'
import { bool } from '../values'
import { layerClass, newParameter, setLearned } from './define'

/** torch.nn.Parameter(data, requires_grad=True): a tensor that modules register. */
parameterClass.convert = (run, _cls, args, kwargs) => {
  const { data, requires_grad } = bindNative('Parameter', 'data=, requires_grad=', args, kwargs)
  return parameterOf(run, data ?? null, bool(requires_grad, true))
}

/** A parameter with a tensor's shape and numbers; one of unknown size where the tensor is not known. */
export function parameterOf(run: Run, data: PyValue, learned: boolean): PyParameter {
  const tensor = data instanceof PyTensor ? data : null
  const made = newParameter(
    run,
    'weight',
    data === null ? [0] : (tensor?.shape ?? null),
    learned ? 'trainable' : 'frozen',
  )
  made.data = tensor?.data ?? null
  if (tensor) made.dtype = tensor.dtype
  return made
}

/** A tensor that a module stores beside its parameters; whole numbers are left out of the counts. */
export function bufferOf(run: Run, tensor: PyTensor): PyTensor {
  if (/int|bool|long/.test(tensor.dtype) || tensor.cls !== tensorClass) return tensor
  const made = newParameter(run, 'buffer', tensor.shape ?? null, 'buffer')
  made.data = tensor.data
  made.dtype = tensor.dtype
  made.constant = tensor.constant
  return made
}

/** Parameters that get their shape at the first call. */
const uninitialized = (['UninitializedParameter', 'UninitializedBuffer'] as const).map(name => {
  const cls = nativeClass(name, [parameterClass], 'torch.nn.parameter')
  cls.convert = run => newParameter(run, 'weight', null, name === 'UninitializedBuffer' ? 'buffer' : 'trainable')
  cls.dict.set(
    'materialize',
    nativeMethod('materialize', () => null),
  )
  return cls
})

parameterClass.dict.set(
  'requires_grad',
  new PyProperty(
    propertyClass,
    native('requires_grad', (_, [self]) => self instanceof PyParameter && self.weight.kind === 'trainable'),
    native('requires_grad', (_, [self, value]) => {
      if (self instanceof PyParameter && typeof value === 'boolean') setLearned(self, value)
      return null
    }),
  ),
)
parameterClass.dict.set(
  'requires_grad_',
  nativeMethod('requires_grad_', (_, [self, value]) => {
    if (self instanceof PyParameter) setLearned(self, value !== false)
    return self ?? null
  }),
)

/** torch.nn.ParameterList: parameters by number. */
const parameterList = layerClass('ParameterList', { signature: 'values=' })
/** torch.nn.ParameterDict: parameters by name. */
const parameterDict = layerClass('ParameterDict', { signature: 'parameters=' })

const values = (self: PyNNModule): [string, PyValue][] => {
  const all = new Map<string, PyValue>([...self.parameters, ...self.modules, ...(self.attrs ?? [])])
  const keys = [...all.keys()]
  // Numbers in order, names as they came.
  if (keys.every(k => /^\d+$/.test(k))) keys.sort((a, b) => Number(a) - Number(b))
  return keys.map(k => [k, all.get(k)!])
}

/** Tensors become parameters, as since PyTorch 1.12. */
function put(run: Run, self: PyNNModule, key: string, value: PyValue): void {
  const own = value instanceof PyTensor && !(value instanceof PyParameter) ? parameterOf(run, value, true) : value
  setModuleAttribute(run, self, key, own)
}

function extend(run: Run, self: PyNNModule, source: PyValue): void {
  const more = items(run, source)
  if (more === null)
    self.unknownParts.push(source instanceof PyUnknown ? source.reason : 'its parameters are not known')
  for (const value of more ?? []) put(run, self, String(values(self).length), value)
}

function update(run: Run, self: PyNNModule, source: PyValue): void {
  if (source instanceof PyDict) for (const [k, v] of source.entries.values()) put(run, self, asString(k) ?? '', v)
  else if (source instanceof PyNNModule) for (const [k, v] of values(source)) put(run, self, k, v)
  else {
    for (const pair of items(run, source) ?? []) {
      const [key, value] = items(run, pair) ?? []
      if (key !== undefined && value !== undefined) put(run, self, asString(key) ?? '', value)
    }
  }
}

type Method = (run: Run, self: PyNNModule, args: readonly PyValue[]) => PyValue

const at = (self: PyNNModule, index: PyValue): [string, PyValue] => {
  const all = values(self)
  const i = asInt(index)
  const found = i === null ? undefined : all[i < 0 ? i + all.length : i]
  return found ?? raise('IndexError', `index ${i} is out of range`)
}

const LIST: Readonly<Record<string, Method>> = {
  __init__: (run, self, [source]) => {
    if (source !== undefined && source !== null) extend(run, self, source)
    return null
  },
  __len__: (_, self) => values(self).length,
  __getitem__: (_, self, [index]) =>
    asInt(index!) === null ? new PyUnknown('this index is not known') : at(self, index!)[1],
  __setitem__: (run, self, [index, value]) => {
    put(run, self, at(self, index!)[0], value!)
    return null
  },
  append: (run, self, [value]) => {
    put(run, self, String(values(self).length), value!)
    return self
  },
  extend: (run, self, [more]) => {
    extend(run, self, more!)
    return self
  },
}

const DICT: Readonly<Record<string, Method>> = {
  __init__: (run, self, [source]) => {
    if (source !== undefined && source !== null) update(run, self, source)
    return null
  },
  __len__: (_, self) => values(self).length,
  __getitem__: (_, self, [key]) =>
    values(self).find(([k]) => k === asString(key!))?.[1] ?? raise('KeyError', String(asString(key!))),
  __setitem__: (run, self, [key, value]) => {
    put(run, self, asString(key!) ?? '', value!)
    return null
  },
  __contains__: (_, self, [key]) => values(self).some(([k]) => k === asString(key!)),
  keys: (_, self) => list(values(self).map(([k]) => k)),
  values: (_, self) => list(values(self).map(([, v]) => v)),
  items: (_, self) => list(values(self).map(([k, v]) => tuple([k, v]))),
  get: (_, self, [key, otherwise]) => values(self).find(([k]) => k === asString(key!))?.[1] ?? otherwise ?? null,
  update: (run, self, [more]) => {
    update(run, self, more!)
    return null
  },
}

for (const [cls, methods, each] of [
  [parameterList, LIST, (self: PyNNModule) => values(self).map(([, v]) => v)],
  [parameterDict, DICT, (self: PyNNModule) => values(self).map(([k]) => k)],
] as const) {
  for (const [name, run] of Object.entries(methods)) {
    cls.dict.set(
      name,
      nativeMethod(name, (r, [self, ...args], kwargs) => run(r, self as PyNNModule, [...args, ...kwargs.values()])),
    )
  }
  onIterate(cls, (_, value) => each(value as PyNNModule)[Symbol.iterator]())
  cls.dict.set(
    '__iter__',
    nativeMethod('__iter__', (_, [self]) => iterator(each(self as PyNNModule)[Symbol.iterator]())),
  )
}

/** Parameters and what holds them (torch/nn/parameter.py, torch/nn/modules/container.py). */
export const parameterClasses: readonly PyClass[] = [parameterClass, ...uninitialized, parameterList, parameterDict]
