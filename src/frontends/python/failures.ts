import { lazy } from '../../base/lazy'
import type { Span } from '../../base/text'
import type { Problem } from '../../core/problem'
import { refusals, targetOf } from './fixes/refusals'
import { below, callAt, lastName } from './fixes/tree'
import type { Refusal } from './interpreter/errors'
import type { ModuleScope } from './interpreter/imports'
import { lookup } from './interpreter/types'
import { unknownBase } from './interpreter/unknownBase'
import { PyClass } from './interpreter/values'
import { layerClasses } from './keras/layers'
import type { Found } from './syntax/around'
import type * as ast from './syntax/ast'
import { nnClasses } from './torch/nn'
import { tensorClass } from './torch/tensor'

/** A statement that failed and was left out. */
export interface Failure {
  /** `TypeError: …`, as Python says it. */
  readonly message: string
  readonly span: Span
  readonly file: string | null
  /** Nothing unknown decided that it was reached. */
  readonly certain: boolean
  /** What the framework refused there. */
  readonly refusal: Refusal | null
}

interface Failed {
  readonly scope: ModuleScope
  readonly failures: readonly Failure[]
}

/** A call that only we make, without arguments, and the failures before it. */
export interface Trial {
  readonly call: string
  readonly before: number
}

/** What a program may say of arguments that it was not given. */
export const LACKS =
  /^(?:KeyError|IndexError|ValueError|ZeroDivisionError|AssertionError|RuntimeError|NotImplementedError|Exception)\b|^TypeError: (?:'(?:NoneType|int)' object|unsupported operand .*'NoneType')/

/**
 * The failures of the file itself that the program would have, too: those that say nothing of what is modelled, only of
 * what the file defines and calls. What only shows that something is not modelled is left out.
 */
export function failureProblems({ scope, failures }: Failed, trial: Trial | null = null): Problem[] {
  const seen = new Set<string>()
  const problems: Problem[] = []
  // Cells of a notebook are run in any order, and their magics bind names.
  const open = lazy(
    () =>
      scope.file?.endsWith('.ipynb') ||
      scope.body.some(s => s.kind === 'ImportFrom' && s.names.some(n => n.name === '*')) ||
      runsText(scope),
  )
  let lacking = false
  for (const [i, { message, span, file, certain, refusal }] of failures.entries()) {
    const tried = trial !== null && i >= trial.before
    lacking ||= tried && message.includes('missing required argument')
    // A class that nobody makes so was not set up: what it lacks is no fault of its own.
    if (lacking && tried && message.startsWith("AttributeError: '")) continue
    if (!certain || file !== scope.file || !(refusal || isOwn(message, scope, open))) continue
    if (message.includes('missing required argument') && (passesOn(span, scope) || isDecorated(message, scope)))
      continue
    // Maps may lie with the channels last, which a transposition brings in order.
    if (refusal?.name === 'order' && [...below(scope.body)].some(isChannelsLast)) continue
    const key = `${span.start} ${message}`
    if (seen.has(key)) continue
    seen.add(key)
    if (refusal) problems.push(refused(refusal, span, scope))
    else if (tried && LACKS.test(message)) {
      // Nobody makes it so: its defaults may be there to be replaced.
      const problem = said(`With the defaults of ${trial!.call}: ${message}`, span)
      problems.push({ ...problem, severity: 'hint' })
    } else problems.push(said(message, span))
  }
  return problems
}

/** Whether a file runs texts as programs: they may bind any name, and put any key into its namespace. */
const runsText = ({ body }: ModuleScope): boolean =>
  [...below(body)].some(node => {
    const { kind, func } = node as unknown as Partial<ast.Call>
    return kind === 'Call' && func?.kind === 'Name' && func.id === 'exec'
  })

const isChannelsLast = (node: Found): boolean =>
  node.kind === 'Attribute' && (node as unknown as ast.Attribute).name.startsWith('channels_last')

/** Whether a call passes on arguments that it got itself: those who left one out may be we, who tried the class. */
function passesOn(span: Span, { body }: ModuleScope): boolean {
  const call = callAt({ module: { body } as ast.Module, text: '' }, span)
  return call?.args.some(a => a.star !== 0) === true
}

/** A decorator that is not known may give the arguments that a call lacks (command lines). */
function isDecorated(message: string, { body }: ModuleScope): boolean {
  const name = /^TypeError: (\w+)\(\) missing/.exec(message)?.[1]
  return body.some(s => s.kind === 'FunctionDef' && s.name === name && s.decorators.length > 0)
}

function refused(refusal: Refusal, span: Span, scope: ModuleScope): Problem {
  const file = { module: { body: scope.body } as ast.Module, text: '' }
  const call = callAt(file, span)
  const who = call ? (targetOf(file, call) ?? lastName(call.func)) : null
  const { code, message } = refusal
  const problem: Problem = { code, severity: 'error', span, message: message(who ?? 'it') }
  refusals.set(problem, refusal)
  return problem
}

