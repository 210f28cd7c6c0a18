/** Functions, methods, operators and indexing against PyTorch 1.13: shapes, numbers of constants, refusals. */
import { describe, expect, test } from 'vitest'
import { evaluateExpression } from '../../../../support/pythonExpression'
import { inputs } from './inputs'
import { creation } from './measured/creation'
import { errors } from './measured/errors'
import { indexing } from './measured/indexing'
import { join } from './measured/join'
import { move } from './measured/move'
import { pointwise } from './measured/pointwise'
import { products } from './measured/products'
import { reduce } from './measured/reduce'
import { shape } from './measured/shape'
import { spatial } from './measured/spatial'
import { values } from './measured/values'

const SHAPES = { shape, join, move, indexing, pointwise, reduce, products, spatial, creation }

describe.each(Object.entries(SHAPES))('%s', (_, rows) => {
  test.each(rows)('%s is %s', (expression, expected) => {
    const { result, problems, graph } = evaluateExpression(expression, inputs)
    expect(result).toBe(expected)
    expect(problems).toEqual([])
    expect(graph.nodes.filter(n => n.unknown !== null)).toEqual([])
  })
})

test.each(values)('%s gives %s', (expression, expected) => {
  expect(evaluateExpression(expression).result).toBe(expected)
})

test.each(errors)('%s is refused with %s', (expression, kind) => {
  const { raised, problems } = evaluateExpression(expression, inputs)
  expect([raised === kind, problems.length > 0]).toContain(true)
})
