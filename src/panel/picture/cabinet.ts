/**
 * Cabinet projection: channels go to the right, height goes down, width goes back, drawn at 0.42 of its length and 38°
 * upwards. Everything in pixels but what is said to be in cells.
 */

const SHORTENED = 0.42
const ANGLE = (38 * Math.PI) / 180
/** How far a pixel of depth goes to the right and up. */
export const BACK = { x: SHORTENED * Math.cos(ANGLE), y: SHORTENED * Math.sin(ANGLE) } as const

export interface Point {
  readonly x: number
  readonly y: number
}

/** A box by the upper left corner of its nearest face. */
export interface Box extends Point {
  readonly length: number
  readonly height: number
  readonly depth: number
}

/** The three faces that are seen, as points of polygons. */
export interface Faces {
  readonly front: readonly Point[]
  readonly top: readonly Point[]
  readonly side: readonly Point[]
}

export function facesOf({ x, y, length, height, depth }: Box): Faces {
  const [dx, dy] = [depth * BACK.x, depth * BACK.y]
  const at = (px: number, py: number): Point => ({ x: px, y: py })
  const [right, bottom] = [x + length, y + height]
  return {
    front: [at(x, y), at(right, y), at(right, bottom), at(x, bottom)],
    top: [at(x, y), at(x + dx, y - dy), at(right + dx, y - dy), at(right, y)],
    side: [at(right, y), at(right + dx, y - dy), at(right + dx, bottom - dy), at(right, bottom)],
  }
}

/** How far a box reaches beyond its nearest face: to the right and up. */
export const overhang = ({ depth }: Pick<Box, 'depth'>): Point => ({ x: depth * BACK.x, y: depth * BACK.y })

/** A box inside another, whose corner lies `right` along the channels, `down` and `back` from the other's. */
export const inside = (
  outer: Point,
  { right, down, back }: { right: number; down: number; back: number },
  size: Pick<Box, 'length' | 'height' | 'depth'>,
): Box => ({ x: outer.x + right + back * BACK.x, y: outer.y + down - back * BACK.y, ...size })

/** From the far end of a box to the near end of another: the corners of the light between them. */
export function beamBetween(from: Box, to: Box): Point[] {
  const [a, b] = [overhang(from), overhang(to)]
  const end = from.x + from.length
  return [
    { x: end + a.x, y: from.y - a.y },
    { x: to.x + b.x / 2, y: to.y - b.y / 2 },
    { x: to.x, y: to.y + to.height },
    { x: end, y: from.y + from.height },
  ]
}
