import type { Dim } from '../../core/dim'
import { conflictOf, restated } from '../../core/faults'
import type { Problem } from '../../core/problem'
import { formatShape } from '../../core/shape'
import type { BuiltModel } from '../frontend'
import { wanted } from './explore'
import type { Likely } from './inputs'

/** How inputs that nobody names are taken. */
export interface Guess {
  /** False leaves the sizes open. */
  readonly sizesKnown: boolean
  /** In place of what the first layer takes, in the order of the inputs; null where nothing is known of one. */
  readonly inputs?: readonly (Likely | null)[]
  /** Those that nothing is known of are given all the same, as tensors without a shape. */
  readonly exploring?: boolean
  /** Sizes that a declared input leaves open stay so. */
  readonly asDeclared?: boolean
}

/** A model as it was drawn on inputs that were guessed. */
export interface Drawn extends BuiltModel {
  readonly guess: Guess
  /** How many inputs nothing was found for. */
  readonly missing: number
  /** Steps of the program that drawing it took. */
  readonly steps: number
}

/**
 * The problems of a model whose input nobody names: the sizes were assumed, and what does not fit them may fit others.
 * It is told as a hint, unless it comes up with unknown sizes as well: `again` draws the model with them.
 */
export function doubted<B extends BuiltModel>(built: B, again: () => BuiltModel): B {
  const { graph, inputs } = built
  if (!graph.problems.some(isGrave)) return built
  const sure = new Set(again().graph.problems.filter(isIndependent).map(key))
  const assumed = inputs.map(({ shape }) => formatShape(shape)).join(' and ')
  const problems = graph.problems.map(problem => {
    if (!isGrave(problem) || sure.has(key(problem))) return problem
    return restated(problem, { severity: 'hint', message: `With the assumed input ${assumed}: ${problem.message}` })
  })
  return { ...built, graph: { ...graph, problems } }
}

/**
 * A model whose inputs nobody names, on inputs that it takes: where those of its first layer do not fit, what its inputs
 * reach first tells their channels and features, and the sizes that are usual are tried. `draw` draws it again.
 */
export function likeliest(drawn: Drawn, draw: (guess: Guess) => Drawn): Drawn {
  if (!drawn.inputAssumed || fits(drawn)) return drawn
  const tries = variants(explored(drawn, draw), drawn)
  let best = drawn
  let nodes = 0
  let steps = drawn.steps
  for (const inputs of tries.slice(0, TRIES)) {
    if (nodes > MOST_NODES || steps > MOST_STEPS) break
    const other = draw({ sizesKnown: true, inputs })
    if (fits(other)) return other
    if (other.missing < best.missing) best = other
    nodes += other.graph.nodes.length
    steps += other.steps
  }
  return best
}

/** Inputs that are tried, and calls and steps that are spent on that: large models are slow to draw. */
const TRIES = 12
const MOST_NODES = 6000
const MOST_STEPS = 1_000_000

const fits = ({ graph, missing }: Drawn): boolean =>
  missing === 0 && !graph.problems.some(isMisfit) && !graph.outputs.some(({ shape }) => shape && isMixed(shape[0]))

/** What was reshaped to sizes that are not its own has images mixed up with one another: 64N × 10. */
const isMixed = (batch: Dim | undefined): boolean =>
  batch === null || (typeof batch === 'object' && batch.coefficient !== 1)

const isMisfit = ({ code, message }: Problem): boolean =>
  code === 'shape-mismatch' || code === 'kernel-too-large' || DEPENDS.test(message)

/** What the inputs reach first, found out step by step: an input that is known may tell of those that it is joined with. */
function explored(drawn: Drawn, draw: (guess: Guess) => Drawn): readonly (Likely | null)[] {
  const count = drawn.inputs.length + drawn.missing
  let known: (Likely | null)[] = Array.from({ length: count }, (_, i) => wanted(drawn.graph)[i] ?? null)
  if (known.every(input => input !== null)) return known
  for (let round = 0; round < known.length && round < ROUNDS && drawn.steps < MOST_STEPS; round++) {
    const found = wanted(draw({ sizesKnown: true, inputs: known, exploring: true }).graph)
    const next = known.map((input, i) => input ?? found[i] ?? null)
    if (next.every((input, i) => input === known[i])) break
    known = next
    if (known.every(input => input !== null)) break
  }
  return known
}

const ROUNDS = 3

