import { call } from '../../interpreter/call'
import { items, onIterate } from '../../interpreter/iterate'
import { sliceRange } from '../../interpreter/operators'
import { type Run, raise, refuse } from '../../interpreter/run'
import { str } from '../../interpreter/text'
import { iterator, list, nativeMethod, tuple, typeOf } from '../../interpreter/types'
import { unknownBase } from '../../interpreter/unknownBase'
import {
  asInt,
  asString,
  isUnknown,
  type Kwargs,
  type PyClass,
  PyDict,
  PyList,
  PyObject,
  PySlice,
  PyUnknown,
  type PyValue,
} from '../../interpreter/values'
import { CONTAINERS, callModule, guessed, PyNNModule } from '../module'
import { PyTensor } from '../tensor'
import { layerClass } from './define'

type Method = (run: Run, self: PyNNModule, args: readonly PyValue[], kwargs: Kwargs) => PyValue

/** torch.nn.Sequential: children by number or by the keys of a dict, called one after the other. */
export const sequential = container('Sequential', (run, self, args) => {
  const [first] = args
  if (args.length === 1 && first instanceof PyDict) update(run, self, first)
  else for (const [i, child] of args.entries()) add(run, self, String(i), child)
})
CONTAINERS.add(sequential)
sequential.dict.set(
  'forward',
  nativeMethod('forward', (run, [self, ...args], kwargs) => {
    let value = args
    for (const child of (self as PyNNModule).modules.values()) {
      if (child === null) continue
      value = [child instanceof PyNNModule ? callModule(run, child, value, kwargs) : call(run, child, value, kwargs)]
    }
    return value[0] ?? null
  }),
)

/** torch.nn.ModuleList: a list of modules, which the program calls itself. */
export const moduleList = container('ModuleList', (run, self, args) => {
  const [source] = args
  if (source === undefined || source === null) return
  extend(run, self, source)
})

/** torch.nn.ModuleDict: modules by name. */
export const moduleDict = container('ModuleDict', (run, self, args) => {
  const [source] = args
  if (source === undefined || source === null) return
  update(run, self, source)
})

function container(name: string, init: (run: Run, self: PyNNModule, args: readonly PyValue[]) => void): PyClass {
  const cls = layerClass(name, { signature: '' })
  cls.dict.set(
    '__init__',
    nativeMethod('__init__', (run, [self, ...args], kwargs) => {
      if (self instanceof PyNNModule) init(run, self, args.length ? args : [...kwargs.values()])
      return null
    }),
  )
  return cls
}

function add(run: Run, self: PyNNModule, name: string, child: PyValue): void {
  guessed(run, self)
  if (child instanceof PyNNModule || child === null) self.modules.set(name, child)
  else if (isUnknown(child)) self.modules.set(name, child)
  else if (unsure(child) !== null) self.modules.set(name, new PyUnknown(unsure(child)!))
  else {
    const type = typeOf(child).name
    refuse('TypeError', `${type} is not a Module subclass`, {
      code: 'bad-argument',
      message: () =>
        `${self.cls.name} expects modules and gets a ${type}.${type === 'list' ? ' Unpack it with *?' : ''}`,
      ...(type === 'list' || type === 'tuple' ? { name: 'unpacked' } : {}),
    })
  }
}

/** Why a child may be a module after all: its class has bases that are not known, or nothing is known of what made it. */
function unsure(child: PyValue): string | null {
  if (child instanceof PyTensor) return child.shape === null ? 'what made it is not known' : null
  return child instanceof PyObject ? unknownBase(child.cls) : null
}

function extend(run: Run, self: PyNNModule, source: PyValue): void {
  const more = items(run, source)
  if (more === null) {
    self.unknownParts.push(isUnknown(source) ? source.reason : 'its layers are not known')
    return
  }
  if (source instanceof PyList && source.mayHold !== null) self.leaveOpen(source.mayHold)
  for (const child of more) add(run, self, String(self.modules.size), child)
}

function update(run: Run, self: PyNNModule, source: PyValue): void {
  if (source instanceof PyDict) {
    if (source.mayHold !== null) self.leaveOpen(source.mayHold)
    for (const [k, v] of source.entries.values()) add(run, self, str(run, k), v)
  } else if (source instanceof PyNNModule) for (const [k, v] of source.modules) add(run, self, k, v)
  else {
    for (const pair of items(run, source) ?? []) {
      const [key, value] = items(run, pair) ?? []
      if (key !== undefined && value !== undefined) add(run, self, str(run, key), value)
    }
  }
}

const children = (self: PyNNModule): PyValue[] => [...self.modules.values()]

/** Gives children new numbers after some were taken out or put in. */
function renumber(self: PyNNModule, values: readonly PyValue[]): void {
  self.modules.clear()
  values.forEach((child, i) => {
    self.modules.set(String(i), child as PyNNModule)
  })
}

