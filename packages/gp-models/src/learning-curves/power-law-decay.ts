/**
 * A covariance of power laws over the resource of a training run: a mixture of (1 + t/τ)^(−γ), γ ~ Gamma(α, β).
 *
 * t, t′ resource as a share of the largest, in [0, 1]
 * u     ln(1 + t/τ), so that (1 + t/τ)^(−γ) = e^(−γu)
 * α, β  shape and rate of the exponent, τ the resource from which on the power law shows, all positive
 *
 * D(t, t′) = ∫ (1 + t/τ)^(−γ) (1 + t′/τ)^(−γ) Gamma(γ | α, β) dγ = (β / (u + u′ + β))^α
 *
 * It is positive definite as a sum, with weights that are not negative, of products g(t)·g(t′). It is the kernel of Swersky, Snoek, Adams
 * (2014, arXiv 1406.3896, eq. 9) in u instead of t: that one mixes e^(−λt) in the same way.
 */
import type { DecayFamily } from './decay.ts';

/** With the hyperparameters α, β and τ; the error falls about as 1/t from a fiftieth of the training on. */
export const powerLawDecay: DecayFamily = {
  priors: [
    { location: 0, standardDeviation: 0.7 },
    { location: 0, standardDeviation: 1 },
    { location: Math.log(0.02), standardDeviation: 1 },
  ],
  at([alpha, beta, tau]) {
    const [shape, rate, offset] = [alpha!, beta!, tau!];
    const sumOf = (t: number, other: number) => Math.log1p(t / offset) + Math.log1p(other / offset);
    const value = (t: number, other: number) => Math.exp(-shape * Math.log1p(sumOf(t, other) / rate));
    return {
      value,
      gradient(t, other) {
        const sum = sumOf(t, other);
        const decay = value(t, other);
        const slope = (decay * shape) / (sum + rate);
        return [
          -decay * shape * Math.log1p(sum / rate),
          slope * sum,
          slope * (t / (t + offset) + other / (other + offset)),
        ];
      },
    };
  },
};
