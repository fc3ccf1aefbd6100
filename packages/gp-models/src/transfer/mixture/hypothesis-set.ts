/** What the hypotheses of many sources and of one to three have in common. */
import type { Kernel } from '@foothold/core';
import { type AutoTransferTuning, hypothesisDefaults } from '../defaults.ts';
import type { EmpiricalPrior } from '../sources/empirical-prior-of.ts';
import type { Hypothesis, MixtureModel } from './mixture-model.ts';

/** Hypotheses that depend on the sources alone. */
export type HypothesisSet = Omit<MixtureModel, 'offset' | 'scales'> & {
  /** Prior variance of f, in units of a². */
  readonly variance: number;
  /** The a of a task that varies as the sources do, in their scale: 1 where f is in that scale already. */
  readonly unit: number;
  /** Of the task's level: the mean in the sources' scale, the variance in units of a². */
  readonly offset: { readonly mean: number; readonly variance: number };
  /** True where a is known from many tasks. */
  readonly hasSharedPrior: boolean;
};

/** The hypotheses without sources: a Matérn process of each of three lengthscales, prior weight `weight` all together. */
export function nullHypotheses(
  kernel: Kernel,
  {
    weight,
    variance,
    ...common
  }: {
    readonly basis: Hypothesis['basis'];
    readonly variance: number;
    readonly noise: number;
    readonly weight: number;
  },
): Hypothesis[] {
  const { nullLengthscales } = hypothesisDefaults;
  return nullLengthscales.map((length) => ({
    ...common,
    name: `no sources, lengthscale ${length}`,
    mean: 0,
    lowRank: 0,
    residual: variance,
    kernel: kernel.withTheta(kernel.theta.map((u, k) => (k === 0 ? u : Math.log(length)))),
    logPrior: Math.log(weight / nullLengthscales.length),
  }));
}

/**
 * Prior weight of the hypotheses without sources. It grows where the sources' values do not follow from their points or the
 * sources do not correlate, and with 1 − the largest weight of a source. Tables of real tasks correlate at 0.6 to 0.8,
 * unrelated sources at 0 to 0.3.
 */
export function nullWeightOf(
  { nullPriorWeight, maxNullPriorWeight }: AutoTransferTuning,
  prior: Pick<EmpiricalPrior, 'meanR2' | 'meanTaskCorrelation' | 'maxSourceWeight'>,
): number {
  const { goodR2, taskCorrelation } = hypothesisDefaults;
  const lack = Math.max(
    1 - prior.meanR2 / goodR2,
    Math.min((taskCorrelation.good - prior.meanTaskCorrelation) / taskCorrelation.bad, 1),
  );
  return 1 - prior.maxSourceWeight * (1 - Math.max(nullPriorWeight, maxNullPriorWeight * lack));
}

/** The kernel with every lengthscale multiplied by `factor`. */
export function withLengthscaleFactor(kernel: Kernel, factor: number): Kernel {
  return kernel.withTheta(kernel.theta.map((u, k) => (k === 0 ? u : u + Math.log(factor))));
}
