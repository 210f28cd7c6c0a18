/** An activation as torch.nn spells it and as ops name it; `slopes` are PReLU's learnable parameters. */
export interface Activation {
  readonly type: string
  readonly function: string
  readonly slopes?: number
}

export const SILU: Activation = { type: 'SiLU', function: 'silu' }
export const RELU: Activation = { type: 'ReLU', function: 'relu' }
export const GELU: Activation = { type: 'GELU', function: 'gelu' }
export const SIGMOID: Activation = { type: 'Sigmoid', function: 'sigmoid' }

/** Activation modules of torch.nn without weights whose output has the shape of the input. */
export const ACTIVATIONS: ReadonlyMap<string, string> = new Map(
  [
    ...['ReLU', 'ReLU6', 'SiLU', 'GELU', 'Mish', 'ELU', 'CELU', 'SELU', 'Sigmoid', 'Tanh', 'Softplus', 'Softsign'],
    ...['Hardswish', 'Hardsigmoid', 'Hardtanh', 'Hardshrink', 'Softshrink', 'Tanhshrink', 'LogSigmoid', 'RReLU'],
    ...['LeakyReLU', 'Threshold'],
  ].map(type => [type, functional(type)]),
)

/**
 * Reads the value of the key `activation`, a Python expression such as `nn.ReLU()` or `torch.nn.LeakyReLU(0.1)`.
 * Null where it is none of torch.nn's.
 */
export function readActivation(expression: string): Activation | null {
  const [, type, args] = /^\s*(?:torch\.)?nn\.(\w+)\(([^()]*)\)\s*$/.exec(expression) ?? []
  if (type === undefined) return null
  if (type === 'Identity') return { type, function: 'identity' }
  if (type === 'PReLU') {
    const slopes = /^\s*(?:num_parameters\s*=\s*)?(\d*)/.exec(args!)![1]!
    return { type, function: 'prelu', slopes: slopes === '' ? 1 : Number(slopes) }
  }
  const name = ACTIVATIONS.get(type)
  return name === undefined ? null : { type, function: name }
}

/** `LeakyReLU` is leaky_relu, `ReLU6` relu6, the others their names in lower case. */
function functional(type: string): string {
  if (type === 'LeakyReLU') return 'leaky_relu'
  return type === 'LogSigmoid' ? 'logsigmoid' : type.toLowerCase()
}
