import { builtins } from '../../interpreter/builtins'
import { PyError } from '../../interpreter/errors'
import { truthy } from '../../interpreter/operators'
import { exception } from '../../interpreter/run'
import { native, nativeClass, nativeMethod, pyModule } from '../../interpreter/types'
import { asString, PyClass, PyFloat, type PyModule, PyObject, PyUnknown, type PyValue } from '../../interpreter/values'
import { dtypeName } from '../dtypes'
import { moduleClass } from '../module'
import {
  checkpoint,
  checkpointSequential,
  contextClass,
  decorator,
  functionClass,
  gives,
  harmless,
  nothing,
  same,
} from './control'

const notModelled =
  (path: string) =>
  (name: string): PyValue | undefined =>
    name.startsWith('__') ? undefined : new PyUnknown(`${path}.${name} is not modelled`)
/** Modules whose every other member touches neither shapes nor weights. */
const opaque =
  (path: string) =>
  (name: string): PyValue | undefined =>
    name.startsWith('__') ? undefined : new PyUnknown(`${path}.${name} is not modelled`, true)

const autocast = contextClass('autocast', 'torch.amp')
const [, scaler] = harmless('GradScaler')
const scriptModule = nativeClass('ScriptModule', [moduleClass], 'torch.jit')
const scriptFunction = nativeClass('ScriptFunction', undefined, 'torch.jit')
const finalClass = nativeClass('Final', undefined, 'torch.jit')
finalClass.dict.set(
  '__class_getitem__',
  native('__class_getitem__', (_, [, item]) => item ?? null),
)

const jit = pyModule(
  'torch.jit',
  [
    decorator('script'),
    decorator('ignore'),
    decorator('unused'),
    decorator('export'),
    decorator('interface'),
    decorator('script_method'),
    decorator('script_if_tracing'),
    decorator('_overload_method'),
    decorator('_overload'),
    gives('is_scripting', false),
    gives('is_tracing', false),
    ['annotate', native('annotate', (_, [, value]) => value ?? null)],
    [
      'isinstance',
      native('isinstance', (run, [value, of]) =>
        of instanceof PyClass
          ? run.call(builtins.get('isinstance')!, [value ?? null, of])
          : new PyUnknown('this type is not known'),
      ),
    ],
    ['Final', finalClass],
    ['ScriptModule', scriptModule],
    ['ScriptFunction', scriptFunction],
    ['RecursiveScriptModule', scriptModule],
    ['trace', native('trace', (_, [model]) => model ?? null)],
    ['optimize_for_inference', native('optimize_for_inference', (_, [model]) => model ?? null)],
    ['freeze', native('freeze', (_, [model]) => model ?? null)],
    contextClass('fuser', 'torch.jit'),
    nothing('save'),
  ],
  notModelled('torch.jit'),
)

const cudaAmp = pyModule(
  'torch.cuda.amp',
  [autocast, ['GradScaler', scaler], decorator('custom_fwd'), decorator('custom_bwd')],
  notModelled('torch.cuda.amp'),
)
const cuda = pyModule(
  'torch.cuda',
  [
    gives('is_available', false),
    gives('device_count', 0),
    gives('current_device', 0),
    gives('is_bf16_supported', false),
    gives('is_initialized', false),
    nothing('synchronize'),
    nothing('empty_cache'),
    nothing('set_device'),
    nothing('manual_seed'),
    nothing('manual_seed_all'),
    nothing('init'),
    contextClass('device', 'torch.cuda'),
    contextClass('stream', 'torch.cuda'),
    ['amp', cudaAmp],
  ],
  opaque('torch.cuda'),
)
const amp = pyModule(
  'torch.amp',
  [autocast, ['GradScaler', scaler], decorator('custom_fwd'), decorator('custom_bwd')],
  notModelled('torch.amp'),
)

const autogradFunction = pyModule(
  'torch.autograd.function',
  [['Function', functionClass], ['InplaceFunction', functionClass], decorator('once_differentiable')],
  notModelled('torch.autograd.function'),
)
const autograd = pyModule(
  'torch.autograd',
  [
    ['Function', functionClass],
    ['function', autogradFunction],
    same('Variable'),
    contextClass('no_grad', 'torch.autograd'),
    contextClass('set_detect_anomaly', 'torch.autograd'),
    nothing('backward'),
    [
      'profiler',
      pyModule('torch.autograd.profiler', [contextClass('record_function')], opaque('torch.autograd.profiler')),
    ],
  ],
  notModelled('torch.autograd'),
)

