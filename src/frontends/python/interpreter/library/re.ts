import { call } from '../call'
import type { Run } from '../run'
import { dict, list, native, nativeClass, nativeMethod, pyModule, tuple } from '../types'
import { asInt, asString, hashKey, type Kwargs, type PyClass, PyObject, PyUnknown, type PyValue } from '../values'

class PyPattern extends PyObject {
  constructor(
    cls: PyClass,
    readonly source: string,
    readonly flags: string,
  ) {
    super(cls)
  }
}
class PyMatch extends PyObject {
  constructor(
    cls: PyClass,
    readonly match: RegExpExecArray,
  ) {
    super(cls)
  }
}
const patternClass = nativeClass('Pattern', undefined, 're')
const matchClass = nativeClass('Match', undefined, 're')

/** Texts longer than this, and patterns that could take long, are not matched. */
const MAX_TEXT = 2000
const MAX_TRIES = 1e9

type Search = (run: Run, pattern: PyPattern, args: readonly PyValue[], kwargs: Kwargs) => PyValue
const SEARCHES: Readonly<Record<string, Search>> = {
  match: (_, p, [text]) => exec(p, asString(text ?? null), s => `^(?:${s})`),
  fullmatch: (_, p, [text]) => exec(p, asString(text ?? null), s => `^(?:${s})$`),
  search: (_, p, [text]) => exec(p, asString(text ?? null), s => s),
  findall: (_, p, [text]) => {
    const found = all(p, asString(text ?? null))
    if (!found) return new PyUnknown('this match is not known')
    return list(
      found.map(m => (m.length === 1 ? m[0] : m.length === 2 ? (m[1] ?? '') : tuple(m.slice(1).map(g => g ?? '')))),
    )
  },
  finditer: (_, p, [text]) => list((all(p, asString(text ?? null)) ?? []).map(m => new PyMatch(matchClass, m))),
  split: (_, p, [text]) => {
    const s = asString(text ?? null)
    const expression = compile(p, x => x, 'g', s?.length)
    return s === null || !expression
      ? new PyUnknown('this match is not known')
      : list(s.split(expression).map(x => x ?? null))
  },
  sub: (run, p, [by, text, count], kwargs) => {
    const s = asString(text ?? null)
    const expression = compile(p, x => x, 'g', s?.length)
    if (s === null || !expression || s.length > MAX_TEXT) return new PyUnknown('this match is not known')
    const template = asString(by ?? null)
    const limit = asInt(count ?? kwargs.get('count') ?? 0) || Number.POSITIVE_INFINITY
    let done = 0
    return s.replace(expression, (...groups) => {
      if (++done > limit) return groups[0] as string
      const strings = groups.filter((g): g is string => typeof g === 'string' || g === undefined)
      if (template !== null)
        return template.replace(/\\(\d)|\\g<(\w+)>/g, (_, n, name) => strings[Number(n ?? name)] ?? '')
      const match = Object.assign(strings.slice(0, -1), { index: 0, input: s }) as unknown as RegExpExecArray
      return asString(call(run, by!, [new PyMatch(matchClass, match)])) ?? ''
    })
  },
}

for (const [name, search] of Object.entries(SEARCHES))
  patternClass.dict.set(
    name,
    nativeMethod(name, (run, [self, ...args], kwargs) => search(run, self as PyPattern, args, kwargs)),
  )

