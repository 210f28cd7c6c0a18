import { fractionOf } from '../../../base/fraction'
import type { RewriteWidth } from '../../../core/rewrite'
import type * as ast from '../syntax/ast'

/** An expression as it stands in the text, with its tree where there is one. */
export interface Spelled {
  readonly text: string
  readonly tree: ast.Expression | null
}

/**
 * r as the file is to spell it: an expression of the input channels where it gives every call's width exactly, else the
 * number that all have, else the rule itself. Null where the widths differ and nothing says how.
 */
export function widthText(
  { each, rule }: RewriteWidth,
  channels: readonly (number | null)[],
  input: Spelled | null,
  text: string,
): string | null {
  if (each === null) return ''
  const same = each.every(r => r === each[0])
  const free = rule && input?.tree && !isConstant(input.tree) ? input : null
  if (free && rule) {
    const { ratio, multiple } = rule
    if (Number.isInteger(ratio) && each.every((r, i) => channels[i] === r * ratio)) return quotient(free, ratio, text)
    if (!same) return portion(atom(free), each, ratio, channels) ?? rounded(atom(free), ratio, multiple)
  }
  return same ? String(each[0]) : null
}

/** Channels in front of an operator. */
export const atom = ({ text, tree }: Spelled): string => (tree === null || ATOMS.has(tree.kind) ? text : `(${text})`)

/** Whether only numbers stand in an expression. */
export const isConstant = (tree: ast.Expression): boolean =>
  tree.kind === 'Number' ||
  (tree.kind === 'Unary' && isConstant(tree.operand)) ||
  (tree.kind === 'Binary' && isConstant(tree.left) && isConstant(tree.right))

const ATOMS = new Set(['Name', 'Number', 'Attribute', 'Subscript', 'Call'])

/** A factor in the text takes what it can of the divisor: `c * 2` by 4 is `c // 2`, `c * 4` is `c`. */
function quotient(input: Spelled, ratio: number, text: string): string {
  const { tree } = input
  if (ratio === 1) return input.text
  if (tree?.kind === 'Binary' && tree.operator === '*') {
    for (const [factor, other] of [
      [tree.right, tree.left],
      [tree.left, tree.right],
    ] as const) {
      if (factor.kind !== 'Number' || typeof factor.value !== 'number' || factor.value < 1) continue
      const rest = { text: text.slice(other.start, other.end), tree: other }
      if (ratio % factor.value === 0) return quotient(rest, ratio / factor.value, text)
      if (factor.value % ratio === 0) return `${atom(rest)} * ${factor.value / ratio}`
    }
  }
  return `${atom(input)} // ${ratio}`
}

/** `planes * 3 // 8`, where that gives every width without rounding. */
function portion(
  channels: string,
  each: readonly number[],
  ratio: number,
  from: readonly (number | null)[],
): string | null {
  const [p, q] = fractionOf(1 / ratio) ?? [0, 1]
  return p > 1 && q > 1 && each.every((r, i) => from[i] !== null && from[i]! * p === r * q)
    ? `${channels} * ${p} // ${q}`
    : null
}

/** max(m, floor((channels + ratio · m / 2) / (ratio · m)) · m), the rule of core/rewrite.ts, in whole numbers. */
function rounded(channels: string, ratio: number, multiple: number): string {
  const step = ratio * multiple
  const times = multiple === 1 ? '' : ` * ${multiple}`
  if (!Number.isInteger(step)) {
    const [p, q] = fractionOf(1 / step) ?? [0, 1]
    if (p === 0) return `max(${multiple}, int(${channels} / ${step} + 0.5)${times})`
    return q % 2 === 0
      ? `max(${multiple}, (${p} * ${channels} + ${q / 2}) // ${q}${times})`
      : `max(${multiple}, (${2 * p} * ${channels} + ${q}) // ${2 * q}${times})`
  }
  if (step === 1) return channels
  return step % 2 === 0
    ? `max(${multiple}, (${channels} + ${step / 2}) // ${step}${times})`
    : `max(${multiple}, (2 * ${channels} + ${step}) // ${2 * step}${times})`
}