/** Inputs to try: those that were found, then with other sizes; of pictures, other channels too where nothing was found. */
function variants(found: readonly (Likely | null)[], drawn: Drawn): (readonly (Likely | null)[])[] {
  const base: (Likely | null)[] = found.every(f => f === null)
    ? drawn.inputs.map(({ shape }) => ({ shape }))
    : found.map((f, i) => f ?? (drawn.inputs[i] ? { shape: drawn.inputs[i].shape } : null))
  const sized = (size: readonly Dim[]): (Likely | null)[] =>
    base.map(b =>
      b && b.shape.length === size.length + 1 && b.shape[1] !== 1 ? { ...b, shape: [b.shape[0]!, ...size] } : b,
    )
  const pictures = base.some(b => b?.shape.length === 3)
  const channels = pictures && found[0] == null ? PICTURES.filter(c => c !== base[0]?.shape[0]) : []
  const colours = channels.map(c => base.map((b, i) => (b && i === 0 ? { ...b, shape: [c, ...b.shape.slice(1)] } : b)))
  const side = near(drawn)
  const usual = side === null ? SIDES : SIDES.toSorted((a, b) => Math.abs(a - side) - Math.abs(b - side))
  const sides = [...new Set([...toldSides(drawn), ...usual])]
  const lengths = base.some(b => b?.shape.length === 2) ? LENGTHS.map(l => sized([l])) : []
  const volumes = base.some(b => b?.shape.length === 4) ? VOLUMES.map(sized) : []
  const sequences = base.some(b => b?.dtype === 'int64')
    ? SEQUENCES.map(s => base.map(b => (b?.dtype === 'int64' ? { ...b, shape: s } : b)))
    : []
  const same = base.every((b, i) => b === null || String(b.shape) === String(drawn.inputs[i]?.shape))
  return [
    ...(same ? [] : [base]),
    ...colours,
    ...sequences,
    ...(pictures ? sides.map(s => sized([s, s])) : []),
    ...lengths,
    ...volumes,
  ]
}

/** The side of the picture that a layer behind the flattened maps asks for, about. */
function near({ graph, inputs }: Drawn): number | null {
  const side = inputs[0]?.shape[1]
  for (const problem of graph.problems) {
    const conflict = conflictOf(problem)
    const features = conflict?.attributes.inFeatures
    const got = conflict?.fault.value
    if (typeof side === 'number' && typeof features === 'number' && got) return side * Math.sqrt(features / got)
  }
  return null
}

/**
 * Sides of pictures that what does not fit asks for: those that an assertion of the program names, and those that give as
 * many positions, with or without tokens for the class, as what they are added to.
 */
function toldSides({ graph, inputs }: Drawn): number[] {
  const side = inputs[0]?.shape[1]
  if (typeof side !== 'number') return []
  const sides = graph.problems.flatMap(problem => {
    if (/AssertionError/.test(problem.message)) return (problem.message.match(/\b\d+\b/g) ?? []).map(Number)
    const [own, other] = conflictOf(problem)?.inputs.map(({ shape }) => shape?.slice(1) ?? []) ?? []
    if (!own || own.length !== other?.length) return []
    return own.flatMap((got, i) => {
      const asked = other[i]
      if (typeof got !== 'number' || typeof asked !== 'number' || got === asked) return []
      return [asked / got, ...[0, 1, 2].map(tokens => Math.sqrt((asked - tokens) / (got - tokens)))].map(r => side * r)
    })
  })
  return sides.filter(s => Number.isInteger(s) && s >= 8 && s <= MOST_SIDE && s !== side).slice(0, TOLD)
}

const MOST_SIDE = 2048
const TOLD = 4

/** Channels of a colour picture, and of a grey one. */
const PICTURES = [3, 1]
/** Sides of pictures that data sets and papers have. */
const SIDES = [
  224, 32, 28, 64, 256, 128, 96, 299, 227, 48, 84, 112, 150, 160, 180, 200, 240, 300, 416, 448, 512, 572, 640,
]
const LENGTHS = [128, 256, 512, 1000, 2048, 4096, 100, 784, 16000]
const VOLUMES = [
  [16, 112, 112],
  [8, 112, 112],
  [32, 112, 112],
  [16, 224, 224],
  [64, 64, 64],
  [128, 128, 128],
]
const SEQUENCES = [[128], [], [512], [64]]

const isGrave = ({ severity, code }: Problem): boolean =>
  (severity === 'error' || severity === 'warning') && code !== 'limit'

/** Of a guessed number of dimensions only channels and features tell; names and arguments do not depend on it. */
function isIndependent(problem: Problem): boolean {
  const conflict = conflictOf(problem)
  if (conflict) return conflict.fault.value !== undefined
  return problem.code !== 'shape-mismatch' && !DEPENDS.test(problem.message)
}

/** What programs say of the sizes that they are given. */
const DEPENDS = /^(?:ValueError|IndexError|RuntimeError|AssertionError|\S+ raises )/

const key = ({ span, code }: Problem): string => `${span.start} ${code}`
