/** One setting as package.json declares it; a test holds both equal. */
export interface Setting {
  readonly type: 'boolean' | 'string' | 'number' | 'array'
  readonly default: boolean | string | number | readonly string[]
  readonly description: string
  /** Of an array: a JSON schema. */
  readonly items?: { readonly type: 'string' } | ObjectSchema
  readonly enum?: readonly string[]
  readonly enumDescriptions?: readonly string[]
}

interface ObjectSchema {
  readonly type: 'object'
  readonly required: readonly string[]
  readonly additionalProperties: boolean
  readonly properties: Readonly<
    Record<
      string,
      {
        readonly type: 'string' | 'number'
        readonly description: string
        readonly exclusiveMinimum?: number
        readonly minimum?: number
        readonly enum?: readonly string[]
      }
    >
  >
}

/** Every setting, by its key under `convlens.`. */
export const SETTINGS = {
  'hints.enabled': {
    type: 'boolean',
    default: true,
    description: 'Show shape, params and MACs at the end of every layer line.',
  },
  'hints.quietLayers': {
    type: 'boolean',
    default: false,
    description: 'Also show a hint for norms, activations and dropout, whose output has the shape of their input.',
  },
  unit: {
    type: 'string',
    default: 'MACs',
    enum: ['MACs', 'FLOPs'],
    enumDescriptions: ['Multiply-accumulates of convolutions, linear layers and matrix products.', 'Twice the MACs.'],
    description: 'Count work in multiply-accumulates or in floating-point operations.',
  },
  'codeLens.enabled': {
    type: 'boolean',
    default: true,
    description: "Show a model's totals above its first line.",
  },
  'diagnostics.enabled': {
    type: 'boolean',
    default: true,
    description: 'Underline layers that do not fit together, names that are not known and other mistakes.',
  },
  'statusBar.enabled': {
    type: 'boolean',
    default: false,
    description: "Show the model's MACs and params in the status bar.",
  },
  defaultInput: {
    type: 'string',
    default: '',
    description: 'Input of models that name none, without the batch: 3x224x224. Empty: the usual one of the format.',
  },
  'python.searchPath': {
    type: 'array',
    items: { type: 'string' },
    default: [],
    description:
      'Folders where imports of Python files are looked up after the workspace, before the installed packages of the selected interpreter and of `.venv`. Relative to the workspace folder.',
  },
  device: {
    type: 'string',
    default: 't4-fp16',
    description:
      'The device whose peak arithmetic and bandwidth bound the least time: its id, or the name of one of `convlens.devices`.',
  },
  devices: {
    type: 'array',
    default: [],
    items: {
      type: 'object',
      required: ['name', 'teraflops', 'gigabytesPerSecond'],
      additionalProperties: false,
      properties: {
        name: { type: 'string', description: 'What the panel calls it.' },
        teraflops: {
          type: 'number',
          exclusiveMinimum: 0,
          description: 'Peak arithmetic in 10^12 FLOP/s, a multiply-accumulate as two.',
        },
        gigabytesPerSecond: {
          type: 'number',
          exclusiveMinimum: 0,
          description: 'Peak memory bandwidth in 10^9 bytes/s.',
        },
        launchMicroseconds: {
          type: 'number',
          minimum: 0,
          description: 'Time to start a kernel in microseconds; 0 unless given.',
        },
        precision: { type: 'string', enum: ['fp16', 'fp32'], description: 'Of weights and maps; fp32 unless given.' },
      },
    },
    description: 'Devices of your own beside those that ConvLens knows, for the bound on time.',
  },
} as const satisfies Readonly<Record<string, Setting>>
