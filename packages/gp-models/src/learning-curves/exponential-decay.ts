/**
 * The exponential-decay kernel over the resource of a training run (Swersky, Snoek, Adams 2014, "Freeze-Thaw Bayesian
 * Optimization", arXiv 1406.3896, eq. 9): a mixture of exponential decays e^(−λt), λ ~ Gamma(α, β).
 *
 * t, t′ resource as a share of the largest, in [0, 1]
 * α, β  shape and rate, positive: D(t, t′) = (β / (t + t′ + β))^α, 1 at t = t′ = 0, towards 0 for long trainings
 */
import type { DecayFamily } from './decay.ts';

/** With the hyperparameters α and β; a curve falls most in the first tenth of the training. */
export const exponentialDecay: DecayFamily = {
  priors: [
    { location: 0, standardDeviation: 0.7 },
    { location: Math.log(0.1), standardDeviation: 1 },
  ],
  at([alpha, beta]) {
    const [shape, rate] = [alpha!, beta!];
    const value = (t: number, other: number) => Math.exp(-shape * Math.log1p((t + other) / rate));
    return {
      value,
      gradient(t, other) {
        const sum = t + other;
        const decay = value(t, other);
        return [-decay * shape * Math.log1p(sum / rate), (decay * shape * sum) / (sum + rate)];
      },
    };
  },
};
