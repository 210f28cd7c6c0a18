import { describe, expect, test } from 'vitest'
import { type Alignable, align } from '../../src/analysis/align'

/**
 * `path op kernel channels`: two of the same words are the same, of the same op, kernel and channels alike, of the same
 * op and kernel of a kind, of the same op of a family.
 */
interface Item extends Alignable {
  readonly text: string
}

function items(lines: readonly string[]): Item[] {
  return lines.map(text => {
    const [path = '', op = '', kernel = '', channels = '', rest = ''] = text.split(' ')
    const family = kernel === '1' ? `${op} pointwise` : op
    return {
      text,
      path,
      keys: [`${op} ${kernel} ${channels} ${rest}`, `${op} ${kernel} ${channels}`, `${op} ${kernel}`, family],
    }
  })
}

/** `a → b` of pairs, `a −`, `+ b`. */
function aligned(a: readonly string[], b: readonly string[]): string[] {
  const path = (item: Item): string => item.path
  return align(items(a), items(b)).map(([x, y]) =>
    x && y ? `${path(x)} → ${path(y)}` : x ? `${path(x)} −` : `+ ${path(y!)}`,
  )
}

const NAMED = ['stem conv 7 64', 'body.conv1 conv 3 64', 'body.conv2 conv 3 64', 'fc linear - 10']

describe('modules with names', () => {
  test('stand for each other whatever they have become', () => {
    const wider = ['stem conv 7 32', 'body.conv1 conv 3 32', 'body.conv2 conv 3 32', 'fc linear - 10']
    expect(aligned(NAMED, wider)).toEqual([
      'stem → stem',
      'body.conv1 → body.conv1',
      'body.conv2 → body.conv2',
      'fc → fc',
    ])
  })

  test('a new one is added where it stands, a missing one comes after what it followed', () => {
    const other = [NAMED[0]!, 'body.conv1 conv 3 64', 'body.extra conv 1 64', 'fc linear - 10']
    expect(aligned(NAMED, other)).toEqual([
      'stem → stem',
      'body.conv1 → body.conv1',
      'body.conv2 −',
      '+ body.extra',
      'fc → fc',
    ])
  })

  test('the layer that had a name is found beside one of another family that took it', () => {
    expect(
      aligned(['a conv 3 8', 'b conv 3 8'], ['a conv 3 8', 'b_reduce conv 1 2', 'b_narrow conv 3 2', 'b conv 1 8']),
    ).toEqual(['a → a', '+ b_reduce', 'b → b_narrow', '+ b'])
  })

  test('a name keeps its layer, of another family too, where nothing else is like it', () => {
    expect(aligned(['fc linear - 10'], ['fc conv 1 10'])).toEqual(['fc → fc'])
  })

  test('a renamed one is found by what it is', () => {
    expect(aligned(NAMED, ['entry conv 7 64', ...NAMED.slice(1)])[0]).toBe('stem → entry')
  })

  test('everything is found again inside a module that was put around it', () => {
    const wrapped = NAMED.map(line => `net.${line}`)
    expect(aligned(NAMED, wrapped)).toEqual(NAMED.map(line => `${line.split(' ')[0]} → net.${line.split(' ')[0]}`))
  })
})

