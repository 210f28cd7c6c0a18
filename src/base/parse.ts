/** Sizes written `3x224x224`, `3×224×224` or `3,224,224`; null where it is not that. */
export function parseSizes(text: string): number[] | null {
  const parts = text.trim().split(/\s*[x×,]\s*/i)
  const sizes = parts.map(part => (/^\d{1,9}$/.test(part) ? Number(part) : Number.NaN))
  return sizes.length > 0 && sizes.every(size => size >= 1) ? sizes : null
}

/** A count with an optional suffix: 600M, 1.5G, 4096; null where it is not that. */
export function parseCount(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([kKMGT]?)$/.exec(text.trim())
  if (!match) return null
  const unit = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12 }[match[2]!]!
  return Math.round(Number(match[1]) * unit)
}
