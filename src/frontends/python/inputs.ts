import type { Dim } from '../../core/dim'
import { getAttribute } from './interpreter/attributes'
import type { Run } from './interpreter/run'
import { lookup } from './interpreter/types'
import { asInt, PyFunction, PyTuple, type PyValue } from './interpreter/values'
import type { Expression } from './syntax/ast'
import { namedModules, type PyNNModule } from './torch/module'

/** The parameters of `forward` that must be given, by name. */
export function requiredInputs(model: PyNNModule): string[] {
  const forward = lookup(model.cls, 'forward')
  if (!(forward instanceof PyFunction) || forward.definition.kind !== 'FunctionDef') return ['input']
  const { positionalOnly, positional } = forward.definition.parameters
  const required = [...positionalOnly, ...positional].slice(1).filter(p => !p.default)
  if (required.length > 0) return required.map(p => p.name)
  const first = positional[1]
  return first ? [first.name] : ['input']
}

/**
 * The inputs that annotations in the manner of jaxtyping give, `x: Float[Tensor, "batch 3 224 224"]`, batch left out; null
 * unless every parameter that must be given has one with numbers. The first axis is the batch, whatever it is called.
 */
export function annotatedInputs(model: PyNNModule): Dim[][] | null {
  const forward = lookup(model.cls, 'forward')
  if (!(forward instanceof PyFunction) || forward.definition.kind !== 'FunctionDef') return null
  const { positionalOnly, positional } = forward.definition.parameters
  const required = [...positionalOnly, ...positional].slice(1).filter(p => !p.default)
  const shapes = required.map(({ annotation }) => annotatedShape(annotation))
  return shapes.length > 0 && shapes.every(shape => shape !== null) ? shapes : null
}

/** `Float[Tensor, "b c=3 32 32"]`: the axes behind the first, null where one of them has no number. */
function annotatedShape(annotation: Expression | null): Dim[] | null {
  if (annotation?.kind !== 'Subscript' || annotation.index.kind !== 'Tuple') return null
  const [, spelled] = annotation.index.items
  if (spelled?.kind !== 'String') return null
  const [batch, ...axes] = spelled.value.trim().split(/\s+/)
  const sizes = axes.map(axis => Number(/^(?:\w+=)?(\d{1,9})$/.exec(axis)?.[1] ?? Number.NaN))
  if (batch === undefined || axes.length === 0 || !sizes.every(size => size >= 1)) return null
  return sizes
}

/** An input as it is likely to be, without the batch. */
export interface Likely {
  readonly shape: readonly Dim[]
  readonly dtype?: string
}

/**
 * A likely input, from the first layer that says how many channels it takes; sizes are the usual ones. A picture whose
 * channels nobody says (lazy layers) has three.
 */
export function likelyInput(run: Run, model: PyNNModule): Likely | null {
  for (const [, module] of namedModules(model)) {
    const kind = module.cls.mro.find(c => c.native)?.name ?? ''
    const number = (name: string): number | null => asInt(read(run, module, name))
    if (/^(?:Lazy)?Conv(?:Transpose)?[123]d$/.test(kind)) {
      const channels = number('in_channels') || (/2d$/.test(kind) ? 3 : null)
      if (channels === null) continue
      const sizes = SIZES[kind.at(-2) as '1' | '2' | '3']
      return { shape: [channels, ...(/Transpose/.test(kind) && isSeed(run, module) ? sizes.map(() => 1) : sizes)] }
    }
    if (kind === 'Linear') {
      const features = number('in_features')
      if (features) return { shape: [features] }
    }
    if (kind === 'Embedding') return { shape: [128], dtype: 'int64' }
    if (kind === 'LSTM' || kind === 'GRU' || kind === 'RNN') {
      const features = number('input_size')
      if (features) return { shape: [128, features] }
    }
  }
  return null
}

/** The first layer of a generator spreads a vector, one position of many channels, over a square. */
function isSeed(run: Run, module: PyNNModule): boolean {
  const all = (name: string, number: number): boolean => {
    const value = read(run, module, name)
    return value instanceof PyTuple && value.items.every(v => asInt(v) === number)
  }
  return all('stride', 1) && all('padding', 0)
}

/** Usual sizes of what convolutions of one, two and three dimensions take. */
export const SIZES = { '1': [1024], '2': [224, 224], '3': [16, 112, 112] } as const

function read(run: Run, module: PyNNModule, name: string): PyValue {
  run.handlers++
  try {
    return getAttribute(run, module, name)
  } catch {
    return null
  } finally {
    run.handlers--
  }
}

/** The sizes of `summary(model, (3, 224, 224))` or `input_size=(1, 3, 224, 224)`, batch left out; null for anything else. */
export function sizesOf(value: PyValue, channelsFirstRank: number): Dim[] | null {
  if (!(value instanceof PyTuple)) return null
  const sizes = value.items.map(asInt)
  if (sizes.length === 0 || sizes.some(s => s === null || s < 1)) return null
  const whole = sizes as number[]
  return whole.length > channelsFirstRank ? whole.slice(1) : whole
}
