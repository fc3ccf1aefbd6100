/**
 * The standardized log expected improvement and its derivative
 * (Ament et al. 2023, "Unexpected Improvements to Expected Improvement for Bayesian Optimization").
 *
 * h(z) = φ(z) + z·Φ(z), so that expected improvement is σ·h((μ − best)/σ)
 * m(x) Mills ratio, so that h(z) = φ(z)·(1 − x·m(x)) with x = −z
 * g(x) (1 + x)²·(1 − x·m(x)), fitted directly (scripts/fit.py): near 1 everywhere, so nothing cancels
 */
import { erfcx, piecewise, polynomial } from './erfc.ts';
import { gapFit, rootFit, rootHigh, rootLow } from './fits.generated.ts';
import { normalCdf, normalPdf } from './normal.ts';

const halfLogTwoPi = 0.9189385332046728;
const sqrtHalfPi = 1.2533141373155003;

/** log h(z), relative error below 1e-12 over [−1e100, 1e100], also beside its zero at z ≈ 0.9; plain h underflows below z ≈ −38. */
export function logH(z: number): number {
  if (z < 0) return -0.5 * z * z - halfLogTwoPi + Math.log(piecewise(gapFit, -z)) - 2 * Math.log1p(-z);
  const v = z - rootHigh - rootLow;
  if (Math.abs(v) <= 0.25) return v * polynomial(rootFit, 4 * v);
  return Math.log(normalPdf(z) + z * normalCdf(z));
}

/** d/dz log h(z) = Φ(z) / h(z), relative error of a few 2⁻⁵³: about −z far below zero, 1/z far above. */
export function logHGradient(z: number): number {
  if (z >= 0) {
    const cdf = normalCdf(z);
    return cdf / (normalPdf(z) + z * cdf);
  }
  const x = -z;
  const mills = sqrtHalfPi * erfcx(x * Math.SQRT1_2);
  return ((1 + x) * mills * (1 + x)) / piecewise(gapFit, x);
}
