import { formatExact } from '../../base/format'
import type { PanelGroup, PanelNetwork } from '../../protocol/panel'
import type { Account } from './account'

/** The block's cost, and what it would be if its k×k layers read the wide maps themselves. */
export function accountsOf(model: PanelNetwork, group: PanelGroup): Account[] {
  const { unit, picture } = model
  const perMac = unit === 'FLOPs' ? 2 : 1
  const more = group.atLeast ? '≥ ' : ''
  const line = (text: string, quiet: boolean) => ({ text, quiet })
  const macs = group.work / perMac
  const written: Account = {
    title: 'as in the file',
    parts: [{ look: 'moved', macs }],
    factor: '',
    lines: [
      line(`${more}${formatExact(group.work)} ${unit}`, false),
      line(`${group.paramsAtLeast ? '≥ ' : ''}${formatExact(group.params)} params`, true),
    ],
  }
  const { maps } = picture
  let [direct, reductions] = [macs, 0]
  const geometryAt = (layer: number) => {
    const index = picture.geometryOf[layer]
    return index == null ? undefined : picture.geometries[index]
  }
  const { layers } = model
  maps.forEach(({ layer, from }) => {
    if (layer === null || layer < group.first || layer >= group.last || layers[layer]!.kind !== 'spatial') return
    const narrow = from.length === 1 ? from[0]! : -1
    const before = maps[narrow]?.layer ?? null
    if (before === null || before < group.first || before >= group.last || layers[before]!.kind !== 'reduce') return
    const [own, reduction] = [geometryAt(layer), geometryAt(before)]
    if (!own || !reduction || maps.filter(map => map.from.includes(narrow)).length !== 1) return
    direct += (own.macs / own.cin) * reduction.cin - own.macs - reduction.macs
    reductions++
  })
  if (!reductions) return [written]
  return [
    written,
    {
      title: `without its ${reductions === 1 ? '1×1 reduction' : `${reductions} 1×1 reductions`}`,
      parts: [{ look: 'outline', macs: direct }],
      factor: '',
      lines: [
        line(`${more}${formatExact(direct * perMac)} ${unit}`, false),
        line('each k×k reads the wide map itself', true),
      ],
    },
  ]
}
