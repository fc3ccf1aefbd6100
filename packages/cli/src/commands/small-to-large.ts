import { InvalidArgumentError, type Params } from '@foothold/core';
import { fileStorage } from '@foothold/study';
import { smallToLarge } from 'foothold';
import { paramsText, progress } from '../progress.ts';
import { readSpace } from '../read-space.ts';
import { sourcesOf } from '../sources-of.ts';
import { UsageError } from '../usage-error.ts';
import { commandNotes, commandObjective } from './command-objective.ts';
import { earlierRun } from './earlier-run.ts';
import { interruptible } from './interruptible.ts';
import { smallToLargeReport } from './small-to-large-report.ts';
import { studyName } from './study-name.ts';
import { refuseUnwritable, writeWhole } from './write-report.ts';

export interface SmallToLargeCommandOptions {
  readonly space: string;
  readonly small?: string;
  readonly from?: readonly string[];
  readonly large?: string;
  /** These four go with `--scales`. */
  readonly run?: string;
  readonly budget?: number;
  readonly costs?: string;
  readonly lrShift?: string;
  readonly concurrency: number;
  readonly smallTrials: number;
  readonly largeTrials: number;
  readonly direction: 'minimize' | 'maximize';
  /** False where the direction is the default. */
  readonly directionGiven?: boolean;
  readonly metric?: string;
  readonly timeout?: number;
  readonly storage: string;
  readonly name?: string;
  readonly seed: number;
  readonly shell?: boolean;
  readonly report?: string;
  readonly json?: boolean;
}

/** `foothold small-to-large`: both stages with live progress, resumable between any two trials. */
export async function smallToLargeCommand(options: SmallToLargeCommandOptions): Promise<void> {
  const { direction, seed, large } = options;
  if (large === undefined)
    throw new InvalidArgumentError('--large', large, 'a command, or --scales with --run');
  if ((options.small === undefined) === (options.from === undefined))
    throw new InvalidArgumentError(
      '--small',
      options.small,
      'either --small with a command or --from with what is known already',
    );
  for (const [option, value] of Object.entries({
    '--run': options.run,
    '--budget': options.budget,
    '--costs': options.costs,
    '--lr-shift': options.lrShift,
  }))
    if (value !== undefined) throw new UsageError(`${option} goes with --scales`);
  refuseUnwritable('--report', options.report);
  const space = readSpace(options.space);
  const names = space.columns.map(({ name }) => name);
  const refuseAccuracy = options.directionGiven === false && direction === 'minimize';
  const objective = (run: string, label: 'small' | 'large') =>
    commandObjective({
      ...options,
      run,
      names,
      refuseAccuracy,
      onFirstReading: (reads) => bars[label].note(`${label} reads ${reads}`),
    });
  const name =
    options.name ??
    studyName(large, [options.small, options.from, space.description, direction, options.metric, seed]);
  const history =
    options.from &&
    (
      await sourcesOf(
        options.from.map((path) => ({ path })),
        options.storage,
      )
    ).flatMap(({ trials }) => trials);
  const now = () => performance.now();
  const totals = { small: options.smallTrials, large: options.largeTrials };
  const barOf = async (label: 'small' | 'large') => {
    const earlier = await earlierRun(options.storage, `${name}-${label}`, direction);
    const bar = progress(process.stderr, { ...earlier, total: totals[label], direction, now, label });
    return { bar, done: earlier.done };
  };
  const [small, then] = [await barOf('small'), await barOf('large')];
  const bars = { small: small.bar, large: then.bar };
  bars.small.note(`studies ${name}-small and ${name}-large in ${options.storage}`);
  if (options.small !== undefined && small.done > 0)
    bars.small.note(
      `${small.done} of ${totals.small} small and ${then.done} of ${totals.large} large trials are done`,
    );

  const { shell } = options;
  const notes = [options.small, large].flatMap((run) =>
    run === undefined ? [] : commandNotes({ run, names, shell }),
  );
  for (const note of new Set(notes)) bars.small.note(note);
  let stage: 'small' | 'large' = 'small';
  const result = await interruptible((signal) =>
    smallToLarge<Params>({
      space,
      direction,
      seed,
      signal,
      concurrency: options.concurrency,
      name,
      storage: fileStorage(options.storage),
      ...(options.small === undefined ? {} : { small: objective(options.small, 'small') }),
      ...(history === undefined ? {} : { smallHistory: history }),
      large: objective(large, 'large'),
      smallTrials: options.smallTrials,
      largeTrials: options.largeTrials,
      onTrial: (trial, of) => {
        if (of !== stage) bars[stage].end();
        stage = of;
        bars[of].trial(trial);
      },
    }).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    }),
  );
  bars[stage].end();
  if (!result || result.large.trials.filter((t) => t.state !== 'running').length < options.largeTrials) {
    bars.large.note('stopped; the same line goes on from here');
    process.exitCode = 130;
  }
  if (!result) return;
  if (options.report) {
    const html = await smallToLargeReport(result, { name, direction, space: space.description });
    bars.large.note(`report: ${await writeWhole(options.report, html)}`);
  }
  const { best, small: before } = result;
  if (options.json)
    process.stdout.write(`${JSON.stringify({ study: name, small: before.best ?? null, best })}\n`);
  else {
    if (before.best)
      process.stdout.write(
        `small best value ${before.best.value} (trial ${before.best.number}): ${paramsText(before.best.params, String)}\n`,
      );
    process.stdout.write(
      `large best value ${best.value} (trial ${best.number}): ${paramsText(best.params, String)}\n`,
    );
  }
}
