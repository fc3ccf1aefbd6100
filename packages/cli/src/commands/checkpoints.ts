import { existsSync, readFileSync } from 'node:fs';
import {
  type CheckpointState,
  type CheckpointStudy,
  type CheckpointTarget,
  cellsOfBudget,
  checkpointReport,
  checkpointStudy,
  readScoreTable,
  resumeCheckpointStudy,
  rowsOf,
  type ScoreTable,
  writeScoreTable,
} from '@foothold/checkpoints';
import { InvalidArgumentError, matrix } from '@foothold/core';
import { commandTemplate } from '../command-template.ts';
import { readText } from '../read-text.ts';
import { requireProgram } from '../require-program.ts';
import { runAndRead } from '../run-and-read.ts';
import { short } from '../trial-text.ts';
import { UsageError } from '../usage-error.ts';
import { exitCodeOf, type Stoppable, stoppable } from './stoppable.ts';
import { refuseUnwritable, writeWhole } from './write-report.ts';

export interface CheckpointsOptions {
  readonly rows?: string;
  readonly columns?: string;
  readonly run?: string;
  readonly budget: string;
  readonly next: number;
  readonly target: CheckpointTarget;
  readonly minimize?: readonly string[];
  readonly metric?: string;
  readonly timeout?: number;
  readonly out: string;
  readonly seed: number;
  readonly stop: boolean;
  readonly shell?: boolean;
  readonly report?: string;
  readonly json?: boolean;
}

/**
 * `foothold checkpoints scores.csv` names the next cells and the best row of a partial matrix; with `--run` it evaluates cells
 * until the budget is spent or the stop rule says so, and goes on from `--out` when it is called again.
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
  const settings = {
    rows,
    columns: table.columns.map((name) => ({
      name,
      direction: minimized.has(name) ? ('minimize' as const) : ('maximize' as const),
    })),
    seed: options.seed,
    target: options.target,
    allowEmptyColumns: true,
  };
  const positions = rows.map((row) => (typeof row === 'object' ? row.position : undefined));
  const placed = positions.every((p) => p !== undefined) ? { positions } : {};
  const writeReport = async () => writeWhole(options.report!, await checkpointReport(study, placed));
  const study =
    options.run === undefined
      ? checkpointStudy({ ...settings, scores: table.scores })
      : resumed(settings, table, options.out);
  if (options.run === undefined) say(options, study, study.ask({ count: options.next }));
  else {
    const now = () => performance.now();
    const onCell = options.report === undefined ? undefined : atMostEvery(reportPace, now, writeReport);
    await stoppable((run) => evaluate(study, { ...options, run: options.run!, onCell }, run));
    say(options, study, []);
  }
  if (options.report) process.stderr.write(`report: ${await writeReport()}\n`);
}

/** Throws UsageError for an option that would have no effect. `given` has the names of those on the command line. */
function refuseUnused(
  file: string | undefined,
  { run }: CheckpointsOptions,
  given: ReadonlySet<string>,
): void {
  const refuse = (names: readonly string[], why: string) => {
    const unused = names.find((name) => given.has(name));
    if (unused !== undefined) throw new UsageError(`--${unused === 'stop' ? 'no-stop' : unused} ${why}`);
  };
  if (run === undefined) refuse(['budget', 'metric', 'timeout', 'out', 'stop', 'shell'], 'goes with --run');
  else refuse(['next'], 'goes without --run');
  if (file !== undefined) refuse(['rows', 'columns'], `goes without a table: ${file} has its own`);
}

/** Milliseconds between two reports of a running search. */
const reportPace = 10_000;

