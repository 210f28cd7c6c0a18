import type { Span } from '../../base/text'
import type { Problem } from '../../core/problem'
import { refusals, targetOf } from './fixes/refusals'
import { callAt, lastName } from './fixes/tree'
import { unknownBase } from './interpreter/classes'
import type { Refusal } from './interpreter/errors'
import type { ModuleScope } from './interpreter/imports'
import { lookup } from './interpreter/types'
import { PyClass } from './interpreter/values'
import { layerClasses } from './keras/layers'
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

/**
 * The failures of the file itself that the program would have, too: those that say nothing of what is modelled, only of
 * what the file defines and calls. What only shows that something is not modelled is left out.
 */
export function failureProblems({ scope, failures }: Failed): Problem[] {
  const seen = new Set<string>()
  const problems: Problem[] = []
  // Cells of a notebook are run in any order, and their magics bind names.
  const open =
    scope.file?.endsWith('.ipynb') || scope.body.some(s => s.kind === 'ImportFrom' && s.names.some(n => n.name === '*'))
  for (const { message, span, file, certain, refusal } of failures) {
    if (!certain || file !== scope.file || !(refusal || isOwn(message, scope, open))) continue
    if (message.includes('missing required argument') && (passesOn(span, scope) || isDecorated(message, scope)))
      continue
    const key = `${span.start} ${message}`
    if (seen.has(key)) continue
    seen.add(key)
    problems.push(refusal ? refused(refusal, span, scope) : said(message, span))
  }
  return problems
}

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

function isOwn(message: string, scope: ModuleScope, open: boolean): boolean {
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
      lookup(cls, '__getattribute__') !== undefined
    )
  }
  if (message.startsWith('NameError') || message.startsWith('UnboundLocalError')) return !open
  return OWN.some(pattern => pattern.test(message))
}

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
