import { CLASS_ALIASES, kerasLayers } from '../../kerasLayers'
import { call } from '../interpreter/call'
import { type Run, raise } from '../interpreter/run'
import { native, nativeClass } from '../interpreter/types'
import { type PyClass, PyUnknown, type PyValue } from '../interpreter/values'
import { tensorsIn } from '../torch/values'
import { inputFunction, inputLayerClass } from './input'
import { layerClass, nativeCalls, PyLayer } from './layer'
import { initializeLayer, layerMethod } from './layerMethods'
import { kerasClass } from './native'

/** keras.layers.Wrapper: programs subclass it, and it registers what it wraps. */
const wrapperClass = nativeClass('Wrapper', [layerClass], 'keras.layers')
layerMethod(
  '__init__',
  (run, self, [layer], kwargs) => {
    initializeLayer(run, self, new Map([...kwargs].filter(([name]) => name !== 'layer')))
    const inner = layer ?? kwargs.get('layer')
    if (inner instanceof PyLayer) self.modules.set('layer', inner)
    return null
  },
  wrapperClass,
)

/** keras.layers.Lambda: draws what its function draws. */
const lambdaClass = nativeClass('Lambda', [layerClass], 'keras.layers')
layerMethod(
  '__init__',
  (run, self, args, kwargs) => {
    const names = ['function', 'output_shape', 'mask', 'arguments']
    self.given = new Map([...kwargs, ...args.map((value, i): [string, PyValue] => [names[i] ?? '', value])])
    initializeLayer(run, self, kwargs)
    return null
  },
  lambdaClass,
)
nativeCalls.set(lambdaClass, (run, self, args) => {
  const body = self.given.get('function')
  if (body === undefined) return raise('TypeError', "Lambda() missing required argument: 'function'")
  const options = self.given.get('arguments')
  const kwargs = new Map<string, PyValue>()
  if (options !== null && typeof options === 'object' && 'entries' in options)
    for (const [name, value] of (options.entries as Map<string, [PyValue, PyValue]>).values())
      kwargs.set(String(name), value)
  const result = call(run, body, args, kwargs)
  return tensorsIn([result]).length > 0 || result instanceof PyUnknown
    ? result
    : new PyUnknown('this Lambda is not known')
})

const classes = new Map<string, PyClass>(kerasLayers.map(kind => [kind.name, kerasClass(kind)]))

/** `layers.add([x, y])`: the layer of that name, made and called at once. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  add: 'Add',
  subtract: 'Subtract',
  multiply: 'Multiply',
  average: 'Average',
  maximum: 'Maximum',
  minimum: 'Minimum',
  concatenate: 'Concatenate',
  dot: 'Dot',
}
const functions = Object.entries(FUNCTIONS).map(([name, of]): [string, PyValue] => [
  name,
  native(name, (run: Run, args, kwargs) => {
    const cls = classes.get(of)!
    const [inputs, ...rest] = args
    const options = new Map([...kwargs].filter(([key]) => key !== 'inputs'))
    const layer = call(run, cls, rest, options)
    return call(run, layer, [inputs ?? kwargs.get('inputs') ?? null])
  }),
])

/** The members of keras.layers. */
export const layerMembers: [string, PyValue][] = [
  ['Layer', layerClass],
  ['Input', inputFunction],
  ['InputLayer', inputLayerClass],
  ['Lambda', lambdaClass],
  ['Wrapper', wrapperClass],
  ...[...classes].map(([name, cls]): [string, PyValue] => [name, cls]),
  ...Object.entries(CLASS_ALIASES).flatMap(([name, of]): [string, PyValue][] => {
    const cls = classes.get(of)
    return cls && !classes.has(name) ? [[name, cls]] : []
  }),
  ...functions,
]

/** Every class of keras.layers that is modelled. */
export const layerClasses: readonly PyClass[] = [
  layerClass,
  inputLayerClass,
  lambdaClass,
  wrapperClass,
  ...classes.values(),
]
