import type { Span } from '../../base/text'
import type { GraphBuilder } from '../../core/graph'
import type { Problem, ProblemCode } from '../../core/problem'
import type { YamlFile, YamlNode, YamlScalar } from '../yamlSource'
import { evaluateExpression } from './expression'
import type { Val } from './params'

/** Parameters that an expression may use, with the place that declares each. */
export type Scope = ReadonlyMap<string, { readonly value: Val; readonly declared: Span }>

export const NOTHING_DECLARED: Scope = new Map()

/** What reading values needs: the file, and where problems and links go. */
export interface Reading {
  readonly file: YamlFile
  readonly builder: GraphBuilder
  /** As `builder.problem`, but once only for one place and message: a block's rows run many times. */
  report(problem: Problem): void
}

export const problem = (code: ProblemCode, span: Span, message: string): Problem => ({
  code,
  severity: 'error',
  span,
  message,
})

/** The value of a node with its expressions evaluated; undefined where something is wrong, which is then reported. */
export function readValue(node: YamlNode | null, scope: Scope, reading: Reading, depth = 0): Val | undefined {
  const at = reading.file.resolve(node)
  if (at === null) {
    if (node?.kind !== 'alias') return null
    reading.report(problem('dangling-reference', node.span, `There is no anchor ${node.name} before this.`))
    return undefined
  }
  if (at.kind === 'scalar') return scalarValue(at, scope, reading)
  if (at.kind === 'map' || depth > 4 || at.items.length > 64) {
    const what = at.kind === 'map' ? 'a mapping' : 'a long list'
    reading.report(problem('bad-argument', node!.span, `A value is expected here and not ${what}.`))
    return undefined
  }
  const items = at.items.map(item => readValue(item, scope, reading, depth + 1))
  return items.includes(undefined) ? undefined : (items as Val[])
}

function scalarValue(node: YamlScalar, scope: Scope, reading: Reading): Val | undefined {
  if (typeof node.value !== 'string' || !node.value.includes('${')) return node.value
  const inset = /^["']/.test(node.raw) ? 1 : 0
  const text = node.raw.slice(inset, node.raw.length - inset)
  const parts: Val[] = []
  let at = 0
  for (let open = text.indexOf('${'); open >= 0; open = text.indexOf('${', at)) {
    const close = text.indexOf('}', open)
    const start = node.span.start + inset + open
    if (close < 0) {
      reading.report(
        problem('bad-argument', { start, end: node.span.end - inset }, 'This expression has no closing brace.'),
      )
      return undefined
    }
    if (open > at) parts.push(text.slice(at, open))
    const value = expression(text.slice(open + 2, close), start + 2, scope, reading)
    if (value === undefined) return undefined
    parts.push(value)
    at = close + 1
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts.length === 1 ? parts[0]! : parts.map(String).join('')
}

function expression(source: string, start: number, scope: Scope, reading: Reading): Val | undefined {
  const result = evaluateExpression(source, name => {
    const value = scope.get(name)?.value
    return value === null || Array.isArray(value) ? undefined : (value as number | string | boolean | undefined)
  })
  for (const { name, start: at } of result.references) {
    const declared = scope.get(name)?.declared
    if (declared) reading.builder.link({ start: start + at, end: start + at + name.length }, declared)
  }
  if ('value' in result) return result.value
  // A list or null parameter may be handed on as it is, without arithmetic.
  const whole = scope.get(source.trim())
  if (whole !== undefined) return whole.value
  const span = { start: start + result.start, end: start + Math.max(result.end, result.start + 1) }
  const names = [...scope.keys()]
  const known =
    result.error.endsWith('is no parameter here.') && names.length ? ` Known: ${names.slice(0, 8).join(', ')}.` : ''
  reading.report(problem('bad-argument', span, result.error + known))
  return undefined
}

/** The text of a name-like value; null where there is none. */
export const textOf = (file: YamlFile, node: YamlNode | null): string | null => {
  const at = file.resolve(node)
  return at?.kind === 'scalar' && at.value !== null ? String(at.value) : null
}