const LIST: Readonly<Record<string, Method>> = {
  __len__: (_, self) => self.modules.size,
  append: (run, self, [child]) => {
    add(run, self, String(self.modules.size), child!)
    return self
  },
  extend: (run, self, [more]) => {
    extend(run, self, more!)
    return self
  },
  insert: (_, self, [at, child]) => {
    const values = children(self)
    values.splice(asInt(at!) ?? 0, 0, child!)
    renumber(self, values)
    return self
  },
  pop: (_, self, [at]) => {
    const values = children(self)
    const index = asInt(at ?? -1) ?? -1
    const [taken] = values.splice(index < 0 ? index + values.length : index, 1)
    renumber(self, values)
    return taken ?? null
  },
  __getitem__: (_, self, [index]) => {
    if (index instanceof PySlice) {
      const range = sliceRange(index.start, index.stop, index.step, self.modules.size)
      if (range === null) return new PyUnknown('the ends of this slice are not known')
      const made = plain(self)
      const all = [...self.modules]
      const keepNames = made.cls === sequential
      for (let i = range.start; range.step > 0 ? i < range.stop : i > range.stop; i += range.step) {
        const [name, child] = all[i]!
        made.modules.set(keepNames ? name : String(made.modules.size), child)
      }
      return made
    }
    const i = asInt(index!)
    if (i === null) return new PyUnknown('this index is not known')
    const child = children(self)[i < 0 ? i + self.modules.size : i]
    return child !== undefined ? child : raise('IndexError', `index ${i} is out of range`)
  },
  __setitem__: (_, self, [index, child]) => {
    const i = asInt(index!) ?? 0
    const key = [...self.modules.keys()][i < 0 ? i + self.modules.size : i]
    if (key !== undefined) self.modules.set(key, child as PyNNModule)
    return null
  },
  __delitem__: (_, self, [index]) => {
    const values = children(self)
    const i = asInt(index!) ?? 0
    values.splice(i < 0 ? i + values.length : i, 1)
    renumber(self, values)
    return null
  },
  __contains__: (_, self, [child]) => children(self).includes(child!),
  __iadd__: (run, self, [more]) => {
    extend(run, self, more!)
    return self
  },
  // A new container of both, as the children are, numbered anew.
  __add__: (run, self, [more]) => {
    const made = plain(self)
    for (const child of children(self)) add(run, made, String(made.modules.size), child)
    extend(run, made, more!)
    return made
  },
  __mul__: (run, self, [times]) => {
    const made = plain(self)
    const count = Math.min(asInt(times!) ?? 1, MOST_COPIES)
    for (let i = 0; i < count; i++) for (const child of children(self)) add(run, made, String(made.modules.size), child)
    return made
  },
  __reversed__: (_, self) => iterator(children(self).reverse()[Symbol.iterator]()),
}

/** An empty container of the class of ours that this one is. */
function plain(self: PyNNModule): PyNNModule {
  const made = new PyNNModule(self.cls.mro.find(c => c.native) ?? self.cls)
  made.site = self.site
  return made
}

const MOST_COPIES = 4096

const DICT: Readonly<Record<string, Method>> = {
  __len__: (_, self) => self.modules.size,
  __getitem__: (_, self, [key]) => self.modules.get(asString(key!) ?? '') ?? raise('KeyError', String(key)),
  __setitem__: (run, self, [key, child]) => {
    add(run, self, asString(key!) ?? '', child!)
    return null
  },
  __delitem__: (_, self, [key]) => {
    self.modules.delete(asString(key!) ?? '')
    return null
  },
  __contains__: (_, self, [key]) => self.modules.has(asString(key!) ?? ''),
  keys: (_, self) => list([...self.modules.keys()]),
  values: (_, self) => list(children(self)),
  items: (_, self) => list([...self.modules].map(([k, v]) => tuple([k, v]))),
  get: (_, self, [key, otherwise]) => self.modules.get(asString(key!) ?? '') ?? otherwise ?? null,
  clear: (_, self) => {
    self.modules.clear()
    return null
  },
  update: (run, self, [more]) => {
    update(run, self, more!)
    return null
  },
  pop: (_, self, [key]) => {
    const child = self.modules.get(asString(key!) ?? '')
    self.modules.delete(asString(key!) ?? '')
    return child ?? null
  },
}

for (const [cls, methods] of [
  [sequential, LIST],
  [moduleList, LIST],
  [moduleDict, DICT],
] as const) {
  for (const [name, run] of Object.entries(methods)) {
    cls.dict.set(
      name,
      nativeMethod(name, (r, [self, ...args], kwargs) => run(r, self as PyNNModule, args, kwargs)),
    )
  }
}
for (const cls of [sequential, moduleList]) {
  onIterate(cls, (_, value) => children(value as PyNNModule)[Symbol.iterator]())
  cls.dict.set(
    '__iter__',
    nativeMethod('__iter__', (_, [self]) => iterator(children(self as PyNNModule)[Symbol.iterator]())),
  )
}
onIterate(moduleDict, (_, value) => [...(value as PyNNModule).modules.keys()][Symbol.iterator]())
