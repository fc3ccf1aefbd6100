import { InvalidArgumentError, type Params } from '@foothold/core';
import { type SmallToLargeResult, smallToLarge } from '@foothold/optimize';
import { sourcesOf } from '@foothold/protocol';
import type { ParameterSpace } from '@foothold/space';
import { bestTrial } from '@foothold/study';
import { type BegunTrial, progress } from '../progress.ts';
import { readSpace } from '../read-space.ts';
import type { RunOptions } from '../run-options.ts';
import { studiesIn } from '../studies-in.ts';
import { trialInFull } from '../trial-text.ts';
import { UsageError } from '../usage-error.ts';
import { workerOptions } from '../worker-options.ts';
import { commandNotes, commandObjective } from './command-objective.ts';
import { reasonOf, sayStopped } from './ended-run.ts';
import { failureLimit } from './failure-limit.ts';
import { stopNote } from './stop-note.ts';
import { type Stoppable, stoppable } from './stoppable.ts';
import { type FoundStudy, foundStudy } from './study-changes.ts';
import { studyName } from './study-name.ts';
import { refuseUnwritable, writeReport } from './write-report.ts';

export interface SmallToLargeCommandOptions extends RunOptions {
  readonly space: string;
  readonly small?: string;
  readonly from?: readonly string[];
  readonly large?: string;
  /** These five go with `--fidelities`. */
  readonly run?: string;
  readonly budget?: number;
  readonly costs?: string;
  readonly lrShift?: string;
  readonly fidelityName?: string;
  /** Absent: 20 and 10. */
  readonly smallTrials?: number;
  readonly largeTrials?: number;
}

type StageName = 'small' | 'large';

/**
 * `foothold small-to-large`: both stages with live progress, resumable between any two trials. Throws UsageError for options that do
 * not go together, and as `tune` does.
 */
export async function smallToLargeCommand(given: SmallToLargeCommandOptions): Promise<void> {
  if (given.from !== undefined && given.smallTrials !== undefined)
    throw new UsageError('--small-trials goes with --small: with --from the small problem is not evaluated');
  const options = { ...given, smallTrials: given.smallTrials ?? 20, largeTrials: given.largeTrials ?? 10 };
  return stoppable((run) => smallToLargeWith(options, run), options);
}

type Options = SmallToLargeCommandOptions & { readonly smallTrials: number; readonly largeTrials: number };

async function smallToLargeWith(options: Options, run: Stoppable): Promise<void> {
  const { storage } = options;
  const large = checkedLarge(options);
  const space = await readSpace(options.space);
  const names = space.columns.map(({ name }) => name);
  for (const command of [options.small, large])
    if (command) commandObjective({ ...options, run: command, names });
  const stages = await stagesOf(options, space, large);
  const { name, small, large: then } = stages;
  (small ?? then).bar.note(`studies ${name}-small and ${name}-large in ${storage}`);
  for (const stage of [small, then]) for (const line of stage?.found.notes ?? []) stage!.bar.note(line);
  if (small && small.done > 0)
    small.bar.note(
      `${small.done} of ${options.smallTrials} small and ${then.done} of ${options.largeTrials} large trials are done`,
    );
  const smallHistory = await historyOf(options, names, then.bar.note);
  const notes = [options.small, large].flatMap((command) =>
    command === undefined ? [] : commandNotes({ run: command, names, shell: options.shell }),
  );
  for (const note of new Set(notes)) (small ?? then).bar.note(note);
  const result = await evaluated({ options, large, space, stages, smallHistory }, run).finally(async () => {
    await small?.bar.end();
    await then.bar.end();
  });
  await noteEnds(stages, run);
  sayStopped(run.reason(), then.bar.note);
  if (!result) return;
  if (options.report) {
    const names = [`${name}-large`, ...(small ? [`${name}-small`] : [])];
    then.bar.note(`report: ${await writeReport(options.report, { title: name, names, storage })}`);
  }
  sayResult(result, { name, json: options.json });
}

interface Stages {
  /** Without `-small` and `-large`. */
  readonly name: string;
  readonly small: Stage | undefined;
  readonly large: Stage;
}

/** Both studies as they are stored. */
async function stagesOf(options: Options, space: ParameterSpace, large: string): Promise<Stages> {
  const { direction, metric, seed } = options;
  const facts = [options.small, options.from, space.description, direction, metric, seed ?? 0];
  const name = options.name ?? studyName(large, facts);
  const found = async (stage: StageName, command: string) => {
    const meant = { space: space.description, direction, seed, facts: { ...options, run: command } };
    return stageOf(stage, await foundStudy(`${name}-${stage}`, meant, options), options);
  };
  const small = options.small === undefined ? undefined : await found('small', options.small);
  return { name, small, large: await found('large', large) };
}

