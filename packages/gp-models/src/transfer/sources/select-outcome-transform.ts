/**
 * The scale of one to three sources whose values are no shares: as they are, or compressed below the median, whichever makes
 * a Gaussian process foretell them better. It is then the form of the new study's scale too: only between scales of one form
 * is an affine relation of two tasks still affine.
 */
import type { Dataset, Kernel, LinearAlgebra } from '@foothold/core';
import { rowLimit, type SharedKernel, sharedLengthscales, thinned } from './shared-lengthscales.ts';
import { compressedBelow, standardized, type ValueScale } from '../../warps/outcome-transform.ts';

/**
 * Log density a row that compression must gain. The new study sets its own median and spread from a row or two, near the
 * best, where a bend makes an affine relation crooked: a quadratic loss gains 0.7 and is better left as it is; an exponential
 * one gains 4, one that diverges 10.
 */
const worth = 1;

export type ScaleForm = 'linear' | 'compressed';

export function scaleOfForm(form: ScaleForm, values: Float64Array): ValueScale {
  return form === 'linear' ? standardized(values) : compressedBelow(values);
}

interface FormedSources {
  readonly form: ScaleForm;
  readonly datasets: readonly Dataset[];
  readonly shared: SharedKernel;
}

/** The sources in the form of the larger evidence, densities taken in the units of the values. */
export async function formedSources(
  sources: readonly Dataset[],
  kernel: Kernel,
  linalg: LinearAlgebra,
): Promise<FormedSources> {
  const tried = async (form: ScaleForm) => {
    const scales = sources.map(({ y }) => scaleOfForm(form, y));
    const datasets = sources.map(({ x, y }, j) => ({ x, y: y.map((v) => scales[j]!.to(v)) }));
    const { evidence, ...shared } = await sharedLengthscales(kernel, datasets, linalg);
    let density = evidence;
    for (const [j, scale] of scales.entries())
      for (const u of thinned(datasets[j]!).y) density -= Math.log(scale.from(u).slope);
    return { form, datasets, shared, density };
  };
  const linear = await tried('linear');
  const compressed = await tried('compressed');
  const rows = sources.reduce((sum, { y }) => sum + Math.min(y.length, rowLimit), 0);
  const bends = compressed.density - linear.density > worth * rows;
  const { form, datasets, shared } = bends ? compressed : linear;
  return { form, datasets, shared };
}
