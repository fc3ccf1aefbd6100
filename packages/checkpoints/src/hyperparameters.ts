/**
 * Hyperparameters of the score model as one unconstrained vector θ, and their prior: independent normals.
 *
 * θ = [log ℓ, log ω, a, log ℓ′, d, b, t_1…t_m, n_1…n_m, then m loadings a further factor]; meanings in `score-model.ts`.
 */
import type { Smoothness } from './row-kernel.ts';

/** `rank` common factors; `separable`: the columns' own curves share the factors' lengthscale (intrinsic coregionalization). */
export interface ModelForm {
  readonly rank: number;
  readonly separable: boolean;
  readonly smoothness: Smoothness;
  /** η of the LKJ prior on the task correlations, density ∝ det(C)^(η − 1); 1 is flat. */
  readonly eta: number;
}

/** Entries of θ that all columns share. */
export const sharedLength = 6;

export function thetaLength(columns: number, form: ModelForm): number {
  return sharedLength + (form.rank + 1) * columns;
}

/** Mean and standard deviation of the prior, by entry of θ. Lengthscales are shares of the rows' span; the rest is relative to the columns' units.
 * Narrow on purpose: with two cells a column, wide priors let the mode explain scatter by loadings that columns do not have, and
 * the errors of row means were 3 to 5 of their stated standard deviations; with these, 1.0 to 1.7 (decisions, checkpoints-model). */
export function thetaPrior(
  columns: number,
  form: ModelForm,
): { readonly mean: Float64Array; readonly standardDeviation: Float64Array } {
  const n = thetaLength(columns, form);
  const mean = new Float64Array(n);
  const standardDeviation = new Float64Array(n);
  mean.set([-0.7, -1.9, -0.3, -0.7, 0.1, -0.7]);
  standardDeviation.set([0.4, 0.5, 0.5, 0.4, 0.35, 0.5]);
  standardDeviation.fill(0.3, sharedLength, sharedLength + columns);
  standardDeviation.fill(0.3, sharedLength + columns, sharedLength + 2 * columns);
  standardDeviation.fill(0.5, sharedLength + 2 * columns);
  return { mean, standardDeviation };
}

/** The prior's mean, with small alternating loadings on further factors: at exactly zero their gradient vanishes. */
export function startTheta(columns: number, form: ModelForm): Float64Array {
  const { mean } = thetaPrior(columns, form);
  for (let k = sharedLength + 2 * columns; k < mean.length; k++)
    mean[k] = 0.3 * Math.cos(2.399963 * k * (1 + Math.floor((k - sharedLength) / columns)));
  return mean;
}

/** What θ stands for: loadings m×q, variances v_j² of the columns' own curves, nuggets σ_j². */
export function amplitudesOf(
  theta: Float64Array,
  columns: number,
  form: ModelForm,
): { readonly loadings: Float64Array; readonly ownVariance: Float64Array; readonly nugget: Float64Array } {
  const q = form.rank;
  const loadings = new Float64Array(columns * q);
  const ownVariance = new Float64Array(columns);
  const nugget = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    const scale = Math.exp(theta[2]! + theta[sharedLength + j]!);
    loadings[j * q] = scale;
    for (let r = 1; r < q; r++) loadings[j * q + r] = scale * theta[sharedLength + (r + 1) * columns + j]!;
    ownVariance[j] = scale * scale * Math.exp(2 * theta[4]!);
    nugget[j] = Math.exp(2 * (theta[5]! + theta[sharedLength + columns + j]!));
  }
  return { loadings, ownVariance, nugget };
}