/** The work, done at once and then only when so many milliseconds have passed since it was last done. */
function atMostEvery(pace: number, now: () => number, work: () => Promise<unknown>): () => Promise<void> {
  let done = -Infinity;
  return async () => {
    if (now() - done < pace) return;
    await work();
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

const stateFile = (out: string) => `${out}.state.json`;

function resumed(
  settings: Parameters<typeof checkpointStudy>[0],
  table: ScoreTable,
  out: string,
): CheckpointStudy {
  if (!existsSync(stateFile(out))) return checkpointStudy({ ...settings, scores: table.scores });
  const state = JSON.parse(readFileSync(stateFile(out), 'utf8')) as CheckpointState;
  const study = resumeCheckpointStudy({ ...settings, scores: table.scores }, state);
  process.stderr.write(`going on from ${out}: ${state.cells.length} cells are known\n`);
  return study;
}

async function evaluate(
  study: CheckpointStudy,
  options: CheckpointsOptions & { readonly run: string; readonly onCell: (() => Promise<void>) | undefined },
  { signal, reason }: Stoppable,
): Promise<void> {
  const template = commandTemplate(options.run, ['row', 'column'], { extra: [], shell: options.shell });
  if (template.program !== undefined) requireProgram(template.program);
  const size = { rows: study.rows.length, columns: study.columns.length };
  const budget = cellsOfBudget(options.budget, size);
  const known = () => study.known().data.reduce((n, v) => n + (Number.isNaN(v) ? 0 : 1), 0);
  const failed = new Set<string>();
  for (const cell of study.pending()) study.release(cell);
  while (known() < budget && !signal.aborted) {
    if (options.stop && study.decision().stop) break;
    const cell = study
      .ask({ count: 1 + failed.size })
      .find(({ row, column }) => !failed.has(`${row} ${column}`));
    for (const other of study.pending())
      if (other.row !== cell?.row || other.column !== cell?.column) study.release(other);
    if (!cell) break;
    const values = { row: cell.rowName, column: cell.columnName };
    const { outcome } = await runAndRead(template, values, {
      metric: options.metric,
      timeout: options.timeout,
      signal,
    });
    if (signal.aborted) {
      study.release(cell);
      break;
    }
    if (outcome.state === 'complete') study.tell(cell, outcome.value);
    else {
      study.release(cell);
      failed.add(`${cell.row} ${cell.column}`);
    }
    await writeWhole(stateFile(options.out), JSON.stringify(study.state()));
    await writeWhole(
      options.out,
      writeScoreTable({ rows: study.rows, columns: study.columns, scores: study.known() }),
    );
    await options.onCell?.();
    const best = study.best();
    process.stderr.write(
      `cell ${known()}/${budget}  ${cell.rowName} × ${cell.columnName}: ${
        outcome.state === 'complete'
          ? short(outcome.value)
          : `failed: ${'reason' in outcome ? outcome.reason : outcome.state}`
      }  best ${best.name} (${(100 * best.probability).toFixed(0)} % sure)\n`,
    );
    if (failed.size > 20)
      throw new UsageError(
        `more than 20 cells failed; the last one: ${'reason' in outcome ? outcome.reason : ''}`,
      );
  }
  const stopped = reason();
  if (stopped) {
    process.stderr.write('stopped; the same line goes on from here\n');
    process.exitCode = exitCodeOf(stopped);
  }
}

function say(
  options: CheckpointsOptions,
  study: CheckpointStudy,
  cells: ReturnType<CheckpointStudy['ask']>,
): void {
  const best = study.best();
  const decision = study.decision();
  if (options.json) {
    const next = cells.map(({ rowName, columnName }) => ({ row: rowName, column: columnName }));
    process.stdout.write(
      `${JSON.stringify({ best, decision, ...(options.run === undefined ? { next } : {}) })}\n`,
    );
    return;
  }
  process.stdout.write(
    `best row ${best.name}: ${short(best.mean)} ± ${short(best.standardDeviation)}, best with probability ${best.probability.toFixed(2)}; ${
      decision.stop ? 'stop here' : 'go on'
    } (${decision.reason})\n`,
  );
  if (cells.length > 0)
    process.stdout.write(`next cells:\n${cells.map((c) => `  ${c.rowName}\t${c.columnName}`).join('\n')}\n`);
}
