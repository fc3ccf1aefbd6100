/**
 * The first distribution from evaluations of before (Nomura et al. 2021, "Warm Starting CMA-ES for Hyperparameter
 * Optimization", §4).
 *
 * γ   share of the earlier points that is promising
 * α   standard deviation of a Gaussian around each of them, in the unit cube
 * Σ   α²I + covariance of the promising points; then σ = det(Σ)^(1/2d) and C = Σ/σ²
 */
import type { Start } from './distribution.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

const promisingShare = 0.1;
const around = 0.1;

/** From points, best first, one at least. */
export function warmStartOf(points: readonly Float64Array[], population: number): Start {
  const best = points.slice(0, Math.max(1, Math.ceil(promisingShare * points.length)));
  const n = best.length;
  const d = best[0]!.length;
  const mean = Float64Array.from({ length: d }, (_, j) => best.reduce((sum, p) => sum + p[j]! / n, 0));
  const c = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++) {
      for (const p of best) c[i * d + j]! += ((p[i]! - mean[i]!) * (p[j]! - mean[j]!)) / n;
      if (i === j) c[i * d + j]! += around * around;
    }
  const { values } = symmetricEigen(c, d);
  const sigma = Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / (2 * d));
  return { mean, sigma, population, c: c.map((v) => v / (sigma * sigma)) };
}
