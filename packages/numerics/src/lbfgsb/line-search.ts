/**
 * A step along a descent direction that meets the strong Wolfe conditions, by bracketing and safeguarded cubic
 * interpolation (Nocedal & Wright 2006, "Numerical Optimization", algorithms 3.5 and 3.6). Values that are not finite
 * count as too high. Near a minimum, where values differ by rounding only, the approximate Wolfe conditions decide
 * (Hager & Zhang 2005, eq. 1.7).
 *
 * a, f, d   step, value there, slope there
 */

import { extrapolated, interpolated, type Sample } from './step-lengths.ts';

const decrease = 1e-3;
const curvature = 0.9;
const maxSteps = 20;

/** Asks for steps by `yield`, is given the sample there, returns the accepted one, or undefined when no step descends. */
export function* lineSearch(
  start: Sample,
  first: number,
  longest: number,
): Generator<number, Sample | undefined, Sample> {
  const noise = 1e-15 * Math.abs(start.f);
  const enough = (s: Sample) => s.f <= start.f + decrease * s.a * start.d;
  const accepted = (s: Sample) =>
    (enough(s) && Math.abs(s.d) <= -curvature * start.d) ||
    (s.f <= start.f + noise && s.d >= curvature * start.d && s.d <= (2 * decrease - 1) * start.d);

  let low = start;
  let high: Sample | undefined;
  let a = Math.min(first, longest);
  for (let i = 0; i < maxSteps; i++) {
    const s = yield a;
    if (accepted(s)) return s;
    if (!Number.isFinite(s.f)) high = { a: s.a, f: Infinity, d: Number.NaN };
    else if (!enough(s) || s.f >= low.f) high = s;
    else {
      if (high ? s.d * (high.a - s.a) >= 0 : s.d >= 0) high = low;
      low = s;
    }
    if (!high) {
      if (low.a >= longest) return low;
      a = Math.min(longest, extrapolated(start, low));
    } else {
      const width = Math.abs(high.a - low.a);
      if (width <= 1e-12 * Math.max(high.a, low.a)) break;
      a = interpolated(low, high);
    }
  }
  // What fell enough is a step even where its slope is still steep.
  return low.a > 0 ? low : undefined;
}