/** What Python says, in the words of a reader where there are some. */
function said(message: string, span: Span): Problem {
  const problem = { code: 'bad-argument', severity: 'error', span, message } as const
  const member = /^AttributeError: module '([\w.]+)' has no attribute '(\w+)'/.exec(message)
  if (member) {
    const [place, code] = member[1] === 'torch.nn' ? ['nn', 'unknown-layer' as const] : ['F', 'unknown-name' as const]
    return { ...problem, code, message: `${place} has no ${member[2]}.` }
  }
  const method = /^AttributeError: '(\w+)' object has no attribute '(\w+)'/.exec(message)
  if (method && nnClasses.some(c => c.name === method[1])) {
    const [, cls, name] = method
    return {
      ...problem,
      message: `${name} is asked of the module ${cls} itself. Call it, nn.${cls}(), before its input.`,
    }
  }
  const native = /^TypeError: (\w+)(\.forward)?\(\) (.*)/.exec(message)
  const layer = native && [...nnClasses, ...layerClasses].some(c => c.name === native[1]) ? native[1] : null
  if (layer) {
    const missing = /missing required argument: '(\w+)'/.exec(native![3]!)
    if (missing) return { ...problem, message: `${layer} expects ${missing[1]} and does not get it.` }
    const unexpected = /unexpected keyword argument '(\w+)'/.exec(native![3]!)
    if (unexpected) return { ...problem, message: `${layer} has no argument ${unexpected[1]}.` }
    const many = /takes (\d+) positional arguments but (\d+)/.exec(native![3]!)
    const what = native![2] ? 'input' : 'argument'
    if (many)
      return {
        ...problem,
        message: `${layer} expects ${many[1]} ${what}${many[1] === '1' ? '' : 's'} and gets ${many[2]}.`,
      }
  }
  const forward = /^NotImplementedError: Module \[(\w+)\] is missing the required "forward"/.exec(message)
  if (forward) return { ...problem, message: `${forward[1]} has no forward.` }
  if (message.includes('before Module.__init__() call'))
    return { ...problem, message: 'Modules are assigned after super().__init__(), and it is not called.' }
  return problem
}

function isOwn(message: string, scope: ModuleScope, open: () => boolean): boolean {
  if (message.includes('before Module.__init__() call')) return true
  if (/^AttributeError: module 'torch\.nn(?:\.functional)?' has no attribute/.test(message)) return true
  const attribute = /^AttributeError: '(\w+)' object has no attribute '(\w+)'/.exec(message)
  if (attribute) {
    const cls = scope.names.get(attribute[1]!)
    // A layer of PyTorch that is asked for what tensors have was not called.
    if (cls === undefined && nnClasses.some(c => c.name === attribute[1])) return tensorClass.dict.has(attribute[2]!)
    return (
      cls instanceof PyClass &&
      !cls.native &&
      !hasSubclass(cls, scope) &&
      unknownBase(cls) === null &&
      !cls.mro.some(c => c.module.startsWith('torch.fx')) &&
      !givenElsewhere(attribute[2]!, scope) &&
      lookup(cls, '__getattribute__') !== undefined
    )
  }
  if (message.startsWith('KeyError') && open()) return false
  if (message.startsWith('NameError') || message.startsWith('UnboundLocalError')) return !open()
  return OWN.some(pattern => pattern.test(message))
}

/** Whether something else than the object itself is given an attribute of this name: `model.last = model.fc`. */
const givenElsewhere = (name: string, { body }: ModuleScope): boolean =>
  [...below(body)].some(node => {
    const { kind, targets = [] } = node as unknown as Partial<ast.Assign>
    return (
      kind === 'Assign' &&
      targets.some(
        t => t.kind === 'Attribute' && t.name === name && !(t.value.kind === 'Name' && t.value.id === 'self'),
      )
    )
  })

/** A class that others of the file complete is not meant to be used itself. */
const hasSubclass = (cls: PyClass, { names }: ModuleScope): boolean =>
  [...names.values()].some(other => other instanceof PyClass && other !== cls && other.mro.includes(cls))

/** What is said of the calls, sizes and numbers of a program, whatever it calls. */
const OWN: readonly RegExp[] = [
  /^TypeError: [\w.]*\(\) (?:missing required argument|takes \d+ positional|got an unexpected|got multiple values)/,
  /^TypeError: got multiple values/,
  /^TypeError: unhashable type/,
  /^TypeError: '(?:int|float|str|NoneType|bool)' object is not (?:callable|iterable|subscriptable)/,
  /^TypeError: unsupported operand type\(s\) for \S+: '(?:int|float|str|NoneType|list|tuple|dict)' and '(?:int|float|str|NoneType|list|tuple|dict)'/,
  /^(?:ValueError|ZeroDivisionError|IndexError|KeyError|NotImplementedError|RuntimeError): ?/,
]
