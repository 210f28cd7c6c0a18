/** One setting as package.json declares it; a test holds both equal. */
export interface Setting {
  readonly type: 'boolean' | 'string' | 'number' | 'array'
  readonly default: boolean | string | number | readonly string[]
  readonly description: string
  /** Of an array. */
  readonly items?: { readonly type: 'string' }
  readonly enum?: readonly string[]
  readonly enumDescriptions?: readonly string[]
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
    description: 'The device whose peak arithmetic and bandwidth bound the least time in the panel.',
  },
} as const satisfies Readonly<Record<string, Setting>>
