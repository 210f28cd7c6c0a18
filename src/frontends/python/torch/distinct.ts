import type { PyTensor } from './tensor'

/** Arrays whose numbers are not known, but are all of those from 0 on: how many there are of them. */
export const distinctValues = new WeakMap<PyTensor, number>()
