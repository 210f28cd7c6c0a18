import { LazyMap } from '../../../base/lazyMap'
import type { Node, Origin, Site } from '../../../core/graph'
import type { Shape } from '../../../core/shape'
import type { Config, LayerKind, LayerParts, Recipes } from '../../kerasLayers'
import { importsPackage } from '../interpreter/imports'
import { type Run, raise } from '../interpreter/run'
import { lookup, nativeClass, tuple } from '../interpreter/types'
import { unknownBase } from '../interpreter/unknownBase'
import {
  isUnknown,
  type Kwargs,
  type PyClass,
  PyDict,
  PyFunction,
  PyList,
  PyMethod,
  PyTuple,
  PyUnknown,
  type PyValue,
} from '../interpreter/values'
import { lostTensor, originOf, PyNNModule, signatures } from '../torch/module'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { tensorsIn } from '../torch/values'
import type { Step } from './history'
import { shapeTuple } from './shapes'

/** keras.layers.Layer: what every layer and model of Keras descends from. */
export const layerClass = nativeClass('Layer', undefined, 'keras.layers')

const NOTHING: ReadonlyMap<string, PyValue> = new Map()

/** What a functional model stands between: tensors of its own definition, in the structure that it was given. */
export interface FunctionalGraph {
  readonly inputs: PyValue
  readonly outputs: PyValue
  /** What was called between them, in the order in which it was written. */
  readonly steps: readonly (Step | Node)[]
}

/** A layer or model of Keras. What it registers it registers as a module does; layers of ours keep their parts apart. */
export class PyLayer extends PyNNModule {
  /** Given by the program, or made from the class; empty until `Layer.__init__` has run. */
  name = ''
  built = false
  trainable = true
  /** The row of the table that it is, and its arguments, where it is a layer of Keras' own. */
  kind: LayerKind | null = null
  config: Config = {}
  /** What layers with these arguments drew before. */
  recipes: Recipes | null = null
  /** The arguments of its constructor as the program gave them. */
  given: ReadonlyMap<string, PyValue> = NOTHING
  /** Parts that own weights, as they were made at the first call. */
  readonly parts: LayerParts = new LazyMap()
  /** Some of them have sizes that are not known. */
  provisional = false
  /** The input that the program declares, without the batch: `input_shape=`, an InputLayer. */
  declared: Shape | null = null
  /** Some of its sizes are None to the program, and none is one that we do not know. */
  declaredOpen = false
  /** The batch that it declares; null where that is open. */
  declaredBatch: number | null = null
  declaredType = 'float32'
  /** What its first call outside any other gave: `layer.output`. */
  results: readonly PyTensor[] = []
  /** The program compiles or fits it: of several models it is the one that is meant. */
  compiled = false
  /** Of a functional model; of a Sequential once its input is known. */
  functional: FunctionalGraph | null = null
  /** Made in a file that imports TensorFlow. */
  ofTensorflow = false
  /** Of a Sequential: its layers in order. */
  stack: (PyLayer | PyUnknown)[] | null = null
}

layerClass.create = (cls, run) => {
  run.budget.made(SIZE_OF_LAYER)
  const made = new PyLayer(cls)
  if (cls.mro.some(c => !c.native && c.dict.has('compute_mask'))) noteMasks(run)
  const { frame } = run
  made.ofTensorflow = importsPackage(frame.module, 'tensorflow')
  const maker = cls.mro.find(c => c.dict.has('__init__'))
  made.initialized = true
  made.site = traceOf(run).places.site(frame.module.file, frame.at, cls.name, maker && signatures.get(maker))
  return made
}
/** What a layer takes of memory, in items of lists. */
const SIZE_OF_LAYER = 300

/** What a class of ours does when one of its instances is called. */
export type NativeCall = (run: Run, self: PyLayer, args: readonly PyValue[], kwargs: Kwargs, origin: Origin) => PyValue
export const nativeCalls = new Map<PyClass, NativeCall>()

/** Draws one call, without remembering it. */
export function invoke(
  run: Run,
  self: PyLayer,
  given: readonly PyValue[],
  kwargs: Kwargs,
  called: Site | null = null,
): PyValue {
  const trace = traceOf(run)
  const plain = originOf(run, self)
  const origin = called ? { ...plain, called } : plain
  const args = given.some(isUnknown)
    ? given.map(value => (isUnknown(value) && !value.harmless ? lostTensor(run, value) : value))
    : given
  const owner = self.cls.mro.find(c => c.dict.has('call') || nativeCalls.has(c))
  const own = self.attrs?.get('call') ?? owner?.dict.get('call')
  const native = owner && nativeCalls.get(owner)
  trace.path.push(origin.path)
  try {
    if (native && self.kind) return native(run, self, args, kwargs, origin)
    const inputs = tensorsIn([...args, ...kwargs.values()])
    let result: PyValue = null
    trace.builder.scope(
      origin,
      inputs.map(t => t.value),
      () => {
        result = native
          ? native(run, self, args, kwargs, origin)
          : own === undefined
            ? withoutCall(run, self, inputs)
            : callOwn(run, self, own, args, kwargs)
        if (isUnknown(result) && !result.harmless && inputs.length > 0) result = lostTensor(run, result)
        return tensorsIn([result]).map(t => t.value)
      },
    )
    return result
  } finally {
    trace.path.pop()
  }
}

