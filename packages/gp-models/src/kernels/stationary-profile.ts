/**
 * Stationary correlation as a function of squared scaled distance.
 *
 * t     r², squared scaled distance, ≥ 0
 * f(t)  correlation: Matérn-5/2 (1 + √5 r + 5r²/3) exp(−√5 r); squared exponential exp(−r²/2)
 * g(t)  −2 df/dt, so that ∂f/∂log ℓ = g·δ² and ∂f/∂a = −g·(a − b)/ℓ²
 *
 * Reference: Rasmussen and Williams 2006, "Gaussian Processes for Machine Learning", eq. 4.9 and 4.17.
 */
import type { StationaryKernel } from '@foothold/core';

const root5 = Math.sqrt(5);

export interface Profile {
  f(t: number): number;
  g(t: number): number;
}

export const profiles: Readonly<Record<StationaryKernel['family'], Profile>> = {
  matern52: {
    f(t) {
      const s = root5 * Math.sqrt(t);
      return (1 + s + (s * s) / 3) * Math.exp(-s);
    },
    g(t) {
      const s = root5 * Math.sqrt(t);
      return (5 / 3) * (1 + s) * Math.exp(-s);
    },
  },
  rbf: {
    f: (t) => Math.exp(-0.5 * t),
    g: (t) => Math.exp(-0.5 * t),
  },
};
