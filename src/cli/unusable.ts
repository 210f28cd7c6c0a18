/** Why an input could not be used at all: one line on standard error, exit status 2. */
export class Unusable extends Error {}

/** Exit statuses: 1 is for shape errors and missed budgets, 2 for input that could not be used. */
export const STATUS = { ok: 0, failed: 1, unusable: 2 } as const
