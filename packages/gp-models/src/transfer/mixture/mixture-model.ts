/** Hypotheses about a new task, and what they are after the data; the notation is that of mixture-posterior.ts. */
import type { Dataset, Kernel, LinearAlgebra, Matrix } from '@foothold/core';
import type { FeatureBasis } from '../sources/feature-basis.ts';
import type { Features } from './cached-features.ts';

export interface Hypothesis {
  readonly name: string;
  /** Index of the one source that it depends on; absent where it depends on several, or none. */
  readonly source?: number;
  /** h: 1 takes the sources' mean, 0 ignores it, below 0 takes its negative. */
  readonly mean: number;
  /** p, which may be negative where φ takes variance away, as what a source has seen does. */
  readonly lowRank: number;
  /** q. */
  readonly residual: number;
  readonly kernel: Kernel;
  readonly basis: FeatureBasis;
  readonly noise: number;
  readonly logPrior: number;
}

export interface MixtureModel {
  readonly hypotheses: readonly Hypothesis[];
  /** Values of a, ascending, and their log prior. */
  readonly scales: readonly { readonly value: number; readonly logPrior: number }[];
  readonly offset: { readonly mean: number; readonly variance: number };
  /** True where acquisitions are averaged over the hypotheses; else they see the moments of the mixture alone. */
  readonly hasComponents: boolean;
  readonly linalg: LinearAlgebra;
}

/** A hypothesis after the data. */
export interface MixtureComponent {
  readonly hypothesis: Hypothesis;
  readonly factor: Matrix;
  readonly alpha: Float64Array;
  readonly gamma: Float64Array;
  /** Posterior weight of each scale, sum over all parts and scales 1. */
  readonly weights: Float64Array;
}
export interface MixtureState {
  readonly model: MixtureModel;
  readonly data: Dataset;
  readonly observed: Features;
  readonly components: readonly MixtureComponent[];
}
