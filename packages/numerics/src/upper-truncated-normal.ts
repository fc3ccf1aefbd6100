/**
 * A standard normal variable Z that is known to lie below γ (Johnson, Kotz, Balakrishnan 1994, "Continuous Univariate
 * Distributions" 1, §10.1).
 *
 * r(γ) φ(γ)/Φ(γ), so that E[Z | Z ≤ γ] = −r
 * δ(γ) γ + r, from 0
 * V(γ) variance of Z given Z ≤ γ, 1 − r·δ
 * m(x) Mills ratio, so that r(−x) = 1/m(x)
 * G(x) 1 − x·m(x), fitted directly (scripts/fit.py), so that δ = G/m does not cancel
 */
import { erfcx, piecewise } from './erfc.ts';
import { gapFit } from './fits.generated.ts';
import { normalCdf, normalPdf } from './normal.ts';

const halfLogTwoPi = 0.9189385332046728;
const sqrtHalfPi = 1.2533141373155003;

/** V and V − δ² as series in 1/x² at γ = −x, from the series of m; relative errors below 1e-12 from x = 20 on. */
const varianceSeries = [0, 1, -6, 50, -518, 6354, -89782, 1435330, -25625910, 505785122, -10944711398];
const slopeSeries = [0, 0, -2, 26, -330, 4546, -69154, 1162266, -21499754, 435532802, -9611594946];
const seriesFrom = 20;

/** What the truncation leaves of the variance, and takes from it. */
export interface UpperTruncatedNormal {
  /** V, in (0, 1). */
  readonly variance: number;
  /** 1 − V, without cancellation where it is small. */
  readonly reduction: number;
  /** dV/dγ, from 0. */
  readonly slope: number;
}

/** Variance of a standard normal variable below `bound`, and its derivative; relative errors below 1e-10. */
export function upperTruncatedNormal(bound: number): UpperTruncatedNormal {
  const { r, delta, variance, gap } = partsOf(bound);
  return { variance, reduction: r * delta, slope: -r * gap };
}

/**
 * log of the entropy, in nats, that a standard normal variable loses when it is known to lie below `bound`: log(γ·r/2 − log Φ(γ)),
 * with its derivative; relative error of the entropy below 1e-12 for bounds within ±1e150.
 */
export function logTruncationEntropy(bound: number): { readonly value: number; readonly slope: number } {
  const { r, delta, variance, mills } = partsOf(bound);
  // d/dγ (γ·r/2 − log Φ) = −r·(V + δ²)/2, since dr/dγ = −r·δ.
  const fall = 0.5 * (variance + delta * delta);
  if (bound < 0) {
    const entropy = halfLogTwoPi - Math.log(mills) + 0.5 * bound * delta;
    return { value: Math.log(entropy), slope: (-r * fall) / entropy };
  }
  const below = normalCdf(bound);
  const above = normalCdf(-bound);
  // In units of φ(γ), which underflows: −log Φ is the upper tail, with the square of the tail half as much again.
  const tail = above > 1e-9 ? -Math.log1p(-above) / above : 1 + 0.5 * above;
  const inUnits = bound / (2 * below) + tail * mills;
  return {
    value: -0.5 * bound * bound - halfLogTwoPi + Math.log(inUnits),
    slope: -fall / (below * inUnits),
  };
}

/** r, δ, V, V − δ², and m(|γ|). */
function partsOf(bound: number) {
  const x = Math.abs(bound);
  const mills = x < 1e8 ? sqrtHalfPi * erfcx(x * Math.SQRT1_2) : 1 / x;
  const isBelow = bound < 0;
  const r = isBelow ? 1 / mills : normalPdf(bound) / normalCdf(bound);
  const delta = isBelow ? (r * piecewise(gapFit, x)) / (1 + x) ** 2 : bound + r;
  if (isBelow && x >= seriesFrom) {
    const t = 1 / (x * x);
    return { r, delta, mills, variance: series(varianceSeries, t), gap: series(slopeSeries, t) };
  }
  const variance = 1 - r * delta;
  return { r, delta, variance, mills, gap: variance - delta * delta };
}

function series(coefficients: readonly number[], t: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * t + coefficients[k]!;
  return sum;
}