const checkpointModule = pyModule(
  'torch.utils.checkpoint',
  [
    ['checkpoint', checkpoint],
    ['checkpoint_sequential', checkpointSequential],
  ],
  notModelled('torch.utils.checkpoint'),
)
const hooks = pyModule('torch.utils.hooks', [], opaque('torch.utils.hooks'))
const modelZoo = pyModule('torch.utils.model_zoo', [], opaque('torch.utils.model_zoo'))
const data = pyModule('torch.utils.data', [], opaque('torch.utils.data'))
const tensorboard = pyModule('torch.utils.tensorboard', [], opaque('torch.utils.tensorboard'))
const utils = pyModule(
  'torch.utils',
  [
    ['checkpoint', checkpointModule],
    ['hooks', hooks],
    ['model_zoo', modelZoo],
    ['data', data],
    ['tensorboard', tensorboard],
  ],
  opaque('torch.utils'),
)

const distributed = pyModule(
  'torch.distributed',
  [
    gives('is_available', false),
    gives('is_initialized', false),
    gives('get_rank', 0),
    gives('get_world_size', 1),
    nothing('barrier'),
    nothing('init_process_group'),
    nothing('destroy_process_group'),
  ],
  opaque('torch.distributed'),
)
const hub = pyModule('torch.hub', [], opaque('torch.hub'))
const backends = pyModule('torch.backends', [], opaque('torch.backends'))
const version = pyModule(
  'torch.version',
  [
    ['cuda', null],
    ['hip', null],
    ['git_version', ''],
  ],
  notModelled('torch.version'),
)

const fxClass = (name: string): [string, PyValue] => [name, nativeClass(name, undefined, 'torch.fx')]
const fx = pyModule(
  'torch.fx',
  [
    same('wrap'),
    fxClass('Proxy'),
    fxClass('Node'),
    fxClass('Graph'),
    fxClass('GraphModule'),
    fxClass('Tracer'),
    gives('symbolic_trace', new PyUnknown('torch.fx.symbolic_trace is not modelled')),
  ],
  notModelled('torch.fx'),
)
const onnx = pyModule('torch.onnx', [gives('is_in_onnx_export', false), nothing('export')], opaque('torch.onnx'))
const compiler = pyModule(
  'torch.compiler',
  [
    gives('is_compiling', false),
    gives('is_dynamo_compiling', false),
    decorator('disable'),
    decorator('allow_in_graph'),
  ],
  opaque('torch.compiler'),
)
const dynamo = pyModule(
  'torch._dynamo',
  [gives('is_compiling', false), decorator('disable'), decorator('allow_in_graph'), nothing('graph_break')],
  opaque('torch._dynamo'),
)
const random = pyModule(
  'torch.random',
  [nothing('manual_seed'), nothing('seed'), contextClass('fork_rng')],
  opaque('torch.random'),
)
const overrides = pyModule(
  'torch.overrides',
  [
    gives('has_torch_function', false),
    gives('has_torch_function_unary', false),
    gives('has_torch_function_variadic', false),
  ],
  notModelled('torch.overrides'),
)

/** Modules of torch without functions on tensors. */
export const plainModules: readonly PyModule[] = [
  jit,
  cuda,
  cudaAmp,
  amp,
  autograd,
  autogradFunction,
  utils,
  checkpointModule,
  hooks,
  modelZoo,
  data,
  tensorboard,
  distributed,
  hub,
  backends,
  version,
  fx,
  onnx,
  compiler,
  dynamo,
  random,
  overrides,
  pyModule('torch.backends.cudnn', [], opaque('torch.backends.cudnn')),
  pyModule('torch.backends.cuda', [], opaque('torch.backends.cuda')),
  pyModule('torch.optim', [], opaque('torch.optim')),
  pyModule('torch.optim.lr_scheduler', [], opaque('torch.optim.lr_scheduler')),
  pyModule('torch.multiprocessing', [], opaque('torch.multiprocessing')),
  pyModule('torch.profiler', [contextClass('profile'), contextClass('record_function')], opaque('torch.profiler')),
  pyModule('torch.types', [], opaque('torch.types')),
  pyModule('torch._C', [gives('_log_api_usage_once', null)], opaque('torch._C')),
]

