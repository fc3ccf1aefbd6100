/**
 * The next step of a line search, from the samples so far (Nocedal & Wright 2006, "Numerical Optimization", §3.5).
 *
 * a, f, d   step, value there, slope there
 */

export interface Sample {
  readonly a: number;
  readonly f: number;
  readonly d: number;
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
