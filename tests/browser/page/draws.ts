import { seeded } from '@foothold/core';

/** Uniform numbers in [0, 1), the same for the same count. */
export function drawsOf(count: number): Float64Array {
  const rng = seeded(7).fork(count);
  return Float64Array.from({ length: count }, () => rng.next());
}

/** Largest difference, relative to the largest entry of b. */
export function gapOf(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let gap = 0;
  let size = 0;
  a.forEach((v, i) => {
    gap = Math.max(gap, Math.abs(v - b[i]!));
    size = Math.max(size, Math.abs(b[i]!));
  });
  return gap / size;
}
