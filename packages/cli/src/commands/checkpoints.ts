import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import {
  type CheckpointStudy,
  cellLog,
  checkpointStudy,
  readScoreTable,
  rowsOf,
  type ScoreTable,
} from '@foothold/checkpoints';
import { InvalidArgumentError, matrix } from '@foothold/core';
import { readText } from '../read-text.ts';
import { UsageError } from '../usage-error.ts';
import { type CheckpointRun, runCheckpoints } from './checkpoint-run.ts';
import type { CheckpointsOptions } from './checkpoints-options.ts';
import { bestRowText, matrixSummary } from './matrix-summary.ts';
import { stoppable } from './stoppable.ts';
import { refuseUnwritable, writeReport, writeReportOf } from './write-report.ts';

/**
 * `foothold checkpoints scores.csv` names the next cells and the best row of a partial matrix; with `--run` it evaluates cells
 * until the budget is spent or the stop rule says so. They are trials of a study, from which the same line goes on.
 *
 * Throws UsageError for options that do not go together and files that cannot be read, InvalidArgumentError for what a table or
 * an option does not allow.
 */
export async function checkpointsCommand(
  file: string | undefined,
  options: CheckpointsOptions,
  given: ReadonlySet<string> = new Set(),
): Promise<void> {
  refuseUnused(file, options, given);
  refuseUnwritable('--report', options.report);
  if (options.run !== undefined) refuseUnwritable('--out', options.out);
  const table =
    file === undefined ? await emptyTable(options) : readScoreTable(await readText('the table', file));
  const rows = rowsOf(table.rows);
  const minimized = new Set(options.minimize ?? []);
  for (const name of minimized)
    if (!table.columns.includes(name))
      throw new InvalidArgumentError('--minimize', name, `one of the columns ${table.columns.join(', ')}`);
  const scores = {
    rows,
    columns: table.columns.map((name) =>
      minimized.has(name) ? { name, direction: 'minimize' as const } : name,
    ),
    seed: options.seed,
    target: options.target,
  };
  if (options.run === undefined) return namedFromTable({ file, table, scores }, options);
  await evaluated({ table, scores }, { ...options, run: options.run });
}

/** The best row and the next cells of a table. */
async function namedFromTable(
  { file, table, scores }: Matrix & { readonly file: string | undefined },
  options: CheckpointsOptions,
): Promise<void> {
  const study = checkpointStudy({ ...scores, scores: table.scores, allowEmptyColumns: true });
  say(options, study, study.ask({ count: options.next }));
  if (options.report === undefined) return;
  const name = file === undefined ? 'checkpoints' : basename(file);
  const events = cellLog(scores, study);
  const studies = [{ name, events, summary: await matrixSummary(events) }];
  sayReport(await writeReportOf(options.report, { title: name, studies }));
}

/** Evaluates cells, with a report that is there before the last one. */
async function evaluated(
  { table, scores }: Matrix,
  options: CheckpointsOptions & { readonly run: string },
): Promise<void> {
  const { report, storage } = options;
  const written = async (name: string) =>
    report === undefined ? undefined : writeReport(report, { title: name, names: [name], storage });
  const onCells = atMostEvery(reportPace, () => performance.now(), written);
  const { name, cells } = await stoppable((until) =>
    runCheckpoints({ scores, table, options, onCells }, until),
  );
  say(options, cells, []);
  const path = await written(name);
  if (path !== undefined) sayReport(path);
}

function sayReport(path: string): void {
  process.stderr.write(`report: ${path}\n`);
}

/** What is evaluated, and the cells that are known. */
type Matrix = Pick<CheckpointRun, 'table' | 'scores'>;

/** Options that only evaluations have. */
const ofRun = [
  ...['budget', 'metric', 'timeout', 'out', 'stop', 'shell', 'storage', 'name', 'concurrency'],
  ...['lease', 'retries', 'maxFailures', 'retryFailed', 'acceptCommand'],
] as const;

/** Throws UsageError for an option that would have no effect. `given` has the names of those on the command line. */
function refuseUnused(
  file: string | undefined,
  { run }: CheckpointsOptions,
  given: ReadonlySet<string>,
): void {
  const refuse = (names: readonly string[], why: string) => {
    const unused = names.find((name) => given.has(name));
    if (unused !== undefined)
      throw new UsageError(`--${unused === 'stop' ? 'no-stop' : kebabCase(unused)} ${why}`);
  };
  if (run === undefined) refuse(ofRun, 'goes with --run');
  else refuse(['next'], 'goes without --run');
  if (file !== undefined) refuse(['rows', 'columns'], `goes without a table: ${file} has its own`);
}

/** The name of an option as it stands in a line. */
function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Milliseconds between two reports of a running search. */
const reportPace = 10_000;

/** The work, done at once and then only when so many milliseconds have passed since it was last done. */
function atMostEvery<T>(
  pace: number,
  now: () => number,
  work: (of: T) => Promise<unknown>,
): (of: T) => Promise<void> {
  let done = -Infinity;
  return async (of) => {
    if (now() - done < pace) return;
    await work(of);
    done = now();
  };
}

/** A table of the named rows and columns without scores. Names are separated by commas, or a file has one a line. */
async function emptyTable({ rows, columns }: CheckpointsOptions): Promise<ScoreTable> {
  if (rows === undefined || columns === undefined)
    throw new UsageError('give a table of scores, or --rows and --columns');
  const names = async (option: string, text: string) =>
    (existsSync(text) ? (await readText(option, text)).split('\n') : text.split(','))
      .map((name) => name.trim())
      .filter((name) => name !== '');
  const table = { rows: await names('--rows', rows), columns: await names('--columns', columns) };
  const size = table.rows.length * table.columns.length;
  return {
    ...table,
    scores: matrix(table.rows.length, table.columns.length, new Float64Array(size).fill(Number.NaN)),
  };
}

function say(
  options: CheckpointsOptions,
  study: CheckpointStudy,
  cells: ReturnType<CheckpointStudy['ask']>,
): void {
  if (options.json) {
    const [best, decision] = [study.best(), study.decision()];
    const next = cells.map(({ rowName, columnName }) => ({ row: rowName, column: columnName }));
    process.stdout.write(
      `${JSON.stringify({ best, decision, ...(options.run === undefined ? { next } : {}) })}\n`,
    );
    return;
  }
  process.stdout.write(`${bestRowText(study)}\n`);
  if (cells.length > 0)
    process.stdout.write(`next cells:\n${cells.map((c) => `  ${c.rowName}\t${c.columnName}`).join('\n')}\n`);
}
