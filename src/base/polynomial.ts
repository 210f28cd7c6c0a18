/** Constant, factor of x, factor of x². */
export type Polynomial = readonly [constant: number, linear: number, square: number]

export const valueAt = ([constant, linear, square]: Polynomial, x: number): number =>
  constant + linear * x + square * x * x

/** The polynomial of x that a polynomial of `factor` · x is. */
export const stretched = ([constant, linear, square]: Polynomial, factor: number): Polynomial => [
  constant,
  linear * factor,
  square * factor * factor,
]
