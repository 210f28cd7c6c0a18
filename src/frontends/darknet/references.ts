import type { Value } from '../../core/graph'
import { fail, type Output, report, type Step } from './layerType'
import { digits, type Entry, entries, find, shorten } from './values'

/**
 * The outputs that `layers=` or `from=` names: negative numbers count back from the section itself, others from the
 * first layer. An entry that names no earlier layer is told and gives a lost value. Null where the key is missing.
 */
export function referred(step: Step, key: string): readonly Output[] | null {
  const list = entries(step, key)
  if (list === null) {
    if (!find(step.section, key)) {
      fail(step, 'bad-argument', `${step.site.name} names no layers: ${key}= is missing, and Darknet stops here.`)
    }
    return null
  }
  return list.map(entry => outputOf(step, key, entry))
}

/** The section that one number names, linked; null, with a problem, where it is none before this one. */
export function referredIndex(step: Step, key: string, entry: Entry): number | null {
  const number = digits(entry.text)
  if (number === null) {
    const got = entry.text === '' ? 'an empty entry, which Darknet reads as layer 0' : shorten(entry.text)
    const span = entry.text === '' ? { start: entry.span.start, end: entry.span.start + 1 } : entry.span
    fail(step, 'bad-argument', `${step.site.name} expects ${key} to be layer numbers and gets ${got}.`, span)
    return null
  }
  const index = number < 0 ? step.index + number : number
  if (index >= 0 && index < step.index) {
    step.builder.link(entry.span, step.sections[index]!.header)
    return index
  }
  report(step, {
    code: 'dangling-reference',
    severity: 'error',
    span: entry.span,
    message: `${step.site.name} takes layer ${index}${number < 0 ? ` (${number})` : ''}, ${existing(step, index)}.`,
  })
  return null
}

const outputOf = (step: Step, key: string, entry: Entry): Output => {
  const index = referredIndex(step, key, entry)
  return index === null ? lost(step, key) : step.earlier[index]!
}

export const lost = (step: Step, name: string): Output => ({ value: step.builder.lost(name), image: true })

export const values = (outputs: readonly Output[]): readonly Value[] => outputs.map(output => output.value)

function existing(step: Step, index: number): string {
  if (index === step.index) return 'which is itself'
  return step.index === 0 ? 'but no layer comes before it' : `but only layers 0 to ${step.index - 1} come before it`
}
