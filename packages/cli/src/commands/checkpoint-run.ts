/** `foothold checkpoints --run`: cells of a score matrix as trials of a study in a storage. */
import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import {
  type CheckpointStudy,
  cellSampler,
  cellSpace,
  cellStudyOf,
  cellsOfBudget,
  readScoreTable,
  type ScoreMatrix,
  type ScoreTable,
  scoreMatrixOf,
  writeScoreTable,
} from '@foothold/checkpoints';
import type { Json, Params, Trial } from '@foothold/core';
import { spaceOf } from '@foothold/space';
import { createStudy, type LocalStudy, optimize, type PastTrial, type StopRule } from '@foothold/study';
import { readText } from '../read-text.ts';
import { studiesIn } from '../studies-in.ts';
import { short } from '../trial-text.ts';
import { UsageError } from '../usage-error.ts';
import { workerOptions } from '../worker-options.ts';
import type { CheckpointsOptions } from './checkpoints-options.ts';
import { commandObjective } from './command-objective.ts';
import { endOf, heldNotes, sayStopped } from './ended-run.ts';
import { failureLimit } from './failure-limit.ts';
import { stopNote } from './stop-note.ts';
import type { Stoppable } from './stoppable.ts';
import { type FoundStudy, foundStudy } from './study-changes.ts';
import { studyName } from './study-name.ts';
import { writeWhole } from './write-report.ts';

/** What is evaluated, and where it is kept. */
export interface CheckpointRun {
  readonly scores: ScoreMatrix;
  /** Cells that are known from a table. */
  readonly table: ScoreTable;
  readonly options: CheckpointsOptions & { readonly run: string };
  /** Called after each cell with the name of the study. */
  readonly onCells: (study: string) => Promise<void>;
}

/** Failed cells of one run after which the command is taken to be wrong. */
const maxFailedCells = 20;

/**
 * The study and its matrix after cells were evaluated until the budget is spent, the stop rule is met or the run is stopped. Throws UsageError for a
 * study that was made with another matrix or command, CellConflictError for a table that says something else than the study.
 */
export async function runCheckpoints(
  of: CheckpointRun,
  run: Stoppable,
): Promise<{ readonly name: string; readonly cells: CheckpointStudy }> {
  const { scores, table, options } = of;
  const budget = cellsOfBudget(options.budget, { rows: table.rows.length, columns: table.columns.length });
  objectiveOf(options); // what is wrong with the command is said before anything else is done
  const { study, found } = await openedStudy(of);
  const cells = cellsOfStudy(scores, study);
  for (const line of [...found.notes, ...heldNotes(await study.held())]) say(line);
  say(begunText(study.name, { known: knownCells(await cells()), storage: options.storage }));
  const ending = stopNote(found.record);
  const stop = options.stop ? confidence(cells) : undefined;
  const onTrial = await afterTrial({ ...of, study, cells, budget }, run);
  // A cell that failed is no part of the budget: another one is evaluated for it.
  for (;;) {
    const missing = budget - knownCells(await cells());
    if (missing <= 0 || run.signal.aborted) break;
    const ended = (await study.trials()).filter(({ state, loaded }) => !loaded && state !== 'running');
    const result = await optimize(study, objectiveOf(options, ending.begin), {
      trials: ended.length + missing,
      concurrency: Math.min(options.concurrency, missing),
      signal: run.signal,
      stop,
      onTrial,
    });
    await ending.end(endOf(result, run.reason()).reason);
    if (result.stopped !== 'trials') break;
  }
  sayStopped(run.reason(), say);
  const last = await cells();
  await writeTable(last, options.out);
  return { name: study.name, cells: last };
}

