import { findAttribute } from '../attributes'
import { addToDict } from '../entries'
import { items, lengthOf } from '../iterate'
import { getItem } from '../operators'
import type { Run } from '../run'
import { raise } from '../run'
import { format, repr, str as toText } from '../text'
import { bytes, dict, list, native, nativeMethod, strClass, tuple } from '../types'
import { asInt, asString, type Kwargs, PyDict, PyTuple, PyUnknown, type PyValue } from '../values'

type StringMethod = (text: string, args: readonly PyValue[], run: Run, kwargs: Kwargs) => PyValue

/** The methods of str. */
const METHODS: Readonly<Record<string, StringMethod>> = {
  upper: t => t.toUpperCase(),
  lower: t => t.toLowerCase(),
  casefold: t => t.toLowerCase(),
  title: t => t.replace(/[A-Za-z]+/g, w => w[0]!.toUpperCase() + w.slice(1).toLowerCase()),
  capitalize: t => (t ? t[0]!.toUpperCase() + t.slice(1).toLowerCase() : t),
  swapcase: t => [...t].map(c => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(''),
  strip: (t, [chars]) => stripRight(stripLeft(t, chars), chars),
  lstrip: (t, [chars]) => stripLeft(t, chars),
  rstrip: (t, [chars]) => stripRight(t, chars),
  split: (t, [sep, max], _, kw) => list(split(t, sep ?? kw.get('sep'), asInt(max ?? kw.get('maxsplit') ?? -1) ?? -1)),
  rsplit: (t, [sep, max], _, kw) => list(rsplit(t, sep ?? kw.get('sep'), asInt(max ?? kw.get('maxsplit') ?? -1) ?? -1)),
  splitlines: t => list(t.split(/\r\n|\r|\n/)),
  join: (t, [parts], run) => {
    const values = parts === undefined ? [] : items(run, parts)
    if (values === null || values.some(v => v instanceof PyUnknown)) return new PyUnknown('a string that is not known')
    const texts = values.map(v => asString(v))
    if (texts.includes(null)) return raise('TypeError', 'sequence item: expected str instance')
    run.budget.size(texts.reduce<number>((n, s) => n + s!.length + t.length, 0))
    return texts.join(t)
  },
  replace: (t, [from, to, count]) => {
    const a = asString(from ?? null)
    const b = asString(to ?? null)
    if (a === null || b === null) return new PyUnknown('a string that is not known')
    const times = count === undefined ? -1 : (asInt(count) ?? -1)
    if (times < 0) return t.replaceAll(a, b)
    let out = t
    for (let i = 0, at = 0; i < times; i++) {
      const found = out.indexOf(a, at)
      if (found < 0) break
      out = out.slice(0, found) + b + out.slice(found + a.length)
      at = found + b.length
    }
    return out
  },
  startswith: (t, [prefix]) => anyOf(prefix, p => t.startsWith(p)),
  endswith: (t, [suffix]) => anyOf(suffix, s => t.endsWith(s)),
  removeprefix: (t, [prefix]) =>
    t.startsWith(asString(prefix ?? null) ?? '\0') ? t.slice(asString(prefix!)!.length) : t,
  removesuffix: (t, [suffix]) => {
    const s = asString(suffix ?? null) ?? ''
    return s && t.endsWith(s) ? t.slice(0, -s.length) : t
  },
  find: (t, [part, start]) => t.indexOf(asString(part ?? null) ?? '\0', asInt(start ?? 0) ?? 0),
  rfind: (t, [part]) => t.lastIndexOf(asString(part ?? null) ?? '\0'),
  index: (t, [part]) => {
    const at = t.indexOf(asString(part ?? null) ?? '\0')
    return at < 0 ? raise('ValueError', 'substring not found') : at
  },
  count: (t, [part]) => {
    const p = asString(part ?? null)
    return p ? t.split(p).length - 1 : 0
  },
  partition: (t, [sep]) => {
    const s = asString(sep ?? null) ?? ''
    const at = t.indexOf(s)
    return tuple(at < 0 ? [t, '', ''] : [t.slice(0, at), s, t.slice(at + s.length)])
  },
  rpartition: (t, [sep]) => {
    const s = asString(sep ?? null) ?? ''
    const at = t.lastIndexOf(s)
    return tuple(at < 0 ? ['', '', t] : [t.slice(0, at), s, t.slice(at + s.length)])
  },
  isdigit: t => /^\d+$/.test(t),
  isnumeric: t => /^\d+$/.test(t),
  isdecimal: t => /^\d+$/.test(t),
  isalpha: t => /^\p{L}+$/u.test(t),
  isalnum: t => /^[\p{L}\d]+$/u.test(t),
  isupper: t => t !== t.toLowerCase() && t === t.toUpperCase(),
  islower: t => t !== t.toUpperCase() && t === t.toLowerCase(),
  isspace: t => /^\s+$/.test(t),
  isidentifier: t => /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(t),
  zfill: (t, [width]) => {
    const sign = /^[+-]/.test(t) ? t[0]! : ''
    return sign + t.slice(sign.length).padStart(Math.min(asInt(width ?? 0) ?? 0, 10_000) - sign.length, '0')
  },
  ljust: (t, [width, fill]) => t.padEnd(Math.min(asInt(width ?? 0) ?? 0, 10_000), asString(fill ?? ' ') ?? ' '),
  rjust: (t, [width, fill]) => t.padStart(Math.min(asInt(width ?? 0) ?? 0, 10_000), asString(fill ?? ' ') ?? ' '),
  center: (t, [width, fill]) => {
    const size = Math.min(asInt(width ?? 0) ?? 0, 10_000)
    const by = asString(fill ?? ' ') ?? ' '
    // Where it does not come out even, the odd place goes left if the width is odd.
    const left = ((size - t.length) >> 1) + ((size - t.length) & size & 1)
    return t.padStart(t.length + Math.max(0, left), by).padEnd(size, by)
  },
  translate: (t, [table]) => {
    if (!(table instanceof PyDict)) return new PyUnknown('this table is not known')
    return [...t]
      .map(c => {
        const found = table.entries.get(c.codePointAt(0)!)?.[1]
        if (found === undefined) return c
        return found === null ? '' : typeof found === 'number' ? String.fromCodePoint(found) : (asString(found) ?? c)
      })
      .join('')
  },
  encode: t => bytes(t),
  format: (t, args, run, kwargs) => formatFields(run, t, args, kwargs),
}

for (const [name, method] of Object.entries(METHODS)) {
  strClass.dict.set(
    name,
    nativeMethod(name, (run, [self, ...args], kwargs) => {
      const text = asString(self ?? null)
      return text === null ? new PyUnknown('a string that is not known') : method(text, args, run, kwargs)
    }),
  )
}

function anyOf(value: PyValue | undefined, test: (text: string) => boolean): PyValue {
  const texts = value instanceof PyTuple ? value.items.map(asString) : [asString(value ?? null)]
  if (texts.some(t => t !== null && test(t))) return true
  return texts.includes(null) ? new PyUnknown('a string that is not known') : false
}

const charactersOf = (chars: PyValue | undefined): Set<string> => new Set(asString(chars ?? null) ?? ' \t\n\r\f\v')

function stripLeft(text: string, chars: PyValue | undefined): string {
  const set = charactersOf(chars)
  let i = 0
  while (i < text.length && set.has(text[i]!)) i++
  return text.slice(i)
}

function stripRight(text: string, chars: PyValue | undefined): string {
  const set = charactersOf(chars)
  let i = text.length
  while (i > 0 && set.has(text[i - 1]!)) i--
  return text.slice(0, i)
}

function split(text: string, sep: PyValue | undefined, max: number): string[] {
  const by = asString(sep ?? null)
  if (by === null) {
    const words = text.trim().split(/\s+/).filter(Boolean)
    if (max < 0 || words.length <= max + 1) return words
    const rest = new RegExp(`^\\s*(?:\\S+\\s+){${max}}`).exec(text)![0].length
    return [...words.slice(0, max), text.slice(rest).trimEnd()]
  }
  if (by === '') return raise('ValueError', 'empty separator')
  const parts = text.split(by)
  return max < 0 || parts.length <= max + 1 ? parts : [...parts.slice(0, max), parts.slice(max).join(by)]
}

function rsplit(text: string, sep: PyValue | undefined, max: number): string[] {
  const by = asString(sep ?? null)
  if (by === null || max < 0) return split(text, sep, max < 0 ? -1 : max)
  const parts = text.split(by)
  const head = parts.length - max
  return head <= 1 ? parts : [parts.slice(0, head).join(by), ...parts.slice(head)]
}

/** str.format: `{}`, `{0}`, `{name.attr[key]!r:spec}`. */
function formatFields(run: Run, text: string, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  let next = 0
  return text.replace(
    /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}/g,
    (whole, field: string | undefined, conversion, spec) => {
      if (whole === '{{' || whole === '}}') return whole[0]!
      const [head = ''] = /^[^.[]*/.exec(field ?? '') ?? []
      let value: PyValue | undefined =
        head === '' ? args[next++] : /^\d+$/.test(head) ? args[Number(head)] : kwargs.get(head)
      if (value === undefined) return raise('IndexError', 'Replacement index out of range for positional args tuple')
      for (const part of (field ?? '').slice(head.length).matchAll(/\.(\w+)|\[([^\]]*)\]/g)) {
        value =
          part[1] !== undefined
            ? (findAttribute(run, value, part[1]) ?? null)
            : getItem(run, value, /^\d+$/.test(part[2]!) ? Number(part[2]) : part[2]!)
      }
      const shown = conversion === undefined ? value : conversion === 's' ? toText(run, value) : repr(run, value)
      const nested = typeof spec === 'string' ? formatFields(run, spec, args.slice(next), kwargs) : ''
      return format(run, shown, typeof nested === 'string' ? nested : '')
    },
  )
}

strClass.dict.set(
  'maketrans',
  native('maketrans', (_, [from, to, drop]) => {
    const made = dict()
    const texts = [from, to, drop].map(v => [...(asString(v ?? null) ?? '')])
    texts[0]!.forEach((c, i) => {
      addToDict(made, c.codePointAt(0)!, texts[1]![i]?.codePointAt(0) ?? null)
    })
    for (const c of texts[2]!) addToDict(made, c.codePointAt(0)!, null)
    if (from instanceof PyDict)
      for (const [k, v] of from.entries.values()) addToDict(made, asString(k)?.codePointAt(0) ?? k, v)
    return made
  }),
)

strClass.dict.set(
  '__len__',
  nativeMethod('__len__', (run, [self]) => lengthOf(run, self ?? '') ?? new PyUnknown('a length that is not known')),
)
