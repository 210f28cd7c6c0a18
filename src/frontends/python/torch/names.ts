import { distance } from 'fastest-levenshtein'

/**
 * Whether a name that is asked of a namespace of PyTorch is surely none of its names: it is one of them but for its
 * case or a letter or two, and `others`, the real names that are not modelled, lack it.
 */
export function isMisspelled(name: string, known: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  if (known.has(name) || others.has(name) || name.startsWith('_')) return false
  const plain = name.toLowerCase()
  for (const right of known) {
    if (right.toLowerCase() === plain) return true
    // Conv4d and LSTM2 are other layers, not misspelled ones.
    if (name.length >= 5 && !/\d/.test(difference(name, right)) && distance(name, right) <= (name.length > 7 ? 2 : 1))
      return true
  }
  return false
}

/** The digits and letters in which two words of the same beginning and end differ. */
function difference(a: string, b: string): string {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  return a.slice(start, a.length - end) + b.slice(start, b.length - end)
}

/** Members of torch.nn (1.13 to 2.9) that are not among the modelled classes. */
export const OTHER_CLASSES: ReadonlySet<string> = new Set(
  (
    'AdaptiveLogSoftmaxWithLoss Buffer CTCLoss CircularPad1d CircularPad2d CircularPad3d Container DataParallel ' +
    'LPPool3d NLLLoss2d Parameter ParameterDict ParameterList RNNBase RNNCellBase TripletMarginWithDistanceLoss ' +
    'UninitializedBuffer UninitializedParameter ZeroPad1d ZeroPad3d attention backends common_types factory_kwargs ' +
    'functional grad init intrinsic modules parallel parameter qat quantizable quantized utils'
  ).split(' '),
)

/** Members of torch.nn.functional (1.13 to 2.9) that are not among the modelled functions. */
export const OTHER_FUNCTIONS: ReadonlySet<string> = new Set(
  (
    'GRID_SAMPLE_INTERPOLATION_MODES Tensor DType BroadcastingList1 BroadcastingList2 BroadcastingList3 Callable List ' +
    'Optional Tuple Union scaled_dot_product_attention scaled_grouped_mm ScalingType SwizzleType ctc_loss math torch ' +
    'utils warnings upsample upsample_bilinear upsample_nearest np importlib'
  ).split(' '),
)
