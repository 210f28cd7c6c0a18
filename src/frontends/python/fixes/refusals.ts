import type { Problem } from '../../../core/problem'
import type { Correction } from '../../frontend'
import type { Refusal } from '../interpreter/errors'
import type { Found } from '../syntax/around'
import type * as ast from '../syntax/ast'
import { argumentNames } from './layers'
import { numberChanges } from './numbers'
import { below, callAt, given, innermost, lastName, pathTo, type Text, textOf } from './tree'

/** What PyTorch refused where a problem says so. */
export const refusals = new WeakMap<Problem, Refusal>()

/** What may be done where PyTorch refuses a call: another value, one of two tensors, the call that was forgotten. */
export function refusalChanges(problem: Problem, file: Text): Correction[] {
  return [
    ...wholeDivision(problem, file),
    ...otherValues(problem, file),
    ...reshaping(problem, file),
    ...firstOfTuple(problem, file),
    ...unpacked(problem, file),
    ...initializer(problem, file),
    ...uncalled(problem, file),
  ]
}

/** `c / 2` is a float, `c // 2` a whole number: in the call, or where the name is bound that it is given. */
function wholeDivision(problem: Problem, file: Text): Correction[] {
  const refusal = refusals.get(problem)
  const call = refusal?.name === 'float' ? callAt(file, problem.span) : null
  if (!call) return []
  const { argument } = refusal!
  const value = argument === undefined ? null : given(call, argumentNames(lastName(call.func) ?? '') ?? [], argument)
  const values = value ? [value] : call.args.map(a => a.value)
  const divisions = values.flatMap(v => [...below(v), ...boundTo(v, problem, file)].filter(isDivision))
  if (divisions.length === 0) return []
  const edits = divisions.map(({ left, right }) => {
    const at = left.end + file.text.slice(left.end, right.start).indexOf('/')
    return { span: { start: at, end: at }, newText: '/' }
  })
  const [{ start, end }] = divisions as [ast.Binary]
  const what = end - start > LONGEST ? '…' : file.text.slice(start, end)
  return [{ title: `Divide without a remainder: ${what.replace(/\/(?!\/)/, '//')}`, edits, preferred: true }]
}

const isDivision = (node: Found): node is Found & ast.Binary =>
  node.kind === 'Binary' && (node as unknown as ast.Binary).operator === '/'

/** What is bound to a name or an attribute in the function around a place, or to an attribute in the class around it. */
function boundTo(value: ast.Expression, { span }: Problem, { module }: Text): Found[] {
  const name = lastName(value)
  const kind = value.kind === 'Name' ? 'FunctionDef' : 'ClassDef'
  const scope = name === null ? undefined : innermost<ast.FunctionDef | ast.ClassDef>(pathTo(module, span), kind)
  return [...below(scope?.body)].flatMap(node => {
    if (node.kind !== 'Assign') return []
    const { targets, value: bound } = node as unknown as ast.Assign
    return targets.some(t => t.kind === value.kind && lastName(t) === name) ? [...below(bound)] : []
  })
}

/** The nearest values that would be taken. */
function otherValues(problem: Problem, file: Text): Correction[] {
  const call = callAt(file, problem.span)
  const { argument, values = [] } = refusals.get(problem) ?? {}
  const names = call && argumentNames(lastName(call.func) ?? '')
  const spelled = argument === 'num_heads' && names?.includes('nhead') ? 'nhead' : argument
  const value = call && spelled !== undefined ? given(call, names ?? [], spelled) : null
  if (!call || !value) return []
  const target = targetOf(file, call) ?? lastName(call.func) ?? ''
  return values.flatMap((to, i): Correction[] => {
    const what = `${spelled} of ${target}`
    if (value.kind === 'String') {
      const edits = [{ span: { start: value.start, end: value.end }, newText: String(to) }]
      return [{ title: `Set ${what} to ${to}`, edits, preferred: i === 0 }]
    }
    return numberChanges(file, value, what, null, to, `value ${to}`).map(c => ({ ...c, preferred: i === 0 }))
  })
}

