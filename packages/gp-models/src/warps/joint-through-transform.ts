/**
 * Joint moments of y = g(z) for Gaussian z and a monotone g: covariances by Hermite expansions (Mehler's formula).
 *
 * z ~ N(μ, C), σᵢ² = Cᵢᵢ, ρᵢⱼ = Cᵢⱼ/(σᵢσⱼ); hₖ the normalized Hermite polynomials
 * aₖ(i) = E[g(μᵢ + σᵢξ)·hₖ(ξ)], and Cov(yᵢ, yⱼ) = Σₖ≥₁ aₖ(i)·aₖ(j)·ρᵢⱼᵏ
 *
 * With as many terms as quadrature nodes the diagonal is the quadrature's own variance, and the matrix is positive
 * semidefinite, being a sum of Schur products of such.
 */
import { type Matrix, matrix } from '@foothold/core';

export interface JointMoments {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
}

/** `nodes` and `weights`: a Gauss–Hermite rule for the standard normal; `inverse` is g. */
export function jointThroughTransform(
  { mean: mu, covariance: c }: JointMoments,
  {
    nodes,
    weights,
    inverse,
  }: {
    readonly nodes: readonly number[];
    readonly weights: readonly number[];
    readonly inverse: (z: number) => number;
  },
): JointMoments {
  const m = mu.length;
  const terms = nodes.length;
  const basis = nodes.map((node) => hermite(node, terms));
  const mean = new Float64Array(m);
  const coefficients = new Float64Array(m * terms);
  const standardDeviations = Float64Array.from({ length: m }, (_, i) =>
    Math.sqrt(Math.max(c.data[i * m + i]!, 0)),
  );
  for (let i = 0; i < m; i++) {
    nodes.forEach((node, q) => {
      const part = weights[q]! * inverse(mu[i]! + standardDeviations[i]! * node);
      for (let k = 0; k < terms; k++)
        coefficients[i * terms + k] = coefficients[i * terms + k]! + part * basis[q]![k]!;
    });
    mean[i] = coefficients[i * terms]!;
  }
  const covariance = matrix(m, m);
  for (let i = 0; i < m; i++)
    for (let j = 0; j <= i; j++) {
      const scale = standardDeviations[i]! * standardDeviations[j]!;
      const rho = i === j ? 1 : scale > 0 ? Math.min(Math.max(c.data[i * m + j]! / scale, -1), 1) : 0;
      let value = 0;
      for (let k = terms - 1; k >= 1; k--)
        value = rho * (value + coefficients[i * terms + k]! * coefficients[j * terms + k]!);
      covariance.data[i * m + j] = value;
      covariance.data[j * m + i] = value;
    }
  return { mean, covariance };
}

/** h₀ … hₙ₋₁ at u: hₖ₊₁ = (u·hₖ − √k·hₖ₋₁)/√(k + 1). */
function hermite(u: number, n: number): number[] {
  const h = [1];
  for (let k = 0; k + 1 < n; k++) h.push((u * h[k]! - Math.sqrt(k) * (h[k - 1] ?? 0)) / Math.sqrt(k + 1));
  return h;
}
