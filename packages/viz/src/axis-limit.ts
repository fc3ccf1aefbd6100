import type { Direction } from '@foothold/core';

/** Values from which on those far beyond the others are taken out of the axis, and how far: their range over that of the better three quarters. */
const minForLimit = 8;
const farBeyond = 8;

/** The worst value that the axis holds; undefined where it holds all. */
export function axisLimit(values: readonly number[], direction: Direction): number | undefined {
  if (values.length < minForLimit) return undefined;
  const sign = direction === 'minimize' ? 1 : -1;
  const sorted = values.map((v) => sign * v).sort((a, b) => a - b);
  const best = sorted[0]!;
  const spread = sorted[Math.floor(0.75 * (sorted.length - 1))]! - best;
  if (!(spread > 0) || sorted[sorted.length - 1]! - best <= farBeyond * spread) return undefined;
  return sign * sorted.findLast((v) => v - best <= 0.5 * farBeyond * spread)!;
}
