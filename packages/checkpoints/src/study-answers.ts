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

/** What the answers are computed from. */
interface Context {
  readonly problem: ScoreProblem;
  readonly store: CellStore;
  readonly believed: () => FittedBelief;
  readonly stop: StopOptions;
}

/** The answers of a study with this model and these cells. */
export function studyAnswers(
  problem: ScoreProblem,
  store: CellStore,
  options: { readonly believed: () => FittedBelief; readonly stop: StopOptions },
): StudyAnswers {
  const context: Context = { problem, store, ...options };
  return {
    best: () => best(context),
    bestByColumn: () => bestRowsByColumn(context),
    decision: () => (problem.target === 'every-task' ? everyTaskDecision(context) : decision(context)),
    posterior: () => posterior(context),
    cells: () => cells(context),
  };
}

function best(context: Context): ReturnType<CheckpointStudy['best']> {
  const { problem, believed } = context;
  const belief = rowBelief(context, believed());
  const row = bestRow(belief.mean);
  const { best: probability } = bestProbability(belief, { tolerance: 0 });
  return {
    row,
    name: problem.rowNames[row]!,
    mean: inTargetUnits(problem, belief.mean[row]!, belief.constant),
    standardDeviation: standardDeviationOf(belief, row),
    probability: correctedProbability(probability[row]!, correction(context), problem.rowNames.length),
  };
}

function bestRowsByColumn(context: Context): ReturnType<CheckpointStudy['bestByColumn']> {
  const { rowNames, sign } = context.problem;
  const { belief, units } = context.believed();
  const corrected = correction(context);
  const { varianceInflation } = corrected;
  return bestByColumn(belief, { varianceInflation }).map((found, column) => ({
    column,
    row: found.row,
    name: rowNames[found.row]!,
    mean: sign[column]! * (units.centre[column]! + units.unit[column]! * found.mean),
    standardDeviation: units.unit[column]! * found.standardDeviation,
    probability: correctedProbability(found.probability, corrected, rowNames.length),
  }));
}

function decision(context: Context): StopDecision {
  const { problem, believed, stop } = context;
  const { mean, covariance, constant } = rowBelief(context, believed());
  const scale = problem.normalize ? 1 : Math.abs(mean[bestRow(mean)]! + constant);
  const tolerance = stop.tolerance * scale;
  const found = bestProbability(
    { mean, covariance: inflated(covariance, stopVarianceInflation) },
    { tolerance },
  );
  return decided(context, {
    probability: found.within,
    tolerance,
    expectedRegret: found.expectedRegret,
  });
}

/** The decision where every column has its own best row: the mean probability over the columns, by weight. */
function everyTaskDecision(context: Context): StopDecision {
  const { problem, stop } = context;
  const { belief, units } = context.believed();
  let probability = 0;
  let expectedRegret = 0;
  bestByColumn(belief, {
    tolerance: (j) => (stop.tolerance * Math.abs(units.centre[j]!)) / units.unit[j]!,
    varianceInflation: correction(context).varianceInflation,
  }).forEach((found, j) => {
    probability += problem.weights[j]! * found.within;
    expectedRegret += problem.weights[j]! * units.unit[j]! * found.expectedRegret;
  });
  return decided(context, { probability, tolerance: stop.tolerance, expectedRegret });
}

function decided(context: Context, found: Omit<StopDecision, 'stop' | 'reason'>): StopDecision {
  const { problem, store, stop } = context;
  const R = problem.rowNames.length;
  const probability = correctedProbability(found.probability, correction(context), R);
  const facts = { ...found, probability };
  if (store.cells.length === R * problem.columnNames.length)
    return { ...facts, stop: true, reason: 'exhausted' };
  if (store.counts().some((c) => c < stop.perColumn))
    return { ...facts, stop: false, reason: 'initial cells missing' };
  const confident = probability >= 1 - stop.risk;
  return { ...facts, stop: confident, reason: confident ? 'confident' : 'not yet confident' };
}

function posterior(context: Context): ReturnType<CheckpointStudy['posterior']> {
  const { problem } = context;
  const R = problem.rowNames.length;
  const belief = rowBelief(context, context.believed());
  const corrected = correction(context);
  return {
    mean: belief.mean.map((v) => inTargetUnits(problem, v, belief.constant)),
    standardDeviation: Float64Array.from({ length: R }, (_, i) => standardDeviationOf(belief, i)),
    probability: bestProbability(belief, { tolerance: 0 }).best.map((p) =>
      correctedProbability(p, corrected, R),
    ),
  };
}

function cells(context: Context): ReturnType<CheckpointStudy['cells']> {
  const { rowNames, columnNames, sign } = context.problem;
  const [R, m] = [rowNames.length, columnNames.length];
  const { belief, units } = context.believed();
  const { varianceInflation } = correction(context);
  const mean = matrix(R, m);
  const standardDeviation = matrix(R, m);
  for (let j = 0; j < m; j++) {
    const found = columnMarginals(belief, j);
    for (let i = 0; i < R; i++) {
      mean.data[i * m + j] = sign[j]! * (units.centre[j]! + units.unit[j]! * found.mean[i]!);
      standardDeviation.data[i * m + j] = units.unit[j]! * Math.sqrt(found.variance[i]! * varianceInflation);
    }
  }
  return { mean, standardDeviation };
}

function correction({ problem, store }: Context): SmallSampleCorrection {
  const counted = problem.columnNames.flatMap((_, j) => (problem.weights[j]! > 0 ? [store.knownIn(j)] : []));
  return smallSampleCorrection(counted, problem.rowNames.length);
}

function inTargetUnits({ normalize, sign }: ScoreProblem, standardized: number, constant: number): number {
  return (standardized + constant) * (normalize || sign.some((s) => s !== sign[0]) ? 1 : sign[0]!);
}

/** Belief over the rows' targets, with the correction for few cells. */
function rowBelief(context: Context, fitted: FittedBelief): RowBelief & { readonly constant: number } {
  const { problem } = context;
  const { mean, covariance, constant } =
    problem.target === 'worst-task'
      ? worstTask(fitted, problem)
      : { ...fitted.belief, constant: fitted.constant };
  return { mean, constant, covariance: inflated(covariance, correction(context).varianceInflation) };
}

function standardDeviationOf({ mean, covariance }: RowBelief, row: number): number {
  return Math.sqrt(Math.max(covariance[row * mean.length + row]!, 0));
}

function inflated(covariance: Float64Array, factor: number): Float64Array {
  return factor === 1 ? covariance : covariance.map((v) => v * factor);
}
