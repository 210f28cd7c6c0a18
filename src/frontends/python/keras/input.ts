import { allocate } from '../interpreter/call'
import { type Run, refuse } from '../interpreter/run'
import { floatText } from '../interpreter/text'
import { native, nativeClass, tuple } from '../interpreter/types'
import { asInt, asString, PyFloat, PyList, PyTuple, type PyValue } from '../interpreter/values'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { recordInput } from './history'
import { layerClass, type PyLayer } from './layer'
import { declare, imageDataFormat, initializeLayer, layerMethod } from './layerMethods'
import { batched } from './shapes'

/** A layer that gives the tensor of an input. */
export const inputLayerClass = nativeClass('InputLayer', [layerClass], 'keras.layers')

const INPUT = ['shape', 'batch_size', 'dtype', 'sparse', 'batch_shape', 'name', 'tensor', 'optional']

layerMethod(
  '__init__',
  (run, self, args, kwargs) => {
    const given = new Map(kwargs)
    args.forEach((value, i) => {
      if (INPUT[i]) given.set(INPUT[i], value)
    })
    initializeLayer(run, self, given)
    const whole = given.get('batch_shape') ?? given.get('batch_input_shape')
    declare(self, whole, given.get('shape') ?? given.get('input_shape'))
    wholeSizes(whole ?? given.get('shape') ?? null)
    return null
  },
  inputLayerClass,
)

/** Sizes are whole numbers or None (backend/common/variables.py, standardize_shape). */
function wholeSizes(shape: PyValue): void {
  const items = shape instanceof PyTuple || shape instanceof PyList ? shape.items : []
  const wrong = items.find(size => size instanceof PyFloat || asString(size) !== null || (asInt(size) ?? 0) < 0)
  if (wrong === undefined) return
  const got = wrong instanceof PyFloat ? `the float ${floatText(wrong.value)}` : (asString(wrong) ?? asInt(wrong))
  refuse('ValueError', 'Cannot convert this to a shape.', {
    code: 'bad-argument',
    message: () => `Input expects whole sizes of at least 0 in its shape and gets ${got}.`,
  })
}

/** `keras.Input(shape=…)`: a tensor with the batch in front. */
export const inputFunction = native('Input', (run, args, kwargs) => {
  const given = new Map(kwargs)
  const names = ['shape', 'batch_size', 'name', 'dtype', 'sparse', 'tensor', 'ragged', 'type_spec', 'batch_shape']
  args.forEach((value, i) => {
    if (names[i]) given.set(names[i], value)
  })
  const tensor = given.get('tensor')
  if (tensor instanceof PyTensor) return tensor
  const layer = allocate(run, inputLayerClass) as PyLayer
  // A builder that is called without the shape that it passes on is for pictures of any size.
  if (given.get('shape') === null && run.frame.kind === 'function') {
    const first = imageDataFormat(run) === 'channels_first'
    given.set('shape', tuple(first ? [3, null, null] : [null, null, 3]))
  }
  const shape = given.get('shape') ?? null
  if (typeof shape === 'number' || (shape === null && !given.has('batch_shape') && !given.has('type_spec')))
    refuse('ValueError', 'You must pass a `shape` argument.', {
      code: 'bad-argument',
      message: () =>
        shape === null
          ? 'Input expects shape and does not get it.'
          : `Input expects shape to be a tuple and gets ${shape}: (${shape},).`,
    })
  run.call(inputLayerClass.dict.get('__init__')!, [layer], new Map([...given].filter(([name]) => INPUT.includes(name))))
  return inputTensor(run, layer)
})

/** The tensor that an InputLayer gives, made once. */
export function inputTensor(run: Run, layer: PyLayer): PyTensor {
  const known = layer.results[0]
  if (known) return known
  const { builder } = traceOf(run)
  const value = builder.placeholder(layer.declared === null ? null : batched(layer.declared), layer.name)
  const tensor = new PyTensor(value, layer.declaredType)
  tensor.open = layer.declaredOpen
  layer.results = [tensor]
  recordInput(run, layer, tensor)
  return tensor
}
