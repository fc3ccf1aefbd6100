/**
 * `pnpm bench checkpoints [--seeds N] [--quick] [all | regret | smooth | shapes | time [FIRST_SEED]]`: regret of the named row on a matrix of
 * real checkpoints, against random cells with row and column effects in the same run; the stop rule; time of a step.
 */
import os from 'node:os';
import {
  type CheckpointTarget,
  checkpointStudy,
  gaussianFilter,
  rowsOf,
  syntheticScores,
} from '@foothold/checkpoints';
import { largestOf, type Matrix, matrix, type Rng, seeded } from '@foothold/core';
import type { BenchOptions } from './bench-options.ts';
import { realMatrix, shapes, type Task } from './checkpoints-tasks.ts';

const fractions = [0.03, 0.05, 0.09];
/** Runs that have not stopped by then are followed up to here. */
const lastFraction = 0.15;
/** The stop rule is asked after every so many cells. */
const stopEvery = 4;
const risk = 0.1;
const tolerance = 0.001;

export async function checkpoints(options: BenchOptions): Promise<void> {
  const seeds = options.seeds ?? (options.quick ? 2 : 20);
  const part = options.words[0] ?? 'all';
  const first = Number(options.words[1] ?? 0);
  const summary: Record<string, unknown> = { seeds, cpu: os.cpus()[0]?.model, node: process.version };
  const real = realMatrix();
  if (!real)
    options.emit({ bench: 'checkpoints', skipped: 'no ../shared/data/checkpoints: synthetic matrices only' });
  const tasks: (readonly [Task, CheckpointTarget])[] = [];
  if (real && (part === 'all' || part === 'regret')) tasks.push([real, 'mean']);
  if (real && (part === 'all' || part === 'smooth')) tasks.push([real, 'smooth']);
  if (part === 'all' || part === 'shapes' || !real)
    for (const task of shapes(real, options.quick)) tasks.push([task, 'mean'], [task, 'smooth']);
  for (const [task, target] of tasks)
    summary[`${task.name} ${target}`] = regret(task, target, {
      seeds,
      first,
      emit: options.emit,
      quick: options.quick,
    });
  if (part === 'all' || part === 'time') summary['step'] = stepTimes(real, options);
  options.emit({ bench: 'checkpoints', summary });
}

/** The true target of every row. */
function truthOf({ scores }: Task, target: CheckpointTarget): Float64Array {
  const { rows: R, columns: m, data } = scores;
  const mean = Float64Array.from(
    { length: R },
    (_, i) => data.subarray(i * m, (i + 1) * m).reduce((a, b) => a + b, 0) / m,
  );
  if (target === 'mean') return mean;
  const filter = gaussianFilter(R, R / 15);
  return mean.map((_, i) => mean.reduce((sum, v, k) => sum + filter[i * R + k]! * v, 0));
}

interface RegretOptions {
  readonly seeds: number;
  readonly first: number;
  readonly quick: boolean;
  readonly emit: BenchOptions['emit'];
}

/** What the runs of one matrix and target share. */
interface Setting {
  readonly task: Task;
  readonly target: CheckpointTarget;
  /** How far the row's true target is below the best row's, in per cent of that. */
  readonly shortfall: (row: number) => number;
  /** Shares of the cells after which the named row is looked at. */
  readonly marks: readonly number[];
  readonly quick: boolean;
}

interface Stop {
  readonly fraction: number;
  readonly regret: number;
}

/** Regret at each mark of one seed, of random cells too, and where the stop rule ended it. */
interface SeedRun {
  readonly found: readonly number[];
  readonly random: readonly number[];
  readonly stop: Stop;
  readonly cpuSeconds: number;
}

function regret(
  task: Task,
  target: CheckpointTarget,
  { seeds, first, quick, emit }: RegretOptions,
): Record<string, unknown> {
  const { rows: R, columns: m } = task.scores;
  const truth = truthOf(task, target);
  const top = largestOf(truth);
  const shortfall = (row: number): number => (100 * (top - truth[row]!)) / Math.abs(top);
  const twoCells = (2 * m) / (R * m);
  const marks = [twoCells, ...fractions.filter((f) => f > twoCells)].slice(0, quick ? 3 : undefined);
  const runs: SeedRun[] = [];
  for (let seed = first; seed < first + seeds; seed++) {
    const run = seedRun({ task, target, shortfall, marks, quick }, seed);
    runs.push(run);
    emit({
      bench: 'checkpoints',
      matrix: task.name,
      target,
      seed,
      fractions: marks.map((f) => Number(f.toFixed(4))),
      regretPercent: run.found,
      randomPercent: run.random,
      stop: run.stop,
      cpuSeconds: run.cpuSeconds,
    });
  }
  return summaryOf(marks, runs);
}

