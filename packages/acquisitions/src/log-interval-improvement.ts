/**
 * What a normal belief is expected to add to a length between two edges: one factor of an expected hypervolume improvement
 * (Emmerich, Giannakoglou, Naujoks 2006, "Single- and Multiobjective Evolutionary Optimization Assisted by Gaussian Random Field
 * Metamodels"; in log scale as Ament et al. 2023, "Unexpected Improvements to Expected Improvement for Bayesian Optimization").
 *
 * Y      N(μ, σ²); the edges are l < u
 * z_l    (μ − l)/σ, z_u = (μ − u)/σ < z_l; −∞ for u = ∞
 * h      φ(z) + z·Φ(z); E[min(Y, u) − l]₊ = σ·G with G = h(z_l) − h(z_u), the integral of Φ from z_u to z_l
 */
import { erfcx, log1mexp, logH, logHGradient, logNormalCdf, normalCdf, normalPdf } from '@foothold/numerics';

/** h at one edge. */
export interface Edge {
  /** z, within ±1e100; −∞ for an edge at ∞. */
  readonly z: number;
  /** log h(z). */
  readonly logH: number;
  /** d/dz log h(z). */
  readonly slope: number;
}

/** An edge at ∞. */
export const infiniteEdge: Edge = { z: -Infinity, logH: -Infinity, slope: 0 };

/** The edge at this standardized distance. */
export function edgeAt(distance: number): Edge {
  const z = Math.min(Math.max(distance, -1e100), 1e100);
  return { z, logH: logH(z), slope: logHGradient(z) };
}

/** log G, and its derivatives ∂/∂μ and ∂/∂σ of log(σ·G), each times σ. */
export interface IntervalImprovement {
  readonly value: number;
  readonly byMean: number;
  readonly byStandardStandardDeviation: number;
}

/** Above this z, Φ is 1 to all digits. */
const certain = 9;
/** Where (z_l − z_u)·max(1, |z_l|) is smaller, the integral is that of the middle to 8 digits, and the difference of two h loses more. */
const thin = 1e-4;
const sqrtHalfPi = 1.2533141373155003;

/** log G of two edges, relative error below 1e-8, without underflow (tested from z = −1e5 on). */
export function intervalImprovement(lower: Edge, upper: Edge): IntervalImprovement {
  if (upper.z === -Infinity)
    return { value: lower.logH, byMean: lower.slope, byStandardStandardDeviation: 1 - lower.z * lower.slope };
  const width = lower.z - upper.z;
  if (upper.z > certain) return { value: Math.log(width), byMean: 0, byStandardStandardDeviation: 0 };
  if (width * Math.max(1, Math.abs(lower.z)) < thin) {
    const middle = upper.z + width / 2;
    const slope = logCdfSlope(middle);
    return {
      value: Math.log(width) + logNormalCdf(middle),
      byMean: slope,
      byStandardStandardDeviation: -middle * slope,
    };
  }
  // Rounding may put two edges far below on the same log h.
  const ratio = Math.min(upper.logH - lower.logH, -Number.EPSILON);
  const rest = -Math.expm1(ratio);
  const atLower = lower.slope / rest;
  const atUpper = (upper.slope * Math.exp(ratio)) / rest;
  return {
    value: lower.logH + log1mexp(ratio),
    byMean: atLower - atUpper,
    byStandardStandardDeviation: 1 - lower.z * atLower + upper.z * atUpper,
  };
}

/** d/dz log Φ(z). */
function logCdfSlope(z: number): number {
  return z < 0 ? 1 / (sqrtHalfPi * erfcx(-z * Math.SQRT1_2)) : normalPdf(z) / normalCdf(z);
}
