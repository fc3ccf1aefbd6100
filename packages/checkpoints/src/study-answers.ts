/** What a study says of its matrix: the best rows, the belief over rows and cells, whether to stop. */
import { matrix } from '@foothold/core';
import { bestProbability, bestRow, type RowBelief } from './best-row.ts';
import type { CellStore } from './cell-store.ts';
import { columnMarginals } from './column-belief.ts';
import { bestByColumn } from './every-task.ts';
import type { FittedBelief } from './fitted-belief.ts';
import {
  correctedProbability,
  type SmallSampleCorrection,
  smallSampleCorrection,
} from './small-sample-correction.ts';
import type { CheckpointStudy, StopDecision } from './study-types.ts';
import type { ScoreProblem } from './validated.ts';
import { worstTask } from './worst-task.ts';

/**
 * Factor on variances in the stop rule, of no unit. Errors of row differences were up to 1.7 of their stated standard deviations,
 * 1.2 in the middle (hyperparameters are a mode, not an average), and a rule that is asked after every cell errs more often
 * than one asked once (decisions/2026-11-21-checkpoints-model.md).
 */
const stopVarianceInflation = 1.7;

export interface StopOptions {
  /** Probability of a wrong answer that is accepted. */
  readonly risk: number;
  /** Shortfall from the best that is accepted, relative to its target. */
  readonly tolerance: number;
  /** Known or pending cells that each column needs before the rule may stop. */
  readonly perColumn: number;
}

export type StudyAnswers = Pick<
  CheckpointStudy,
  'best' | 'bestByColumn' | 'decision' | 'posterior' | 'cells'
>;

export function studyAnswers(
  problem: ScoreProblem,
  store: CellStore,
  options: { readonly believed: () => FittedBelief; readonly stop: StopOptions },
): StudyAnswers {
  const { believed, stop } = options;
  const { rowNames, columnNames, target } = problem;
  const R = rowNames.length;
  const m = columnNames.length;

  const correction = (): SmallSampleCorrection => {
    const counted = columnNames.flatMap((_, j) => (problem.weights[j]! > 0 ? [store.knownIn(j)] : []));
    return smallSampleCorrection(counted, R);
  };
  const inTargetUnits = (standardized: number, constant: number): number =>
    (standardized + constant) *
    (problem.normalize || problem.sign.some((s) => s !== problem.sign[0]) ? 1 : problem.sign[0]!);
  /** Belief over the rows' targets, with the correction for few cells. */
  const rowBelief = (fitted: FittedBelief): RowBelief & { readonly constant: number } => {
    const { mean, covariance, constant } =
      target === 'worst-task' ? worstTask(fitted, problem) : { ...fitted.belief, constant: fitted.constant };
    return { mean, constant, covariance: inflated(covariance, correction().varianceInflation) };
  };
  const decided = (found: Omit<StopDecision, 'stop' | 'reason'>): StopDecision => {
    const probability = correctedProbability(found.probability, correction(), R);
    const facts = { ...found, probability };
    if (store.cells.length === R * m) return { ...facts, stop: true, reason: 'exhausted' };
    if (store.counts().some((c) => c < stop.perColumn))
      return { ...facts, stop: false, reason: 'initial cells missing' };
    const confident = probability >= 1 - stop.risk;
    return { ...facts, stop: confident, reason: confident ? 'confident' : 'not yet confident' };
  };
  /** Every column's own best row: the mean probability over the columns, by weight. */
  const everyTaskDecision = (): StopDecision => {
    const { belief, units } = believed();
    let probability = 0;
    let expectedRegret = 0;
    bestByColumn(belief, {
      tolerance: (j) => (stop.tolerance * Math.abs(units.centre[j]!)) / units.unit[j]!,
      varianceInflation: correction().varianceInflation,
    }).forEach((found, j) => {
      probability += problem.weights[j]! * found.within;
      expectedRegret += problem.weights[j]! * units.unit[j]! * found.expectedRegret;
    });
    return decided({ probability, tolerance: stop.tolerance, expectedRegret });
  };

  return {
    best() {
      const belief = rowBelief(believed());
      const row = bestRow(belief.mean);
      const { best } = bestProbability(belief, { tolerance: 0 });
      return {
        row,
        name: rowNames[row]!,
        mean: inTargetUnits(belief.mean[row]!, belief.constant),
        standardDeviation: standardDeviationOf(belief, row),
        probability: correctedProbability(best[row]!, correction(), R),
      };
    },
    bestByColumn() {
      const { belief, units } = believed();
      const corrected = correction();
      const { varianceInflation } = corrected;
      return bestByColumn(belief, { varianceInflation }).map((found, column) => ({
        column,
        row: found.row,
        name: rowNames[found.row]!,
        mean: problem.sign[column]! * (units.centre[column]! + units.unit[column]! * found.mean),
        standardDeviation: units.unit[column]! * found.standardDeviation,
        probability: correctedProbability(found.probability, corrected, R),
      }));
    },
    decision() {
      if (target === 'every-task') return everyTaskDecision();
      const { mean, covariance, constant } = rowBelief(believed());
      const scale = problem.normalize ? 1 : Math.abs(mean[bestRow(mean)]! + constant);
      const tolerance = stop.tolerance * scale;
      const found = bestProbability(
        { mean, covariance: inflated(covariance, stopVarianceInflation) },
        { tolerance },
      );
      return decided({ probability: found.within, tolerance, expectedRegret: found.expectedRegret });
    },
    posterior() {
      const belief = rowBelief(believed());
      const corrected = correction();
      return {
        mean: belief.mean.map((v) => inTargetUnits(v, belief.constant)),
        standardDeviation: Float64Array.from({ length: R }, (_, i) => standardDeviationOf(belief, i)),
        probability: bestProbability(belief, { tolerance: 0 }).best.map((p) =>
          correctedProbability(p, corrected, R),
        ),
      };
    },
    cells() {
      const { belief, units } = believed();
      const { varianceInflation } = correction();
      const mean = matrix(R, m);
      const standardDeviation = matrix(R, m);
      for (let j = 0; j < m; j++) {
        const found = columnMarginals(belief, j);
        for (let i = 0; i < R; i++) {
          mean.data[i * m + j] = problem.sign[j]! * (units.centre[j]! + units.unit[j]! * found.mean[i]!);
          standardDeviation.data[i * m + j] =
            units.unit[j]! * Math.sqrt(found.variance[i]! * varianceInflation);
        }
      }
      return { mean, standardDeviation };
    },
  };
}

function standardDeviationOf({ mean, covariance }: RowBelief, row: number): number {
  return Math.sqrt(Math.max(covariance[row * mean.length + row]!, 0));
}

function inflated(covariance: Float64Array, factor: number): Float64Array {
  return factor === 1 ? covariance : covariance.map((v) => v * factor);
}
