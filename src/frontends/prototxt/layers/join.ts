import { sameDim } from '../../../core/dim'
import { describe } from '../../../core/faults'
import type { Node, Value } from '../../../core/graph'
import { ops } from '../../../core/ops'
import type { Fix } from '../../../core/problem'
import { formatShape, sameShape } from '../../../core/shape'
import { scalarsOf } from '../fields'
import { fail, type LayerType, origin, report, type Step, scope, shapeOf } from '../layerType'
import { engine, flag, fraction, message, repeated, whole, word } from '../schema'
import { flag as flagOf, has, paramOf, spanOf, whole as wholeOf, word as wordOf } from '../values'
import { flattened, place } from './parts'

const OPERATIONS = ['PROD', 'SUM', 'MAX'] as const
const FUNCTIONS = { PROD: 'mul', SUM: 'add', MAX: 'max' } as const

/** Rules: src/caffe/layers/eltwise_layer.cpp: all bottoms have one shape, nothing is stretched. */
export const eltwise: LayerType = {
  names: ['Eltwise'],
  doc: 'Sum, product or maximum of blobs of one shape.',
  bottoms: [2, 1000],
  params: {
    eltwise_param: message(
      word('operation', 'SUM', OPERATIONS, 'What is done.'),
      fraction('coeff', 1, 'Factor of each bottom in a sum.', repeated),
      flag('stable_prod_grad', true, 'Slower and steadier gradient of a product.'),
    ),
  },
  build: step => {
    const param = paramOf(step, 'eltwise_param')
    const operation = wordOf(step, param, 'operation', OPERATIONS, 'SUM')
    const factors = scalarsOf(param, 'coeff')
    if (factors.length > 0 && (factors.length !== step.bottoms.length || operation === 'PROD')) {
      const why =
        operation === 'PROD'
          ? 'takes coeff only for a sum'
          : `expects one coeff a bottom, ${step.bottoms.length}, and gets ${factors.length}`
      fail(step, 'bad-argument', `${step.site.name} ${why}.`, factors[0]!.span)
    }
    const differs = step.bottoms.findIndex(({ shape }, i) => i > 0 && sameShape(shapeOf(step), shape) === false)
    if (differs > 0) tellDifference(step, FUNCTIONS[operation], differs)
    const attributes = { function: FUNCTIONS[operation], keepsFirst: true, ...place(step) }
    return [step.builder.add('elementwise', attributes, step.bottoms, origin(step))]
  },
}

function tellDifference(step: Step, does: string, at: number): void {
  const [first, other] = [step.bottoms[0]!, step.bottoms[at]!]
  const related = [first, other].flatMap(({ producer, shape }) =>
    producer
      ? [{ span: producer.origin.site.span, message: `${producer.origin.site.name} gives ${formatShape(shape)}` }]
      : [],
  )
  report(step, {
    code: 'shape-mismatch',
    severity: 'error',
    span: step.layer.bottoms.at(at - step.bottoms.length)!.span,
    message: `${step.site.name}: cannot ${does} ${describe(first)} and ${describe(other)}.`,
    related,
    fixes: [...setting(other, first), ...setting(first, other)],
  })
}

/** Makes the convolution that gives the channels of one map give those of another. */
function setting(value: Value, like: Value): Fix[] {
  const wanted = like.shape?.[1]
  let node = value.producer
  for (let steps = 0; node && adapts(node) && steps < MOST_STEPS; steps++) node = node.inputs[0]?.producer ?? null
  const site = node?.origin.site
  const place = node?.op.startsWith('conv') ? site?.attributes?.outChannels : undefined
  if (!place || typeof wanted !== 'number' || value.shape?.[1] === wanted) return []
  const title = `Set ${place.spelled} of ${site!.name} to ${wanted}`
  return [{ title, edits: [{ span: place.span, newText: String(wanted) }] }]
}

/** Layers that take as many channels as they are given: none of them says how many. */
const adapts = ({ op }: Node): boolean => op !== 'unknown' && (ops[op].quiet === true || /pool\dd$/.test(op))

const MOST_STEPS = 20

/** Rules: src/caffe/layers/concat_layer.cpp. */
export const concat: LayerType = {
  names: ['Concat'],
  doc: 'Joins blobs along an axis.',
  params: {
    concat_param: message(
      whole('axis', 1, 'Axis along which they are joined.'),
      whole('concat_dim', 1, 'As `axis`, older.'),
      flag('per_fla_fuse', false, 'Joins every bottom to a vector first, channels last (Intel).'),
      engine,
    ),
  },
  build: step => {
    const param = paramOf(step, 'concat_param')
    const key = has(param, 'concat_dim') ? 'concat_dim' : 'axis'
    if (key === 'concat_dim' && has(param, 'axis')) {
      fail(step, 'bad-argument', `${step.site.name} expects axis or concat_dim, not both.`, spanOf(param, 'axis'))
    }
    const attributes = { axis: wholeOf(step, param, key, 1) }
    if (!flagOf(param, 'per_fla_fuse', false)) {
      return [step.builder.add('concat', attributes, step.bottoms, origin(step))]
    }
    return [
      scope(step, () => {
        const vectors = step.bottoms.map(bottom => flattened(step, bottom, 1))
        return step.builder.add('concat', attributes, vectors, origin(step, 'concat'))
      }),
    ]
  },
}

/** Rules: SENet’s src/caffe/layers/axpy_layer.cpp: factor a channel · second bottom + third bottom. */
export const axpy: LayerType = {
  names: ['Axpy'],
  doc: 'Multiplies the second bottom with one factor a channel and adds the third (SENet).',
  bottoms: 3,
  build: step => {
    const [factors, x, y] = step.bottoms
    if (sameShape(x!.shape, y!.shape) === false) tellDifference({ ...step, bottoms: [x!, y!] }, 'add', 1)
    const wrong = [0, 1].some(i => sameDim(factors!.shape?.[i] ?? null, x!.shape?.[i] ?? null) === false)
    if (wrong) {
      const message_ = `${step.site.name} expects one factor a channel of ${describe(x!)} and gets ${describe(factors!)}.`
      fail(step, 'shape-mismatch', message_, step.layer.bottoms[0]!.span)
    }
    const attributes = { function: 'axpy', keepsFirst: true }
    return [step.builder.add('elementwise', attributes, [x!, factors!, y!], origin(step))]
  },
}
