/** The hypotheses that autoTransfer weighs, from many sources' common prior or from few sources one by one. */
import type { Kernel, LinearAlgebra } from '@foothold/core';
import { maxCorrelatedTasks, type PreparedSources } from '../sources/prepare-sources.ts';
import { bestAndEvenRows, type SharedBasis } from '../sources/shared-basis.ts';
import { taskBasis } from '../sources/task-basis.ts';
import type { Hypothesis, MixtureModel } from './mixture-marginals.ts';

/** Numbers of the method, the same for every problem. */
export interface AutoTransferTuning {
  /** Shares of the covariance that the sources' differences take. */
  readonly sourceCovarianceFractions: readonly number[];
  /** Lengthscales of the rest, as multiples of the sources' own; of few sources, whose own are fitted to few rows. */
  readonly lengthscaleMultipliers: readonly number[];
  readonly correlatedTaskLengthscaleMultipliers: readonly number[];
  /** Correlations with a single source. */
  readonly taskCorrelations: readonly number[];
  /** Of the weight of the hypotheses with many sources, the part where each source's differences are of one size; 0 to 1. */
  readonly equalVarianceWeight: number;
  /** Prior weight of the hypotheses without sources, and how far sources that foretell neither themselves nor each other raise it. */
  readonly nullPriorWeight: number;
  readonly maxNullPriorWeight: number;
  /** Prior weight of the hypotheses that turn the sources round; of few sources. */
  readonly negativeCorrelationWeight: number;
  readonly correlatedTaskNegativeWeight: number;
  readonly noiseRatio: number;
  /** Power of the evidence with many sources, whose common prior is wrong in many small ways, and with few. */
  readonly likelihoodTemper: number;
  readonly correlatedTaskLikelihoodTemper: number;
  /** From so many rows on the plain model takes turns. */
  readonly alternateFrom: number;
}

export const autoTransferDefaults: AutoTransferTuning = {
  sourceCovarianceFractions: [0, 0.5, 0.8, 0.95],
  lengthscaleMultipliers: [0.5, 1, 2],
  correlatedTaskLengthscaleMultipliers: [1, 2, 4],
  taskCorrelations: [0.3, 0.6, 0.9, 0.98],
  equalVarianceWeight: 0.5,
  nullPriorWeight: 0.1,
  maxNullPriorWeight: 0.5,
  negativeCorrelationWeight: 0,
  correlatedTaskNegativeWeight: 0.05,
  noiseRatio: 1e-3,
  likelihoodTemper: 0.5,
  correlatedTaskLikelihoodTemper: 1,
  alternateFrom: 10,
};

/** Rows of them that take part, all together. */
const maxCorrelatedTaskRows = 240;

export type HypothesisSet = Omit<MixtureModel, 'offset' | 'scales'> & {
  /** Variance of f a priori, in units of a². */
  readonly variance: number;
  /** The a of a task that varies as the sources do, in their scale: 1 where f is in that scale already. */
  readonly unit: number;
  /** Of the task's level: the mean in the sources' scale, the variance in units of a². */
  readonly offset: { readonly mean: number; readonly variance: number };
  /** True where a is known from many tasks. */
  readonly hasSharedPrior: boolean;
};

/** What depends on the sources alone: made once. */
export function hypothesesOf(
  prior: PreparedSources,
  tuning: AutoTransferTuning,
  linalg: LinearAlgebra,
): Promise<HypothesisSet> {
  return prior.datasets.length > maxCorrelatedTasks
    ? Promise.resolve(sharedPriorHypotheses(prior, tuning, linalg))
    : correlatedTaskHypotheses(prior, tuning, linalg);
}

function sharedPriorHypotheses(
  {
    basis,
    rescaledBasis: even,
    shared,
    meanR2: explained,
    meanTaskCorrelation: agreement,
    maxSourceWeight: ofSources,
  }: PreparedSources,
  tuning: AutoTransferTuning,
  linalg: LinearAlgebra,
): HypothesisSet {
  const v = varianceOf(basis);
  const total = v + basis.meanSquare;
  const {
    sourceCovarianceFractions: shares,
    lengthscaleMultipliers: stretches,
    negativeCorrelationWeight: reversal,
    noiseRatio: noise,
    likelihoodTemper: trust,
    equalVarianceWeight: evened,
  } = tuning;
  const doubt = nullWeightOf(tuning, {
    meanR2: explained,
    meanTaskCorrelation: agreement,
    maxSourceWeight: ofSources,
  });
  const kernels = stretches.map((stretch) => withLengthscaleFactor(shared.kernel, stretch));
  const bases =
    even && evened > 0
      ? [
          { said: '', basis, v, part: 1 - evened },
          { said: 'evened ', basis: even, v: varianceOf(even), part: evened },
        ]
      : [{ said: '', basis, v, part: 1 }];
  const informed = (mean: 1 | -1, weight: number) =>
    bases.flatMap(({ said, basis: own, v: square, part }) =>
      shares.flatMap((share) =>
        kernels.map(
          (kernel, k): Hypothesis => ({
            name: `${mean === 1 ? '' : 'reversed '}${said}sources ${share}, smooth ${stretches[k]}`,
            mean,
            lowRank: share,
            residual: (1 - share) * square,
            kernel,
            basis: own,
            noise: noise * square,
            logPrior: Math.log((part * weight) / (shares.length * stretches.length)),
          }),
        ),
      ),
    );
  const without = nullHypotheses(shared.kernel, {
    basis,
    variance: total,
    noise: noise * total,
    weight: doubt,
  });
  return {
    hypotheses: [
      ...informed(1, 1 - doubt - reversal),
      ...(reversal > 0 ? informed(-1, reversal) : []),
      ...without,
    ],
    likelihoodTemper: trust,
    linalg,
    variance: total,
    unit: 1,
    hasSharedPrior: true,
    offset: { mean: basis.offset.mean, variance: 4 * basis.offset.variance + v },
  };
}

