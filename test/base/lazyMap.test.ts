import { expect, test } from 'vitest'
import { LazyMap } from '../../src/base/lazyMap'

test('is empty before anything is put in, and whatever another one holds', () => {
  const full = new LazyMap<string, number>().set('a', 1)
  const map = new LazyMap<string, number>()
  expect([map.size, map.has('a'), map.get('a'), map.delete('a')]).toEqual([0, false, undefined, false])
  expect([[...map], [...map.keys()], [...map.values()], [...map.entries()]]).toEqual([[], [], [], []])
  expect(full.size).toBe(1)
})

test('is as a Map', () => {
  const map = new LazyMap<string, number>().set('b', 1).set('a', 2).set('b', 3)
  expect([...map]).toEqual([
    ['b', 3],
    ['a', 2],
  ])
  const seen: string[] = []
  map.forEach((value, key) => {
    seen.push(`${key}${value}`)
  })
  expect(seen).toEqual(['b3', 'a2'])
  expect([map.delete('b'), map.size, map.get('a')]).toEqual([true, 1, 2])
  map.clear()
  expect(map.size).toBe(0)
})