/** The matrix as the study's trials have it: the same object, with its fit, while they are the same. */
function cellsOfStudy(scores: ScoreMatrix, study: LocalStudy): () => Promise<CheckpointStudy> {
  let last: { readonly trials: readonly Trial[]; readonly cells: CheckpointStudy } | undefined;
  return async () => {
    const trials = await study.trials();
    const isSame =
      last?.trials.length === trials.length && trials.every((trial, i) => trial === last!.trials[i]);
    if (!isSame) last = { trials, cells: cellStudyOf(scores, trials) };
    return last!.cells;
  };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function objectiveOf(options: CheckpointRun['options'], begin?: () => Promise<void>) {
  const { run, metric, timeout, shell } = options;
  const watcher = { begin: () => begin?.(), left: () => undefined };
  return commandObjective({ run, names: ['row', 'column'], metric, timeout, shell, watcher });
}

/** The rule that the best row is known well enough. */
function confidence(cells: () => Promise<CheckpointStudy>): StopRule {
  return {
    check: async () => {
      const { stop, reason, probability } = (await cells()).decision();
      return stop
        ? { name: reason, text: `the best row is known with probability ${probability.toFixed(2)}` }
        : undefined;
    },
  };
}

/** What is done after each cell: the table, the line, and an end to a command that always fails. */
async function afterTrial(
  of: CheckpointRun & {
    readonly study: LocalStudy;
    readonly cells: () => Promise<CheckpointStudy>;
    readonly budget: number;
  },
  run: Stoppable,
): Promise<(trial: Trial) => Promise<void>> {
  const { study, cells, options, budget } = of;
  const hasComplete = (await study.best()) !== undefined;
  const limit = failureLimit({ max: options.maxFailures, hasComplete });
  let failed = 0;
  return async (trial) => {
    const now = await cells();
    await writeTable(now, options.out);
    await of.onCells(study.name);
    say(cellText(trial, now, budget));
    if (trial.state === 'failed') failed++;
    const tooMany =
      trial.state === 'failed' && failed > maxFailedCells
        ? `more than ${maxFailedCells} cells failed; the last one: ${trial.reason}`
        : undefined;
    const message = limit.ended(trial) ?? tooMany;
    if (message !== undefined) run.stop({ why: 'failures', message });
  };
}

async function openedStudy({
  scores,
  table,
  options,
}: CheckpointRun): Promise<{ readonly study: LocalStudy; readonly found: FoundStudy }> {
  const matrix = JSON.parse(JSON.stringify(scores)) as Json;
  const name = options.name ?? defaultName(scores, options);
  const facts = { ...options, matrix };
  const space = spaceOf(cellSpace(scores));
  const found = await foundStudy(
    name,
    { space: space.description, direction: 'maximize', facts, takesFrom: false },
    options,
  );
  refuseAnotherMatrix(name, found, matrix);
  const study = createStudy<Params>({
    ...{ space, sampler: cellSampler(scores), direction: 'maximize', name, seed: 0 },
    ...{ storage: studiesIn(options.storage), ...workerOptions(options) },
  });
  const before = found.state.created ? [] : await keptScores(table, options.out);
  await study.load(newCells([...cellsOf(table), ...before], await study.trials(), scores));
  await found.remember();
  return { study, found };
}

/** From the command and from what makes another study. */
function defaultName(scores: ScoreMatrix, { run, metric }: CheckpointRun['options']): string {
  return studyName(run, ['checkpoints', scores, metric]);
}

/** Throws UsageError for a study of this name that is not of this matrix. */
function refuseAnotherMatrix(name: string, { state }: FoundStudy, matrix: Json): void {
  if (!state.created) return;
  const before = scoreMatrixOf(state.facts) as Readonly<Record<string, unknown>> | undefined;
  const now = matrix as Readonly<Record<string, unknown>>;
  const differs = Object.keys({ ...before, ...now }).filter(
    (key) => !isDeepStrictEqual(before?.[key], now[key]),
  );
  if (differs.length > 0)
    throw new UsageError(
      before
        ? `the study ${name} was made with another matrix (${differs.join(', ')}): --name makes another study`
        : `the study ${name} is none of a score matrix: --name makes another study`,
    );
}

/** The scores that an earlier run left in its file, where it has the same rows and columns. Throws UsageError for another table. */
async function keptScores(table: ScoreTable, out: string): Promise<readonly PastTrial[]> {
  if (!existsSync(out)) return [];
  const kept = readScoreTable(await readText('--out', out));
  if (!isDeepStrictEqual([kept.rows, kept.columns], [table.rows, table.columns]))
    throw new UsageError(`--out ${out} has a table of other rows or columns: name another file`);
  const cells = cellsOf(kept);
  process.stderr.write(`going on from ${out}: ${cells.length} cells are known\n`);
  return cells;
}

function cellsOf({ rows, columns, scores }: ScoreTable): readonly PastTrial[] {
  return [...scores.data].flatMap((value, at) =>
    Number.isNaN(value)
      ? []
      : [
          {
            params: {
              row: rows[Math.floor(at / columns.length)]!,
              column: columns[at % columns.length]!,
            },
            value,
          },
        ],
  );
}

/** Those that no complete trial has. Throws CellConflictError for one that has another value. */
function newCells(
  cells: readonly PastTrial[],
  trials: readonly Trial[],
  scores: ScoreMatrix,
): readonly PastTrial[] {
  const study = cellStudyOf(scores, trials);
  return cells.filter((cell) => {
    const before = knownCells(study);
    study.tell(
      { row: String(cell.params['row']), column: String(cell.params['column']) },
      (cell as { value: number }).value,
    );
    return knownCells(study) > before;
  });
}

function knownCells(study: CheckpointStudy): number {
  return study.known().data.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
}

async function writeTable(study: CheckpointStudy, out: string): Promise<void> {
  await writeWhole(out, writeScoreTable({ rows: study.rows, columns: study.columns, scores: study.known() }));
}

function begunText(
  name: string,
  { known, storage }: { readonly known: number; readonly storage: string },
): string {
  return `study ${name} in ${storage}${known === 0 ? '' : `: ${known} cells are known, going on`}`;
}

function cellText(trial: Trial, study: CheckpointStudy, budget: number): string {
  const best = study.best();
  const came =
    trial.state === 'complete'
      ? short(trial.value)
      : `failed: ${trial.state === 'failed' ? trial.reason : trial.state}`;
  return (
    `cell ${knownCells(study)}/${budget}  ${trial.params['row']} × ${trial.params['column']}: ${came}  ` +
    `best ${best.name} (${(100 * best.probability).toFixed(0)} % sure)`
  );
}
