import type { Awaitable } from '@foothold/core';

/**
 * Largest difference between a gradient and central differences of `f` at `x`, relative to the largest derivative
 * (at least to |f|, so that a vanishing gradient does not divide by rounding). About 1e-9 for a right gradient of a
 * smooth float64 function; NaN where either side is.
 */
export async function gradientGap(
  f: (x: Float64Array) => Awaitable<number>,
  x: Float64Array,
  gradient: Float64Array,
): Promise<number> {
  if (gradient.length !== x.length) return Number.NaN;
  const center = await f(x);
  let size = 1e-3 * Math.abs(center);
  let gap = 0;
  for (let i = 0; i < x.length; i++) {
    const step = 1e-4 * Math.max(1e-2, Math.abs(x[i]!));
    const at = async (k: number) => {
      const moved = Float64Array.from(x);
      moved[i] = x[i]! + k * step;
      return f(moved);
    };
    // Fourth order, so that the step may be long and rounding small.
    const near = (await at(1)) - (await at(-1));
    const far = (await at(2)) - (await at(-2));
    const slope = (8 * near - far) / (12 * step);
    size = Math.max(size, Math.abs(slope), Math.abs(gradient[i]!));
    const difference = Math.abs(slope - gradient[i]!);
    if (!(difference <= gap)) gap = difference;
  }
  return gap === 0 ? 0 : gap / size;
}
