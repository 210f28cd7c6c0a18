import { expect, test } from 'vitest'
import { kerasJson } from '../../../src/frontends/kerasJson'

test('a', () => {
  expect(kerasJson.detect({ uri: 'a.json', name: 'a.json', text: '{"class_name": "Sequential"}' })).toBe(true)
})
