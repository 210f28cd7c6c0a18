import type { Dim } from '../../core/dim'
import { describe } from '../../core/faults'
import type { Value } from '../../core/graph'
import { elements } from '../../core/shape'
import { fail, type Output, origin, type Step } from './layerType'

/** Channels, height and width; null where unknown. */
export interface Image {
  readonly value: Value
  readonly channels: number | null
  readonly height: number | null
  readonly width: number | null
}

/**
 * The section's input as an image N×C×H×W. A vector of a connected layer is an image of 1×1. After a layer that keeps
 * no width and height (softmax, cost, gru) Darknet stops: that is told, and the value is lost.
 */
export function imageOf(step: Step, output: Output = step.previous): Image {
  const { shape } = output.value
  if (shape === null) return { value: output.value, channels: null, height: null, width: null }
  if (!output.image) {
    const message = `${step.site.name} needs an image and gets a list of numbers, ${describe(output.value)}.`
    fail(step, 'shape-mismatch', message)
    return { value: step.builder.lost('input'), channels: null, height: null, width: null }
  }
  const value =
    shape.length === 4
      ? output.value
      : step.builder.add('reshape', { shape: [shape[0]!, shape[1]!, 1, 1] }, [output.value], origin(step, 'reshape'))
  const [, channels, height, width] = value.shape!
  return { value, channels: number(channels), height: number(height), width: number(width) }
}

/** The number of values in an output, whatever its shape: what a connected layer takes. */
export const lengthOf = (value: Value): number | null => elements(value.shape?.slice(1) ?? null)

/** The value as N×n. */
export function vectorOf(step: Step, output: Output = step.previous): Value {
  const { value } = output
  if (value.shape === null || value.shape.length <= 2) return value
  return step.builder.add('flatten', { start: 1, end: -1 }, [value], origin(step, 'flatten'))
}

const number = (dim: Dim | undefined): number | null => (typeof dim === 'number' ? dim : null)
