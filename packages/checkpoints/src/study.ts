import { InvalidArgumentError, matrix, seeded } from '@foothold/core';
import { type CellScores, scoreCells } from './acquisition.ts';
import { copyOf, observe } from './belief.ts';
import { cellNames } from './cell-names.ts';
import { checkedCount, checkedScore, checkedShare } from './checked.ts';
import { columnMarginals } from './column-belief.ts';
import { columnCorrelations } from './column-correlations.ts';
import { bestProbability, bestRow, type RowBelief } from './contenders.ts';
import { CellConflictError } from './errors.ts';
import { bestByColumn, everyTaskScores } from './every-task.ts';
import { type Doubt, doubted, doubtOf } from './few-cells.ts';
import {
  beliefFrom,
  type FitRecord,
  type FittedBelief,
  fitIsDue,
  type KnownCell,
  refit,
  standardScore,
} from './fitted-belief.ts';
import { type CellIndex, initialCells } from './initial-cells.ts';
import type { CheckpointOptions } from './options.ts';
import type { Cell, CheckpointState, CheckpointStudy, StopDecision } from './study-types.ts';
import { validated } from './validated.ts';
import { worstTask, worstTaskScores } from './worst-task.ts';

/** Opens a study of a score matrix. Throws InvalidArgumentError, ShapeError, UnsupportedError for options that do not fit. */
export function checkpointStudy(options: CheckpointOptions): CheckpointStudy {
  return openStudy(options, undefined);
}

/** Continues a study from its state, under the options it was opened with; it goes on as the stopped one would have. */
export function resumeCheckpointStudy(options: CheckpointOptions, state: CheckpointState): CheckpointStudy {
  if (state?.version !== 1 || !Array.isArray(state.cells) || !Array.isArray(state.pending))
    throw new InvalidArgumentError('state', state, 'what state() returned');
  return openStudy(options, state);
}

/**
 * Factor on variances in the stop rule. Errors of row differences were up to 1.7 of their stated deviations, 1.2 in the middle
 * (hyperparameters are a mode, not an average), and a rule that is asked after every cell errs more often than one asked once.
 */
const caution = 1.7;

