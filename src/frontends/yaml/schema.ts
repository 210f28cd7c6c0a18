import { layerTypes } from './layers'
import type { Param } from './params'

type Schema = Readonly<Record<string, unknown>>

const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` })
const expression: Schema = ref('expression')

/**
 * The JSON schema of layer lists (draft 7), from the same table that builds them; it is committed as
 * media/convlens.schema.json for editors that check YAML by schemas.
 */
export function layerListSchema(): Schema {
  const rows: Schema = { type: 'array', items: ref('row') }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'ConvLens layer list',
    description: 'A convolutional network as a list of layers with the names and defaults of torch.nn.',
    type: 'object',
    properties: {
      name: { type: 'string', description: 'Name of the network.' },
      description: { type: 'string' },
      version: { type: ['string', 'number'] },
      input: {
        description: 'Size of the input without the batch, such as [3, 224, 224]; several inputs by name.',
        anyOf: [ref('shape'), { type: 'object', additionalProperties: ref('shape'), minProperties: 1 }],
      },
      blocks: {
        type: 'object',
        description: 'Rows with a name and parameters, used like a type of layer.',
        additionalProperties: ref('block'),
      },
      layers: { ...rows, description: 'The rows of the network, run in order.' },
      model: { ...rows, description: 'As layers.' },
    },
    anyOf: [{ required: ['layers'] }, { required: ['model'] }],
    definitions: {
      expression: {
        type: 'string',
        pattern: '\\$\\{',
        description:
          'Arithmetic on the parameters of the block: + - * / // % **, comparisons, min, max, round, ceil, floor.',
      },
      shape: {
        anyOf: [
          { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 1, maxItems: 5 },
          { type: 'integer', minimum: 1 },
          { type: 'string', pattern: '^[0-9]+(x[0-9]+){1,4}$' },
        ],
      },
      rows,
      block: {
        anyOf: [
          ref('rows'),
          {
            type: 'object',
            properties: {
              params: {
                description:
                  'Parameters with their defaults; a parameter without one must be given where the block is used.',
                anyOf: [{ type: 'object' }, { type: 'array', items: { type: 'string' } }],
              },
              layers: ref('rows'),
            },
            required: ['layers'],
            additionalProperties: false,
          },
        ],
      },
      ...settingSchemas(),
      row: {
        anyOf: [
          { type: 'string', description: 'A layer without options.' },
          { allOf: [{ type: 'object', properties: settings(), required: ['type'] }, ...layerTypes.map(ofType)] },
          composite('branches', { branches: branches(), merge: merge(), dim: whole('Axis of concat.') }),
          composite('residual', {
            residual: { ...ref('rows'), description: 'Rows whose output is added to that of the shortcut.' },
            shortcut: { ...ref('rows'), description: 'Rows around; the input itself where there are none.' },
          }),
          composite('layers', { layers: ref('rows') }),
          {
            type: 'object',
            description: 'The type as the key, the options as its value.',
            properties: {
              ...settings(),
              type: false,
              branches: false,
              residual: false,
              ...Object.fromEntries(
                layerTypes.map(t => [
                  t.name,
                  { description: t.doc, anyOf: [ref(t.name), { type: ['number', 'string', 'null'] }] },
                ]),
              ),
            },
            minProperties: 1,
          },
        ],
      },
      ...Object.fromEntries(
        layerTypes.map(({ name, doc, params }) => [
          name,
          {
            type: 'object',
            description: doc,
            properties: { ...settings(), ...Object.fromEntries(params.map(p => [p.name, option(p)])) },
            additionalProperties: false,
          },
        ]),
      ),
    },
  }
}

const whole = (description: string): Schema => ({ description, anyOf: [{ type: 'integer' }, expression] })

const settings = (): Record<string, Schema> =>
  Object.fromEntries(Object.keys(settingSchemas()).map(key => [key, ref(key)]))

const settingSchemas = (): Record<string, Schema> => ({
  type: { type: 'string', description: 'A layer of torch.nn, or a block of this file.' },
  name: { type: ['string', 'number'], description: 'What other rows call it in from; part of the module path.' },
  from: {
    description: 'What the row takes: the name or the index of a row, -1 for the row before, or a list of them.',
    anyOf: [{ type: ['string', 'integer'] }, { type: 'array', items: { type: ['string', 'integer'] }, minItems: 1 }],
  },
  repeat: whole('How often the row runs, one after the other.'),
  first: { type: 'object', description: 'Options that the first of several repeats has instead, such as {stride: 2}.' },
  when: { description: 'The row is left out where this is false.', anyOf: [{ type: 'boolean' }, expression] },
})

const ofType = ({ name }: { readonly name: string }): Schema => ({
  if: { properties: { type: { enum: [name, `nn.${name}`, `torch.nn.${name}`] } }, required: ['type'] },
  // biome-ignore lint/suspicious/noThenProperty: it is the keyword of JSON schema.
  then: ref(name),
})

const composite = (key: string, properties: Record<string, Schema>): Schema => {
  const { type: _, first: __, ...others } = settings()
  return { type: 'object', properties: { ...others, ...properties }, required: [key], additionalProperties: false }
}

const branches = (): Schema => ({
  description: 'Lists of rows that all take the input; an empty one passes it on.',
  anyOf: [
    { type: 'array', items: { anyOf: [ref('rows'), ref('row'), { type: 'null' }] } },
    { type: 'object', additionalProperties: { anyOf: [ref('rows'), ref('row'), { type: 'null' }] } },
  ],
})

const merge = (): Schema => ({
  enum: ['concat', 'add', 'mul'],
  default: 'concat',
  description: 'How the branches are joined.',
})

/** What an option may be; an expression everywhere. */
function option(param: Param): Schema {
  const { type, axes = 1, least = 1, choices = [], doc } = param
  const int: Schema = { type: 'integer', minimum: least }
  const list = (items: Schema, count?: number): Schema => ({
    type: 'array',
    items: { anyOf: [items, expression] },
    ...(count === undefined ? { minItems: 1 } : { minItems: count, maxItems: count }),
  })
  const forms: Readonly<Record<Param['type'], readonly Schema[]>> = {
    int: [int],
    ints: [int, list(int, axes)],
    list: [int, list(int)],
    padding: [int, list(int, axes), { enum: choices }],
    size: [int, list({ type: ['integer', 'null'], minimum: 1 }, param.axes)],
    number: [{ type: 'number' }],
    numbers: [{ type: 'number', exclusiveMinimum: 0 }, list({ type: 'number', exclusiveMinimum: 0 })],
    bool: [{ type: 'boolean' }],
    choice: [{ enum: choices }],
  }
  const empty = param.default === null || param.inferred ? [{ type: 'null' }] : []
  return {
    description: doc,
    ...(param.default === undefined || param.default === null ? {} : { default: param.default }),
    anyOf: [...forms[type], expression, ...empty],
  }
}
