/**
 * Whether a text is a model of Ultralytics: a `backbone` whose rows are `[from, repeats, module, args]`. Lists with an
 * input size of their own (kindle and its likes) are another format.
 */
export function isModelFile(text: string): boolean {
  if (!/^\uFEFF?backbone[ \t]*:/m.test(text)) return false
  if (/^input_(?:size|channel|shape)[ \t]*:/m.test(text)) return false
  return ROW.test(text) || (/^head[ \t]*:/m.test(text) && /^nc[ \t]*:/m.test(text))
}

const ROW = /^[ \t]*-?[ \t]*\[[ \t]*(?:-?\d+|\[[^[\]\n]*\])[ \t]*,[^,[\]\n]+,[ \t]*["']?[A-Za-z_][\w.]*["']?[ \t]*,?/m
