import { type Run, raise } from '../interpreter/run'
import { native, pyModule, tuple } from '../interpreter/types'
import { asInt, asString, type Kwargs, PyList, PyUnknown, type PyValue } from '../interpreter/values'
import { distinctValues } from '../torch/distinct'
import { fromValues } from '../torch/operations/creation'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'

interface Dataset {
  /** Of one example; null where examples have lengths of their own. */
  readonly shape: readonly number[] | null
  readonly train: number
  readonly test: number
  /** Sizes of one label, and how many classes there are; null where labels are measurements. */
  readonly label?: readonly number[]
  readonly classes: number | null
  readonly dtype: string
}

/** What `load_data()` gives (keras/src/datasets, and the sizes that their documentation states). */
const DATASETS: Readonly<Record<string, Dataset>> = {
  mnist: { shape: [28, 28], train: 60000, test: 10000, classes: 10, dtype: 'uint8' },
  fashion_mnist: { shape: [28, 28], train: 60000, test: 10000, classes: 10, dtype: 'uint8' },
  cifar10: { shape: [32, 32, 3], train: 50000, test: 10000, label: [1], classes: 10, dtype: 'uint8' },
  cifar100: { shape: [32, 32, 3], train: 50000, test: 10000, label: [1], classes: 100, dtype: 'uint8' },
  boston_housing: { shape: [13], train: 404, test: 102, classes: null, dtype: 'float64' },
  california_housing: { shape: [8], train: 16512, test: 4128, classes: null, dtype: 'float64' },
  imdb: { shape: null, train: 25000, test: 25000, classes: 2, dtype: 'int64' },
  reuters: { shape: null, train: 8982, test: 2246, classes: 46, dtype: 'int64' },
}

const loader = (name: string, set: Dataset): PyValue =>
  native('load_data', (run, _, kwargs) => {
    const asked = withArguments(name, set, kwargs)
    if (asked === null) return new PyUnknown(`how keras.datasets.${name} is divided is not known`, true)
    return tuple([split(run, asked, asked.train), split(run, asked, asked.test)])
  })

function split(run: Run, { shape, label = [], classes, dtype }: Dataset, count: number): PyValue {
  const trace = traceOf(run)
  const labels = trace.constant([count, ...label], classes === null ? 'float64' : 'uint8', null)
  if (classes !== null) distinctValues.set(labels, classes)
  const examples = shape === null ? new PyUnknown('the lengths of these texts differ', true) : null
  return tuple([examples ?? trace.constant([count, ...shape!], dtype, null), labels])
}

/** Other divisions have other sizes. */
function withArguments(name: string, set: Dataset, kwargs: Kwargs): Dataset | null {
  if (kwargs.has('test_split')) return null
  if (name === 'cifar100' && asString(kwargs.get('label_mode') ?? null) === 'coarse') return { ...set, classes: 20 }
  if (name === 'california_housing' && asString(kwargs.get('version') ?? null) === 'small')
    return { ...set, train: 480, test: 120 }
  return set
}

/** keras.datasets: shapes are known, numbers are not. */
export const datasetsModule = pyModule(
  'keras.datasets',
  Object.entries(DATASETS).map(([name, set]): [string, PyValue] => [
    name,
    pyModule(
      `keras.datasets.${name}`,
      [['load_data', loader(name, set)]],
      member => new PyUnknown(`keras.datasets.${name}.${member} is not modelled`, true),
    ),
  ]),
  name => (name.startsWith('__') ? undefined : new PyUnknown(`keras.datasets.${name} is not modelled`, true)),
)

/** keras.utils.to_categorical(x, num_classes): one more axis, of as many as there are classes (utils/numerical_utils.py). */
export const toCategorical = native('to_categorical', (run, args, kwargs) => {
  const labels = args[0] ?? kwargs.get('x') ?? kwargs.get('y') ?? null
  const x = labels instanceof PyList ? fromValues(run, labels) : labels
  const given = args[1] ?? kwargs.get('num_classes') ?? kwargs.get('nb_classes') ?? null
  if (!(x instanceof PyTensor) || !x.shape) return new PyUnknown('the labels of to_categorical are not known', true)
  const largest = x.data && x.data.length > 0 ? Math.max(...x.data.slice(0, MOST)) + 1 : null
  const classes =
    given === null ? (distinctValues.get(x) ?? (x.data && x.data.length <= MOST ? largest : null)) : asInt(given)
  if (classes !== null && classes < 1) raise('ValueError', `num_classes must be positive. Received: ${classes}`)
  const shape = x.shape.length > 1 && x.shape.at(-1) === 1 ? x.shape.slice(0, -1) : x.shape
  return traceOf(run).constant([...shape, classes], 'float64', null)
})
const MOST = 10_000