/** `conv1` where a call is assigned to `self.conv1`. */
export function targetOf({ module }: Text, span: ast.Call): string | null {
  const assign = innermost<ast.Assign>(pathTo(module, span), 'Assign')
  const [target] = assign?.value === span ? assign.targets : []
  return target ? lastName(target) : null
}

/** What `view` cannot do without a copy, `reshape` does with one. */
function reshaping(problem: Problem, file: Text): Correction[] {
  const func = refusals.get(problem)?.name === 'order' ? callAt(file, problem.span)?.func : undefined
  if (func?.kind !== 'Attribute' || func.name !== 'view') return []
  const span = { start: func.end - func.name.length, end: func.end }
  return [{ title: 'Change view to reshape', edits: [{ span, newText: 'reshape' }], preferred: true }]
}

/** `self.fc(self.rnn(x))` gives a tuple on: its first part is meant. */
function firstOfTuple(problem: Problem, file: Text): Correction[] {
  const call = callAt(file, problem.span)
  const argument = refusals.get(problem)?.name === 'tuple' && call?.args.length === 1 ? call.args[0]!.value : null
  if (!argument || !['Name', 'Attribute', 'Call'].includes(argument.kind)) return []
  const at = { start: argument.end, end: argument.end }
  const what = argument.end - argument.start > LONGEST ? '…' : textOf(argument, file)
  return [{ title: `Take the first: ${what}[0]`, edits: [{ span: at, newText: '[0]' }], preferred: true }]
}

/** `nn.Sequential(layers)` takes the layers one by one. */
function unpacked(problem: Problem, file: Text): Correction[] {
  const call = callAt(file, problem.span)
  const argument = refusals.get(problem)?.name === 'unpacked' && call?.args.length === 1 ? call.args[0]! : null
  if (argument?.star !== 0 || argument.name !== null) return []
  const at = { start: argument.start, end: argument.start }
  const what = argument.end - argument.start > LONGEST ? 'it' : textOf(argument, file)
  return [{ title: `Unpack ${what} with *`, edits: [{ span: at, newText: '*' }], preferred: true }]
}

/** `super().__init__()` as the first line of an initializer. */
function initializer({ span, message }: Problem, file: Text): Correction[] {
  if (!/super\(\).__init__\(\)/.test(message)) return []
  const func = innermost<ast.FunctionDef>(pathTo(file.module, span), 'FunctionDef')
  const first = func?.name === '__init__' ? func.body[0] : undefined
  if (!first) return []
  const documented = first.kind === 'Expression' && first.value.kind === 'String' ? (func!.body[1] ?? null) : first
  if (!documented) return []
  const indent = /(?:^|\n)([ \t]*)$/.exec(file.text.slice(0, documented.start))?.[1]
  if (indent === undefined) return []
  const at = { start: documented.start, end: documented.start }
  return [
    {
      title: 'Insert super().__init__()',
      edits: [{ span: at, newText: `super().__init__()\n${indent}` }],
      preferred: true,
    },
  ]
}

/** `self.act = nn.ReLU` lacks the parentheses. */
function uncalled({ span, message }: Problem, file: Text): Correction[] {
  const name = /is asked of the module (\w+) itself/.exec(message)?.[1]
  const cls = name === undefined ? undefined : innermost<ast.ClassDef>(pathTo(file.module, span), 'ClassDef')
  const found = [...below(cls?.body)].flatMap(node => {
    const value = node.kind === 'Assign' ? (node as unknown as ast.Assign).value : null
    return value && value.kind !== 'Call' && lastName(value) === name ? [value] : []
  })
  return found.map(({ start, end }) => ({
    title: `Make the layer: ${file.text.slice(start, end)}()`,
    edits: [{ span: { start: end, end }, newText: '()' }],
    preferred: true,
    only: 'uncalled',
  }))
}

const LONGEST = 24
