import { bindNative } from '../arguments'
import { call } from '../call'
import { items, iterate } from '../iterate'
import { binary, equals, truthy } from '../operators'
import type { Run } from '../run'
import { iterator, list, native, nativeClass, pyModule, tuple } from '../types'
import { asInt, PyUnknown, type PyValue } from '../values'

const given = (values: Iterable<PyValue>): PyValue => iterator(values[Symbol.iterator]())
const lost = (): PyValue => new PyUnknown('its items are not known')

const chainClass = nativeClass('chain', undefined, 'itertools')
chainClass.convert = (run, _, args) => chained(run, args)
chainClass.dict.set(
  'from_iterable',
  native('from_iterable', (run, [source]) => chained(run, items(run, source!))),
)

export const itertoolsModule = pyModule('itertools', [
  ['chain', chainClass],
  [
    'product',
    native('product', (run, args, kwargs) => {
      const lists = args.map(a => items(run, a))
      if (lists.includes(null)) return lost()
      const repeat = asInt(kwargs.get('repeat') ?? 1) ?? 1
      let rows: PyValue[][] = [[]]
      for (let i = 0; i < repeat; i++) {
        for (const values of lists) {
          run.budget.size(rows.length * values!.length)
          rows = rows.flatMap(row => values!.map(v => [...row, v]))
        }
      }
      return given(rows.map(tuple))
    }),
  ],
  [
    'repeat',
    native('repeat', (run, args, kwargs) => {
      const times = asInt(args[1] ?? kwargs.get('times') ?? 100_000) ?? 0
      run.budget.size(times)
      return given(repeated(args[0]!, times))
    }),
  ],
  ['count', native('count', (_, args) => given(counting(asInt(args[0] ?? 0) ?? 0, asInt(args[1] ?? 1) ?? 1)))],
  [
    'cycle',
    native('cycle', (run, [source]) => {
      const values = items(run, source!)
      return values ? given(cycled(values)) : lost()
    }),
  ],
  [
    'islice',
    native('islice', (run, [source, ...ends]) => {
      const [start, stop, step] = ends.length === 1 ? [0, ends[0], 1] : [ends[0] ?? 0, ends[1], ends[2] ?? 1]
      const from = iterate(run, source!)
      return from
        ? given(
            sliced(
              from,
              asInt(start ?? 0) ?? 0,
              stop === null ? Number.POSITIVE_INFINITY : (asInt(stop ?? 0) ?? 0),
              asInt(step ?? 1) ?? 1,
            ),
          )
        : lost()
    }),
  ],
  [
    'accumulate',
    native('accumulate', (run, args, kwargs) => {
      const { iterable, func, initial } = bindNative('accumulate', 'iterable, func=, *, initial=', args, kwargs)
      const values = items(run, iterable!)
      if (values === null) return lost()
      if (initial !== undefined && initial !== null) values.unshift(initial)
      const out: PyValue[] = []
      for (const value of values)
        out.push(
          out.length === 0
            ? value
            : func
              ? call(run, func, [out.at(-1)!, value])
              : binary(run, '+', out.at(-1)!, value),
        )
      return given(out)
    }),
  ],
  [
    'zip_longest',
    native('zip_longest', (run, args, kwargs) => {
      const lists = args.map(a => items(run, a))
      if (lists.includes(null)) return lost()
      const size = Math.max(0, ...lists.map(l => l!.length))
      return given(
        Array.from({ length: size }, (_, i) => tuple(lists.map(l => l![i] ?? kwargs.get('fillvalue') ?? null))),
      )
    }),
  ],
  [
    'pairwise',
    native('pairwise', (run, [source]) => {
      const values = items(run, source!)
      return values ? given(values.slice(1).map((v, i) => tuple([values[i]!, v]))) : lost()
    }),
  ],
  [
    'combinations',
    native('combinations', (run, [source, r]) => {
      const values = items(run, source!)
      return values ? given(combinations(values, asInt(r ?? 2) ?? 2).map(tuple)) : lost()
    }),
  ],
  [
    'permutations',
    native('permutations', (run, [source, r]) => {
      const values = items(run, source!)
      if (!values || values.length > 9) return lost()
      return given(permutations(values, asInt(r ?? null) ?? values.length).map(tuple))
    }),
  ],
  [
    'dropwhile',
    native('dropwhile', (run, [test, source]) => {
      const values = items(run, source!)
      if (!values) return lost()
      const start = values.findIndex(v => truthy(run, call(run, test!, [v])) !== true)
      return given(start < 0 ? [] : values.slice(start))
    }),
  ],
  [
    'takewhile',
    native('takewhile', (run, [test, source]) => {
      const from = iterate(run, source!)
      return from ? given(taken(run, test!, from)) : lost()
    }),
  ],
  [
    'starmap',
    native('starmap', (run, [f, source]) => {
      const values = items(run, source!)
      return values ? given(values.map(v => call(run, f!, items(run, v) ?? []))) : lost()
    }),
  ],
  [
    'groupby',
    native('groupby', (run, args, kwargs) => {
      const values = items(run, args[0]!)
      const key = args[1] ?? kwargs.get('key') ?? null
      if (!values) return lost()
      const groups: { key: PyValue; values: PyValue[] }[] = []
      for (const value of values) {
        const k = key === null ? value : call(run, key, [value])
        const last = groups.at(-1)
        if (last && equals(run, last.key, k) === true) last.values.push(value)
        else groups.push({ key: k, values: [value] })
      }
      return given(groups.map(g => tuple([g.key, list(g.values)])))
    }),
  ],
])

function chained(run: Run, sources: readonly PyValue[] | null): PyValue {
  if (sources === null) return lost()
  const out: PyValue[] = []
  for (const source of sources) {
    const values = items(run, source)
    if (values === null) return lost()
    for (const value of values) out.push(value)
  }
  return given(out)
}

function* repeated(value: PyValue, times: number): Generator<PyValue> {
  for (let i = 0; i < times; i++) yield value
}

function* counting(start: number, step: number): Generator<PyValue> {
  for (let i = start; ; i += step) yield i
}

function* cycled(values: readonly PyValue[]): Generator<PyValue> {
  while (values.length > 0) yield* values
}

function* sliced(source: Iterator<PyValue>, start: number, stop: number, step: number): Generator<PyValue> {
  for (let i = 0; i < stop; i++) {
    const next = source.next()
    if (next.done) return
    if (i >= start && (i - start) % step === 0) yield next.value
  }
}

function* taken(run: Run, test: PyValue, source: Iterator<PyValue>): Generator<PyValue> {
  for (let next = source.next(); !next.done; next = source.next()) {
    if (truthy(run, call(run, test, [next.value])) !== true) return
    yield next.value
  }
}

function permutations(values: readonly PyValue[], r: number): PyValue[][] {
  if (r === 0) return [[]]
  return values.flatMap((v, i) =>
    permutations([...values.slice(0, i), ...values.slice(i + 1)], r - 1).map(rest => [v, ...rest]),
  )
}

function combinations(values: readonly PyValue[], r: number): PyValue[][] {
  if (r === 0) return [[]]
  if (r > values.length || values.length > 20) return []
  return values.flatMap((v, i) => combinations(values.slice(i + 1), r - 1).map(rest => [v, ...rest]))
}
