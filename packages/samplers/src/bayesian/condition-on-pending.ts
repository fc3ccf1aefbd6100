/** Running evaluations as if each had its expected value. */
import { type Dataset, type Matrix, matrixOf, OptimizationError, type Posterior } from '@foothold/core';

/**
 * The posterior conditioned on its mean at these points, and those rows: what the points will teach is not sought twice.
 * Undefined where there is no point, or where the surrogate cannot take the rows.
 */
export async function conditionedOnMean(
  posterior: Posterior,
  points: readonly Float64Array[],
): Promise<{ readonly posterior: Posterior; readonly rows: Dataset & { readonly x: Matrix } } | undefined> {
  if (points.length === 0 || !posterior.condition) return undefined;
  const x = matrixOf(points);
  const { mean } = await posterior.marginals(x);
  try {
    return { posterior: await posterior.condition({ x, y: mean }), rows: { x, y: mean } };
  } catch (error) {
    // A factor that cannot take the rows.
    if (error instanceof OptimizationError) return undefined;
    throw error;
  }
}
