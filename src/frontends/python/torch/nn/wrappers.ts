import { pyModule } from '../../interpreter/types'
import { type PyClass, type PyModule, PyUnknown } from '../../interpreter/values'
import { CONTAINERS, callLayer, callModule, PyNNModule } from '../module'
import { traceOf } from '../trace'
import { tensorsIn } from '../values'
import { input, layerClass } from './define'

/** A module that calls another one, on several devices: what is counted is the other one's. */
function parallel(name: string, options: string): PyClass {
  const cls = layerClass(name, {
    signature: `module, ${options}`,
    init: (_, self, { module }) => {
      if (module instanceof PyNNModule || module instanceof PyUnknown) self.modules.set('module', module)
    },
    forwardSignature: null,
    forward: (run, self, _, args, kwargs) => {
      const module = self.modules.get('module')
      if (module instanceof PyNNModule) return callModule(run, module, args, kwargs)
      const reason = module?.reason ?? 'this module is not known'
      return traceOf(run).unknown(run, name, reason, tensorsIn([...args, ...kwargs.values()]))[0]!
    },
  })
  CONTAINERS.add(cls)
  return cls
}

/** torch.nn.DataParallel and DistributedDataParallel (torch/nn/parallel). */
const dataParallel = parallel('DataParallel', 'device_ids=, output_device=, dim=')
const distributed = parallel(
  'DistributedDataParallel',
  'device_ids=, output_device=, dim=, broadcast_buffers=, process_group=, bucket_cap_mb=, find_unused_parameters=, check_reduction=, gradient_as_bucket_view=, static_graph=',
)

/** Marks where numbers are quantized and back: without quantization they pass their input on. */
const stubs = ['QuantStub', 'DeQuantStub'].map(name =>
  layerClass(
    name,
    {
      signature: 'qconfig=',
      forward: (run, self, args) => callLayer(run, self, 'identity', {}, [input(args)])[0]!,
    },
    'torch.ao.quantization',
  ),
)

const members = (classes: readonly PyClass[]): [string, PyClass][] => classes.map(cls => [cls.name, cls])
const notModelled =
  (path: string) =>
  (name: string): PyUnknown | undefined =>
    name.startsWith('__') ? undefined : new PyUnknown(`${path}.${name} is not modelled`)
const make = (name: string, classes: readonly PyClass[]): PyModule =>
  pyModule(name, members(classes), notModelled(name))

export const wrappers: readonly PyClass[] = [dataParallel]

/** Modules beside torch.nn whose classes wrap or mark layers. */
export const wrapperModules: readonly PyModule[] = [
  make('torch.nn.parallel', [dataParallel, distributed]),
  make('torch.ao.quantization', stubs),
  make('torch.quantization', stubs),
]
