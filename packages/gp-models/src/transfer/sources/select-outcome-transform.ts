/**
 * The transform of the sources' values. One to three sources that are no proportions stay linear or are compressed below their
 * median, whichever has the larger evidence. The new study's values are then transformed in the same way: only so is an affine
 * relation of two tasks still affine.
 */
import type { Dataset, Kernel, LinearAlgebra } from '@foothold/core';
import type { OutcomeTransform } from '../../warps/outcome-transform.ts';
import { logBelowMedian, logOdds, standardized } from '../../warps/value-transforms.ts';
import { preparationDefaults } from '../defaults.ts';
import { evenRows } from './row-subsets.ts';
import { type SharedKernel, sharedLengthscales } from './shared-lengthscales.ts';

export type OutcomeTransformKind = 'linear' | 'compressed';

interface TransformedTasks {
  readonly kind: OutcomeTransformKind;
  readonly datasets: readonly Dataset[];
  readonly shared: SharedKernel;
}

/** Log-odds of proportions, else the transform of this kind that the values themselves set. */
export function transformFor(
  origin: 0 | -1 | undefined,
  values: Float64Array,
  kind: OutcomeTransformKind = 'compressed',
): OutcomeTransform {
  if (origin !== undefined) return logOdds(origin);
  return kind === 'linear' ? standardized(values) : logBelowMedian(values);
}

/** The dataset with transformed values, without its noise. */
export function transformed(data: Dataset, transform: OutcomeTransform): Dataset {
  return { x: data.x, y: data.y.map((y) => transform.forward(y)) };
}

/** All sources in log-odds where they are proportions, else compressed. */
export async function commonTransform(
  sources: readonly Dataset[],
  kernel: Kernel,
  { origin, linalg }: { readonly origin: 0 | -1 | undefined; readonly linalg: LinearAlgebra },
): Promise<TransformedTasks> {
  const datasets = sources.map((data) => transformed(data, transformFor(origin, data.y)));
  const { kernel: common, noise } = await sharedLengthscales(kernel, datasets, linalg);
  return { kind: 'compressed', datasets, shared: { kernel: common, noise } };
}

/**
 * The sources in the kind with the larger evidence, densities taken in the units of the values. Compression has to gain one nat
 * a row: the new study sets its own median and spread from a row or two, near the best, where a transform makes a line a curve.
 */
export async function selectOutcomeTransform(
  sources: readonly Dataset[],
  kernel: Kernel,
  linalg: LinearAlgebra,
): Promise<TransformedTasks> {
  const { minLogEvidenceGain, lengthscales } = preparationDefaults;
  const fitted = async (kind: OutcomeTransformKind) => {
    const transforms = sources.map(({ y }) => transformFor(undefined, y, kind));
    const datasets = sources.map((source, j) => transformed(source, transforms[j]!));
    const { evidence, ...shared } = await sharedLengthscales(kernel, datasets, linalg);
    let density = evidence;
    for (const [j, transform] of transforms.entries())
      for (const u of evenRows(datasets[j]!, lengthscales.maxRows).y)
        density -= Math.log(transform.inverse(u).slope);
    return { kind, datasets, shared, density };
  };
  const linear = await fitted('linear');
  const compressed = await fitted('compressed');
  const rows = sources.reduce((sum, { y }) => sum + Math.min(y.length, lengthscales.maxRows), 0);
  const isBetter = compressed.density - linear.density > minLogEvidenceGain * rows;
  const { kind, datasets, shared } = isBetter ? compressed : linear;
  return { kind, datasets, shared };
}
