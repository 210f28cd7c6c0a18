import type { Span } from '../../base/text'
import type { Problem } from '../../core/problem'
import { unknownBase } from './interpreter/classes'
import type { ModuleScope } from './interpreter/imports'
import { lookup } from './interpreter/types'
import { PyClass } from './interpreter/values'

/** A statement that failed and was left out. */
export interface Failure {
  /** `TypeError: …`, as Python says it. */
  readonly message: string
  readonly span: Span
  readonly file: string | null
  /** Nothing unknown decided that it was reached. */
  readonly certain: boolean
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
  for (const { message, span, file, certain } of failures) {
    if (!certain || file !== scope.file || !isOwn(message, scope, open)) continue
    const key = `${span.start} ${message}`
    if (seen.has(key)) continue
    seen.add(key)
    problems.push({ code: 'bad-argument', severity: 'error', span, message })
  }
  return problems
}

function isOwn(message: string, scope: ModuleScope, open: boolean): boolean {
  if (message.includes('before Module.__init__() call')) return true
  const attribute = /^AttributeError: '(\w+)' object has no attribute '\w+'/.exec(message)
  if (attribute) {
    const cls = scope.names.get(attribute[1]!)
    return (
      cls instanceof PyClass &&
      !cls.native &&
      unknownBase(cls) === null &&
      lookup(cls, '__getattribute__') !== undefined
    )
  }
  if (message.startsWith('NameError') || message.startsWith('UnboundLocalError')) return !open
  return OWN.some(pattern => pattern.test(message))
}

/** What is said of the calls, sizes and numbers of a program, whatever it calls. */
const OWN: readonly RegExp[] = [
  /^TypeError: \w*\(\) (?:missing required argument|takes \d+ positional|got an unexpected|got multiple values)/,
  /^TypeError: got multiple values/,
  /^TypeError: unhashable type/,
  /^TypeError: '(?:int|float|str|NoneType|bool)' object is not (?:callable|iterable|subscriptable)/,
  /^TypeError: unsupported operand type\(s\) for \S+: '(?:int|float|str|NoneType|list|tuple|dict)' and '(?:int|float|str|NoneType|list|tuple|dict)'/,
  /^(?:ValueError|ZeroDivisionError|IndexError|KeyError|NotImplementedError|RuntimeError): ?/,
]