/** Asks and tells up to each mark, and after the last one until the stop rule is met or the share of cells is too large. */
function seedRun({ task, target, shortfall, marks, quick }: Setting, seed: number): SeedRun {
  const { scores } = task;
  const { rows: R, columns: m } = scores;
  const study = checkpointStudy({
    rows: rowsOf(task.rows),
    columns: task.columns,
    seed,
    target,
    stop: { risk, tolerance },
  });
  const found: number[] = [];
  const random: number[] = [];
  let stop: Stop | undefined;
  const order = shuffledCells(R * m, seeded(seed).fork('random-cells'));
  let cells = 0;
  const evaluate = (count: number) => {
    for (const { row, column } of study.ask({ count })) {
      study.tell({ row, column }, scores.data[row * m + column]!);
      cells++;
    }
  };
  const noteStop = () => {
    if (!stop && study.decision().stop)
      stop = { fraction: cells / (R * m), regret: shortfall(study.best().row) };
  };
  const begun = process.cpuUsage();
  for (const mark of marks) {
    const limit = Math.round(mark * R * m);
    while (cells < limit) {
      evaluate(1);
      if (cells % stopEvery === 0) noteStop();
    }
    found.push(shortfall(study.best().row));
    random.push(shortfall(effectsBest(scores, order.slice(0, cells))));
  }
  while (!quick && !stop && cells < lastFraction * R * m) {
    evaluate(stopEvery);
    noteStop();
  }
  const { user, system } = process.cpuUsage(begun);
  // A run that had not stopped at the last fraction counts as stopping at 1.
  return {
    found,
    random,
    stop: stop ?? { fraction: 1, regret: 0 },
    cpuSeconds: (user + system) / 1e6,
  };
}

function summaryOf(marks: readonly number[], runs: readonly SeedRun[]): Record<string, unknown> {
  const at = (figure: (k: number) => number) =>
    Object.fromEntries(marks.map((f, k) => [f.toFixed(3), Number(figure(k).toFixed(4))]));
  const mean = (of: (run: SeedRun) => number): number =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  const stops = runs.map(({ stop }) => stop);
  const sorted = stops.map((s) => s.fraction).sort((a, b) => a - b);
  return {
    meanRegretPercent: at((k) => mean(({ found }) => found[k]!)),
    worstRegretPercent: at((k) => largestOf(runs.map(({ found }) => found[k]!))),
    randomPercent: at((k) => mean(({ random }) => random[k]!)),
    stopMedianFraction: sorted[Math.floor(sorted.length / 2)],
    stopWrongShare: stops.filter((s) => s.regret > 100 * tolerance).length / stops.length,
  };
}

function shuffledCells(n: number, rng: Rng): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const k = Math.floor(rng.next() * (i + 1));
    [order[i], order[k]] = [order[k]!, order[i]!];
  }
  return order;
}

/** The baseline: row + column effects fitted to random cells by alternating means, the rows smoothed (standard deviation rows/30). */
function effectsBest({ rows: R, columns: m, data }: Matrix, cells: readonly number[]): number {
  const row = new Float64Array(R);
  const column = new Float64Array(m);
  const filter = gaussianFilter(R, R / 30);
  for (let round = 0; round < 30; round++) {
    const sum = new Float64Array(m);
    const count = new Float64Array(m);
    for (const at of cells) {
      sum[at % m]! += data[at]! - row[Math.floor(at / m)]!;
      count[at % m]!++;
    }
    for (let j = 0; j < m; j++) column[j] = count[j]! > 0 ? sum[j]! / count[j]! : 0;
    const total = new Float64Array(R);
    const seen = new Float64Array(R);
    for (const at of cells) {
      total[Math.floor(at / m)]! += data[at]! - column[at % m]!;
      seen[Math.floor(at / m)]!++;
    }
    for (let i = 0; i < R; i++) {
      let value = 0;
      let weight = 1e-9;
      for (let k = 0; k < R; k++) {
        value += filter[i * R + k]! * total[k]!;
        weight += filter[i * R + k]! * seen[k]!;
      }
      row[i] = value / weight;
    }
  }
  return row.indexOf(row.reduce((a, b) => Math.max(a, b)));
}

/** CPU of a step (taking a score in and choosing the next cell), with the refits among them listed separately. */
function stepTimes(real: Task | undefined, { quick, emit }: BenchOptions): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const large = syntheticScores({ rows: 1000, columns: 200, seed: 1 });
  const cases: (readonly [Task, number, number])[] = [
    [
      real ?? { name: 'synthetic-121x71', ...syntheticScores({ rows: 121, columns: 71, seed: 1 }) },
      400,
      quick ? 8 : 40,
    ],
  ];
  if (!quick) cases.push([{ name: 'synthetic-1000x200', ...large }, 1000, 6]);
  for (const [task, observed, steps] of cases) {
    const { rows: R, columns: m, data } = task.scores;
    const order = shuffledCells(R * m, seeded('known'));
    const known = new Float64Array(R * m).fill(Number.NaN);
    for (let j = 0; j < m; j++) for (const i of [0, R - 1]) known[i * m + j] = data[i * m + j]!;
    for (const at of order.slice(0, Math.max(observed - 2 * m, 0))) known[at] = data[at]!;
    const study = checkpointStudy({
      rows: rowsOf(task.rows),
      columns: task.columns,
      scores: matrix(R, m, known),
      seed: 0,
    });
    const opened = process.cpuUsage();
    study.best();
    const fit = process.cpuUsage(opened);
    const plain: number[] = [];
    const refits: number[] = [];
    for (let k = 0; k < steps; k++) {
      const fitted = study.model().cells;
      const begun = process.cpuUsage();
      const [cell] = study.ask();
      if (!cell) break;
      study.tell(cell, data[cell.row * m + cell.column]!);
      const { user, system } = process.cpuUsage(begun);
      (study.model().cells === fitted ? plain : refits).push((user + system) / 1000);
    }
    const sorted = plain.sort((a, b) => a - b);
    const row = {
      bench: 'checkpoints',
      matrix: task.name,
      observed,
      stepMedianMs: sorted[Math.floor(sorted.length / 2)],
      stepMaxMs: sorted[sorted.length - 1],
      refits: refits.length,
      /** The first fit and the belief from scratch. */
      fitMs: (fit.user + fit.system) / 1000,
    };
    emit(row);
    result[task.name] = row;
  }
  return result;
}
