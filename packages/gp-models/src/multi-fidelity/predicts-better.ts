import type { Dataset, Posterior } from '@foothold/core';
import { leaveOneOut } from '../models/leave-one-out.ts';

/** Gain in leave-one-out log density (nats, all target rows together) from which on the model of the target rows alone is used. */
const minLogDensityGain = 1;

/** True where `alone`, fitted to the target rows, has clearly the larger leave-one-out predictive density of them than `joint`. */
export async function predictsBetter(
  alone: Posterior,
  joint: Posterior,
  { rows, targetRows }: { readonly rows: Dataset; readonly targetRows: readonly number[] },
): Promise<boolean> {
  const [own, all] = [await logDensities(alone), await logDensities(joint)];
  // A model of a subset of the rows has no density of every row: then there is nothing to compare.
  if (own.length !== targetRows.length || all.length !== rows.y.length) return false;
  const gain = sum(own) - sum(Float64Array.from(targetRows, (i) => all[i]!));
  return gain > minLogDensityGain;
}

/** log p(yᵢ | the others) for every row. */
async function logDensities(posterior: Posterior): Promise<Float64Array> {
  return (await leaveOneOut(posterior)).logDensity;
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}
