import type { Site } from '../../../core/graph'
import { layerClasses } from '../keras/layers'
import type * as ast from '../syntax/ast'
import { signatures } from '../torch/module'
import { nnClasses } from '../torch/nn'
import { callAt, given, lastName, type Text } from './tree'

/** Where a layer is built in the file, with the names of its constructor's arguments. */
export interface Built {
  readonly call: ast.Call
  readonly names: readonly string[]
}

/** The call that builds a layer, where it stands in this file and calls a class of torch.nn. */
export function builtAt(site: Site, type: string, file: Text): Built | null {
  const call = site.uri ? null : callAt(file, site.span)
  if (!call) return null
  const names = argumentNames(lastName(call.func) ?? '') ?? argumentNames(type)
  return names ? { call, names } : null
}

/** The arguments of a class of torch.nn, in order. */
export function argumentNames(className: string): readonly string[] | null {
  const cls = [...nnClasses, ...layerClasses].find(c => c.name === className)
  const signature = cls && signatures.get(cls.mro.find(c => signatures.has(c)) ?? cls)
  return signature === undefined ? null : signature.split(', ').map(name => name.replace('=', ''))
}

/** The argument by which a layer is told what the op calls `attribute`: its name, and the expression where it is given. */
export function argumentOf(
  { call, names }: Built,
  attribute: string,
): { readonly name: string; readonly value: ast.Expression | null } | null {
  const name = SPELLED[attribute]?.find(n => names.includes(n))
  const value = name === undefined ? undefined : given(call, names, name)
  return name === undefined || value === undefined ? null : { name, value }
}

const SPELLED: Readonly<Record<string, readonly string[]>> = {
  inChannels: ['in_channels'],
  outChannels: ['out_channels', 'filters'],
  inFeatures: ['in_features', 'embed_dim', 'd_model'],
  outFeatures: ['out_features', 'embed_dim', 'd_model', 'units'],
  in1Features: ['in1_features'],
  in2Features: ['in2_features'],
  features: ['embedding_dim'],
  channels: ['num_features', 'num_channels'],
  shape: ['normalized_shape', 'd_model'],
  inputSize: ['input_size'],
  hiddenSize: ['hidden_size', 'units'],
  parameters: ['num_parameters'],
  groups: ['groups', 'num_groups'],
  kernel: ['kernel_size', 'pool_size'],
  padding: ['padding'],
  pads: ['padding'],
  stride: ['stride', 'strides'],
}