matchClass.dict.set(
  'group',
  nativeMethod('group', (_, [self, ...which]) => {
    const groups = (which.length ? which : [0]).map(w => group((self as PyMatch).match, w))
    return groups.length === 1 ? groups[0]! : tuple(groups)
  }),
)
matchClass.dict.set(
  '__getitem__',
  nativeMethod('__getitem__', (_, [self, which]) => group((self as PyMatch).match, which!)),
)
matchClass.dict.set(
  'groups',
  nativeMethod('groups', (_, [self]) => tuple((self as PyMatch).match.slice(1).map(g => g ?? null))),
)
matchClass.dict.set(
  'groupdict',
  nativeMethod('groupdict', (_, [self]) => {
    const made = dict()
    for (const [k, v] of Object.entries((self as PyMatch).match.groups ?? {}))
      made.entries.set(hashKey(k)!, [k, v ?? null])
    return made
  }),
)
matchClass.dict.set(
  'span',
  nativeMethod('span', (_, [self]) => {
    const { match } = self as PyMatch
    return tuple([match.index, match.index + match[0].length])
  }),
)
matchClass.dict.set(
  'start',
  nativeMethod('start', (_, [self]) => (self as PyMatch).match.index),
)
matchClass.dict.set(
  'end',
  nativeMethod('end', (_, [self]) => (self as PyMatch).match.index + (self as PyMatch).match[0].length),
)

export const reModule = pyModule('re', [
  ['compile', native('compile', (_, [source, flags]) => pattern(source!, flags))],
  ...Object.entries(SEARCHES).map(([name, search]): [string, PyValue] => [
    name,
    native(name, (run, [source, ...args], kwargs) => {
      const p = pattern(source!, undefined)
      return p instanceof PyPattern ? search(run, p, args, kwargs) : p
    }),
  ]),
  ['escape', native('escape', (_, [text]) => (asString(text ?? null) ?? '').replace(/[.*+?^${}()|[\]\\-]/g, '\\$&'))],
  ...(['IGNORECASE', 'I', 'MULTILINE', 'M', 'DOTALL', 'S', 'VERBOSE', 'X', 'ASCII', 'A'] as const).map(
    (name): [string, PyValue] => [name, { I: 2, M: 8, D: 16, S: 16, V: 64, X: 64, A: 256 }[name[0] as 'I']!],
  ),
  ['Pattern', patternClass],
  ['Match', matchClass],
])

function pattern(source: PyValue, flags: PyValue | undefined): PyValue {
  if (source instanceof PyPattern) return source
  const text = asString(source)
  if (text === null) return new PyUnknown('this pattern is not known')
  const bits = asInt(flags ?? 0) ?? 0
  return new PyPattern(patternClass, text, (bits & 2 ? 'i' : '') + (bits & 8 ? 'm' : '') + (bits & 16 ? 's' : ''))
}

/** Python's syntax as JavaScript's; null where a pattern has what JavaScript lacks, or repeats a repetition. */
function compile(p: PyPattern, wrap: (source: string) => string, flags: string, length = 200): RegExp | null {
  // Each repetition may try every place of the text: more than this takes too long.
  const repetitions = p.source.match(/[+*]|,\}/g)?.length ?? 0
  if (length ** repetitions > MAX_TRIES) return null
  const source = p.source
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\Z', '$')
    .replaceAll('\\A', '^')
  if (/\([^)]*[|+*][^)]*\)[+*{]/.test(source) || source.length > 500) return null
  try {
    return new RegExp(wrap(source), `${p.flags}${flags}u`)
  } catch {
    try {
      return new RegExp(wrap(source), p.flags + flags)
    } catch {
      return null
    }
  }
}

function exec(p: PyPattern, text: string | null, wrap: (source: string) => string): PyValue {
  const expression = compile(p, wrap, '', text?.length)
  if (text === null || !expression || text.length > MAX_TEXT) return new PyUnknown('this match is not known')
  const match = expression.exec(text)
  return match ? new PyMatch(matchClass, match) : null
}

function all(p: PyPattern, text: string | null): RegExpExecArray[] | null {
  const expression = compile(p, s => s, 'g', text?.length)
  return text === null || !expression || text.length > MAX_TEXT ? null : [...text.matchAll(expression)]
}

const group = (match: RegExpExecArray, which: PyValue): PyValue => {
  const name = asString(which)
  return (name !== null ? match.groups?.[name] : match[asInt(which) ?? 0]) ?? null
}
