/**
 * Sobol points, scrambled by a random linear matrix scramble with a digital shift (Matoušek 1998, "On the L2-discrepancy
 * for anchored boxes"): each direction number is multiplied by a random lower triangular bit matrix of its dimension, so a
 * scrambled point costs no more than a plain one and every (t, m, s)-net stays one.
 */
import { InvalidArgumentError, type Matrix, matrix, type Rng } from '@foothold/core';
import { tabledDimensions } from './directions.generated.ts';
import { bits, directionNumbers } from './directions.ts';

/** Columns that a Sobol sequence has at most. */
export const maxSobolDimensions = tabledDimensions;

export interface Sobol {
  /** The next `count` points, count×dimensions, in [0, 1), strictly inside (0, 1) when scrambled. */
  next(count: number): Matrix;
  /** Points `from`, `from + 1`, …, count×dimensions; does not move `next`. */
  points(from: number, count: number): Matrix;
}

/**
 * A Sobol sequence of up to 4,096 dimensions and 2³² points; scrambled with `rng`, plain without (point 0 is then the
 * origin). Take powers of two for the best balance. Throws InvalidArgumentError for other dimensions or points.
 */
export function sobol(options: { readonly dimensions: number; readonly rng?: Rng | undefined }): Sobol {
  const { dimensions, rng } = options;
  if (!Number.isInteger(dimensions) || dimensions < 0 || dimensions > tabledDimensions)
    throw new InvalidArgumentError('dimensions', dimensions, `a whole number from 0 to ${tabledDimensions}`);
  const directions = directionNumbers(dimensions);
  const shift = new Uint32Array(dimensions);
  const remainder = new Float64Array(dimensions);
  if (rng) scramble(directions, { shift, remainder }, rng);

  let position = 0;
  const points = (from: number, count: number): Matrix => {
    if (
      !Number.isInteger(from) ||
      from < 0 ||
      !Number.isInteger(count) ||
      count < 0 ||
      from + count > 2 ** bits
    )
      throw new InvalidArgumentError(
        'points',
        [from, count],
        'whole numbers from 0 with a sum of at most 2³²',
      );
    const result = matrix(count, dimensions);
    if (count === 0) return result;
    const state = Uint32Array.from(shift);
    // The Gray code of the index says which directions are in.
    const gray = (from ^ (from >>> 1)) >>> 0;
    for (let k = 0; k < bits; k++)
      if ((gray >>> k) & 1) for (let d = 0; d < dimensions; d++) state[d]! ^= directions[d * bits + k]!;
    for (let i = 0; i < count; i++) {
      for (let d = 0; d < dimensions; d++)
        result.data[i * dimensions + d] = (state[d]! + remainder[d]!) / 2 ** bits;
      const k = trailingZeros(from + i + 1);
      if (k < bits) for (let d = 0; d < dimensions; d++) state[d]! ^= directions[d * bits + k]!;
    }
    return result;
  };
  return {
    points,
    next(count) {
      const result = points(position, count);
      position += count;
      return result;
    },
  };
}

/** Position of the lowest bit of a positive whole number up to 2³². */
function trailingZeros(i: number): number {
  return i === 2 ** bits ? bits : 31 - Math.clz32(i & -i);
}

/** Scrambles the direction numbers in place and draws the shift and what lies below its last bit. */
function scramble(
  directions: Uint32Array,
  at: { readonly shift: Uint32Array; readonly remainder: Float64Array },
  rng: Rng,
): void {
  const rows = new Uint32Array(bits);
  for (let d = 0; d < at.shift.length; d++) {
    // Row r makes bit r (0 the highest) of the result: ones on the diagonal, random above that bit, nothing below.
    for (let r = 0; r < bits; r++) {
      const diagonal = 2 ** (bits - 1 - r);
      const higher = r === 0 ? 0 : 2 ** bits - 2 ** (bits - r);
      rows[r] = ((word(rng) & higher) | diagonal) >>> 0;
    }
    for (let k = 0; k < bits; k++) {
      let scrambled = 0;
      for (let r = 0; r < bits; r++)
        scrambled = (scrambled << 1) | parity(rows[r]! & directions[d * bits + k]!);
      directions[d * bits + k] = scrambled;
    }
    at.shift[d] = word(rng);
    // Never 0, and never so near 1 that the quotient rounds up to it.
    at.remainder[d] = (1 + Math.floor(rng.next() * 1_048_574)) / 1_048_576;
  }
}

function word(rng: Rng): number {
  return Math.floor(rng.next() * 2 ** 32);
}

/** 1 when the number of one bits is odd. */
function parity(v: number): number {
  let x = v ^ (v >>> 16);
  x ^= x >>> 8;
  x ^= x >>> 4;
  return (0x6996 >>> (x & 15)) & 1;
}