function openStudy(options: CheckpointOptions, state: CheckpointState | undefined): CheckpointStudy {
  const problem = validated(options);
  const { rowNames, columnNames, target } = problem;
  const R = rowNames.length;
  const m = columnNames.length;
  const perColumn = checkedCount('initialCells', options.initialCells ?? 2, 0);
  const risk = checkedShare('stop.risk', options.stop?.risk ?? 0.1);
  const tolerance = checkedShare('stop.tolerance', options.stop?.tolerance ?? 0.001);
  const acquisition = options.acquisition ?? { kind: 'knowledge-gradient' };
  const model = options.model ?? {};
  const values = new Float64Array(R * m).fill(Number.NaN);
  const cells: KnownCell[] = [];
  const waiting = new Set<number>();
  let steps = state?.steps ?? 0;
  let fit: FitRecord | undefined = state?.fit;
  let current: FittedBelief | undefined;

  const { indexOf, cellOf } = cellNames(rowNames, columnNames);
  const take = (row: number, column: number, value: number): void => {
    const at = row * m + column;
    if (values[at] === value) return;
    if (!Number.isNaN(values[at]!))
      throw new CellConflictError({
        row: rowNames[row]!,
        column: columnNames[column]!,
        known: values[at]!,
        told: value,
      });
    values[at] = value;
    waiting.delete(at);
    const cell = { row, column, value };
    cells.push(cell);
    if (!current) return;
    const z = standardScore(problem, current.units, cell);
    // So far beyond what the units were made for that its square is none: units and fit start anew.
    if (Math.abs(z) > 1e100) fit = current = undefined;
    else observe(current.belief, cell, z);
  };
  for (const [row, column, value] of state?.cells ?? [])
    take(indexOf('row', row), indexOf('column', column), checkedScore(value));
  problem.scores.forEach((v, at) => {
    if (!Number.isNaN(v)) take(Math.floor(at / m), at % m, v);
  });
  for (const [row, column] of state?.pending ?? [])
    waiting.add(indexOf('row', row) * m + indexOf('column', column));
  const first = initialCells({
    rows: R,
    columns: m,
    perColumn,
    lastPass: 0.5,
    rng: seeded(options.seed).fork('initial-cells'),
    taken: (row, column) => !Number.isNaN(problem.scores[row * m + column]!),
  });

  /** The belief given all known cells; fitted again where it is time. */
  const believed = (): FittedBelief => {
    if (fitIsDue(cells.length, fit)) {
      fit = refit(problem, cells, { previous: fit, model });
      current = undefined;
    }
    current ??= beliefFrom(problem, cells, fit!);
    return current;
  };
  const free = (row: number, column: number): boolean => {
    const at = row * m + column;
    return Number.isNaN(values[at]!) && !waiting.has(at);
  };
  /** Known and pending cells by column. */
  const counts = (): Int32Array => {
    const have = new Int32Array(m);
    for (let at = 0; at < R * m; at++) if (!free(Math.floor(at / m), at % m)) have[at % m]!++;
    return have;
  };
  /** Cells of the first design that are still missing; a column that has enough by other ways needs none. */
  const missing = (have: Int32Array): readonly CellIndex[] =>
    first.filter(({ row, column }) => free(row, column) && have[column]!++ < perColumn);
  const enough = Math.min(perColumn, R);
  const scored = (fitted: FittedBelief, step: number, onlyBest = true): CellScores => {
    // Until every column has its first cells, the model chooses within the columns that lack some.
    const have = counts();
    const short = onlyBest && have.some((c) => c < enough);
    const available = short ? (i: number, j: number) => have[j]! < enough && free(i, j) : free;
    const request = { acquisition, cost: problem.cost, available, step, onlyBest };
    if (target === 'every-task') return everyTaskScores(fitted.belief, request);
    if (target === 'worst-task') return worstTaskScores(fitted, problem, request);
    return scoreCells(fitted.belief, request);
  };
  const inTargetUnits = (standardized: number, constant: number): number =>
    (standardized + constant) *
    (problem.normalize || problem.sign.some((s) => s !== problem.sign[0]) ? 1 : problem.sign[0]!);
  const doubt = (): Doubt => {
    const known: number[] = [];
    for (let j = 0; j < m; j++)
      if (problem.weights[j]! > 0)
        known.push(rowNames.reduce((n, _, i) => (Number.isNaN(values[i * m + j]!) ? n : n + 1), 0));
    return doubtOf(known, R);
  };
  /** Belief over the rows' targets as it is told: with the doubt of few cells. */
  const rowBelief = (fitted: FittedBelief): RowBelief & { readonly constant: number } => {
    const { mean, covariance, constant } =
      target === 'worst-task' ? worstTask(fitted, problem) : { ...fitted.belief, constant: fitted.constant };
    const { widening } = doubt();
    return { mean, constant, covariance: widening === 1 ? covariance : covariance.map((v) => v * widening) };
  };

  return {
    rows: rowNames,
    columns: columnNames,
    ask({ count: wanted = 1 } = {}) {
      checkedCount('count', wanted, 1);
      const chosen: Cell[] = [];
      for (const { row, column } of missing(counts()).slice(0, wanted)) {
        waiting.add(row * m + column);
        chosen.push(cellOf(row * m + column));
      }
      if (chosen.length < wanted && cells.length + waiting.size < R * m) {
        let fitted = believed();
        // Pending cells are taken in as if they came out as expected: they lower the variance and move nothing.
        if (waiting.size > 0 || wanted - chosen.length > 1)
          fitted = { ...fitted, belief: copyOf(fitted.belief) };
        for (const at of waiting) observe(fitted.belief, { row: Math.floor(at / m), column: at % m });
        while (chosen.length < wanted) {
          const { best } = scored(fitted, steps);
          if (!best) break;
          steps++;
          waiting.add(best.row * m + best.column);
          chosen.push(cellOf(best.row * m + best.column));
          if (chosen.length < wanted) observe(fitted.belief, best);
        }
      }
      return chosen;
    },
    tell(cell, value) {
      const row = indexOf('row', cell.row);
      const column = indexOf('column', cell.column);
      checkedScore(value, cellOf(row * m + column));
      take(row, column, value);
    },
    release(cell) {
      waiting.delete(indexOf('row', cell.row) * m + indexOf('column', cell.column));
    },
    best() {
      const fitted = believed();
      const belief = rowBelief(fitted);
      const row = bestRow(belief.mean);
      const { best } = bestProbability(belief, { tolerance: 0 });
      return {
        row,
        name: rowNames[row]!,
        mean: inTargetUnits(belief.mean[row]!, belief.constant),
        deviation: Math.sqrt(Math.max(belief.covariance[row * R + row]!, 0)),
        probability: doubted(best[row]!, doubt(), R),
      };
    },
    bestByColumn() {
      const fitted = believed();
      const doubts = doubt();
      return bestByColumn(fitted.belief, { widening: doubts.widening }).map(
        ({ row, mean, deviation, probability }, column) => ({
          column,
          row,
          name: rowNames[row]!,
          mean: problem.sign[column]! * (fitted.units.centre[column]! + fitted.units.unit[column]! * mean),
          deviation: fitted.units.unit[column]! * deviation,
          probability: doubted(probability, doubts, R),
        }),
      );
    },
    decision() {
      const fitted = believed();
      if (target === 'every-task') return everyTaskDecision();
      const belief = rowBelief(fitted);
      const row = bestRow(belief.mean);
      const scale = problem.normalize ? 1 : Math.abs(belief.mean[row]! + belief.constant);
      const allowed = tolerance * scale;
      const covariance = belief.covariance.map((v) => v * caution);
      const found = bestProbability({ mean: belief.mean, covariance }, { tolerance: allowed });
      return decided({ probability: found.within, allowed, expectedRegret: found.expectedRegret });
    },
    posterior() {
      const belief = rowBelief(believed());
      const doubts = doubt();
      return {
        mean: belief.mean.map((v) => inTargetUnits(v, belief.constant)),
        deviation: Float64Array.from({ length: R }, (_, i) =>
          Math.sqrt(Math.max(belief.covariance[i * R + i]!, 0)),
        ),
        probability: bestProbability(belief, { tolerance: 0 }).best.map((p) => doubted(p, doubts, R)),
      };
    },
    cells() {
      const { belief, units } = believed();
      const { widening } = doubt();
      const mean = matrix(R, m);
      const deviation = matrix(R, m);
      for (let j = 0; j < m; j++) {
        const found = columnMarginals(belief, j);
        for (let i = 0; i < R; i++) {
          mean.data[i * m + j] = problem.sign[j]! * (units.centre[j]! + units.unit[j]! * found.mean[i]!);
          deviation.data[i * m + j] = units.unit[j]! * Math.sqrt(found.variance[i]! * widening);
        }
      }
      return { mean, deviation };
    },
    correlations() {
      return columnCorrelations(this.cells().mean);
    },
    acquisition() {
      return matrix(R, m, scored(believed(), steps, false).score);
    },
    known: () => matrix(R, m, values.slice()),
    pending: () => [...waiting].map(cellOf),
    model: () => believed().fit,
    state: () => ({
      version: 1,
      cells: cells.map(({ row, column, value }) => [row, column, value] as const),
      pending: [...waiting].map((at) => [Math.floor(at / m), at % m] as const),
      steps,
      ...(fit ? { fit } : {}),
    }),
  };

  function decided(found: {
    readonly probability: number;
    readonly allowed: number;
    readonly expectedRegret: number;
  }): StopDecision {
    const { allowed, expectedRegret } = found;
    const probability = doubted(found.probability, doubt(), R);
    const facts = { probability, tolerance: allowed, expectedRegret };
    if (cells.length === R * m) return { ...facts, stop: true, reason: 'exhausted' };
    if (counts().some((c) => c < enough)) return { ...facts, stop: false, reason: 'initial cells missing' };
    const stop = probability >= 1 - risk;
    return { ...facts, stop, reason: stop ? 'confident' : 'not yet confident' };
  }

  /** Every column's own best row: the mean probability over the columns, by weight. */
  function everyTaskDecision(): StopDecision {
    const { belief, units } = believed();
    let probability = 0;
    let expectedRegret = 0;
    bestByColumn(belief, {
      tolerance: (j) => (tolerance * Math.abs(units.centre[j]!)) / units.unit[j]!,
      widening: doubt().widening,
    }).forEach((found, j) => {
      probability += problem.weights[j]! * found.within;
      expectedRegret += problem.weights[j]! * units.unit[j]! * found.expectedRegret;
    });
    return decided({ probability, allowed: tolerance, expectedRegret });
  }
}
