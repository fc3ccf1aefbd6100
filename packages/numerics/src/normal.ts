/**
 * The standard normal distribution.
 *
 * φ(z) density, Φ(z) distribution function; m(x) = (1 − Φ(x)) / φ(x) is the Mills ratio, √(π/2)·erfcx(x/√2).
 */
import type { Rng } from '@foothold/core';
import { erfc, erfcx, erfSmall, expSquare } from './erfc.ts';

const sqrtHalf = Math.SQRT1_2;
const inverseSqrtTwoPi = 0.3989422804014327;
const sqrtTwoPi = 2.5066282746310002;

/** φ(z) = exp(−z²/2) / √(2π), relative error of a few 2⁻⁵³ down to the denormals. */
export function normalPdf(z: number): number {
  return Math.abs(z) > 40 ? 0 : inverseSqrtTwoPi * expSquare(z, -1, 0.5);
}

/** Φ(z), relative error of a few 2⁻⁵³ over the whole range; 0 below z ≈ −38.5. */
export function normalCdf(z: number): number {
  if (z < -40) return 0;
  if (z < -0.7) return 0.5 * expSquare(z, -1, 0.5) * erfcx(-z * sqrtHalf);
  return 0.5 * erfc(-z * sqrtHalf);
}

/** log Φ(z), relative error of a few 2⁻⁵³ for every z: about −z²/2 far below zero, −φ(z)/z far above. */
export function logNormalCdf(z: number): number {
  if (z < -1) return -0.5 * z * z + Math.log(0.5 * erfcx(-z * sqrtHalf));
  if (z < 0) return Math.log(normalCdf(z));
  return Math.log1p(-normalCdf(-z));
}

/**
 * Φ⁻¹(p): the z with Φ(z) = p, to a few ulps, down to denormal p; −∞ at 0, ∞ at 1, NaN outside [0, 1].
 *
 * Halley's iteration on Φ(z) − ½ in the middle and on log Φ(z) in the tail.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p > 0.5) return -lowerQuantile(1 - p, p - 0.5);
  return lowerQuantile(p, 0.5 - p);
}

/** Φ⁻¹(p) for 0 < p ≤ ½; `half` is ½ − p, which the caller can tell without cancellation. */
function lowerQuantile(p: number, half: number): number {
  if (half < 0.25) return centralQuantile(half);
  const target = Math.log(p);
  // Φ(−x) ≈ φ(x)/x inverted once gives two digits.
  const r = Math.sqrt(-2 * target);
  let z = r > 2.2 ? -r + Math.log(r * sqrtTwoPi) / r : -(r - 0.5);
  for (let i = 0; i < 8; i++) {
    const gap = logNormalCdf(z) - target;
    const slope = 1 / (Math.sqrt(Math.PI / 2) * erfcx(-z * sqrtHalf));
    const step = gap / slope;
    // (log Φ)'' / (log Φ)' = −(z + slope).
    z -= step / (1 + 0.5 * step * (z + slope));
    if (Math.abs(step) < 1e-9 * Math.abs(z)) break;
  }
  return z;
}

/** Φ⁻¹(½ − half) for half < ¼. */
function centralQuantile(half: number): number {
  let z = half * sqrtTwoPi;
  for (let i = 0; i < 6; i++) {
    const gap = z * sqrtHalf <= 0.5 ? 0.5 * erfSmall(z * sqrtHalf) - half : 0.5 - normalCdf(-z) - half;
    const step = gap / normalPdf(z);
    z -= step / (1 + 0.5 * step * z);
    if (Math.abs(step) <= 1e-9 * z) break;
  }
  return half === 0 ? 0 : -z;
}

/** One draw from N(0, 1), by the inverse of Φ: one uniform number each, so that streams stay aligned. */
export function standardNormal(rng: Rng): number {
  // The uniform number may be 0; half a step more keeps it inside (0, 1).
  return normalQuantile(Math.min(rng.next() + 2 ** -54, 1 - 2 ** -53));
}
