/**
 * What the model believes at points, in the study's units.
 *
 * u     the scale in which the belief is Gaussian, maximized; y the value, sign·y maximized
 * mean  of y; the ends of the interval are the quantiles of u, mapped to y
 */
import type { Matrix } from '@foothold/core';
import { gaussianScale } from '@foothold/gp-models';
import { normalCdf, normalQuantile } from '@foothold/numerics';
import type { StudyModel } from './study-model.ts';

/** Share of the belief between the ends of an interval. */
export const intervalShare = 0.9;

/** Beliefs at m points, m each. */
export interface Beliefs {
  readonly mean: Float64Array;
  /** Ends of the central 90 % interval of the value before noise. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Probability that the value before noise is better than the best value that was told. */
  readonly better: Float64Array;
}

/** The beliefs at these points of the unit cube. */
export async function beliefAt(model: StudyModel, x: Matrix): Promise<Beliefs> {
  const { posterior, direction, best } = model;
  const sign = direction === 'maximize' ? 1 : -1;
  const scale = gaussianScale(posterior);
  const { mean, variance } = await scale.posterior.marginals(x);
  const values = (await posterior.marginals(x)).mean;
  const reach = normalQuantile((1 + intervalShare) / 2);
  const target = scale.toScale(sign * best.value);
  const standardDeviation = (i: number) => Math.sqrt(Math.max(variance[i]!, 0));
  const end = (side: 1 | -1) =>
    mean.map((u, i) => sign * scale.toValue(u + sign * side * reach * standardDeviation(i)));
  return {
    mean: values.map((v) => sign * v),
    low: end(-1),
    high: end(1),
    better: mean.map((u, i) => {
      const s = standardDeviation(i);
      return s > 0 ? normalCdf((u - target) / s) : u > target ? 1 : 0;
    }),
  };
}
