import {
  type Column,
  type Dataset,
  type LinearAlgebra,
  levelOf,
  type Matrix,
  rowOf,
  type Surrogate,
} from '@foothold/core';
import { kendallTau } from '@foothold/numerics';
import { matern52 } from '../kernels/matern52.ts';
import { gaussianProcess } from '../models/gaussian-process.ts';
import { inverseFactorOf } from '../models/inverse-factor.ts';
import { independentPosteriors } from '../multi-fidelity/independent-posteriors.ts';
import { logDensityGain, predictsBetter } from '../multi-fidelity/predicts-better.ts';
import { type Comparison, targetAlone } from '../multi-fidelity/target-alone.ts';
import { type EndedCurve, firstValueGain } from './first-value-gain.ts';
import { type LearningCurveOptions, learningCurveKernel } from './learning-curve-kernel.ts';

export interface LearningCurvesOptions extends LearningCurveOptions {
  /** With an ordinal column whose levels are the amounts of training, such as epochs, the smallest first. */
  readonly columns: readonly Column[];
  readonly linalg?: LinearAlgebra | undefined;
}

/** Ended curves with a beginning from which on that beginning has to say something of the end. */
const minEndedCurves = 2;
/** Rows at the end of training from which on a model of these rows alone is compared with the joint one. */
const minTargetRows = 4;

/**
 * A Gaussian process over configurations and the training that they had (`learningCurveKernel`): the beginning of a curve
 * informs its end, and the ends of others.
 *
 * A process of the ends alone predicts them where beginnings mislead, so that such curves do no lasting harm: then no other row has a
 * covariance with an end. From two ended curves with a beginning on, that is where their first values, at the level that most of them share, have rather
 * the opposite order of their ends (Kendall's τ below 0), or where the leave-one-out log density that the process has more than
 * the model exceeds what the model gains from the first value of each ended curve (`firstValueGain`). Where curves have no beginning it is where
 * that density is larger by a nat, from four ends on. All are asked without the penalties (`Dataset.isPenalty`), which
 * the prediction has; above the rows that a process takes, no density is known, and the order decides.
 * `why.fidelities.usesCheaper` says which. Throws InvalidArgumentError as `learningCurveKernel` does.
 */
export function learningCurves({ columns, linalg, ...curve }: LearningCurvesOptions): Surrogate {
  const { fidelityColumn } = curve;
  const kernel = learningCurveKernel(columns, curve);
  const column = columns[fidelityColumn]!;
  const coupled = gaussianProcess({ kernel, linalg });
  const active = columns.flatMap((_, i) => (i === fidelityColumn ? [] : [i]));
  const targetOnly = gaussianProcess({ kernel: matern52(columns, { active }), linalg });
  const last = column.kind === 'ordinal' ? column.levels - 1 : 0;
  const levelIn =
    ({ x }: Pick<Dataset, 'x'>) =>
    (row: number) =>
      levelOf(column, x.data[row * x.columns + fidelityColumn]!);
  const isTarget = (x: Matrix) => {
    const levelAt = levelIn({ x });
    return Array.from({ length: x.rows }, (_, i) => levelAt(i) === last);
  };
  const targetRowsOf = ({ x }: Dataset) => isTarget(x).flatMap((is, i) => (is ? [i] : []));
  const isBetterAlone = async (comparison: Comparison) => {
    const { rows, targetRows } = comparison;
    const ended = endedCurves(rows.x, targetRows, fidelityColumn);
    if (ended.length >= minEndedCurves)
      return isReversed(rows, ended, levelIn(rows)) || saysMoreAlone(comparison, ended);
    if (targetRows.length < minTargetRows) return false;
    return predictsBetter(await comparison.alone(), await comparison.joint(), { rows, targetRows });
  };
  const models = { coupled, targetOnly, targetRowsOf, isBetterAlone };
  return {
    async fit(data, context) {
      const joint = await coupled.fit(data, context);
      const { state } = joint;
      const explained = (usesCheaper: boolean) => ({ ...joint.why, fidelities: { usesCheaper } });
      const target = await targetAlone(models, { joint, data, context });
      if (!target) return { ...joint, why: explained(true) };
      const independent = independentPosteriors({ others: joint, target, isTarget }, data, explained(false));
      return state ? { ...independent, state } : independent;
    },
  };
}

/**
 * Whether the order of early values of ended curves is rather the opposite of the order of their ends: of the curves that have a value at the
 * level of the fidelity that most of them share, the lowest of such. Values at different levels have no order.
 */
function isReversed({ y }: Dataset, ended: readonly EndedCurve[], levelAt: (row: number) => number): boolean {
  const byLevel = new Map<number, { readonly early: number[]; readonly ends: number[] }>();
  for (const rows of ended)
    for (const row of rows.slice(0, -1)) {
      const level = levelAt(row);
      const at = byLevel.get(level) ?? { early: [], ends: [] };
      at.early.push(y[row]!);
      at.ends.push(y[rows.at(-1)!]!);
      byLevel.set(level, at);
    }
  const [most] = [...byLevel].sort(([a, p], [b, q]) => q.ends.length - p.ends.length || a - b);
  return most !== undefined && kendallTau(most[1].early, most[1].ends) < 0;
}

/**
 * Whether ends alone say more of the ends than the model of all rows does. False where a density is not known: a model of a subset of the rows is
 * kept.
 */
async function saysMoreAlone(
  { rows, targetRows, ...fits }: Comparison,
  ended: readonly EndedCurve[],
): Promise<boolean> {
  const [alone, joint] = [await fits.alone(), await fits.joint()];
  const inverseFactor = await inverseFactorOf(joint);
  const difference = await logDensityGain(alone, joint, { rows, targetRows, inverseFactor });
  const gain = firstValueGain(joint, { rows, curves: ended, inverseFactor });
  return difference !== undefined && gain !== undefined && difference > gain;
}

/** The rows of each curve that ended and has a value before it, in order of their columns of the fidelity. */
function endedCurves(x: Matrix, targetRows: readonly number[], fidelityColumn: number): EndedCurve[] {
  const fidelity = (i: number) => x.data[i * x.columns + fidelityColumn]!;
  const byCurve = new Map<string, number[]>();
  for (let i = 0; i < x.rows; i++) {
    const own = Array.from(rowOf(x, i));
    own.splice(fidelityColumn, 1);
    const key = own.join();
    byCurve.set(key, [...(byCurve.get(key) ?? []), i]);
  }
  const isTarget = new Set(targetRows);
  return [...byCurve.values()]
    .map((rows) => rows.sort((i, j) => fidelity(i) - fidelity(j)))
    .filter((rows) => rows.length > 1 && isTarget.has(rows.at(-1)!) && !isTarget.has(rows[0]!));
}
