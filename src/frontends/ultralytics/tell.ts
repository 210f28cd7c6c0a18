import type { GraphBuilder, Site } from '../../core/graph'
import { nearest } from '../nearest'
import type { Arranged } from './arrange'
import { type Entry, MODULES } from './modules'
import type { RowParts, RowSource } from './rows'
import type { Arg, ArgumentFault } from './signature'

/** Whether a name is of another framework's module: not Ultralytics', nor a slip of the pen for one of its. */
export const isForeign = (module: string): boolean => !MODULES.has(module) && neighbour(module) === null

/** Tells that a row names no module, with the one that may be meant. */
export function tellUnknown(builder: GraphBuilder, { module, moduleSpan }: RowParts): void {
  const near = neighbour(module)
  builder.problem({
    code: 'unknown-layer',
    severity: 'warning',
    span: moduleSpan,
    message: `${module} is not a module of Ultralytics${near === null ? '' : `; ${near} is`}.`,
    ...(near !== null
      ? { fixes: [{ title: `Change ${module} to ${near}`, edits: [{ span: moduleSpan, newText: near }] }] }
      : {}),
  })
}

/** The module that is meant; null where none is near. */
const neighbour = (module: string): string | null => nearest(module, [...MODULES.keys()])

/** Tells of an argument that does not fit, at the argument or, where it is missing, at the row. */
export function tellFault(
  builder: GraphBuilder,
  site: Site,
  parts: RowParts,
  fault: ArgumentFault,
  args: readonly Arg[],
): void {
  const at = fault.argument === undefined ? undefined : parts.args[fault.argument]
  const value = fault.argument === undefined ? undefined : args[fault.argument]
  const name = typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value) ? value : undefined
  builder.problem({
    code: name === undefined ? 'bad-argument' : 'unknown-name',
    severity: 'error',
    span: at?.span ?? site.span,
    message: `${site.name} ${fault.message}.`,
  })
}

/** Where the sizes that an op may complain of stand in the row, by the op's name for them. */
export function attributesOf(
  { module }: Entry,
  { sources }: Arranged,
  parts: RowParts,
): NonNullable<Site['attributes']> {
  const attributes: Record<string, { span: RowSource['span']; spelled?: string }> = {}
  module.parameters.forEach(({ name }, i) => {
    const source = sources[i]
    const attribute = ATTRIBUTES[name]
    const node = source === null || source === undefined ? undefined : parts.args[source]
    if (attribute && node) attributes[attribute] = { span: node.span, spelled: name }
  })
  return attributes
}

const ATTRIBUTES: Readonly<Record<string, string>> = {
  k: 'kernel',
  s: 'stride',
  p: 'padding',
  g: 'groups',
  d: 'dilation',
  kernel_size: 'kernel',
  stride: 'stride',
  padding: 'padding',
  dilation: 'dilation',
  groups: 'groups',
  num_groups: 'groups',
  c1: 'inChannels',
  in_channels: 'inChannels',
  out_channels: 'outChannels',
  num_features: 'channels',
  num_channels: 'channels',
  num_parameters: 'parameters',
  in_features: 'inFeatures',
  out_features: 'outFeatures',
}
