/**
 * The scale of one to three sources whose values are no shares: as they are, or compressed below the median, whichever makes
 * a Gaussian process foretell them better. It is then the form of the new study's scale too: only between scales of one form
 * is an affine relation of two tasks still affine.
 */
import type { Dataset, Kernel, LinearAlgebra } from '@foothold/core';
import { logBelowMedian, type OutcomeTransform, standardized } from '../../warps/outcome-transform.ts';
import { evenRows, maxRows, type SharedKernel, sharedLengthscales } from './shared-lengthscales.ts';

/**
 * Log density a row that compression must gain. The new study sets its own median and spread from a row or two, near the
 * best, where a bend makes an affine relation crooked: a quadratic loss gains 0.7 and is better left as it is; an exponential
 * one gains 4, one that diverges 10.
 */
const minLogEvidenceGain = 1;

export type OutcomeTransformKind = 'linear' | 'compressed';

export function outcomeTransformOf(kind: OutcomeTransformKind, values: Float64Array): OutcomeTransform {
  return kind === 'linear' ? standardized(values) : logBelowMedian(values);
}

interface TransformedTasks {
  readonly form: OutcomeTransformKind;
  readonly datasets: readonly Dataset[];
  readonly shared: SharedKernel;
}

/** The sources in the form of the larger evidence, densities taken in the units of the values. */
export async function selectOutcomeTransform(
  sources: readonly Dataset[],
  kernel: Kernel,
  linalg: LinearAlgebra,
): Promise<TransformedTasks> {
  const tried = async (form: OutcomeTransformKind) => {
    const scales = sources.map(({ y }) => outcomeTransformOf(form, y));
    const datasets = sources.map(({ x, y }, j) => ({ x, y: y.map((v) => scales[j]!.forward(v)) }));
    const { evidence, ...shared } = await sharedLengthscales(kernel, datasets, linalg);
    let density = evidence;
    for (const [j, scale] of scales.entries())
      for (const u of evenRows(datasets[j]!).y) density -= Math.log(scale.inverse(u).slope);
    return { form, datasets, shared, density };
  };
  const linear = await tried('linear');
  const compressed = await tried('compressed');
  const rows = sources.reduce((sum, { y }) => sum + Math.min(y.length, maxRows), 0);
  const bends = compressed.density - linear.density > minLogEvidenceGain * rows;
  const { form, datasets, shared } = bends ? compressed : linear;
  return { form, datasets, shared };
}
