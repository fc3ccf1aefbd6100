import { InvalidArgumentError, matrix, seeded } from '@foothold/core';
import { copyOf, observe } from './belief.ts';
import { cellNames } from './cell-names.ts';
import { type CellStore, cellStore } from './cell-store.ts';
import { checkedCount, checkedScore, checkedShare } from './checked.ts';
import { columnCorrelations } from './column-correlations.ts';
import type { FittedBelief } from './fitted-belief.ts';
import { type CellIndex, initialCells } from './initial-cells.ts';
import { nextCells } from './next-cells.ts';
import type { CheckpointOptions } from './options.ts';
import { studyAnswers } from './study-answers.ts';
import { type StudyModel, studyModel } from './study-model.ts';
import type { CheckpointState, CheckpointStudy } from './study-types.ts';
import { type ScoreProblem, validated } from './validated.ts';

/** A study of a score matrix. Throws InvalidArgumentError, ShapeError, UnsupportedError for options that do not fit. */
export function checkpointStudy(options: CheckpointOptions): CheckpointStudy {
  return openStudy(options, undefined);
}

/** The study of this state, under the options it was opened with: it goes on as the stopped one would have. Throws as `checkpointStudy`. */
export function resumeCheckpointStudy(options: CheckpointOptions, state: CheckpointState): CheckpointStudy {
  if (state?.version !== 1 || !Array.isArray(state.cells) || !Array.isArray(state.pending))
    throw new InvalidArgumentError('state', state, 'what state() returned');
  return openStudy(options, state);
}

function openStudy(options: CheckpointOptions, state: CheckpointState | undefined): CheckpointStudy {
  const problem = validated(options);
  const { rowNames, columnNames } = problem;
  const R = rowNames.length;
  const m = columnNames.length;
  const initial = checkedCount('initialCells', options.initialCells ?? 2, 0);
  const perColumn = Math.min(initial, R);
  const risk = checkedShare('stop.risk', options.stop?.risk ?? 0.1);
  const tolerance = checkedShare('stop.tolerance', options.stop?.tolerance ?? 0.001);
  const acquisition = options.acquisition ?? ({ kind: 'knowledge-gradient' } as const);
  const { indexOf, cellOf } = cellNames(rowNames, columnNames);
  const store = cellStore(rowNames, columnNames);
  const model = studyModel(problem, store, { model: options.model ?? {}, fit: state?.fit });
  restore({ problem, state, indexOf }, store, model);
  const design = initialCells({
    rows: R,
    columns: m,
    perColumn: initial,
    lastPass: 0.5,
    rng: seeded(options.seed).fork('initial-cells'),
    taken: (row, column) => !Number.isNaN(problem.scores[row * m + column]!),
  });
  const progress = { step: state?.steps ?? 0 };
  const scored = (fitted: FittedBelief, onlyBest: boolean) =>
    nextCells(problem, store, { fitted, acquisition, perColumn, step: progress.step, onlyBest });
  const ask = (count: number) =>
    choose({ store, model, missing: missingOf(design, store, initial), progress, scored }, count).map(cellOf);
  return {
    ...studyAnswers(problem, store, { believed: model.believed, stop: { risk, tolerance, perColumn } }),
    rows: rowNames,
    columns: columnNames,
    ask: ({ count = 1 } = {}) => ask(checkedCount('count', count, 1)),
    tell(cell, value) {
      const row = indexOf('row', cell.row);
      const column = indexOf('column', cell.column);
      checkedScore(value, cellOf(row * m + column));
      model.record(row, column, value);
    },
    release(cell) {
      store.pending.delete(indexOf('row', cell.row) * m + indexOf('column', cell.column));
    },
    correlations() {
      return columnCorrelations(this.cells().mean);
    },
    acquisition: () => matrix(R, m, scored(model.believed(), false).score),
    known: () => matrix(R, m, store.values.slice()),
    pending: () => [...store.pending].map(cellOf),
    model: () => model.believed().fit,
    state: () => stateOf(store, { steps: progress.step, fit: model.fit(), columns: m }),
  };
}

/**
 * Marks `count` cells as pending and returns their positions: first what is missing of the design, then what the acquisition
 * chooses; fewer where no more are free.
 */
function choose(
  from: {
    readonly store: CellStore;
    readonly model: StudyModel;
    readonly missing: readonly CellIndex[];
    /** Cells that the acquisition has chosen so far. */
    readonly progress: { step: number };
    readonly scored: (fitted: FittedBelief, onlyBest: boolean) => ReturnType<typeof nextCells>;
  },
  count: number,
): readonly number[] {
  const { store, progress } = from;
  const m = store.columns;
  const chosen = from.missing.slice(0, count).map(({ row, column }) => row * m + column);
  for (const at of chosen) store.pending.add(at);
  if (chosen.length === count || store.cells.length + store.pending.size === store.values.length)
    return chosen;
  let fitted = from.model.believed();
  // Pending cells are taken in as if they came out as expected: they lower the variance and move nothing.
  if (store.pending.size > 0 || count - chosen.length > 1)
    fitted = { ...fitted, belief: copyOf(fitted.belief) };
  for (const at of store.pending) observe(fitted.belief, { row: Math.floor(at / m), column: at % m });
  while (chosen.length < count) {
    const { best } = from.scored(fitted, true);
    if (!best) break;
    progress.step++;
    const at = best.row * m + best.column;
    store.pending.add(at);
    chosen.push(at);
    if (chosen.length < count) observe(fitted.belief, best);
  }
  return chosen;
}

/** Takes in the cells of an earlier state, then those of the options. */
function restore(
  from: {
    readonly problem: ScoreProblem;
    readonly state: CheckpointState | undefined;
    readonly indexOf: ReturnType<typeof cellNames>['indexOf'];
  },
  store: CellStore,
  model: StudyModel,
): void {
  const { problem, state, indexOf } = from;
  const m = problem.columnNames.length;
  for (const [row, column, value] of state?.cells ?? [])
    model.record(indexOf('row', row), indexOf('column', column), checkedScore(value));
  problem.scores.forEach((v, at) => {
    if (!Number.isNaN(v)) model.record(Math.floor(at / m), at % m, v);
  });
  for (const [row, column] of state?.pending ?? [])
    store.pending.add(indexOf('row', row) * m + indexOf('column', column));
}

/** Cells of the first design that are still missing; a column that has enough by other ways needs none. */
function missingOf(
  design: readonly CellIndex[],
  { counts, isFree }: CellStore,
  perColumn: number,
): readonly CellIndex[] {
  const have = counts();
  return design.filter(({ row, column }) => isFree(row, column) && have[column]!++ < perColumn);
}

function stateOf(
  { cells, pending }: CellStore,
  { steps, fit, columns }: Pick<CheckpointState, 'steps' | 'fit'> & { readonly columns: number },
): CheckpointState {
  return {
    version: 1,
    cells: cells.map(({ row, column, value }) => [row, column, value] as const),
    pending: [...pending].map((at) => [Math.floor(at / columns), at % columns] as const),
    steps,
    ...(fit ? { fit } : {}),
  };
}
