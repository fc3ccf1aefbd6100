import type { Direction } from '@foothold/core';
import { finiteRange } from '../finite-range.ts';

/**
 * The value that candidates shall reach: best + α·range where larger is better, best − α·range where smaller is (Liu, Astorga, Seedat,
 * van der Schaar 2024, section 6). Values of one size have their size as their range, zeros 1, so that the target differs
 * from the best value whenever α does from 0. Values that are not finite are passed over; undefined where there is no other. Finite.
 */
export function targetScore(
  values: readonly number[],
  { direction, alpha }: { readonly direction: Direction; readonly alpha: number },
): number | undefined {
  const { low, high } = finiteRange(values);
  if (low > high) return undefined;
  const best = direction === 'maximize' ? high : low;
  // Two terms: the range of the ends of float64 overflows.
  const step = high > low ? alpha * high - alpha * low : alpha * (Math.abs(best) || 1);
  const target = direction === 'maximize' ? best + step : best - step;
  return Math.min(Math.max(target, -Number.MAX_VALUE), Number.MAX_VALUE);
}