/** The trials of `--from`, with a note for what is not used; undefined without it. Throws UsageError for another direction. */
async function historyOf(
  { from, direction, storage }: Options,
  names: readonly string[],
  note: (line: string) => void,
) {
  if (!from) return undefined;
  const sources = await sourcesOf(
    from.map((path) => ({ path })),
    { storage, studiesIn, names },
  );
  for (const source of sources) {
    if (source.direction !== undefined && source.direction !== direction)
      throw new UsageError(
        `source ${source.name}: its direction is ${source.direction}, and --direction is ${direction}`,
      );
    for (const line of source.unused ?? []) note(`earlier study ${source.name}: ${line}`);
  }
  return sources.flatMap(({ trials }) => trials);
}

/** The result of both stages; undefined where the run was stopped before there was one. */
async function evaluated(
  {
    options,
    large,
    space,
    stages,
    smallHistory,
  }: {
    readonly options: Options;
    readonly large: string;
    readonly space: ParameterSpace;
    readonly stages: Stages;
    readonly smallHistory: Awaited<ReturnType<typeof historyOf>>;
  },
  run: Stoppable,
): Promise<SmallToLargeResult<Params> | undefined> {
  const { direction } = options;
  const { small } = stages;
  const objective = (stage: Stage, command: string) =>
    commandObjective({
      ...options,
      run: command,
      names: space.columns.map(({ name }) => name),
      watcher: {
        left: stage.bar.left,
        begin: async (trial) => {
          // The rows of one stage at a time.
          if (stage !== small) await small?.bar.end();
          await stage.begin(trial);
        },
      },
      refuseAccuracy: options.directionGiven === false && direction === 'minimize',
      onFirstReading: (reads) => stage.bar.note(`reads ${reads}`),
    });
  return smallToLarge<Params>({
    space,
    direction,
    seed: options.seed ?? (small ?? stages.large).found.state.created?.seed ?? 0,
    signal: run.signal,
    concurrency: options.concurrency,
    name: stages.name,
    storage: studiesIn(options.storage),
    ...workerOptions(options),
    ...(small && { small: objective(small, options.small!) }),
    ...(smallHistory === undefined ? {} : { smallHistory }),
    large: objective(stages.large, large),
    smallTrials: options.smallTrials,
    largeTrials: options.largeTrials,
    onTrial: (trial, of) => {
      const stage = stages[of]!;
      stage.bar.trial(trial);
      const message = stage.limit.ended(trial);
      if (message !== undefined) run.stop({ why: 'failures', message });
    },
  }).catch((error: unknown) => {
    if (run.signal.aborted) return undefined;
    throw error;
  });
}

/** The large command. Throws UsageError and InvalidArgumentError for options that do not go together. */
function checkedLarge(options: SmallToLargeCommandOptions): string {
  const { large } = options;
  if (large === undefined)
    throw new InvalidArgumentError('--large', large, 'a command, or --fidelities with --run');
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
    '--fidelity-name': options.fidelityName,
  }))
    if (value !== undefined) throw new UsageError(`${option} goes with --fidelities`);
  refuseUnwritable('--report', options.report);
  return large;
}

type Stage = ReturnType<typeof stageOf>;

/** Keeps in each study why its run ended: where it was stopped from outside, the others have ended before. */
async function noteEnds({ small, large }: Stages, run: Stoppable): Promise<void> {
  for (const stage of [small, large])
    if (stage) {
      const { trials } = await stage.found.record.state();
      const ended = trials.filter(({ state, loaded }) => state !== 'running' && !loaded).length;
      if (ended > 0)
        await stage.ending.end(
          reasonOf(ended >= stage.total ? undefined : run.reason()) ?? `all ${ended} trials are done`,
        );
    }
}

/** Progress and failures of one stage, with what earlier runs left of it. */
function stageOf(label: StageName, found: FoundStudy, options: Options) {
  const { direction } = options;
  const total = label === 'small' ? options.smallTrials : options.largeTrials;
  const { trials, goal = { direction } } = found.state;
  const done = trials.filter(({ state, loaded }) => state !== 'running' && !loaded).length;
  const best = bestTrial(trials, goal);
  const { record, state } = found;
  const now = () => Date.now();
  const bar = progress(process.stderr, {
    ...{ read: record.state, state, done, best, total, direction, now, label },
  });
  const ending = stopNote(record);
  return {
    found,
    done,
    bar,
    limit: failureLimit({ max: options.maxFailures, hasComplete: best !== undefined }),
    total,
    ending,
    begin: async (trial: BegunTrial) => {
      await found.remember();
      await ending.begin();
      bar.begin(trial);
    },
  };
}

function sayResult(
  { best, small }: SmallToLargeResult<Params>,
  { name, json }: { readonly name: string; readonly json: boolean | undefined },
): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ study: name, small: small.best ?? null, best })}\n`);
    return;
  }
  if (small.best) process.stdout.write(`small best value ${trialInFull(small.best)}\n`);
  process.stdout.write(`large best value ${trialInFull(best)}\n`);
}
