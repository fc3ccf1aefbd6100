/**
 * Joint moments of y = g(z) for Gaussian z and a monotone g: covariances by Hermite expansions (Mehler's formula).
 *
 * z ~ N(μ, C), σᵢ² = Cᵢᵢ, ρᵢⱼ = Cᵢⱼ/(σᵢσⱼ); hₖ the normalized Hermite polynomials
 * aₖ(i) = E[g(μᵢ + σᵢξ)·hₖ(ξ)], and Cov(yᵢ, yⱼ) = Σₖ≥₁ aₖ(i)·aₖ(j)·ρᵢⱼᵏ
 *
 * With as many terms as quadrature nodes the diagonal is the quadrature's own variance, and the matrix is positive
 * semidefinite, being a sum of Schur products of such.
 */
import { type JointBelief, type Matrix, matrix } from '@foothold/core';
import { symmetrized } from '../inference/dense.ts';

/** A Gauss–Hermite rule for the standard normal, and g with its slope. */
interface TransformRule {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
  readonly inverse: (z: number) => { readonly y: number; readonly slope: number };
}

/** What moments and their pullback have in common. */
interface Expansion {
  readonly belief: JointBelief;
  readonly rule: TransformRule;
  /** hₖ at node q. */
  readonly basis: readonly (readonly number[])[];
  /** aₖ(i), m×terms. */
  readonly coefficients: Float64Array;
  readonly standardScales: Float64Array;
  /** ρᵢⱼ of two points; 0 where one of them is certain. */
  readonly correlation: (i: number, j: number) => number;
}

/** The joint belief about y, with a gradient where that about z has one. */
export function jointThroughTransform(belief: JointBelief, rule: TransformRule): JointBelief {
  const expansion = expansionOf(belief, rule);
  const { coefficients, correlation } = expansion;
  const m = belief.mean.length;
  const terms = rule.nodes.length;
  const covariance = matrix(m, m);
  for (let i = 0; i < m; i++)
    for (let j = 0; j <= i; j++) {
      const rho = i === j ? 1 : correlation(i, j);
      let value = 0;
      for (let k = terms - 1; k >= 1; k--)
        value = rho * (value + coefficients[i * terms + k]! * coefficients[j * terms + k]!);
      covariance.data[i * m + j] = value;
      covariance.data[j * m + i] = value;
    }
  const { gradient } = belief;
  return {
    mean: Float64Array.from({ length: m }, (_, i) => coefficients[i * terms]!),
    covariance,
    ...(gradient && {
      gradient(dMean: Float64Array, dCovariance: Matrix) {
        const pulled = backpropExpansion(expansion, dMean, symmetrized(dCovariance));
        return gradient(pulled.dMean, pulled.dCovariance);
      },
    }),
  };
}

function expansionOf(belief: JointBelief, rule: TransformRule): Expansion {
  const { mean: mu, covariance: c } = belief;
  const { nodes, weights, inverse } = rule;
  const m = mu.length;
  const terms = nodes.length;
  const basis = nodes.map((node) => hermite(node, terms));
  const coefficients = new Float64Array(m * terms);
  const standardScales = Float64Array.from({ length: m }, (_, i) =>
    Math.sqrt(Math.max(c.data[i * m + i]!, 0)),
  );
  for (let i = 0; i < m; i++)
    nodes.forEach((node, q) => {
      const part = weights[q]! * inverse(mu[i]! + standardScales[i]! * node).y;
      for (let k = 0; k < terms; k++)
        coefficients[i * terms + k] = coefficients[i * terms + k]! + part * basis[q]![k]!;
    });
  const correlation = (i: number, j: number) => {
    const scale = standardScales[i]! * standardScales[j]!;
    return scale > 0 ? Math.min(Math.max(c.data[i * m + j]! / scale, -1), 1) : 0;
  };
  return { belief, rule, basis, coefficients, standardScales, correlation };
}

/** Derivatives in μ and C from those in the mean of y and, symmetrized, in its covariance. */
function backpropExpansion(
  { belief, rule, basis, coefficients, standardScales, correlation }: Expansion,
  dMean: Float64Array,
  s: Matrix,
): { readonly dMean: Float64Array; readonly dCovariance: Matrix } {
  const { nodes, weights, inverse } = rule;
  const m = belief.mean.length;
  const terms = nodes.length;
  const dCoefficients = new Float64Array(m * terms);
  const dScales = new Float64Array(m);
  const dMu = new Float64Array(m);
  const dC = matrix(m, m);
  for (let i = 0; i < m; i++) {
    dCoefficients[i * terms] = dMean[i]!;
    for (let j = 0; j < m; j++) {
      const rho = i === j ? 1 : correlation(Math.max(i, j), Math.min(i, j));
      let dRho = 0;
      for (let k = 1, power = 1; k < terms; k++, power *= rho) {
        const [at, other] = [i * terms + k, coefficients[j * terms + k]!];
        dCoefficients[at] = dCoefficients[at]! + s.data[i * m + j]! * other * power * rho;
        dRho += s.data[i * m + j]! * k * coefficients[at]! * other * power;
      }
      const scale = standardScales[i]! * standardScales[j]!;
      // At its bounds a correlation was cut off: it does not move.
      if (i === j || !(scale > 0) || Math.abs(rho) === 1) continue;
      dScales[i] = dScales[i]! - (dRho * rho) / standardScales[i]!;
      if (j < i) dC.data[i * m + j] = dRho / scale;
    }
  }
  for (let i = 0; i < m; i++) {
    nodes.forEach((node, q) => {
      const { slope } = inverse(belief.mean[i]! + standardScales[i]! * node);
      let along = 0;
      for (let k = 0; k < terms; k++) along += dCoefficients[i * terms + k]! * basis[q]![k]!;
      dMu[i] = dMu[i]! + weights[q]! * slope * along;
      dScales[i] = dScales[i]! + weights[q]! * slope * along * node;
    });
    // σ → 0: as in the marginals, 0 serves there.
    if (standardScales[i]! > 1e-12) dC.data[i * m + i] = dScales[i]! / (2 * standardScales[i]!);
  }
  return { dMean: dMu, dCovariance: dC };
}

/** h₀ … hₙ₋₁ at u: hₖ₊₁ = (u·hₖ − √k·hₖ₋₁)/√(k + 1). */
function hermite(u: number, n: number): number[] {
  const h = [1];
  for (let k = 0; k + 1 < n; k++) h.push((u * h[k]! - Math.sqrt(k) * (h[k - 1] ?? 0)) / Math.sqrt(k + 1));
  return h;
}
