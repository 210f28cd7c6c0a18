import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { layerListSchema } from '../../../src/frontends/yaml/schema'

const ROOT = join(__dirname, '..', '..', '..')
const validate = new Ajv({ strict: false, allErrors: false }).compile(layerListSchema())

test('media/convlens.schema.json is what the table of layers gives (npx vitest run --update writes it)', async () => {
  const generated = `${JSON.stringify(layerListSchema())}\n`
  await expect(generated).toMatchFileSnapshot(join(ROOT, 'media', 'convlens.schema.json'))
})

test('package.json gives it to files that end in .convlens.yaml', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  expect(manifest.contributes.yamlValidation).toContainEqual({
    fileMatch: ['*.convlens.yaml', '*.convlens.yml'],
    url: './media/convlens.schema.json',
  })
})

describe('the schema takes every example', () => {
  const files = readdirSync(join(ROOT, 'examples')).filter(f => f.endsWith('.yaml'))
  const own = files.filter(f => /^layers:/m.test(readFileSync(join(ROOT, 'examples', f), 'utf8')))
  test.each(own)('%s', file => {
    const valid = validate(parse(readFileSync(join(ROOT, 'examples', file), 'utf8')))
    expect(validate.errors ?? []).toEqual([])
    expect(valid).toBe(true)
  })
})

describe('the schema refuses', () => {
  test.each([
    ['no layers', 'input: [3, 8, 8]'],
    ['a word for a number', 'layers: [{type: Conv2d, out_channels: many, kernel_size: 3}]'],
    ['an option that is not there', 'layers: [{type: Conv2d, out_channels: 8, kernel: 3}]'],
    ['three sizes for two axes', 'layers: [{type: nn.Conv2d, out_channels: 8, kernel_size: [3, 3, 3]}]'],
    ['an unknown merge', 'layers: [{branches: [[], []], merge: join}]'],
    ['a negative input', 'input: [-3, 8, 8]\nlayers: []'],
  ])('%s', (_, text) => expect(validate(parse(text))).toBe(false))
})
