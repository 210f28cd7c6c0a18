import { fractionOf } from '../../base/fraction'
import type { RewriteRequest } from '../../core/rewrite'
import { evaluateExpression } from './expression'
import type { Scope } from './values'

/** Numbers of several calls, as one text: a number where all agree, else an expression on the block's parameters. */
export type Spelled = string | null

/**
 * Spells input channels of all calls. `scopes` are the parameters in force at each call; null where no parameter gives
 * the numbers.
 */
export function spellChannels(values: readonly number[], scopes: readonly Scope[]): Spelled {
  if (values.every(value => value === values[0])) return String(values[0])
  for (const name of parametersOf(scopes)) {
    const factor = factorOf(name, values, scopes)
    const source = factor === null ? null : times(name, factor)
    if (source !== null && gives(source, values, scopes)) return expression(source)
  }
  return null
}

/** Spells the widths of all calls: as a part of a parameter, else with the rounding that the widths came about with. */
export function spellWidths({ width, nodes }: RewriteRequest, scopes: readonly Scope[]): Spelled {
  const { each, rule } = width
  if (!each) return ''
  if (each.every(value => value === each[0])) return String(each[0])
  if (!rule) return null
  const { ratio, multiple } = rule
  const channels = nodes.map(node => (node.attributes as { inChannels?: number }).inChannels ?? 0)
  for (const name of parametersOf(scopes)) {
    const factor = factorOf(name, channels, scopes)
    if (factor === null) continue
    const step = ratio * multiple
    const all = times(name, factor)
    const rounded =
      step % 2 === 0 && Number.isInteger(step)
        ? `max(${multiple}, (${all} + ${step / 2}) // ${step} * ${multiple})`
        : `max(${multiple}, floor(${all} / ${step} + 0.5) * ${multiple})`
    const source = [times(name, factor / ratio), all === null ? null : rounded].find(
      one => one !== null && gives(one, each, scopes),
    )
    if (source) return expression(source)
  }
  return null
}

const expression = (source: string): string => `\${${source}}`

const parametersOf = (scopes: readonly Scope[]): string[] => [...(scopes[0]?.keys() ?? [])]

/** How many times a parameter the numbers are, where that is the same at all calls. */
function factorOf(name: string, values: readonly number[], scopes: readonly Scope[]): number | null {
  const factors = values.map((value, i) => {
    const parameter = scopes[i]?.get(name)?.value
    return typeof parameter === 'number' && parameter > 0 ? value / parameter : Number.NaN
  })
  return factors.every(factor => factor === factors[0]) ? factors[0]! : null
}

/** `4 * width`, `width`, `width // 4`, `3 * width // 8`; null for other parts. */
function times(name: string, factor: number): string | null {
  if (factor === 1) return name
  if (Number.isInteger(factor)) return `${factor} * ${name}`
  const [p, q] = fractionOf(factor) ?? [0, 0]
  if (p === 0) return null
  return p === 1 ? `${name} // ${q}` : `${p} * ${name} // ${q}`
}

const gives = (source: string, values: readonly number[], scopes: readonly Scope[]): boolean =>
  values.every((value, i) => {
    const result = evaluateExpression(source, name => {
      const parameter = scopes[i]!.get(name)?.value
      return typeof parameter === 'object' ? undefined : (parameter as number | string | boolean)
    })
    return 'value' in result && result.value === value
  })
