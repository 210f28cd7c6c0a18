/** The numbers nearest to one that divide all of several, nearest first, at most two. */
export function nearestDivisors(number: number, ...multiples: number[]): number[] {
  const largest = Math.min(...multiples)
  if (!(largest >= 1) || largest > MOST) return []
  const divisors: number[] = []
  for (let d = 1; d <= largest; d++) if (multiples.every(m => m % d === 0)) divisors.push(d)
  return divisors.sort((a, b) => Math.abs(a - number) - Math.abs(b - number)).slice(0, 2)
}

/** More channels than this are a mistake of another kind. */
const MOST = 1_000_000
