import { traceOf } from '../trace'
import { tensor } from '../values'
import { type Operation, operation } from './define'

const ACTIVATIONS = 'relu sigmoid tanh silu gelu'.split(' ')

/** Functions that go over a tensor element by element. */
export const pointwiseOperations: readonly Operation[] = [
  ...ACTIVATIONS.map(name =>
    operation(name, 'torch functional method', 'input, inplace=, approximate=', (run, { input }) =>
      traceOf(run).op(run, 'activation', { function: name }, [tensor(input)], name),
    ),
  ),
]
