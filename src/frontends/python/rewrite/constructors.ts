import type { RewriteAttempt } from '../../../core/rewrite'
import { type Between, betweens } from './between'
import { argumentOf, type BoundCall, edited, passesOn } from './calls'
import {
  attempt,
  attributesOf,
  biased,
  biasText,
  type Channels,
  type Context,
  changes,
  channelsText,
  constructorText,
  isUnpacked,
  unpackedSentence,
} from './steps'
import { widthText } from './widths'

/**
 * `nn.Conv2d(a, b, 3, padding=1)` becomes `nn.Sequential(nn.Conv2d(a, r, 1, bias=False), nn.Conv2d(r, b, 3, padding=1))`.
 * What the call says of its kernel stays on the k×k; the bias goes to the last.
 */
export function constructorAttempts(
  context: Context,
  bound: BoundCall,
): Iterable<RewriteAttempt> | { readonly refused: string } {
  if (isUnpacked(bound, context.steps)) return { refused: unpackedSentence(context) }
  const input = channelsText(context, bound, 'in')
  const output = channelsText(context, bound, 'out')
  if (!input || !output) return { refused: 'Its calls have different channels, and the call does not say which.' }
  const width = widthText(
    context.width,
    attributesOf(context).map(a => a.inChannels),
    input,
    bound.text,
  )
  if (width === null) return { refused: 'Its calls would get different widths, which one number cannot say.' }
  const bias = biasText(context, bound)
  if (bias === null) return { refused: 'Some of its calls have a bias, and the call does not say which.' }
  return written(context, bound, { in: input.text, out: output.text, r: width }, bias)
}

function* written(context: Context, bound: BoundCall, channels: Channels, bias: string): Iterable<RewriteAttempt> {
  const { place, names, spelling, steps, graph, nodes, rank, partial } = context
  const callee = { text: bound.text.slice(place.call.func.start, place.call.func.end), edits: [] }
  const usual = names(spelling.convolution(rank))
  // A partial that fixes the kernel is no way to spell a 1×1.
  const fixed = partial || (!argumentOf(bound, 'kernel') && !passesOn(bound, 2))
  const constructors = fixed ? [usual, callee] : [callee, usual]
  const normed = steps.some(step => step.normed)
  const all: (Between | null)[] = normed ? betweens(place, names, spelling, nodes[0]!, graph) : [null]
  for (const named of constructors) {
    for (const between of named ? all : []) {
      for (const storage of [true, false]) {
        const layers = steps.flatMap(step => {
          const layer =
            step.kind === 'spatial'
              ? spatial(context, bound, step, channels)
              : constructorText(context, bound, named!, {
                  from: channels[step.from],
                  to: channels[step.to],
                  kernel: '1',
                  bias: step.last ? bias : 'False',
                  storage,
                })
          return step.normed && between ? [layer, ...between.write(channels[step.to])] : [layer]
        })
        const made = attempt(context, layers, [named!], between, channels.r)
        if (made) yield made
      }
    }
  }
}

/** The call as written, with the channels of a step. */
function spatial(context: Context, bound: BoundCall, step: Context['steps'][number], channels: Channels): string {
  const { roles } = bound.signature
  const values = new Map<string, string>()
  if (changes(step).in && roles.in) values.set(roles.in, channels[step.from])
  if (changes(step).out && roles.out) values.set(roles.out, channels[step.to])
  if (step.depthwise && roles.groups) values.set(roles.groups, channels.in)
  const given = argumentOf(bound, 'bias')
  const isFalse = given?.value.kind === 'Singleton' && given.value.value === false
  if (!step.last && roles.bias && !isFalse && (given || biased(context) !== false)) values.set(roles.bias, 'False')
  return edited(bound, values)
}
