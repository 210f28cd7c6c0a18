/**
 * What a key's value is: a whole number, a fraction, 0 or 1, a word, numbers with commas, or the indices of layers
 * (negative ones counted back from the section itself).
 */
export type KeyKind = 'whole' | 'number' | 'flag' | 'word' | 'list' | 'layers'

/** A key of a section: one row serves reading, completion and the remark on unknown keys. */
export interface Key {
  readonly name: string
  readonly kind: KeyKind
  /** What Darknet takes when the key is absent, as a file would spell it; empty for nothing. */
  readonly fallback: string
  readonly doc: string
  /** The words that Darknet knows. */
  readonly values?: readonly string[]
  /** The op's attribute that it sets, so that a problem with it points at the value. */
  readonly attribute?: string
}

export const whole = (name: string, fallback: number, doc: string, attribute?: string): Key => ({
  name,
  kind: 'whole',
  fallback: String(fallback),
  doc,
  ...(attribute ? { attribute } : {}),
})

export const fraction = (name: string, fallback: number | '', doc: string): Key => ({
  name,
  kind: 'number',
  fallback: String(fallback),
  doc,
})

export const flag = (name: string, doc: string, fallback: 0 | 1 = 0, attribute?: string): Key => ({
  name,
  kind: 'flag',
  fallback: String(fallback),
  doc,
  ...(attribute ? { attribute } : {}),
})

export const word = (name: string, fallback: string, doc: string, values?: readonly string[]): Key => ({
  name,
  kind: 'word',
  fallback,
  doc,
  ...(values ? { values } : {}),
})

export const list = (name: string, doc: string): Key => ({ name, kind: 'list', fallback: '', doc })

export const layers = (name: string, doc: string): Key => ({ name, kind: 'layers', fallback: '', doc })

/** Without a default of its own: Darknet derives it or leaves it out. */
export const derived = (key: Key): Key => ({ ...key, fallback: '' })

/** Darknet's activation functions (src/activations.c), by torch.nn.functional's names where it has them. */
export const ACTIVATIONS: Readonly<Record<string, string>> = {
  linear: 'linear',
  leaky: 'leaky_relu',
  mish: 'mish',
  swish: 'silu',
  relu: 'relu',
  relu6: 'relu6',
  logistic: 'sigmoid',
  tanh: 'tanh',
  elu: 'elu',
  selu: 'selu',
  gelu: 'gelu',
  hard_mish: 'hard_mish',
  hardtan: 'hardtanh',
  lhtan: 'lhtan',
  loggy: 'loggy',
  plse: 'plse',
  ramp: 'ramp',
  relie: 'relie',
  revleaky: 'revleaky',
  stair: 'stair',
  normalize_channels: 'normalize_channels',
  normalize_channels_softmax: 'normalize_channels_softmax',
  normalize_channels_softmax_maxval: 'normalize_channels_softmax_maxval',
}

export const activationKey = (fallback: 'logistic' | 'linear'): Key =>
  word('activation', fallback, 'Function applied to every element of the output.', Object.keys(ACTIVATIONS))
