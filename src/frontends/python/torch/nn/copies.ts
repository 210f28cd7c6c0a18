import { onCopy } from '../../interpreter/library/small'
import { PyUnknown } from '../../interpreter/values'
import { moduleClass, PyNNModule } from '../module'
import { PyParameter, PyTensor, tensorClass } from '../tensor'

// A deep copy of a module has weights and layers of its own, declared where the module was; a shallow one shares them.
onCopy(moduleClass, (_, value, inner, keep) => {
  if (!(value instanceof PyNNModule)) return value
  const made = keep(new PyNNModule(value.cls))
  made.training = value.training
  made.initialized = value.initialized
  made.site = value.site
  for (const [name, parameter] of value.parameters)
    made.parameters.set(name, parameter && (inner(parameter) as PyParameter))
  for (const [name, buffer] of value.buffers) made.buffers.set(name, buffer && (inner(buffer) as PyTensor))
  for (const [name, child] of value.modules) {
    made.modules.set(name, child === null || child instanceof PyUnknown ? child : (inner(child) as PyNNModule))
  }
  made.unknownParts.push(...value.unknownParts)
  made.hooks.push(...value.hooks)
  for (const [name, site] of value.lostAt) made.lostAt.set(name, site)
  if (value.attrs) {
    made.attrs = new Map()
    for (const [name, held] of value.attrs) made.attrs.set(name, inner(held))
  }
  return made
})

onCopy(tensorClass, (_, value, _inner, keep, shallow) => {
  if (!(value instanceof PyTensor) || shallow) return value
  if (value instanceof PyParameter) {
    const copy = new PyParameter(value.value, { ...value.weight }, value.dtype, value.cls)
    copy.data = value.data
    copy.constant = value.constant
    return keep(copy)
  }
  const copy = new PyTensor(value.value, value.dtype, value.cls)
  copy.data = value.data
  copy.constant = value.constant
  return keep(copy)
})
