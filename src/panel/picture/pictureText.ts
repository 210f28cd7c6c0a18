import type { Shown } from '../app'
import type { TextTable } from '../textTable'
import { linesOf } from './captions'
import { subjectOf, targetOf } from './target'
import { chainsOf } from './volumesChart'

/** The layers that are drawn, with exact numbers; only a head where nothing is. */
export function pictureTable(shown: Shown): TextTable {
  const { state, model } = shown
  const target = targetOf(state, model)
  const head = ['row', 'kernels', 'from', 'to', 'weights', model.unit, 'bytes']
  if (!target) return [head]
  const perMac = model.unit === 'FLOPs' ? 2 : 1
  const { bytesPerElement } = model.roofline.device
  const rows = chainsOf(model, subjectOf(state, model, target)).flatMap(({ title, links }) =>
    links.map(link => {
      const [kernels] = linesOf(link, model.unit)
      const size = (places: readonly number[], channels: number): string => [...places, channels].join('×')
      const sizes = [size(link.input, link.from), size(link.output, link.to)]
      return [title, kernels, ...sizes, link.weights, link.macs * perMac, link.traffic * bytesPerElement]
    }),
  )
  return [head, ...rows]
}
