import type { Dataset, Kernel } from '@foothold/core';
import { type AutoTransferTuning, hypothesisDefaults } from '../defaults.ts';
import type { EmpiricalPrior } from '../sources/empirical-prior-of.ts';
import { bestAndEvenRows } from '../sources/row-subsets.ts';
import { taskBasis } from '../sources/task-basis.ts';
import { type HypothesisSet, nullHypotheses } from './hypothesis-set.ts';
import type { Hypothesis } from './mixture-model.ts';

/**
 * Hypotheses from one to three sources: the new task correlates with one of them by ρ, so that it has ρ times the source's
 * posterior mean and 1 − ρ² of the variance that the source explains. Beside them the hypotheses without sources.
 */
export async function correlatedTaskHypotheses(
  prior: EmpiricalPrior,
  tuning: AutoTransferTuning,
): Promise<HypothesisSet> {
  const { shared, linalg } = prior;
  const { noise } = shared;
  const { correlatedTaskLengthscaleMultipliers: multipliers } = tuning;
  const maxRows = Math.ceil(hypothesisDefaults.maxCorrelatedTaskRows / prior.datasets.length);
  const tasks = prior.datasets.map((dataset) => standardizedTask(bestAndEvenRows(dataset, maxRows)));
  const weights = prior.weights ?? prior.names.map(() => 1);
  const total = weights.reduce((a, b) => a + b, 0);
  const nullPriorWeight = tuning.nullPriorWeight ?? nullPriorWeightOf(prior.meanR2);
  const nullWeight = 1 - prior.maxSourceWeight * (1 - nullPriorWeight);
  const hypotheses: Hypothesis[] = [];
  for (const multiplier of multipliers) {
    const kernel = withLengthscaleFactor(shared.kernel, multiplier);
    for (const [j, { data }] of tasks.entries()) {
      const basis = await taskBasis(data, { kernel, noise, linalg });
      const taskWeight = weights[j]! / (total * multipliers.length);
      for (const { rho, weight } of correlationsOf(tuning, nullWeight))
        hypotheses.push({
          name: `${prior.names[j]}, correlation ${rho}, lengthscales ×${multiplier}`,
          source: j,
          mean: rho,
          lowRank: -rho * rho,
          residual: 1,
          kernel,
          basis,
          noise,
          logPrior: Math.log(weight * taskWeight),
        });
    }
  }
  const { basis } = hypotheses[0]!;
  const lengthscales = hypothesisDefaults.nullLengthscales;
  const common = { lengthscales, basis, variance: 1, noise };
  hypotheses.push(...nullHypotheses(shared.kernel, { ...common, weight: nullWeight }));
  const mean = tasks.reduce((a, task) => a + task.mean, 0) / tasks.length;
  const variance = tasks.reduce((a, task) => a + task.variance, 0) / tasks.length;
  return {
    hypotheses,
    linalg,
    variance: 1,
    // f is in standard deviations of the source, and the level is as uncertain as one of them.
    unit: Math.sqrt(variance),
    hasComponents: false,
    offset: { mean, variance: 1 },
    levelVariance: hypothesisDefaults.offsetVarianceFactor,
    nullPriorWeight,
  };
}

/** It grows where the sources' values do not follow from their points. */
function nullPriorWeightOf(meanR2: number): number {
  const { weight, maxWeight, goodR2 } = hypothesisDefaults.fewSourcesNull;
  return Math.max(weight, maxWeight * (1 - meanR2 / goodR2));
}

/** The kernel with every lengthscale multiplied by `factor`. */
function withLengthscaleFactor(kernel: Kernel, factor: number): Kernel {
  return kernel.withTheta(kernel.theta.map((u, k) => (k === 0 ? u : u + Math.log(factor))));
}

/** The correlations with a source and the prior weight of each, beside `nullWeight`. */
function correlationsOf(
  { taskCorrelations, negativeCorrelationWeight }: AutoTransferTuning,
  nullWeight: number,
): { readonly rho: number; readonly weight: number }[] {
  const weight = (1 - nullWeight - negativeCorrelationWeight) / taskCorrelations.length;
  const positive = taskCorrelations.map((rho) => ({ rho, weight }));
  if (!(negativeCorrelationWeight > 0)) return positive;
  return [...positive, { rho: hypothesisDefaults.negativeCorrelation, weight: negativeCorrelationWeight }];
}

/** A dataset's standardized values, with their mean and variance; variance 1 where all values are the same. */
function standardizedTask({ x, y }: Dataset) {
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  const found = y.reduce((a, b) => a + (b - mean) ** 2, 0) / y.length;
  const variance = found > 1e-24 * (mean * mean + 1) ? found : 1;
  return { data: { x, y: y.map((v) => (v - mean) / Math.sqrt(variance)) }, mean, variance };
}
