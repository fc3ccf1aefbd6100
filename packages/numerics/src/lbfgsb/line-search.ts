/**
 * A step along a descent direction that meets the strong Wolfe conditions, by bracketing and safeguarded cubic
 * interpolation (Nocedal & Wright 2006, "Numerical Optimization", algorithms 3.5 and 3.6). Values that are not finite
 * count as too high. Near a minimum, where values differ by rounding only, the approximate Wolfe conditions decide
 * (Hager & Zhang 2005, eq. 1.7).
 *
 * a, f, d   step, value there, slope there
 */

export interface Sample {
  readonly a: number;
  readonly f: number;
  readonly d: number;
}

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

/** Beyond the longest step so far: the minimum of the parabola through both slopes, between 2 and 10 times the step. */
export function extrapolated(start: Sample, s: Sample): number {
  const secondDerivative = (s.d - start.d) / s.a;
  const minimum = secondDerivative > 0 ? -start.d / secondDerivative : Infinity;
  return Math.min(Math.max(minimum, 2 * s.a), 10 * s.a);
}

/** Between two samples, kept a tenth of the width away from both: the minimum of the cubic through values and slopes. */
export function interpolated(low: Sample, high: Sample): number {
  const width = high.a - low.a;
  if (!Number.isFinite(high.f)) return low.a + 0.2 * width;
  const theta = (3 * (low.f - high.f)) / width + low.d + high.d;
  const root = Math.sqrt(Math.max(0, theta * theta - low.d * high.d)) * Math.sign(width);
  const share = (root - low.d + theta) / (2 * root - low.d + high.d);
  const inside = Number.isFinite(share) ? Math.min(Math.max(share, 0.1), 0.9) : 0.5;
  return low.a + inside * width;
}
