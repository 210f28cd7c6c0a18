import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runTorch, shapeOf } from './support'

// The table's expectations were measured with PyTorch 1.13.1; see its head.
const rows = readFileSync(join(import.meta.dirname, 'layers.txt'), 'utf8')
  .split('\n')
  .filter(line => line && !line.startsWith('#'))
  .map(line => line.split('|').map(cell => cell.trim()))

const list = (cell: string | undefined): string[] => (cell ? cell.split(', ') : [])
const given = (cell: string, change: (dims: string) => string = d => d) =>
  list(cell).map(text => ({
    shape: shapeOf(change(text.replace('i', ''))),
    dtype: text.startsWith('i') ? 'int64' : 'float32',
  }))

describe('layers have the parameters that PyTorch gives them and make its shapes', () => {
  test.each(rows)('%s on %s', (expression, inputs, outputs, parameters, buffers) => {
    const ran = runTorch('', expression!, given(inputs!))
    expect({ ...ran, graph: undefined, value: undefined }).toMatchObject({
      raised: null,
      problems: [],
      unknown: [],
      outputs: list(outputs),
      parameters: list(parameters),
      buffers: list(buffers),
    })
  })
})

// What is first in the input and in the output is the batch, in all of these.
const batched = rows.filter(
  ([expression, inputs, outputs]) =>
    list(inputs).every(i => /^i?2×/.test(i)) &&
    list(outputs).every(o => o.startsWith('2×')) &&
    !/Flatten\(0|RNN|GRU|LSTM/.test(expression!),
)

describe('the batch may be N', () => {
  test.each(batched)('%s on %s', (expression, inputs, outputs) => {
    const symbolic = (text: string): string => text.replace(/^2/, 'N')
    expect(runTorch('', expression!, given(inputs!, symbolic)).outputs).toEqual(list(outputs).map(symbolic))
  })
  test('covers most of the table', () => expect(batched.length).toBeGreaterThan(120))
})
