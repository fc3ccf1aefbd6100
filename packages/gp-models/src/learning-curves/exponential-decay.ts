/**
 * The exponential-decay kernel over the resource of a training run (Swersky, Snoek, Adams 2014, "Freeze-Thaw Bayesian
 * Optimization", arXiv 1406.3896, eq. 9): a mixture of exponential decays e^(−λt), λ ~ Gamma(α, β).
 *
 * t, t′ resource as a share of the largest, in [0, 1]
 * α, β  shape and rate, positive: D(t, t′) = (β / (t + t′ + β))^α, 1 at t = t′ = 0, towards 0 for long trainings
 */

export interface ExponentialDecay {
  readonly shape: number;
  readonly rate: number;
}

/** D(t, t′), from the sum t + t′. */
export function exponentialDecay({ shape, rate }: ExponentialDecay, sum: number): number {
  return Math.exp(-shape * Math.log1p(sum / rate));
}

/** ∂D/∂log α and ∂D/∂log β, from D and the sum t + t′. */
export function exponentialDecayGradient(
  { shape, rate }: ExponentialDecay,
  sum: number,
  decay: number,
): { readonly dLogShape: number; readonly dLogRate: number } {
  return {
    dLogShape: -decay * shape * Math.log1p(sum / rate),
    dLogRate: (decay * shape * sum) / (sum + rate),
  };
}
