import { items } from '../../interpreter/iterate'
import { native, pyModule, tuple } from '../../interpreter/types'
import { asInt, type PyModule, PyUnknown, type PyValue } from '../../interpreter/values'
import { hiddenClasses, nnClasses } from '.'
import '../moduleMethods'
import { isMisspelled, OTHER_CLASSES } from '../names'
import { initModule } from './initialize'
import { utilityModules } from './utilities'
import { wrapperModules } from './wrappers'

const notModelled =
  (path: string) =>
  (name: string): PyValue | undefined =>
    name.startsWith('__') ? undefined : new PyUnknown(`${path}.${name} is not modelled`)

const classes = nnClasses.map((cls): [string, PyValue] => [cls.name, cls])
const CLASSES: ReadonlySet<string> = new Set(nnClasses.map(cls => cls.name))
const hidden = hiddenClasses.map((cls): [string, PyValue] => [cls.name, cls])

/** torch.nn.modules.utils: one number for all axes, or one an axis. */
const tuples = (
  [
    ['_single', 1],
    ['_pair', 2],
    ['_triple', 3],
    ['_quadruple', 4],
  ] as const
).map(([name, count]): [string, PyValue] => [name, repeated(name, count)])

function repeated(name: string, count: number): PyValue {
  return native(name, (run, [value]) => {
    if (value === undefined || value instanceof PyUnknown) return value ?? null
    const several = typeof value === 'object' && value !== null && 'items' in value ? items(run, value) : null
    return tuple(several ?? Array<PyValue>(count).fill(value))
  })
}

const tupleModule = pyModule(
  'torch.nn.modules.utils',
  [
    ...tuples,
    [
      '_ntuple',
      native('_ntuple', (_, [count]) => repeated('parse', Math.min(64, Math.max(0, asInt(count ?? null) ?? 1)))),
    ],
    [
      '_reverse_repeat_tuple',
      native('_reverse_repeat_tuple', (run, [values, times]) => {
        const all = items(run, values ?? null)
        const count = Math.min(64, asInt(times ?? null) ?? 1)
        if (all === null) return new PyUnknown('these sizes are not known')
        return tuple(all.reverse().flatMap(value => Array<PyValue>(count).fill(value)))
      }),
    ],
  ],
  notModelled('torch.nn.modules.utils'),
)

/** The files of torch/nn/modules: programs import classes, and their hidden bases, from them. */
const FILES =
  'module container conv batchnorm instancenorm normalization linear pooling activation dropout flatten upsampling pixelshuffle channelshuffle padding fold sparse rnn transformer loss distance adaptive lazy'.split(
    ' ',
  )
const fileModules = FILES.map(file =>
  pyModule(`torch.nn.modules.${file}`, [...classes, ...hidden], notModelled(`torch.nn.modules.${file}`)),
)

const modulesModule = pyModule(
  'torch.nn.modules',
  [...classes, ...FILES.map((file, i): [string, PyValue] => [file, fileModules[i]!]), ['utils', tupleModule]],
  notModelled('torch.nn.modules'),
)
const parameterModule = pyModule(
  'torch.nn.parameter',
  classes.filter(([name]) => /Parameter|Buffer/.test(name)),
  notModelled('torch.nn.parameter'),
)

const utils = utilityModules[0]!

/** torch.nn with everything below it; `functional` comes with the functions on tensors. */
export function nnLibrary(functional: PyModule): readonly PyModule[] {
  const nnModule = pyModule(
    'torch.nn',
    [
      ...classes,
      ['functional', functional],
      ['init', initModule],
      ['utils', utils],
      ['modules', modulesModule],
      ['parameter', parameterModule],
      ['parallel', wrapperModules[0]!],
    ],
    name => (isMisspelled(name, CLASSES, OTHER_CLASSES) ? undefined : notModelled('nn')(name)),
  )
  return [
    nnModule,
    functional,
    initModule,
    ...utilityModules,
    modulesModule,
    ...fileModules,
    tupleModule,
    parameterModule,
    ...wrapperModules,
  ]
}
