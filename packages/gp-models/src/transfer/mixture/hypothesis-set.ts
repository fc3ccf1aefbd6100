/** What the hypotheses of many sources and of one to three have in common. */
import type { Kernel } from '@foothold/core';
import type { Hypothesis, MixtureModel } from './mixture-model.ts';

/** Hypotheses that depend on the sources alone. */
export type HypothesisSet = Omit<MixtureModel, 'offset' | 'scales'> & {
  /** Prior variance of f, in units of a². */
  readonly variance: number;
  /** The a of a task that varies as the sources do, in their scale: 1 where f is in that scale already. */
  readonly unit: number;
  /** Of the task's level: the mean in the sources' scale, the variance in units of a². */
  readonly offset: { readonly mean: number; readonly variance: number };
  /** Variance of the level where the new task has other units, in units of a². */
  readonly levelVariance: number;
  /** Prior weight in [0, 1) of the hypotheses without sources, if each source counted whole. */
  readonly nullPriorWeight: number;
};

/** The hypotheses without sources: a Matérn process of each lengthscale, prior weight `weight` all together. */
export function nullHypotheses(
  kernel: Kernel,
  {
    lengthscales,
    weight,
    variance,
    ...common
  }: {
    /** In widths of the unit cube. */
    readonly lengthscales: readonly number[];
    readonly basis: Hypothesis['basis'];
    readonly variance: number;
    readonly noise: number;
    readonly weight: number;
  },
): Hypothesis[] {
  return lengthscales.map((length) => ({
    ...common,
    name: `no sources, lengthscale ${Number(length.toPrecision(2))}`,
    mean: 0,
    lowRank: 0,
    residual: variance,
    kernel: kernel.withTheta(kernel.theta.map((u, k) => (k === 0 ? u : Math.log(length)))),
    logPrior: Math.log(weight / lengthscales.length),
  }));
}
