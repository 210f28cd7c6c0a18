import type { Span } from '../../base/text'
import { formatDim } from '../../core/dim'
import type { Shape } from '../../core/shape'
import type { Binding, BoundShape } from '../frontend'
import { PyList, PyTuple, type PyValue } from './interpreter/values'
import type { ProgramPlaces } from './places'
import { MOST_SHOWN, PyTensor } from './torch/tensor'

/** Collects the shapes that names of one file stand for while a model is drawn. */
export interface BindingLog {
  /** `path`: of the module whose call binds it; undefined at the file's top level. */
  add(name: string, value: PyValue, span: Span, parameter: boolean, path: string | undefined): void
  /** Drops what functions bound so far: another model is drawn from here on. */
  forgetLocals(): void
  list(): Binding[]
}

export function bindingLog(file: string, places: ProgramPlaces): BindingLog {
  interface Row {
    readonly local: boolean
    readonly binding: Omit<Binding, 'shapes'>
    readonly counts: Map<string, Counted>
    /** What it was bound to last. */
    last: Counted | null
  }
  const rows = new Map<string, Row>()
  // A name in the text is bound again and again.
  const bySpan = new Map<Span, Row>()
  return {
    add(name, value, span, parameter, path) {
      const shapes = shapesOf(value)
      if (shapes === null) return
      const near = bySpan.get(span)
      let row = near?.binding.name === name ? near : rows.get(`${span.start} ${name}`)
      if (!row) {
        const counts = new Map<string, Counted>()
        const site = places.site(file, span, name)
        row = {
          local: path !== undefined,
          counts,
          last: null,
          binding: { name, parameter, site },
        }
        rows.set(`${span.start} ${name}`, row)
        bySpan.set(span, row)
      }
      const { last } = row
      const text = last && areSame(last.of, shapes) ? '' : keyOf(shapes)
      let seen = text === '' ? last! : row.counts.get(text)
      if (!seen) {
        if (row.counts.size >= MAX_SHAPES) return
        seen = { of: shapes, count: 0, paths: [], ...numbersOf(value) }
        row.counts.set(text, seen)
      } else if (seen.data && String(seen.data) !== String(numbersOf(value).data)) delete seen.data
      seen.count++
      row.last = seen
      if (path !== undefined && seen.paths.length < MAX_PATHS) seen.paths.push(path)
    },
    forgetLocals() {
      for (const [key, { local }] of rows) if (local) rows.delete(key)
      for (const [span, { local }] of bySpan) if (local) bySpan.delete(span)
    },
    list: () =>
      [...rows.values()]
        .map(({ binding, counts }) => ({ ...binding, shapes: [...counts.values()] }))
        .sort((a, b) => a.site.span.start - b.site.span.start),
  }
}

interface Counted extends BoundShape {
  count: number
  data?: readonly number[]
  readonly paths: string[]
}

/** Of a tensor, or of a tuple or list of tensors; null for anything else. */
function shapesOf(value: PyValue): (Shape | null)[] | null {
  if (value instanceof PyTensor) return [value.shape]
  if (!(value instanceof PyTuple || value instanceof PyList)) return null
  const items: readonly PyValue[] = value.items
  if (items.length === 0 || items.length > MAX_PARTS || !items.every(item => item instanceof PyTensor)) return null
  return items.map(item => (item as PyTensor).shape)
}

/** True only where they surely are; most names are bound to one shape over and over. */
const areSame = (a: readonly (Shape | null)[], b: readonly (Shape | null)[]): boolean =>
  a.length === b.length &&
  a.every((shape, i) => {
    const other = b[i]!
    return (
      shape === other ||
      (shape !== null &&
        other !== null &&
        shape.length === other.length &&
        shape.every((dim, axis) => dim === other[axis]))
    )
  })

const keyOf = (shapes: readonly (Shape | null)[]): string => {
  let key = ''
  for (const shape of shapes) {
    if (shape === null) key += '-'
    else for (const dim of shape) key += typeof dim === 'number' ? `${dim},` : `${formatDim(dim)},`
    key += ';'
  }
  return key
}

/** What a small constant tensor holds. */
const numbersOf = (value: PyValue): { data?: readonly number[] } =>
  value instanceof PyTensor && value.data && value.data.length <= MOST_SHOWN ? { data: value.data } : {}

/** More different shapes under one name are not kept. */
const MAX_SHAPES = 1000
/** Calls beyond this are counted and not told apart. */
const MAX_PATHS = 10_000
/** Longer lists of tensors are not shown as one. */
const MAX_PARTS = 64
