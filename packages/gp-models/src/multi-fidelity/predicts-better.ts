import type { Dataset, Matrix, Posterior } from '@foothold/core';
import { inverseFactorOf } from '../models/inverse-factor.ts';
import { leaveOneOutFrom } from '../models/leave-one-out.ts';

/** Gain in leave-one-out log density (nats, all target rows together) from which on the model of the target rows alone is used. */
const minLogDensityGain = 1;

/** True where `alone`, fitted to the target rows, has clearly the larger leave-one-out predictive density of them than `joint`. */
export async function predictsBetter(alone: Posterior, joint: Posterior, rows: TargetRows): Promise<boolean> {
  return ((await logDensityGain(alone, joint, rows)) ?? 0) > minLogDensityGain;
}

interface TargetRows {
  readonly rows: Dataset;
  readonly targetRows: readonly number[];
  /** `inverseFactorOf` of the joint model. Default: computed. */
  readonly inverseFactor?: Matrix | undefined;
}

/**
 * The leave-one-out log density of the target rows in nats, all together, that `alone` has more than `joint`. Undefined for a model of a subset of
 * the rows: it has no density of every row.
 */
export async function logDensityGain(
  alone: Posterior,
  joint: Posterior,
  { rows, targetRows, inverseFactor }: TargetRows,
): Promise<number | undefined> {
  const own = leaveOneOutFrom(alone, await inverseFactorOf(alone)).logDensity;
  const all = leaveOneOutFrom(joint, inverseFactor ?? (await inverseFactorOf(joint))).logDensity;
  if (own.length !== targetRows.length || all.length !== rows.y.length) return undefined;
  return sum(own) - sum(Float64Array.from(targetRows, (i) => all[i]!));
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}
