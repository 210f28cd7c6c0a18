import { Stopped } from './errors'

/** How much one analysis may do. */
export interface Limits {
  readonly steps: number
  readonly depth: number
  /** Of work: on a machine that does other things meanwhile it takes longer, at most `MOST_WAITING` times as long. */
  readonly milliseconds: number
  /** Items of one list, characters of one string. */
  readonly size: number
  /** Turns of one loop of the program. */
  readonly turns: number
  /** Items of all lists and characters of all strings that are made: what may be in memory at once. */
  readonly items: number
}

export const LIMITS: Limits = {
  steps: 12_000_000,
  depth: 180,
  milliseconds: 4000,
  size: 1_000_000,
  turns: 100_000,
  items: 4_000_000,
}

/** Counts down; throws Stopped, with the reason in words, when a bound is hit. */
export class Budget {
  steps = 0
  depth = 0
  private readonly clock = startClock()
  private deadline: number
  private allowed: number
  private nextLook = LOOK
  private items = 0
  private allowedItems: number
  private renewals = 0

  constructor(readonly limits: Limits = LIMITS) {
    this.deadline = limits.milliseconds
    this.allowed = limits.steps
    this.allowedItems = limits.items
  }

  /**
   * After one statement used everything up: a little more, so that the definitions behind it are there. False when that
   * was done often enough.
   */
  renew(): boolean {
    if (++this.renewals > MAX_RENEWALS) return false
    this.allowed = Math.max(this.allowed, this.steps) + this.limits.steps / 20
    this.deadline = Math.max(this.deadline, this.clock()) + this.limits.milliseconds / 20
    this.allowedItems = Math.max(this.allowedItems, this.items) + this.limits.items / 20
    return true
  }

  /** What the module's own run used is no concern of the model that is drawn after it. */
  restart(): void {
    this.steps = 0
    this.nextLook = LOOK
    this.items = 0
    this.allowed = this.limits.steps
    this.allowedItems = this.limits.items
    this.deadline = this.clock() + this.limits.milliseconds
  }

  /** A loop of the program begins another turn. */
  turn(turns: number): void {
    this.step()
    if (turns > this.limits.turns) throw new Stopped(`a loop of more than ${this.limits.turns} turns`)
  }

  step(): void {
    if (++this.steps > this.allowed) throw new Stopped(`${formatMillions(this.limits.steps)} steps`)
    if (this.steps >= this.nextLook) this.look()
  }

  /** A list, string or loop of this size is about to be made. */
  size(size: number): void {
    if (size > this.limits.size) throw new Stopped(`a list of more than ${formatMillions(this.limits.size)} items`)
    this.worked(size)
    this.made(size)
  }

  /** A list has grown, item by item, to this length. */
  grown(length: number): void {
    if ((length & 1023) !== 0) return
    if (length > this.limits.size) throw new Stopped(`a list of more than ${formatMillions(this.limits.size)} items`)
    this.made(1024)
  }

  /** So many items or characters were made. */
  made(count: number): void {
    this.items += count
    if (this.items > this.allowedItems) throw new Stopped(`${formatMillions(this.limits.items)} items`)
  }

  /** A function of ours goes over so many items or characters: quicker than the program itself would. */
  worked(count: number): void {
    if (count < 16) return
    this.steps += count >> 4
    if (this.steps >= this.nextLook) this.look()
  }

  private look(): void {
    this.nextLook = this.steps + LOOK
    if (this.clock() > this.deadline) throw new Stopped(`${this.limits.milliseconds / 1000} seconds`)
  }
}

/**
 * Milliseconds of work since it was started: of the processor's time where that can be told, so that what is found does
 * not depend on what else the machine does, and never more than has passed.
 */
function startClock(): () => number {
  const { process } = globalThis as { process?: { cpuUsage?(): { readonly user: number; readonly system: number } } }
  const start = performance.now()
  const used = process?.cpuUsage?.bind(process)
  if (!used) return () => performance.now() - start
  const total = (): number => {
    const { user, system } = used()
    return (user + system) / 1000
  }
  // Asking takes long on some machines, and most runs end before they need it.
  let before: number | undefined
  return () => {
    const passed = performance.now() - start
    if (passed < QUICK) return passed
    before ??= total() - passed
    return Math.max(Math.min(total() - before, passed), passed / MOST_WAITING)
  }
}

/** Milliseconds that count as work without a look at the processor's time. */
const QUICK = 250

/** Nobody waits longer than this many times the work that is allowed. */
const MOST_WAITING = 4

/** Steps between looks at the clock. */
const LOOK = 1024

/** Statements of modules that may use up a budget before the run ends. */
const MAX_RENEWALS = 5

const formatMillions = (value: number): string => `${value / 1e6}M`