const generatorClass = nativeClass('Generator', undefined, 'torch')
for (const name of ['manual_seed', 'seed', 'initial_seed']) {
  generatorClass.dict.set(
    name,
    nativeMethod(name, (_, [self]) => self ?? null),
  )
}
generatorClass.convert = () => new PyObject(generatorClass)

/** The numbers that torch.finfo and torch.iinfo tell of a type. */
const INFO: Readonly<Record<string, readonly [number, number, number, number]>> = {
  float16: [65504, -65504, 2 ** -10, 2 ** -14],
  bfloat16: [3.3895313892515355e38, -3.3895313892515355e38, 2 ** -7, 2 ** -126],
  float32: [3.4028234663852886e38, -3.4028234663852886e38, 2 ** -23, 2 ** -126],
  float64: [Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** -52, 2 ** -1022],
}
const WHOLE: Readonly<Record<string, readonly [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  int16: [-32768, 32767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
}
const infoClass = nativeClass('finfo', undefined, 'torch')
const info = (name: string): [string, PyValue] => [
  name,
  native(name, (_, [dtype]) => {
    const type = dtypeName(dtype ?? 'float32') ?? 'float32'
    const made = new PyObject(infoClass)
    const floating = INFO[type] ?? INFO.float32!
    const whole = WHOLE[type] ?? WHOLE.int64!
    made.attrs = new Map<string, PyValue>(
      name === 'finfo'
        ? [
            ['max', new PyFloat(floating[0])],
            ['min', new PyFloat(floating[1])],
            ['eps', new PyFloat(floating[2])],
            ['tiny', new PyFloat(floating[3])],
            ['smallest_normal', new PyFloat(floating[3])],
          ]
        : [
            ['max', whole[1]],
            ['min', whole[0]],
          ],
    )
    return made
  }),
]

/**
 * Members of `torch` that are no functions on tensors. The version is one that has all that model code asks for (fused
 * attention, torch.compile), so that `if` on it takes the way that new code takes.
 */
export const torchMembers: readonly [string, PyValue][] = [
  ['__version__', '2.5.1'],
  ['inf', new PyFloat(Number.POSITIVE_INFINITY)],
  ['nan', new PyFloat(Number.NaN)],
  ['pi', new PyFloat(Math.PI)],
  ['e', new PyFloat(Math.E)],
  ['strided', 'torch.strided'],
  ['channels_last', 'torch.channels_last'],
  ['channels_last_3d', 'torch.channels_last_3d'],
  ['contiguous_format', 'torch.contiguous_format'],
  ['preserve_format', 'torch.preserve_format'],
  ['Generator', generatorClass],
  contextClass('no_grad'),
  contextClass('enable_grad'),
  contextClass('inference_mode'),
  contextClass('set_grad_enabled'),
  autocast,
  decorator('compile'),
  decorator('_disable_dynamo'),
  info('finfo'),
  info('iinfo'),
  [
    '_assert',
    native('_assert', (run, [condition, message]) => {
      if (truthy(run, condition ?? null) === false)
        throw new PyError(exception('AssertionError', asString(message ?? null) ?? ''), true)
      return null
    }),
  ],
  gives('is_grad_enabled', false),
  gives('is_inference_mode_enabled', false),
  gives('is_autocast_enabled', false),
  gives('is_autocast_cpu_enabled', false),
  gives('are_deterministic_algorithms_enabled', false),
  nothing('manual_seed'),
  nothing('seed'),
  nothing('set_printoptions'),
  nothing('set_num_threads'),
  nothing('use_deterministic_algorithms'),
  nothing('set_float32_matmul_precision'),
  nothing('set_default_dtype'),
  nothing('set_default_tensor_type'),
  nothing('save'),
  harmless('load'),
  harmless('get_rng_state'),
  harmless('set_rng_state'),
  harmless('get_num_threads'),
  ...plainModules
    .filter(m => m.name.split('.').length === 2)
    .map((m): [string, PyValue] => [m.name.slice('torch.'.length), m]),
]
