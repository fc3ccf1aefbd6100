/**
 * Expected gain of the best of several correlated means from one normal observation (Frazier, Powell, Dayanik 2009, "The
 * Knowledge-Gradient Policy for Correlated Normal Beliefs", INFORMS J. Comput. 21, sec. 3).
 *
 * μ_i  mean of line i now;  s_i  its move per standard deviation of the observation, so that it becomes μ_i + s_i·Z
 */
import { normalCdf, normalPdf } from './normal.ts';

/** E max_i(μ_i + s_i·Z) − max_i μ_i ≥ 0, exactly, by the upper envelope of the lines; O(n log n). */
export function knowledgeGradient(mean: ArrayLike<number>, slope: ArrayLike<number>): number {
  return gainOf(envelopeOf(mean, slope), slope);
}

/** `knowledgeGradient` with its derivatives in μ and s, n each; of a tie for the largest mean those of one side. */
export function knowledgeGradientDerivatives(
  mean: ArrayLike<number>,
  slope: ArrayLike<number>,
): { readonly value: number; readonly dMean: Float64Array; readonly dSlope: Float64Array } {
  const envelope = envelopeOf(mean, slope);
  const { hull, from } = envelope;
  const dMean = new Float64Array(mean.length);
  const dSlope = new Float64Array(mean.length);
  for (let k = 1; k < hull.length; k++) {
    const [before, after, z] = [hull[k - 1]!, hull[k]!, from[k]!];
    // Of (s_after − s_before)·E(Z − |z|)₊, with z = (μ_before − μ_after)/(s_after − s_before).
    const tail = z < 0 ? -normalCdf(z) : normalCdf(-z);
    const density = normalPdf(z);
    dMean[after]! += tail;
    dMean[before]! -= tail;
    dSlope[after]! += density;
    dSlope[before]! -= density;
  }
  return { value: gainOf(envelope, slope), dMean, dSlope };
}

/** The lines that are the largest somewhere, by slope, and where each takes over from the one before: hull[k] at Z = from[k]. */
interface Envelope {
  readonly hull: readonly number[];
  readonly from: readonly number[];
}

function gainOf({ hull, from }: Envelope, slope: ArrayLike<number>): number {
  let gain = 0;
  for (let k = 1; k < hull.length; k++)
    gain += (slope[hull[k]!]! - slope[hull[k - 1]!]!) * expectedExcess(Math.abs(from[k]!));
  return gain;
}

function envelopeOf(mean: ArrayLike<number>, slope: ArrayLike<number>): Envelope {
  let best = 0;
  for (let i = 1; i < mean.length; i++) if (mean[i]! > mean[best]!) best = i;
  const kept: number[] = [best];
  for (let i = 0; i < mean.length; i++) {
    // A line that would meet the best one beyond 9 standard deviations adds less than 1e-19 of its slope.
    if (i !== best && mean[best]! - mean[i]! < 9 * Math.abs(slope[i]! - slope[best]!)) kept.push(i);
  }
  kept.sort((a, b) => slope[a]! - slope[b]! || mean[a]! - mean[b]!);
  const hull: number[] = [];
  const from: number[] = [];
  for (const i of kept) {
    let start = Number.NEGATIVE_INFINITY;
    while (hull.length > 0) {
      const top = hull[hull.length - 1]!;
      const rise = slope[i]! - slope[top]!;
      start = rise > 0 ? (mean[top]! - mean[i]!) / rise : Number.NEGATIVE_INFINITY;
      if (rise > 0 && start > from[from.length - 1]!) break;
      hull.pop();
      from.pop();
    }
    from.push(hull.length === 0 ? Number.NEGATIVE_INFINITY : start);
    hull.push(i);
  }
  return { hull, from };
}

/** E(Z − z)₊ = φ(z) − z·(1 − Φ(z)) for z ≥ 0; relative error below 1e-9 up to z = 9. */
export function expectedExcess(z: number): number {
  const phi = 0.3989422804014327 * Math.exp(-0.5 * z * z);
  // Above 2.5 the difference cancels, but with Mills' ratio r as a continued fraction, 1 − z·r = t·r with t its first tail.
  if (z > 2.5) {
    let tail = z;
    for (let k = 40; k >= 2; k--) tail = z + k / tail;
    return phi / (1 + z * tail);
  }
  // Φ(z) = ½ + φ(z)·Σ z^(2k+1)/(2k+1)!!
  let term = z;
  let sum = z;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return phi - z * (0.5 - phi * sum);
}
