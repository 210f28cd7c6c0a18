import type * as ast from '../syntax/ast'
import type { Role, Signature } from './spelling'
import type { Spelled } from './widths'

/** A call with the names that its arguments are bound to, as far as the text tells. */
export interface BoundCall {
  readonly text: string
  readonly call: ast.Call
  readonly signature: Signature
  readonly given: readonly Given[]
}

export interface Given {
  /** Null where it is unpacked, or follows what is. */
  readonly name: string | null
  readonly argument: ast.Argument
}

export function bindCall(text: string, call: ast.Call, signature: Signature): BoundCall {
  let position: number | null = 0
  const given = call.args.map((argument): Given => {
    if (argument.star !== 0) {
      if (argument.star === 1) position = null
      return { name: null, argument }
    }
    const name = argument.name ?? (position === null ? null : (signature.positional[position++] ?? null))
    return { name, argument }
  })
  return { text, call, signature, given }
}

export const givenAs = ({ given }: BoundCall, name: string | undefined): ast.Argument | null =>
  (name !== undefined && given.find(g => g.name === name)?.argument) || null

export const argumentOf = (bound: BoundCall, role: Role): ast.Argument | null =>
  givenAs(bound, bound.signature.roles[role])

export const spelledOf = (bound: BoundCall, name: string | undefined): Spelled | null => {
  const argument = givenAs(bound, name)
  return argument && { text: valueText(bound, argument), tree: argument.value }
}

/** An argument's value on one line, where no comment stands in it. */
function valueText({ text }: BoundCall, { value }: ast.Argument): string {
  const written = text.slice(value.start, value.end)
  return written.includes('#') ? written : written.replace(/\s*\n\s*/g, ' ')
}

/** Whether arguments are passed on that the text does not name. */
export const passesOn = ({ call }: BoundCall, star: 1 | 2): boolean => call.args.some(a => a.star === star)

/** The call as written with other values; arguments that it lacks are added by name. */
export function edited(bound: BoundCall, values: ReadonlyMap<string, string>): string {
  const { call, text } = bound
  const edits: { at: number; end: number; newText: string }[] = []
  const added: string[] = []
  for (const [name, value] of values) {
    const argument = givenAs(bound, name)
    if (argument) edits.push({ at: argument.value.start, end: argument.value.end, newText: value })
    else added.push(`${name}=${value}`)
  }
  if (added.length > 0) edits.push(...additions(bound, added))
  let result = ''
  let at = call.start
  for (const edit of edits.sort((a, b) => a.at - b.at)) {
    result += text.slice(at, edit.at) + edit.newText
    at = edit.end
  }
  return result + text.slice(at, call.end)
}

/** A new call on one line: what the call was given, but for the values that are said. Null leaves an argument out. */
export function remade(bound: BoundCall, callee: string, values: ReadonlyMap<string, string | null>): string {
  const byPosition: string[] = []
  const byName: string[] = []
  const left = new Map(values)
  let moved = false
  for (const { name, argument } of bound.given) {
    const written = valueText(bound, argument)
    if (argument.star !== 0) {
      ;(argument.star === 1 ? byPosition : byName).push(`${'*'.repeat(argument.star)}${written}`)
      continue
    }
    const value = name !== null && left.has(name) ? left.get(name)! : written
    if (name !== null) left.delete(name)
    // What follows an argument that is left out cannot be given by position.
    if (value === null) moved = true
    else if (argument.name === null && !moved) byPosition.push(value)
    else byName.push(`${name}=${value}`)
  }
  const more = [...left].flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]))
  return `${callee}(${[...byPosition, ...more, ...byName].join(', ')})`
}

/** New arguments behind the last, before `**kwargs`; on lines of their own where the others have theirs. */
function additions(
  { call, text }: BoundCall,
  added: readonly string[],
): { at: number; end: number; newText: string }[] {
  const last = call.args.at(-1)
  if (!last) return [insertion(call.end - 1, added.join(', '))]
  const packed = call.args.find(a => a.star === 2)
  const lead = /(?:^|\n)([ \t]*)$/.exec(text.slice(call.start, (packed ?? last).start))
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const joint = lead ? `,${eol}${lead[1]}` : ', '
  if (packed) return [insertion(packed.start, added.map(a => `${a}${joint}`).join(''))]
  const rest = /^(,?)([ \t]*#[^\r\n]*)?(?=\r?\n)/.exec(text.slice(last.end, call.end))
  if (!lead || !rest?.[2]) return [insertion(last.end, added.map(a => joint + a).join(''))]
  // A comment behind the last argument stays behind it.
  const lines = added.map(a => `${eol}${lead[1]}${a},`).join('')
  return [...(rest[1] ? [] : [insertion(last.end, ',')]), insertion(last.end + rest[0].length, lines)]
}

const insertion = (at: number, newText: string) => ({ at, end: at, newText })