/** The program's own `call`, after its `build`. */
function callOwn(run: Run, self: PyLayer, own: PyValue, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  ensureBuilt(run, self, args, kwargs)
  const accepted = withTraining(run, own, args, withMask(run, own, args, acceptedBy(own, kwargs)))
  return run.call(own, own instanceof PyMethod ? args : [self, ...args], accepted)
}

/** Where a layer of the program makes masks, Keras hands them on to what takes one: there may be a mask. */
function withMask(run: Run, own: PyValue, args: readonly PyValue[], kwargs: Kwargs): Kwargs {
  if (!(own instanceof PyFunction) || kwargs.has('mask') || run.state.get(MASKS) !== true) return kwargs
  const { positional, keywordOnly } = own.definition.parameters
  const at = positional.findIndex(p => p.name === 'mask')
  if (at < 0 ? keywordOnly.every(p => p.name !== 'mask') : at <= args.length) return kwargs
  return new Map([...kwargs, ['mask', new PyUnknown('whether there is a mask is not known', true)]])
}
const MASKS = Symbol('keras masks')
/** A layer that makes masks was made: Masking, an Embedding with mask_zero, one of the program with compute_mask. */
export const noteMasks = (run: Run): void => void run.state.set(MASKS, true)

/**
 * `def call(self, x, training)` called without it: Keras 2 gives what it trains or predicts with, Keras 3 refuses it
 * ("missing a required argument: 'training'").
 */
function withTraining(run: Run, own: PyValue, args: readonly PyValue[], kwargs: Kwargs): Kwargs {
  if (!(own instanceof PyFunction) || kwargs.has('training')) return kwargs
  const { positional, keywordOnly } = own.definition.parameters
  const at = positional.findIndex(p => p.name === 'training' && !p.default)
  if (at < 0 ? keywordOnly.every(p => p.name !== 'training' || p.default) : at <= args.length) return kwargs
  const trace = traceOf(run)
  // A call that only we make is no call of the program's.
  if (trace.certain() && run.frame.module.file !== null)
    trace.builder.problem({
      code: 'bad-argument',
      severity: 'warning',
      span: run.frame.at,
      message:
        'call() takes training without a default, and this call does not give it: Keras 2 fills it in, Keras 3 raises TypeError.',
    })
  return new Map([...kwargs, ['training', false]])
}

/** Keras gives `training` and `mask` only to those who take them. */
function acceptedBy(own: PyValue, kwargs: Kwargs): Kwargs {
  if (!(own instanceof PyFunction) || (!kwargs.has('training') && !kwargs.has('mask'))) return kwargs
  const { positional, keywordOnly, keywords } = own.definition.parameters
  if (keywords) return kwargs
  const names = new Set([...positional, ...keywordOnly].map(p => p.name))
  return new Map([...kwargs].filter(([name]) => names.has(name) || (name !== 'training' && name !== 'mask')))
}

/** keras.layers.Layer without `call`: what it gives is not known where a base is not, else Keras refuses it. */
function withoutCall(run: Run, self: PyLayer, inputs: readonly PyTensor[]): PyValue {
  const base = unknownBase(self.cls)
  if (base !== null) return traceOf(run).unknown(run, self.cls.name, base, inputs)[0]!
  return raise('NotImplementedError', `Layer ${self.cls.name} does not have a \`call()\` method implemented.`)
}

/** Runs the program's `build` once, with the shapes of the arguments (keras.src.layers.Layer._maybe_build). */
function ensureBuilt(run: Run, self: PyLayer, args: readonly PyValue[], kwargs: Kwargs): void {
  if (self.built) return
  self.built = true
  const build = lookup(self.cls, 'build')
  if (!(build instanceof PyFunction) || build.definition.kind !== 'FunctionDef') return
  const { positional, rest } = build.definition.parameters
  const wanted = positional.slice(1).filter(p => !p.default)
  if (wanted.length <= 1) {
    const first = args[0] ?? kwargs.values().next().value ?? null
    run.call(build, positional.length > 1 || rest ? [self, shapesOf(first)] : [self])
    return
  }
  const tensors = [...args, ...kwargs.values()].filter(v => tensorsIn([v]).length > 0)
  run.call(build, [self, ...wanted.map((_, i) => shapesOf(tensors[i] ?? null))])
}

/** The shapes of the tensors of a structure, in that structure. */
function shapesOf(value: PyValue): PyValue {
  if (value instanceof PyTensor) return shapeTuple(value.shape, value.open)
  if (value instanceof PyTuple) return tuple(value.items.map(shapesOf))
  if (value instanceof PyList) return new PyList(value.cls, value.items.map(shapesOf))
  if (value instanceof PyDict) {
    const made = new PyDict(value.cls)
    for (const [key, [name, item]] of value.entries) made.entries.set(key, [name, shapesOf(item)])
    return made
  }
  return value === null ? null : new PyUnknown('this shape is not known')
}

/** A layer that is called outside any other, with its arguments. */
type RootListener = (layer: PyLayer, args: readonly PyValue[]) => void
const ROOT = Symbol('keras root call')
export const onRootLayer = (run: Run, listener: RootListener): void => void run.state.set(ROOT, listener)
export const tellRoot = (run: Run, layer: PyLayer, args: readonly PyValue[]): void =>
  (run.state.get(ROOT) as RootListener | undefined)?.(layer, args)
