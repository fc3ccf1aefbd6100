/**
 * Slice sampling one coordinate at a time (Neal 2003, "Slice Sampling", Annals of Statistics 31, figs. 3 and 5).
 *
 * log p  density, up to a constant
 * level  log p at the point + log U, U uniform in (0, 1): the slice is where log p is above
 */
import type { Rng } from '@foothold/core';

export interface SliceSamplingOptions {
  readonly start: Float64Array;
  /** Bounds of each coordinate; one whose bounds are equal stays. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** First width of an interval. */
  readonly width: number;
  /** Points kept, one after each pass over the coordinates. */
  readonly count: number;
  /** Passes before the first that is kept. */
  readonly burnIn: number;
  readonly rng: Rng;
  readonly signal?: AbortSignal | undefined;
}

/** Widths that an interval grows by on both sides together. */
const maxSteps = 8;
/** Draws from a shrinking interval; the interval then has the width of rounding. */
const maxDraws = 60;

/** Points of the density p, `count`, correlated from one to the next; empty where p is 0 at the start. */
export async function sliceSamples(
  logDensity: (point: Float64Array) => Promise<number>,
  { start, lower, upper, width, count, burnIn, rng, signal }: SliceSamplingOptions,
): Promise<Float64Array[]> {
  const point = Float64Array.from(start);
  let log = await logDensity(point);
  if (!(log > -Infinity)) return [];
  const samples: Float64Array[] = [];
  for (let pass = 0; pass < burnIn + count; pass++) {
    for (let j = 0; j < point.length; j++) {
      if (!(upper[j]! > lower[j]!)) continue;
      signal?.throwIfAborted();
      const at = (u: number) => {
        const moved = Float64Array.from(point);
        moved[j] = u;
        return logDensity(moved);
      };
      const next = await slicedCoordinate(at, {
        from: point[j]!,
        log,
        low: lower[j]!,
        high: upper[j]!,
        width,
        rng,
      });
      point[j] = next.point;
      log = next.log;
    }
    if (pass >= burnIn) samples.push(Float64Array.from(point));
  }
  return samples;
}

interface Coordinate {
  readonly from: number;
  readonly log: number;
  readonly low: number;
  readonly high: number;
  readonly width: number;
  readonly rng: Rng;
}

/** A coordinate drawn uniformly from the slice through `from`. */
async function slicedCoordinate(
  logDensity: (u: number) => Promise<number>,
  { from, log, low, high, width, rng }: Coordinate,
): Promise<{ readonly point: number; readonly log: number }> {
  const level = log + Math.log(1 - rng.next());
  let left = from - width * rng.next();
  let right = left + width;
  let leftSteps = Math.floor(maxSteps * rng.next());
  let rightSteps = maxSteps - 1 - leftSteps;
  while (leftSteps-- > 0 && left > low && (await logDensity(left)) > level) left -= width;
  while (rightSteps-- > 0 && right < high && (await logDensity(right)) > level) right += width;
  left = Math.max(left, low);
  right = Math.min(right, high);
  for (let draw = 0; draw < maxDraws; draw++) {
    const point = left + (right - left) * rng.next();
    const here = await logDensity(point);
    if (here > level) return { point, log: here };
    if (point < from) left = point;
    else right = point;
  }
  return { point: from, log };
}
