import { InvalidArgumentError, ShapeError } from '@foothold/core';
import type { Bounds } from './stepper.ts';

/** The start inside the bounds, copied, and the bounds, n each. Throws ShapeError, and InvalidArgumentError for bounds that cross. */
export function clippedStart(problem: { readonly start: Float64Array } & Bounds) {
  const { start } = problem;
  const n = start.length;
  const lower = problem.lower ?? new Float64Array(n).fill(-Infinity);
  const upper = problem.upper ?? new Float64Array(n).fill(Infinity);
  if (lower.length !== n || upper.length !== n)
    throw new ShapeError(`start has ${n} numbers, lower ${lower.length}, upper ${upper.length}`);
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (!(lower[i]! <= upper[i]!))
      throw new InvalidArgumentError(`lower[${i}]`, lower[i], `at most upper[${i}], ${upper[i]}`);
    x[i] = Math.min(Math.max(start[i]!, lower[i]!), upper[i]!);
  }
  return { x, lower, upper };
}
