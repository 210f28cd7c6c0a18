import { type Dim, mulDim, N } from '../../core/dim'
import type { GraphBuilder, Origin, Value } from '../../core/graph'
import type { Shape } from '../../core/shape'
import type { BuildOptions, InputShape } from '../frontend'
import { messagesOf, scalarsOf } from './fields'
import { type DataSource, origin, report, type Step } from './layerType'
import type { LayerText, Network } from './network'
import { siteAt } from './sites'

/** The inputs of one network while it is built. */
export interface Inputs extends DataSource {
  readonly used: readonly InputShape[]
  readonly assumed: boolean
}

/**
 * Sizes that were chosen come before those of the file; the first size of the first input is the batch, N, wherever it
 * comes again as a first size, and its multiples are those of N. Sequences that go into a recurrent layer have the batch second.
 */
export function inputsOf(builder: GraphBuilder, layers: readonly LayerText[], options: BuildOptions): Inputs {
  const sequences = sequencesOf(layers)
  const used: InputShape[] = []
  // What a setting says is worth less than what the file does.
  const unnamed = options.inputs.filter(({ name }) => name === undefined)
  let next = 0
  let assumed = false
  const chosenFor = (name: string): InputShape | undefined =>
    options.inputs.find(input => input.name === name) ?? unnamed[next]
  const self = {
    batch: null as number | null,
    used,
    get assumed() {
      return assumed
    },
    assume() {
      assumed = true
    },
    isChosen: (name: string) => chosenFor(name) !== undefined,
    input(name: string, shape: Shape | null): Value {
      const chosen = options.assumed && shape && !shape.includes(null) ? undefined : chosenFor(name)
      if (chosen && chosen.name === undefined) next++
      const sizes = chosen ? [N, ...chosen.shape] : shape && batched(self, shape, sequences.has(name))
      used.push({ name, shape: sizes?.filter(dim => dim !== N) ?? [] })
      return builder.input(name, sizes)
    },
  }
  return self
}

function batched(self: { batch: number | null }, shape: Shape, sequence: boolean): Shape {
  const at = sequence && shape.length > 1 ? 1 : 0
  const size = shape[at]
  if (typeof size === 'number') self.batch ??= size
  return shape.map((dim, i): Dim => (i === at ? (dim === null ? N : (batchesOf(dim, self.batch) ?? dim)) : dim))
}

/** How many of something there are an image, as a multiple of the batch: 300 regions of one image are 300N. */
export function batchesOf(dim: Dim, batch: number | null): Dim {
  if (typeof dim !== 'number' || dim <= 0 || batch === null || batch <= 0 || dim % batch !== 0) return null
  return dim === batch ? N : mulDim(N, dim / batch)
}

/** Blobs that a recurrent layer reads as a sequence, at once or through a table. */
function sequencesOf(layers: readonly LayerText[]): ReadonlySet<string> {
  const recurrent = layers.filter(({ type }) => type === 'LSTM' || type === 'RNN')
  if (recurrent.length === 0) return new Set()
  const names = recurrent.flatMap(({ bottoms }) => bottoms.slice(0, 2))
  const tables = layers.filter(({ type }) => type === 'Embed').flatMap(({ bottoms }) => bottoms)
  return new Set([...names, ...tables].map(({ text }) => text))
}

/** An input as the layer that declares it gives it, so that its line shows its shape. */
export function inputView(step: Step, name: string, shape: Shape | null): Value {
  return viewOf(step.builder, step.data.input(name, shape), origin(step))
}

/** Data whose size lies with the data: a comment or an option can say it. */
export const tellMissingSize = (step: Step): void =>
  report(step, {
    code: 'bad-argument',
    severity: 'info',
    span: step.layer.header,
    message: `The size of ${step.site.name} is not in the file. Say it in a comment: # convlens: input=3x224x224`,
  })

const viewOf = (builder: GraphBuilder, value: Value, from: Origin): Value =>
  builder.add('view', { function: 'input', shape: value.shape }, [value], from)

/**
 * `input: "data"` with four `input_dim` each or one `input_shape`, as older files declare inputs. One without any sizes
 * is nothing to Caffe where a layer gives the blob (src/caffe/util/upgrade_proto.cpp UpgradeNetInput).
 */
export function declaredInputs(
  { root, text, layers }: Network,
  builder: GraphBuilder,
  inputs: Inputs,
): readonly { readonly name: string; readonly value: Value; readonly span: { start: number; end: number } }[] {
  const shapes = messagesOf(root, 'input_shape')
  const dims = scalarsOf(root, 'input_dim')
  const sizes = (from: readonly { text: string }[]): Shape =>
    from.map(({ text }) => (/^\d+$/.test(text) ? Number(text) : null))
  const isGiven = (name: string): boolean =>
    layers.some(({ bottoms, tops }) => bottoms.length === 0 && tops.some(top => top.text === name))
  const names = scalarsOf(root, 'input').filter(({ text: name }) => shapes.length + dims.length > 0 || !isGiven(name))
  return names.map(({ text: name, span }, i) => {
    const shape = shapes[i] ? sizes(scalarsOf(shapes[i], 'dim')) : sizes(dims.slice(4 * i, 4 * i + 4))
    const value = inputs.input(name, shape.length > 0 ? shape : null)
    const site = siteAt(text, span, name)
    return { name, value: viewOf(builder, value, { site, path: name, type: 'input' }), span }
  })
}
