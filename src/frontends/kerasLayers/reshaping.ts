import type { Dim } from '../../core/dim'
import type { Value } from '../../core/graph'
import {
  argument,
  BadConfig,
  type Config,
  type ConfigValue,
  eachOf,
  Misfit,
  oneOf,
  REQUIRED,
  spell,
  WholeFloat,
  whole,
  wholes,
} from './config'
import type { Drawing, LayerKind } from './define'
import { isChannelsLast, layoutOf, positive } from './parts'

/** Layers that move elements (keras/src/layers/reshaping) or resize maps. */
export const reshaping: readonly LayerKind[] = [
  {
    name: 'Flatten',
    parameters: { data_format: null },
    draw: (config, [x], draw) => {
      isChannelsLast(config)
      return [
        x!.shape?.length === 1
          ? draw.op('unsqueeze', { axis: 1 }, [x!])
          : draw.op('flatten', { start: 1, end: -1 }, [x!]),
      ]
    },
  },
  {
    name: 'Reshape',
    parameters: { target_shape: REQUIRED },
    draw: (config, [x], draw) => {
      const shape = argument(config, 'target_shape')
      if (!Array.isArray(shape))
        throw new BadConfig(`target_shape expects a tuple and gets ${spell(shape)}`, 'target_shape')
      const sizes: readonly ConfigValue[] = shape
      if (sizes.filter(size => size === -1).length > 1)
        throw new BadConfig(`target_shape leaves more than one size open: ${spell(shape)}`, 'target_shape')
      const target = sizes.map((size): Dim => {
        // What is left open follows from the others, if it alone is.
        if (size === null) return sizes.filter(other => other === null || other === -1).length > 1 ? null : -1
        if (typeof size === 'number' && Number.isInteger(size)) return size
        if (size instanceof WholeFloat) return size.value
        if (typeof size === 'symbol') return null
        throw new BadConfig(`target_shape expects whole numbers and gets ${spell(size)}`, 'target_shape')
      })
      const rest = x!.shape?.slice(1)
      if (target.includes(0) && rest?.every(dim => typeof dim === 'number' && dim > 0))
        throw new Misfit(`target_shape ${spell(shape)} holds nothing of ${rest.join('×')}`, 'target_shape')
      return [draw.op('reshape', { shape: [x!.shape?.[0] ?? null, ...target] }, [x!])]
    },
  },
  {
    name: 'Permute',
    parameters: { dims: REQUIRED },
    draw: (config, [x], draw) => {
      const dims = wholes(config, 'dims')
      if ([...dims].sort((a, b) => a - b).some((d, i) => d !== i + 1))
        throw new BadConfig(`dims expects each of 1 to ${dims.length} once and gets ${dims.join(', ')}`, 'dims')
      return [draw.op('permute', { order: [0, ...dims] }, [x!])]
    },
  },
  {
    name: 'RepeatVector',
    parameters: { n: REQUIRED },
    rank: 2,
    draw: (config, [x], draw) => {
      const n = whole(config, 'n')
      if (n < 1) throw new BadConfig(`n expects a number above 0 and gets ${n}`, 'n')
      const shape = x!.shape ? [x!.shape[0]!, n, x!.shape[1]!] : null
      return [draw.op('compute', { function: 'repeat', shapes: [shape] }, [x!])]
    },
  },
  ...([1, 2, 3] as const).flatMap(rank => [upSampling(rank), zeroPadding(rank), cropping(rank)]),
]

function upSampling(rank: 1 | 2 | 3): LayerKind {
  return {
    name: `UpSampling${rank}D`,
    parameters: {
      size: rank === 1 ? 2 : Array<number>(rank).fill(2),
      ...(rank === 1 ? {} : { data_format: null }),
      ...(rank === 2 ? { interpolation: 'nearest' } : {}),
    },
    rank: rank + 2,
    draw: (config, [x], draw) => {
      const mode =
        rank === 2
          ? oneOf(config, 'interpolation', [
              'nearest',
              'bilinear',
              'bicubic',
              'lanczos3',
              'lanczos5',
              'area',
              'gaussian',
              'mitchellcubic',
            ])
          : 'nearest'
      if (rank === 1) whole(config, 'size')
      const attributes = { scale: positive(config, 'size', rank), mode, ...layoutOf(config) }
      return [draw.op('interpolate', attributes, [x!])]
    },
  }
}

function zeroPadding(rank: 1 | 2 | 3): LayerKind {
  return {
    name: `ZeroPadding${rank}D`,
    parameters: { padding: rank === 1 ? 1 : Array<number>(rank).fill(1), data_format: null },
    rank: rank + 2,
    draw: (config, [x], draw) => {
      const pads: (readonly [number, number])[] = sidesOf(config, 'padding', rank)
      return [draw.op('pad', { pads: isChannelsLast(config) ? [...pads, [0, 0]] : pads }, [x!])]
    },
  }
}

function cropping(rank: 1 | 2 | 3): LayerKind {
  return {
    name: `Cropping${rank}D`,
    parameters: {
      cropping: rank === 1 ? [1, 1] : Array(rank).fill(rank === 2 ? 0 : 1),
      ...(rank === 1 ? {} : { data_format: null }),
    },
    rank: rank + 2,
    composite: () => true,
    draw: (config, [x], draw) => {
      const start = isChannelsLast(config) ? 1 : 2
      let value = x!
      sidesOf(config, 'cropping', rank).forEach(([before, after], i) => {
        value = cropped(value, start + i, before, after, draw)
      })
      return [value === x ? draw.op('identity', {}, [value]) : value]
    },
  }
}

function cropped(x: Value, axis: number, before: number, after: number, draw: Drawing): Value {
  if (before === 0 && after === 0) return x
  const size = x.shape?.[axis]
  if (typeof size === 'number' && before + after >= size)
    throw new Misfit(`cropping ${before} + ${after} leaves nothing of ${size}`, 'cropping')
  return draw.op('slice', { axis, start: before, end: after === 0 ? null : -after }, [x])
}

/** `1`, `(1, 2)` (of several axes: one an axis; of one: before and after) or `((1, 2), (1, 2))`. */
function sidesOf(config: Config, name: string, rank: number): [number, number][] {
  const value = argument(config, name)
  if (!Array.isArray(value))
    return Array.from({ length: rank }, () => pair([whole(config, name), whole(config, name)], name))
  if (rank === 1) return [pair(value, name)]
  if (value.length !== rank) throw new BadConfig(`${name} expects ${rank} entries and gets ${value.length}`, name)
  return value.map(side => (Array.isArray(side) ? pair(side, name) : pair([side, side], name)))
}

function pair(sides: readonly unknown[], name: string): [number, number] {
  const numbers = eachOf({ [name]: sides as never }, name, 2)
  if (numbers.some(n => n < 0))
    throw new BadConfig(`${name} expects numbers from 0 and gets ${numbers.join(', ')}`, name)
  return [numbers[0]!, numbers[1]!]
}
