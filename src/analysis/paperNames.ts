import type { PaperKind } from './paper'

/** `conv2_x`; of an inception module the letter stands in its type too. */
export interface RowName {
  readonly name: string
  readonly letter: string
}

interface Named {
  readonly kind: PaperKind
  /** Sizes of the maps that come in and go out. */
  readonly sizeIn: string | null
  readonly size: string | null
  /** It holds several layers or blocks. */
  readonly isStage: boolean
}

/**
 * Names rows as papers do, from place and size alone. Sizes of maps are numbered in the order in which convolutions
 * first give them: `conv1`, `conv2_x` (He et al.). Inception modules take the number of the size that they read and a
 * letter: 3a, 3b (Szegedy et al.). Linear layers go on with fc where there are several (Simonyan and Zisserman).
 */
export function namesOf(drafts: readonly Named[]): RowName[] {
  const numbers = new Map<string, number>()
  const numberOf = (size: string | null): number | null => {
    if (size === null || size.includes('?')) return null
    const known = numbers.get(size)
    if (known !== undefined) return known
    numbers.set(size, numbers.size + 1)
    return numbers.size
  }
  if (drafts.some(draft => draft.kind === 'fire')) return inOrder(drafts)
  const letters = new Map<number, number>()
  const rowsAt = new Map<number, number>()
  const keys = drafts.map(draft => {
    if (draft.kind === 'inception') {
      // A pooling may have made the size that a module reads.
      const number = numberOf(draft.sizeIn ?? draft.size)
      numberOf(draft.size)
      return number
    }
    const number = NUMBERED.has(draft.kind) ? numberOf(draft.size) : null
    if (number !== null) rowsAt.set(number, (rowsAt.get(number) ?? 0) + 1)
    return number
  })
  // A linear layer on maps is none of those at the end.
  const isFull = ({ kind, size }: Named): boolean => kind === 'linear' && size === null
  const several = drafts.filter(isFull).length > 1
  const places = new Map<number, number>()
  let linear = numbers.size
  return drafts.map((draft, i) => {
    const number = keys[i]!
    if (isFull(draft)) return { name: several ? `fc${++linear}` : 'fc', letter: '' }
    if (number === null || number === undefined) return { name: '', letter: '' }
    if (draft.kind === 'inception') {
      const at = letters.get(number) ?? 0
      letters.set(number, at + 1)
      const letter = `${number}${at < 26 ? String.fromCharCode(97 + at) : `_${at + 1}`}`
      return { name: letter, letter }
    }
    const place = (places.get(number) ?? 0) + 1
    places.set(number, place)
    const alone = rowsAt.get(number) === 1
    return {
      name: `conv${number}${alone ? (draft.isStage ? '_x' : '') : `_${place}`}`,
      letter: '',
    }
  })
}

/** conv1, fire2 … fire9, conv10 (Iandola et al.). */
function inOrder(drafts: readonly Named[]): RowName[] {
  let number = 0
  return drafts.map(({ kind }) => ({
    name: NUMBERED.has(kind) ? `${kind === 'fire' ? 'fire' : 'conv'}${++number}` : '',
    letter: '',
  }))
}

const NUMBERED: ReadonlySet<string> = new Set([
  'convolution',
  'residual',
  'inverted',
  'split',
  'fire',
  'dense',
  'block',
])