/** Of f about the prior mean; never 0. */
function varianceOf({ variance, meanSquare }: SharedBasis): number {
  return variance + 1e-6 * meanSquare + 1e-12;
}

async function correlatedTaskHypotheses(
  prior: PreparedSources,
  tuning: AutoTransferTuning,
  linalg: LinearAlgebra,
): Promise<HypothesisSet> {
  const {
    correlatedTaskLengthscaleMultipliers: stretches,
    taskCorrelations: correlations,
    correlatedTaskNegativeWeight: reversal,
    correlatedTaskLikelihoodTemper: trust,
  } = tuning;
  const doubt = nullWeightOf(tuning, { ...prior, meanTaskCorrelation: 1 });
  const weights = prior.weights ?? prior.names.map(() => 1);
  const whole = weights.reduce((a, b) => a + b, 0);
  const { noise } = prior.shared;
  const hypotheses: Hypothesis[] = [];
  const datasets = prior.datasets.map((dataset) =>
    bestAndEvenRows(dataset, Math.ceil(maxCorrelatedTaskRows / prior.datasets.length)),
  );
  const moments = datasets.map(({ y }) => {
    const mean = y.reduce((a, b) => a + b, 0) / y.length;
    const variance = y.reduce((a, b) => a + (b - mean) ** 2, 0) / y.length;
    return { mean, variance: variance > 1e-24 * (mean * mean + 1) ? variance : 1 };
  });
  const count = moments.length;
  const mean = moments.reduce((a, m) => a + m.mean, 0) / count;
  const variance = moments.reduce((a, m) => a + m.variance, 0) / count;
  for (const stretch of stretches) {
    const kernel = withLengthscaleFactor(prior.shared.kernel, stretch);
    for (const [j, { x, y }] of datasets.entries()) {
      const { mean: middle, variance: square } = moments[j]!;
      const z = y.map((v) => (v - middle) / Math.sqrt(square));
      const basis = await taskBasis({ x, y: z }, { kernel, noise, linalg });
      const sharePerSource = weights[j]! / (whole * stretches.length);
      const add = (name: string, rho: number, weight: number) =>
        hypotheses.push({
          name: `${name}, smooth ${stretch}`,
          source: j,
          mean: rho,
          lowRank: -rho * rho,
          residual: 1,
          kernel,
          basis,
          noise,
          logPrior: Math.log(weight * sharePerSource),
        });
      for (const rho of correlations) {
        add(`${prior.names[j]} at ${rho}`, rho, (1 - doubt - reversal) / correlations.length);
      }
      if (reversal > 0) add(`reversed ${prior.names[j]}`, -0.8, reversal);
    }
  }
  const { basis } = hypotheses[0]!;
  hypotheses.push(...nullHypotheses(prior.shared.kernel, { basis, variance: 1, noise, weight: doubt }));
  // f is in deviations of the source, and the level is as uncertain as one of them.
  const unit = Math.sqrt(variance);
  return {
    hypotheses,
    likelihoodTemper: trust,
    linalg,
    variance: 1,
    unit,
    hasSharedPrior: false,
    offset: { mean, variance: 1 },
  };
}

/** Lengthscales where nothing is learnt from sources, in every column of the unit cube. */
const nullLengthscales = [0.25, 0.7, 2];

/** The new task alone: a Matérn process of unknown smoothness. */
function nullHypotheses(
  kernel: Kernel,
  part: {
    readonly basis: Hypothesis['basis'];
    readonly variance: number;
    readonly noise: number;
    readonly weight: number;
  },
): Hypothesis[] {
  return nullLengthscales.map((length) => ({
    name: `no sources, lengthscale ${length}`,
    mean: 0,
    lowRank: 0,
    residual: part.variance,
    kernel: kernel.withTheta(kernel.theta.map((u, k) => (k === 0 ? u : Math.log(length)))),
    basis: part.basis,
    noise: part.noise,
    logPrior: Math.log(part.weight / nullLengthscales.length),
  }));
}

/**
 * Sources whose values do not follow from their points, or that do not agree with each other, are doubted more; so are those
 * of little trust. Tables of real tasks agree at 0.6 to 0.8, sources without anything in common at 0 to 0.3.
 */
function nullWeightOf(
  { nullPriorWeight: doubt, maxNullPriorWeight: mostDoubt }: AutoTransferTuning,
  {
    meanR2: explained,
    meanTaskCorrelation: agreement,
    maxSourceWeight: trust,
  }: Pick<PreparedSources, 'meanR2' | 'meanTaskCorrelation' | 'maxSourceWeight'>,
): number {
  const lack = Math.max(1 - explained / 0.3, Math.min((0.5 - agreement) / 0.25, 1));
  return 1 - trust * (1 - Math.max(doubt, mostDoubt * lack));
}

function withLengthscaleFactor(kernel: Kernel, factor: number): Kernel {
  return kernel.withTheta(kernel.theta.map((u, k) => (k === 0 ? u : u + Math.log(factor))));
}