describe('modules with numbers', () => {
  const rows = ['0 conv 3 16', '1 conv 3 32', '2 block - 32', '3 conv 3 64', '4 head - 80']

  test('an inserted row shifts all that follow', () => {
    const more = ['0 conv 3 16', '1 conv 3 32', '2 conv 1 32', '3 block - 32', '4 conv 3 64', '5 head - 80']
    expect(aligned(rows, more)).toEqual(['0 → 0', '1 → 1', '+ 2', '2 → 3', '3 → 4', '4 → 5'])
  })

  test('a row that is another after the shift is the same row', () => {
    const more = ['0 conv 3 16', '1 conv 3 32', '2 conv 1 48', '3 block - 48', '4 conv 3 64', '5 head - 80']
    expect(aligned(rows, more)).toEqual(['0 → 0', '1 → 1', '+ 2', '2 → 3', '3 → 4', '4 → 5'])
  })

  test('a removed row', () => {
    const fewer = ['0 conv 3 16', '1 block - 32', '2 conv 3 64', '3 head - 80']
    expect(aligned(rows, fewer)).toEqual(['0 → 0', '1 −', '2 → 1', '3 → 2', '4 → 3'])
  })

  test('more blocks of a stage are added at its end', () => {
    const stage = (count: number): string[] =>
      Array.from({ length: count }, (_, i) => [`stage.${i}.conv1 conv 1 64`, `stage.${i}.conv2 conv 3 64`]).flat()
    const pairs = aligned(stage(2), stage(4))
    expect(pairs.filter(pair => pair.includes('→')).length).toBe(4)
    expect(pairs.slice(4)).toEqual(['+ stage.2.conv1', '+ stage.2.conv2', '+ stage.3.conv1', '+ stage.3.conv2'])
  })

  test('blocks that all changed stand for those of their number', () => {
    const stage = (count: number, inside: string[]): string[] =>
      Array.from({ length: count }, (_, i) => inside.map(line => `stage.${i}.${line}`)).flat()
    const pairs = aligned(
      stage(2, ['conv1 conv 1 64', 'conv2 conv 3 64']),
      stage(3, ['conv1 conv 1 64', 'conv2.0 conv 1 16', 'conv2.1 conv 3 16', 'conv2.2 conv 1 64']),
    )
    expect(pairs.slice(0, 8)).toEqual([
      'stage.0.conv1 → stage.0.conv1',
      '+ stage.0.conv2.0',
      'stage.0.conv2 → stage.0.conv2.1',
      '+ stage.0.conv2.2',
      'stage.1.conv1 → stage.1.conv1',
      '+ stage.1.conv2.0',
      'stage.1.conv2 → stage.1.conv2.1',
      '+ stage.1.conv2.2',
    ])
    expect(pairs.slice(8).every(pair => pair.startsWith('+ stage.2.'))).toBe(true)
  })

  test('a layer of a list that became several', () => {
    expect(
      aligned(
        ['0 conv 3 16', '1 relu', '2 conv 3 32', '3 relu'],
        ['0 conv 3 16', '1 relu', '2.0 conv 1 8', '2.1 conv 3 8', '2.2 conv 1 32', '3 relu'],
      ),
    ).toEqual(['0 → 0', '1 → 1', '+ 2.0', '2 → 2.1', '+ 2.2', '3 → 3'])
  })
})

test('calls of one module are taken in order', () => {
  expect(aligned(['relu relu', 'conv conv 3 8', 'relu relu'], ['relu relu', 'conv conv 3 8', 'relu relu'])).toEqual([
    'relu → relu',
    'conv → conv',
    'relu → relu',
  ])
})

test('nothing is paired twice, and both lists come out whole', () => {
  const random = lcg(7)
  for (let round = 0; round < 200; round++) {
    const [a, b] = [network(random), network(random)]
    const pairs = align(items(a), items(b))
    expect(pairs.flatMap(([x]) => (x ? [x.text] : [])).sort()).toEqual([...a].sort())
    expect(pairs.flatMap(([, y]) => (y ? [y.text] : []))).toEqual(b)
  }
})

test('a list aligned with itself has every layer with itself', () => {
  const random = lcg(3)
  for (let round = 0; round < 50; round++) {
    const a = items(network(random))
    expect(align(a, a).every(([x, y]) => x === y)).toBe(true)
  }
})

describe('10,000 layers', () => {
  const flat = (seed: number, kinds: number): Item[] => {
    const random = lcg(seed)
    return items(Array.from({ length: 10_000 }, (_, i) => `${i} conv ${random(kinds)} ${random(4)} ${random(4)}`))
  }

  const pairs: Readonly<Record<string, () => readonly [Item[], Item[]]>> = {
    'alike but for a row': () => [flat(1, 8), flat(1, 8).filter((_, i) => i !== 5000)],
    'of few kinds in another order': () => [flat(1, 3), flat(2, 3)],
    'with little in common': () => [flat(1, 5000), flat(2, 5000)],
    'with nothing in common': () => [flat(1, 8), items(flat(2, 8).map(({ path }) => `${path} linear`))],
    'in reverse': () => [flat(1, 5000), flat(1, 5000).reverse()],
  }
  // A quarter of a second each on an idle machine.
  test.each(Object.keys(pairs))('%s take well under a second', name => {
    const [a, b] = pairs[name]!()
    const start = performance.now()
    const found = align(a, b)
    expect(performance.now() - start).toBeLessThan(2000)
    expect(found.filter(([x]) => x).length).toBe(a.length)
    expect(found.filter(([, y]) => y).length).toBe(b.length)
  })
})

/** A network of a few modules with names and numbers; every line is another. */
function network(random: (below: number) => number): string[] {
  return Array.from({ length: random(30) }, (_, i) => {
    const path = [`m${random(3)}`, String(random(3)), `layer${random(4)}`].slice(0, 1 + random(3)).join('.')
    return `${path} ${['conv', 'relu', 'linear'][random(3)]} ${1 + 2 * random(2)} ${8 * random(3)} ${i}`
  })
}

/** A small generator of numbers that are the same every time. */
function lcg(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state * 1664525 + 1013904223) % 2 ** 32
    return Math.floor((state / 2 ** 32) * below)
  }
}
