import type { Json, Objective, Params } from '@foothold/core';
import { prunerNamed, prunerOfFlag, samplerNamed, sourcesOf } from '@foothold/protocol';
import type { ParameterSpace } from '@foothold/space';
import {
  anyOf,
  checkpointFolders,
  createStudy,
  type LocalStudy,
  type OptimizeOptions,
  optimize,
  type StopRule,
  type StudyState,
  trainingBudgetRule,
} from '@foothold/study';
import { paramsOf } from '../json-text.ts';
import type { Adviser } from '../language-model/adviser.ts';
import { refuseAdviserFlags } from '../language-model/adviser-flags.ts';
import { objectivesOfFlags, refusePruner } from '../objective-flags.ts';
import { outlierNotes } from '../outlier-notes.ts';
import type { Progress } from '../progress.ts';
import { readSpace } from '../read-space.ts';
import { stopRules } from '../stop-rules.ts';
import { studiesIn } from '../studies-in.ts';
import { type Training, trainingOfFlags } from '../training/training-of-flags.ts';
import { UsageError } from '../usage-error.ts';
import { workerOptions } from '../worker-options.ts';
import { commandObjective, type PiecesOfTraining } from './command-objective.ts';
import { endOf, heldNotes } from './ended-run.ts';
import { enqueuedNotes } from './enqueued-notes.ts';
import { failureLimit } from './failure-limit.ts';
import { stopNote } from './stop-note.ts';
import { doneUnlessStopped, type Stoppable, stoppable } from './stoppable.ts';
import { type FoundStudy, foundStudy } from './study-changes.ts';
import { studyName } from './study-name.ts';
import { sayEnd } from './tune-end.ts';
import type { TuneOptions } from './tune-options.ts';
import { tuneProgress } from './tune-progress.ts';
import { refuseUnwritable } from './write-report.ts';

/**
 * `foothold tune`: runs the command until `trials` evaluations are done in all, or with a fidelity the budget is spent, and prints the best one.
 *
 * Throws UsageError for options that do not go together, and for files and commands that are not as they should be;
 * InvalidArgumentError and OutOfSpaceError for values of a space, a sampler or `--enqueue`; SourceError for `--from`;
 * UnsupportedError where the sampler lacks what the space needs; StorageError for the folder of studies; with an adviser TaskCardError for
 * its card, LanguageModelError and BudgetExceededError where it cannot be asked.
 */
export function tune(options: TuneOptions): Promise<void> {
  return stoppable((run) => tuneWith(options, run), options);
}

async function tuneWith(options: TuneOptions, run: Stoppable): Promise<void> {
  const checked = await checkedLine(options);
  const { space, objectives, enqueued, objectiveOf, training } = checked;
  const { direction } = options;
  const name = options.name ?? defaultName(space, options);
  const found = await foundStudy(
    name,
    {
      ...{ space: space.description, direction, objectives, seed: options.seed, facts: options },
      fidelity: training?.fidelity,
      // `--from` goes without a fidelity.
      takesFrom: training === undefined,
    },
    options,
  );
  const adviser = await adviserOfFlags(options, space, found);
  // Before the study is made: an adviser that cannot be asked leaves nothing behind.
  if (adviser && !(await doneUnlessStopped(run, () => adviser.check(run.signal)))) return;
  const pieces = training && (await piecesOfTraining(training, { name, found }));
  const study = await opened({ space, name, options, objectives, found: found.state, adviser, training });
  await found.remember();
  await adviser?.remember();
  const bar = await tuneProgress(study, { found, options, training, pieces });
  for (const line of await enqueuedNotes(study, enqueued, training ? Infinity : options.trials))
    bar.note(line);
  for (const line of heldNotes(await study.held())) bar.note(line);
  const ending = stopNote(found.record);
  const begin: Progress['begin'] = async (trial) => {
    await ending.begin();
    bar.begin(trial);
  };

  const outliers = outlierNotes();
  let noted = found.state.trials.length > 0;
  const limit = failureLimit({ max: options.maxFailures, hasComplete: (await study.best()) !== undefined });
  const result = await optimize(study, objectiveOf({ watcher: { ...bar, begin }, pieces }), {
    ...limitsOf(study, { options, training, stop: checked.stop }),
    signal: run.signal,
    onTrial: async (trial) => {
      if (!noted) for (const line of unusedLines(trial.why?.['unused'])) bar.note(line);
      noted = true;
      await bar.trial(trial);
      for (const line of outliers(trial)) bar.note(`outliers: ${line}`);
      const message = limit.ended(trial);
      if (message !== undefined) run.stop({ why: 'failures', message });
    },
  }).finally(() => bar.end());
  if (adviser) bar.note(await adviser.spent());
  await ending.end(endOf(result, run.reason()).reason);
  await sayEnd({ study, result, note: bar.note, pieces }, options, run);
}

/** How the pieces are run, with the folders for their checkpoints. */
async function piecesOfTraining(
  { fidelity, checkpointDir }: Training,
  { name: study, found }: { readonly name: string; readonly found: Pick<FoundStudy, 'record'> },
): Promise<PiecesOfTraining> {
  const { name } = fidelity;
  if (checkpointDir === undefined) return { name };
  const isBegun = async () => (await found.record.state()).count > 0;
  return { name, folders: await checkpointFolders(checkpointDir, { study, fidelity, isBegun }) };
}

