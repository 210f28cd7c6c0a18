import type { Span } from '../../base/text'
import type { Shape } from '../../core/shape'
import type { Binding } from '../frontend'
import { PyList, PyTuple, type PyValue } from './interpreter/values'
import type { ProgramPlaces } from './places'
import { PyTensor } from './torch/tensor'

/** Collects the shapes that names of one file stand for while a model is drawn. */
export interface BindingLog {
  /** `local`: of a function, not of the file's top level. */
  add(name: string, value: PyValue, span: Span, parameter: boolean, local: boolean): void
  /** Drops what functions bound so far: another model is drawn from here on. */
  forgetLocals(): void
  list(): Binding[]
}

export function bindingLog(file: string, places: ProgramPlaces): BindingLog {
  const rows = new Map<
    string,
    { local: boolean; binding: Binding; counts: Map<string, { of: readonly (Shape | null)[]; count: number }> }
  >()
  return {
    add(name, value, span, parameter, local) {
      const shapes = shapesOf(value)
      if (shapes === null) return
      const key = `${span.start} ${name}`
      let row = rows.get(key)
      if (!row) {
        const counts = new Map<string, { of: readonly (Shape | null)[]; count: number }>()
        const site = places.site(file, span, name)
        row = {
          local,
          counts,
          binding: {
            name,
            parameter,
            site,
            get shapes() {
              return [...counts.values()]
            },
          },
        }
        rows.set(key, row)
      }
      const text = JSON.stringify(shapes)
      const seen = row.counts.get(text)
      if (seen) seen.count++
      else if (row.counts.size < MAX_SHAPES) row.counts.set(text, { of: shapes, count: 1 })
    },
    forgetLocals() {
      for (const [key, { local }] of rows) if (local) rows.delete(key)
    },
    list: () => [...rows.values()].map(row => row.binding).sort((a, b) => a.site.span.start - b.site.span.start),
  }
}

/** Of a tensor, or of a tuple or list of tensors; null for anything else. */
function shapesOf(value: PyValue): (Shape | null)[] | null {
  if (value instanceof PyTensor) return [value.shape]
  if (!(value instanceof PyTuple || value instanceof PyList)) return null
  const items: readonly PyValue[] = value.items
  if (items.length === 0 || items.length > MAX_PARTS || !items.every(item => item instanceof PyTensor)) return null
  return items.map(item => (item as PyTensor).shape)
}

/** More different shapes under one name are not kept. */
const MAX_SHAPES = 1000
/** Longer lists of tensors are not shown as one. */
const MAX_PARTS = 64
