import { N } from '../../core/dim'
import type { Memo, Value } from '../../core/graph'
import type { Attributes, OpName } from '../../core/ops'
import { type Config, type ConfigValue, WholeFloat } from './config'
import type { Drawing, LayerKind } from './define'

/**
 * The ops that a call of a layer drew. What a layer draws follows from its arguments and the shapes of its inputs alone:
 * the next layer that has the same ones, of this text or of the same text after a keystroke, draws the same ops without
 * its arguments being read, its shapes inferred and its costs counted again.
 */
export interface Recipe {
  readonly composite: boolean
  readonly steps: readonly Step[]
  /** Which of the values the call gives. */
  readonly outputs: readonly number[]
  /** It is one op, which takes the inputs as they come and gives the outputs. */
  readonly isOne: boolean
}

interface Step {
  /** Of the layer's parts the one that owns the weights; null for an op without any. */
  readonly part: string | null
  readonly op: OpName
  readonly attributes: Attributes<OpName>
  /** By their places among the values so far: the inputs of the call, then what each step gave. */
  readonly inputs: readonly number[]
  readonly memo: Memo
}

/** The recipes of layers with the same arguments, by the shapes of their inputs. */
export type Recipes = Map<string, Recipe>

/** Null where the arguments are not plain data: what such layers draw is found out each time. */
export function recipesOf(kind: LayerKind, config: Config): Recipes | null {
  let key = ''
  for (const name in config) {
    if (name === 'name') continue
    const value = spelled(config[name])
    if (value === null) return null
    key += `${name}=${value};`
  }
  let ofKind = all.get(kind)
  if (!ofKind) {
    ofKind = new Map()
    all.set(kind, ofKind)
  }
  let known = ofKind.get(key)
  if (!known) {
    known = new Map()
    ofKind.set(key, known)
    countIn()
  }
  return known
}

/** Null where a size is not a number; a value that stands twice is one of a recipe, and may be two of another call. */
export function shapesKey(inputs: readonly Value[]): string | null {
  let key = ''
  for (let i = 0; i < inputs.length; i++) {
    const { shape } = inputs[i]!
    if (shape === null || (i > 0 && inputs.indexOf(inputs[i]!) !== i)) return null
    for (const dim of shape) {
      if (typeof dim === 'number') key += `${dim},`
      else if (dim === N) key += 'N,'
      else return null
    }
    key += '|'
  }
  return key
}

/** Values that are spelled alike are alike; null for what is no plain data. */
function spelled(value: ConfigValue | undefined): string | null {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined)
    return `${value}`
  if (typeof value === 'string') return `"${value.length}:${value}`
  if (value instanceof WholeFloat) return `${value.value}.`
  if (!Array.isArray(value)) return null
  let all = '['
  for (const item of value as readonly ConfigValue[]) {
    const one = spelled(item)
    if (one === null) return null
    all += `${one},`
  }
  return `${all}]`
}

/** Draws what a recipe says. */
export function follow(
  { steps, outputs, isOne }: Recipe,
  inputs: readonly Value[],
  drawing: Drawing,
): readonly Value[] {
  if (isOne) {
    const { part, op, attributes, memo } = steps[0]!
    return part === null
      ? [drawing.op(op, attributes, inputs, memo)]
      : drawing.parts(part, op, attributes, inputs, memo)
  }
  const values = [...inputs]
  for (const { part, op, attributes, inputs: from, memo } of steps) {
    const taken = from.map(i => values[i]!)
    if (part === null) values.push(drawing.op(op, attributes, taken, memo))
    else values.push(...drawing.parts(part, op, attributes, taken, memo))
  }
  return outputs.map(i => values[i]!)
}

/** A drawing that remembers what is drawn. `finish` gives the recipe; null where something cannot be drawn from one. */
export function recording(
  inputs: readonly Value[],
  drawing: Drawing,
): { drawing: Drawing; finish(outputs: readonly Value[], composite: boolean): Recipe | null } {
  const values = [...inputs]
  const steps: Step[] = []
  let plain = true
  const places = (of: readonly Value[]): number[] => of.map(value => values.indexOf(value))
  const noted = <V extends readonly Value[]>(step: Omit<Step, 'inputs'>, taken: readonly Value[], given: V): V => {
    steps.push({ ...step, inputs: places(taken) })
    values.push(...given)
    return given
  }
  const parts: Drawing['parts'] = (part, op, attributes, taken) => {
    const memo: Memo = {}
    return noted({ part, op, attributes, memo }, taken, drawing.parts(part, op, attributes, taken, memo))
  }
  return {
    drawing: {
      parts,
      part: (part, op, attributes, taken) => parts(part, op, attributes, taken)[0]!,
      op(op, attributes, taken) {
        const memo: Memo = {}
        return noted({ part: null, op, attributes, memo }, taken, [drawing.op(op, attributes, taken, memo)])[0]!
      },
      unknown(reason, taken, shapes) {
        plain = false
        return drawing.unknown(reason, taken, shapes)
      },
      inside(name) {
        plain = false
        return drawing.inside(name)
      },
      frozen() {
        plain = false
        return drawing.frozen()
      },
    },
    finish(outputs, composite) {
      const given = places(outputs)
      const sound = steps.every(({ memo, inputs }) => memo.inferred && !inputs.includes(-1))
      if (!plain || !sound || given.includes(-1)) return null
      const straight = (places: readonly number[], from: number): boolean =>
        places.every((place, i) => place === from + i)
      const isOne =
        steps.length === 1 &&
        steps[0]!.inputs.length === inputs.length &&
        straight(steps[0]!.inputs, 0) &&
        given.length === values.length - inputs.length &&
        straight(given, inputs.length)
      return { composite, steps, outputs: given, isOne }
    },
  }
}

/** Keeps a recipe. */
export function keep(recipes: Recipes, key: string, recipe: Recipe | null): void {
  if (recipe === null) return
  recipes.set(key, recipe)
  countIn()
}

/** All recipes are dropped when there are too many; those in use come back. */
function countIn(): void {
  if (++kept <= MOST_KEPT) return
  all.clear()
  kept = 0
}

const all = new Map<LayerKind, Map<string, Recipes>>()
let kept = 0
/** A network of 200 layers has a few hundred different ones. */
const MOST_KEPT = 5000
