import type { Dataset, Posterior } from '@foothold/core';
import { leaveOneOut } from '../models/leave-one-out.ts';

/** Gain in leave-one-out log density (nats, all target rows together) from which on the model of the target rows alone is used. */
const minLogDensityGain = 1;

/** True where `alone`, fitted to the target rows, has clearly the larger leave-one-out predictive density of them than `joint`. */
export async function predictsBetter(alone: Posterior, joint: Posterior, rows: TargetRows): Promise<boolean> {
  return ((await logDensityGain(alone, joint, rows)) ?? 0) > minLogDensityGain;
}

interface TargetRows {
  readonly rows: Dataset;
  readonly targetRows: readonly number[];
}

/**
 * The leave-one-out log density of the target rows in nats, all together, that `alone` has more than `joint`. Undefined for a model of a subset of
 * the rows: it has no density of every row.
 */
export async function logDensityGain(
  alone: Posterior,
  joint: Posterior,
  { rows, targetRows }: TargetRows,
): Promise<number | undefined> {
  const [own, all] = [await logDensities(alone), await logDensities(joint)];
  if (own.length !== targetRows.length || all.length !== rows.y.length) return undefined;
  return sum(own) - sum(Float64Array.from(targetRows, (i) => all[i]!));
}

/** log p(yᵢ | the others) for every row. */
async function logDensities(posterior: Posterior): Promise<Float64Array> {
  return (await leaveOneOut(posterior)).logDensity;
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}
