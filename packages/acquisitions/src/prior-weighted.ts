import {
  type Acquisition,
  InvalidArgumentError,
  type JointBelief,
  type JointUtility,
  type MarginalAcquisition,
  type Matrix,
  matrix,
  matrixOf,
} from '@foothold/core';

export interface PriorWeightedOptions {
  /** log π(x) at m points of the unit cube, m, up to a constant; finite. */
  readonly logPrior: (x: Matrix) => Float64Array;
  /** Observations after which the prior weighs once; 10. */
  readonly strength?: number | undefined;
}

/** Step of the central differences that stand in for the prior's gradient, in the unit cube. */
const step = 1e-5;

/**
 * A belief about where the optimum lies, which fades as observations come in: value + (strength/n)·log π(x), for
 * acquisitions in log units such as `logExpectedImprovement` (Hvarfner et al. 2022, "πBO: Augmenting Acquisition
 * Functions with User Beliefs for Bayesian Optimization", eq. 6).
 *
 * A wrong prior delays the search and does not stop it. Throws InvalidArgumentError for a strength that is not positive.
 */
export function priorWeighted(
  acquisition: MarginalAcquisition,
  options: PriorWeightedOptions,
): MarginalAcquisition;
export function priorWeighted(acquisition: Acquisition, options: PriorWeightedOptions): Acquisition;
export function priorWeighted(acquisition: Acquisition, options: PriorWeightedOptions): Acquisition {
  const { logPrior, strength = 10 } = options;
  if (!(strength > 0)) throw new InvalidArgumentError('strength', strength, 'a positive number');
  return {
    ...acquisition,
    name: `priorWeighted(${acquisition.name ?? 'unnamed'})`,
    async prepare(belief) {
      const utility = await acquisition.prepare(belief);
      const weight = strength / Math.max(belief.data.y.length, 1);
      if (typeof utility !== 'function') return jointWeighted(utility, logPrior, weight);
      return (marginals, x) => {
        const inner = utility(marginals, x);
        const prior = logPrior(x);
        const slopes = slopesOf(logPrior, x);
        const dInputs = matrix(
          x.rows,
          x.columns,
          slopes.data.map((u, i) => weight * u + (inner.dInputs?.data[i] ?? 0)),
        );
        return { ...inner, value: inner.value.map((u, i) => u + weight * prior[i]!), dInputs };
      };
    },
  };
}

function jointWeighted(
  utility: JointUtility,
  logPrior: PriorWeightedOptions['logPrior'],
  weight: number,
): JointUtility {
  const { derivatives } = utility;
  const shift = (at: Float64Array) => weight * logPrior(matrixOf([at]))[0]!;
  return {
    ...utility,
    value: (joint, at) => utility.value(joint, at) + shift(at),
    ...(derivatives && {
      derivatives(joint: JointBelief, at: Float64Array) {
        const inner = derivatives(joint, at);
        const slopes = slopesOf(logPrior, matrixOf([at])).data;
        const dInputs = slopes.map((u, j) => weight * u + (inner.dInputs?.[j] ?? 0));
        return { ...inner, value: inner.value + shift(at), dInputs };
      },
    }),
  };
}

function slopesOf(logPrior: PriorWeightedOptions['logPrior'], x: Matrix): Matrix {
  const { rows, columns } = x;
  const result = matrix(rows, columns);
  for (let j = 0; j < columns; j++) {
    const moved = (by: number) =>
      logPrior(
        matrix(
          rows,
          columns,
          x.data.map((u, i) => (i % columns === j ? u + by : u)),
        ),
      );
    const high = moved(step);
    const low = moved(-step);
    for (let i = 0; i < rows; i++) result.data[i * columns + j] = (high[i]! - low[i]!) / (2 * step);
  }
  return result;
}
