import { InvalidArgumentError, type Params } from '@foothold/core';
import { fileStorage } from '@foothold/study';
import { smallToLarge } from 'foothold';
import { paramsText, progress, short } from '../progress.ts';
import { readSpace } from '../read-space.ts';
import { sourcesOf } from '../sources-of.ts';
import { commandObjective } from './command-objective.ts';
import { interruptible } from './interruptible.ts';
import { smallToLargeReport } from './small-to-large-report.ts';
import { studyName } from './study-name.ts';
import { refuseUnwritable, writeWhole } from './write-report.ts';

export interface SmallToLargeCommandOptions {
  readonly space: string;
  readonly small?: string;
  readonly from?: readonly string[];
  readonly large?: string;
  readonly smallTrials: number;
  readonly largeTrials: number;
  readonly direction: 'minimize' | 'maximize';
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
  refuseUnwritable('--report', options.report);
  const space = readSpace(options.space);
  const names = space.columns.map(({ name }) => name);
  const objective = (run: string) => commandObjective({ ...options, run, names });
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
  const bars = {
    small: progress(process.stderr, { total: options.smallTrials, direction, now, label: 'small' }),
    large: progress(process.stderr, { total: options.largeTrials, direction, now, label: 'large' }),
  };
  bars.small.note(`studies ${name}-small and ${name}-large in ${options.storage}`);

  let stage: 'small' | 'large' = 'small';
  const result = await interruptible((signal) =>
    smallToLarge<Params>({
      space,
      direction,
      seed,
      signal,
      name,
      storage: fileStorage(options.storage),
      ...(options.small === undefined ? {} : { small: objective(options.small) }),
      ...(history === undefined ? {} : { smallHistory: history }),
      large: objective(large),
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
  const { best, small } = result;
  if (options.json)
    process.stdout.write(`${JSON.stringify({ study: name, small: small.best ?? null, best })}\n`);
  else {
    if (small.best)
      process.stdout.write(
        `small best value ${short(small.best.value)} (trial ${small.best.number}): ${paramsText(small.best.params)}\n`,
      );
    process.stdout.write(
      `large best value ${short(best.value)} (trial ${best.number}): ${paramsText(best.params)}\n`,
    );
  }
}
