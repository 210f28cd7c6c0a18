import type { Graph, Node } from '../graph'
import { area, type Convention, times, written } from './convention'
import { thopWork } from './thop'

/**
 * The GFLOPs in Ultralytics' tables: 2 × thop's count on one image of stride × stride (32, or the largest stride),
 * scaled by the ratio of the areas. What does not grow with the image (behind a global pooling) is scaled with it.
 */
export const ultralytics: Convention = {
  name: 'ultralytics',
  title: 'Ultralytics GFLOPs',
  unit: 'FLOPs',
  source: 'ultralytics/ultralytics: ultralytics/utils/torch_utils.py, get_flops',
  says: [
    "Twice thop's count: batch norm 4 an element, nearest upsampling 1 an output, matrix products nothing.",
    'Measured on an image of one stride and scaled by area, which multiplies what follows a global pooling too.',
  ],
  work(node, graph) {
    const seen = node.inputs[0]?.reach
    const tiles = tilesOf(graph)
    if (tiles === null) return null
    if (node.op === 'adaptive_avg_pool') {
      const pooled = area(node.outputs[0]?.shape)
      const out = written(node)
      const from = area(node.inputs[0]?.shape)
      if (pooled === null || out === null || from === null) return null
      return 2 * tiles * (Math.floor((from / tiles / pooled) * out) + out)
    }
    return times(seen === 'all' ? 2 * tiles : 2, thopWork(node))
  },
}

/** How many images of one stride the input holds. */
function tilesOf(graph: Graph): number | null {
  const image = area(graph.inputs[0]?.shape)
  if (image === null) return null
  const stride = strideOf(graph)
  return image / (stride * stride)
}

const strides = new WeakMap<Graph, number>()

function strideOf(graph: Graph): number {
  let stride = strides.get(graph)
  if (stride === undefined) {
    stride = SMALLEST
    for (const node of graph.nodes) stride = Math.max(stride, strideAt(node))
    strides.set(graph, stride)
  }
  return stride
}

const strideAt = (node: Node): number => {
  const reach = node.outputs[0]?.reach
  return reach && reach !== 'all' ? Math.max(...reach.stride) : 1
}

const SMALLEST = 32