/** What the line says, checked before any study is looked at. */
async function checkedLine(options: TuneOptions) {
  const configurations = await readSpace(options.space);
  const training = trainingOfFlags(options, configurations);
  const space = (training?.space ?? configurations) as ParameterSpace;
  const objectives = objectivesOfFlags(options);
  // What is wrong with the command is said before anything else is done.
  const objectiveOf = ({
    watcher,
    pieces = training && { name: training.fidelity.name },
  }: {
    readonly watcher?: Pick<Progress, 'begin' | 'left' | 'note'>;
    readonly pieces?: PiecesOfTraining | undefined;
  } = {}) =>
    commandObjective({
      ...options,
      objectives,
      names: space.columns.map((column) => column.name),
      watcher,
      training: pieces,
      refuseAccuracy: options.directionGiven === false && options.direction === 'minimize',
      onFirstReading: (reads) => watcher?.note(`reads ${reads}`),
    });
  objectiveOf();
  refuseFor(objectives, options);
  refuseAdviserFlags(options, options.sampler);
  // The budget in money is that of the adviser where there is one.
  const stop = await stopRules(
    space,
    options.adviser === undefined ? options : { ...options, maxCost: undefined },
  );
  refuseUnwritable('--report', options.report);
  for (const option of ['method', 'gated', 'features'] as const)
    if (options[option] !== undefined && options.from === undefined)
      throw new UsageError(`--${option} goes with --from: it says how earlier studies take part`);
  const enqueued = (options.enqueue ?? []).map((text) => paramsOf('--enqueue', text));
  for (const params of enqueued) space.coordinates(params);
  return { space, objectives, objectiveOf, stop, enqueued, training };
}

/** Loaded where the line names one alone. */
async function adviserOfFlags(
  options: TuneOptions,
  space: ParameterSpace,
  { record }: FoundStudy,
): Promise<Adviser | undefined> {
  const { adviser, direction, metric } = options;
  if (adviser === undefined) return undefined;
  const { adviserOf } = await import('../language-model/adviser.ts');
  return adviserOf({ ...options, adviser }, { space, direction, metric, record });
}

/** What is limited: the trials, or what all pieces of training cost. */
function limitsOf(
  study: LocalStudy,
  {
    options,
    training,
    stop,
  }: {
    readonly options: TuneOptions;
    readonly training: Training | undefined;
    readonly stop: StopRule | undefined;
  },
): Pick<OptimizeOptions, 'trials' | 'concurrency' | 'stop'> {
  const { trials, concurrency } = options;
  if (!training) return { trials, concurrency: Math.min(concurrency, trials), stop };
  const rule = trainingBudgetRule<Params>(study, training);
  return { concurrency, stop: stop ? anyOf(rule, stop) : rule };
}

/** Throws what the pruner has against the line, and UsageError for rules of one value where there are several objectives. */
function refuseFor(objectives: readonly Objective[] | undefined, options: TuneOptions): void {
  if (options.prune !== undefined) {
    const pruner = prunerOfFlag(options.prune);
    prunerNamed(pruner);
    refusePruner(pruner, objectives?.length ?? 1);
  }
  if (!objectives) return;
  for (const [option, value] of Object.entries({
    '--target': options.target,
    '--patience': options.patience,
    '--regret-bound': options.regretBound,
  }))
    if (value !== undefined)
      throw new UsageError(`${option} looks at one value: with --objective no single trial is the best one`);
}

/** From the command and from what makes another study. */
function defaultName({ description }: ParameterSpace, options: TuneOptions): string {
  const { run, direction, metric, seed = 0, cost, objective, fidelity } = options;
  const more = [cost, objective, fidelity].filter((fact) => fact !== undefined);
  return studyName(run, [description, direction, metric, seed, ...more]);
}

async function opened({
  space,
  name,
  options,
  objectives,
  found,
  adviser,
  training,
}: {
  readonly space: ParameterSpace;
  readonly training: Training | undefined;
  readonly name: string;
  readonly options: TuneOptions;
  readonly objectives: readonly Objective[] | undefined;
  readonly found: StudyState;
  readonly adviser: Adviser | undefined;
}): Promise<LocalStudy> {
  const sources = await sourcesOf(
    (options.from ?? []).map((path) => ({ path })),
    { storage: options.storage, studiesIn, names: space.columns.map((column) => column.name) },
  );
  const { method, gated, features: metaFeatures } = options;
  const { fidelity, budget } = training ?? {};
  const named = { sources, method, gated, metaFeatures, fidelity, budget };
  const sampler = await samplerNamed(options.sampler, named);
  const study = createStudy<Params>({
    space,
    sampler: adviser ? adviser.advised(sampler) : sampler,
    // Limits that `foothold edit` gave it.
    constraints: found.goal?.constraints,
    direction: options.direction,
    objectives,
    cost: options.cost,
    fidelity,
    pruner: options.prune === undefined ? undefined : prunerNamed(prunerOfFlag(options.prune)),
    storage: studiesIn(options.storage),
    name,
    seed: options.seed ?? found.created?.seed ?? 0,
    ...(!training && { trials: options.trials }),
    ...workerOptions(options),
  });
  await study.trials(); // what the stored study has against this line is thrown here
  return study;
}

/** What of each earlier study could not be used, a line a kind. */
function unusedLines(unused: Json | undefined): readonly string[] {
  if (typeof unused !== 'object' || unused === null) return [];
  return Object.entries(unused as Readonly<Record<string, readonly string[]>>).flatMap(([source, notes]) =>
    notes.map((note) => `earlier study ${source}: ${note}`),
  );
}
