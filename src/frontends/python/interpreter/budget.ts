import { Stopped } from './errors'

/** How much one analysis may do. */
export interface Limits {
  readonly steps: number
  readonly depth: number
  readonly milliseconds: number
  /** Items of one list, characters of one string, turns of one loop. */
  readonly size: number
}

export const LIMITS: Limits = { steps: 5_000_000, depth: 180, milliseconds: 4000, size: 1_000_000 }

/** Counts down; throws Stopped, with the reason in words, when a bound is hit. */
export class Budget {
  steps = 0
  depth = 0
  private readonly deadline: number

  constructor(readonly limits: Limits = LIMITS) {
    this.deadline = performance.now() + limits.milliseconds
  }

  step(): void {
    if (++this.steps > this.limits.steps) throw new Stopped(`${formatMillions(this.limits.steps)} steps`)
    if ((this.steps & 4095) === 0 && performance.now() > this.deadline) {
      throw new Stopped(`${this.limits.milliseconds / 1000} seconds`)
    }
  }

  /** A list, string or loop of this size is about to be made. */
  size(size: number): void {
    if (size > this.limits.size) throw new Stopped(`a list of more than ${formatMillions(this.limits.size)} items`)
    this.steps += size >> 4
  }
}

const formatMillions = (value: number): string => `${value / 1e6}M`
