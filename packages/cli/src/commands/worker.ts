import type { Params } from '@foothold/core';
import type { ObjectiveFunction } from '@foothold/study';
import {
  resourcesOf,
  resourcesText,
  runWorker,
  type Slots,
  slotsOf,
  type TrialQueue,
  trialQueue,
  type WorkerResult,
} from '@foothold/worker';
import { programName } from '../program-name.ts';
import { printable, withoutSecrets } from '../safe-text.ts';
import { studiesIn } from '../studies-in.ts';
import { trialLine } from '../trial-line.ts';
import { trialInFull } from '../trial-text.ts';
import { UsageError } from '../usage-error.ts';
import { commandNotes, commandObjective, type PiecesOfTraining } from './command-objective.ts';
import { type Draining, draining } from './draining.ts';
import { heldNotes } from './ended-run.ts';
import { failureLimit } from './failure-limit.ts';
import { moduleObjective, requireModule } from './module-objective.ts';
import { noteUnlessPaused, pausedStudy } from './paused-study.ts';
import { exitCodeOf } from './stoppable.ts';
import { sayCheckpoint } from './tune-end.ts';
import {
  type CompletedLine,
  type WorkerStudy,
  type WorkerStudyOptions,
  workerStudy,
} from './worker-study.ts';
import { type WorkerTraining, workerTraining } from './worker-training.ts';

export interface WorkerCommandOptions extends WorkerStudyOptions {
  readonly timeout?: number;
  readonly keepOutput: number;
  readonly concurrency?: number;
  readonly resourcesPerTrial?: string;
  readonly resources?: string;
  readonly lease: number;
  readonly retries: number;
  readonly failures: number;
  readonly backOff: number;
  readonly heartbeat: number;
  readonly drainTimeout?: number;
  readonly maxFailures?: number;
  readonly migrateQueue?: boolean;
  readonly deadLetters?: boolean;
  readonly json?: boolean;
}

type CompletedOptions = Omit<WorkerCommandOptions, 'metric'> & Pick<CompletedLine, 'metric'>;

const note = (text: string) => process.stderr.write(`${printable(text)}\n`);
/** Milliseconds: a worker that drains waits no longer for a server that is gone. Beyond that it tries again itself. */
const reconnectTimeout = 4000;
/** The attribute of a study that says what each of its trials needs. */
const resourcesAttribute = 'resourcesPerTrial';

/**
 * `foothold worker`: evaluates trials until all of the study have ended, or a signal ends it.
 *
 * Throws UsageError for options that do not go together, InvalidArgumentError for a program that is not there and resources that are too
 * few, UnsupportedError without pg-boss, QueueSchemaError for a queue of another version, StorageError for the server.
 */
export async function worker(options: WorkerCommandOptions): Promise<void> {
  refuseFor(options);
  studiesIn(options.storage, { reconnectTimeout });
  if (options.deadLetters) return (await import('./dead-letters.ts')).printDeadLetters(options);
  // What is wrong with the line is said before the study and its queue are made.
  if (options.module !== undefined) requireModule(options.module);
  const of = await workerStudy(options);
  const line: CompletedOptions = { ...options, ...of.line };
  const slots = await slotsOfStudy(line, of);
  const training =
    of.training && (await workerTraining(of.training, { name: line.name, record: of.shared.record }));
  const pieces = training?.pieces;
  const objective = await objectiveOf(line, { of, slots, pieces });
  const queue = await queueOf(line);
  try {
    await withQueue(line, { of, slots, objective, queue, training });
  } finally {
    await queue.close();
  }
}

async function withQueue(
  options: CompletedOptions,
  { of, training, ...parts }: Omit<Parts, 'options' | 'signals' | 'ready'>,
): Promise<void> {
  const study = of.shared.worker();
  await study.trials(); // what the stored study has against this line is thrown here
  await of.found.remember();
  if (options.resourcesPerTrial !== undefined)
    await of.shared.record.note({ attributes: { [resourcesAttribute]: options.resourcesPerTrial } });
  const ready = await training?.share();
  note(`study ${options.name} of ${plan(of)} in ${options.storage}; ${parts.slots.count} at a time here`);
  for (const line of [...of.found.notes, ...versionNotes(of), ...heldNotes(await study.held())]) note(line);
  if (options.run !== undefined)
    for (const line of commandNotes({
      ...{ ...options, run: options.run, names: namesOf(of), training: training?.pieces },
    }))
      note(line);
  const end = await draining((signals) => evaluated({ options, of, training, ready, signals, ...parts }), {
    timeout: options.drainTimeout,
    onDrain: (isStop) =>
      note(`no trial begins any more; what runs ${isStop ? 'is given back' : 'ends first'}`),
  });
  await sayEnd(options, { of, training }, end);
}

/** What the study is to have, for people. */
function plan({ trials }: WorkerStudy): string {
  if (typeof trials === 'number') return `${trials} trials`;
  return `${trials.budget} ${trials.fidelity.name}, trained in pieces`;
}

interface Parts {
  readonly options: CompletedOptions;
  readonly of: WorkerStudy;
  readonly queue: TrialQueue;
  readonly slots: Slots;
  readonly objective: ObjectiveFunction<Params>;
  /** Absent where each trial is a whole evaluation. */
  readonly training: WorkerTraining | undefined;
  readonly ready: (() => Promise<void>) | undefined;
  readonly signals: Draining & { drainNow(): void };
}

interface WorkerEnd extends WorkerResult {
  readonly signal: NodeJS.Signals | undefined;
  readonly failures: string | undefined;
}

async function evaluated(parts: Parts): Promise<WorkerEnd> {
  const { options, of, queue, slots, objective, training, ready, signals } = parts;
  const limit = failureLimit({
    max: options.maxFailures,
    hasComplete: of.found.state.trials.some(({ state }) => state === 'complete'),
  });
  let failures: string | undefined;
  let finished = 0;
  const result = await runWorker({
    study: of.shared,
    queue,
    objective,
    trials: of.trials,
    concurrency: slots.count,
    lease: { ms: options.lease * 1000, retries: options.retries },
    failures: options.failures,
    heartbeat: options.heartbeat,
    clock: () => Date.now(),
    isPaused: pausedStudy(of.shared),
    ready,
    drain: signals.drain,
    stop: signals.stop,
    onTrial: (trial) => {
      const label = training && `fidelity ${trial.params[training.pieces.name]}`;
      process.stderr.write(trialLine(trial, { label, progress: `${++finished} here`, best: undefined }));
      failures ??= limit.ended(trial);
      if (failures !== undefined) signals.drainNow();
    },
    onNote: note,
    textOf: (reason) => printable(withoutSecrets(reason)),
  });
  return { ...result, signal: signals.signal(), failures };
}

function callOf({ name }: CompletedOptions) {
  return { study: name, program: programName() };
}

function queueOf(options: CompletedOptions): Promise<TrialQueue> {
  const { storage: address, heartbeat, backOff, retries, failures, migrateQueue: migrate } = options;
  // A job is given back for either reason.
  const times = retries + failures;
  return trialQueue({
    ...{ address, call: callOf(options), heartbeat, backOff, retries: times, migrate },
    reconnectTimeout,
  });
}

function refuseFor({ storage, run, module, deadLetters }: WorkerCommandOptions): void {
  if (storage === undefined || !/^postgres(ql)?:/i.test(storage))
    throw new UsageError(
      `--storage is ${JSON.stringify(storage)}, allowed is postgres://user@host/database: the queue is there too. foothold tune runs trials without a queue, on any storage`,
    );
  if (!deadLetters && (run === undefined) === (module === undefined))
    throw new UsageError('one of --run and --module says how a trial is evaluated');
}

async function slotsOfStudy(options: CompletedOptions, { found }: WorkerStudy): Promise<Slots> {
  const { resources, resourcesPerTrial, concurrency } = options;
  const kept = found.state.attributes?.[resourcesAttribute];
  const text = resourcesPerTrial ?? (typeof kept === 'string' ? kept : undefined);
  const perTrial = text === undefined ? {} : resourcesOf('--resources-per-trial', text);
  const available = resources === undefined ? {} : resourcesOf('--resources', resources);
  const needsGpus = Object.hasOwn(perTrial, 'gpu');
  const slots = slotsOf({
    // Without a number as many as there are resources for.
    concurrency: concurrency ?? (text === undefined ? 1 : Infinity),
    perTrial,
    available,
    devices: needsGpus ? process.env['CUDA_VISIBLE_DEVICES'] : undefined,
  });
  if (text !== undefined) note(`a trial needs ${resourcesText(perTrial)}`);
  if (options.module !== undefined && needsGpus && slots.count > 1)
    throw new UsageError(
      'a --module has one process for all its trials and sees their GPUs together: --concurrency 1, and a worker for each GPU',
    );
  return slots;
}

function namesOf({ space }: WorkerStudy): readonly string[] {
  return space.columns.map((column) => column.name);
}

async function objectiveOf(
  options: CompletedOptions,
  {
    of,
    slots,
    pieces,
  }: {
    readonly of: WorkerStudy;
    readonly slots: Slots;
    readonly pieces: PiecesOfTraining | undefined;
  },
): Promise<ObjectiveFunction<Params>> {
  const { run, module } = options;
  if (module !== undefined) {
    Object.assign(process.env, slots.env(0));
    return moduleObjective(module, pieces);
  }
  return commandObjective({
    ...{ ...options, run: run!, objectives: of.objectives, names: namesOf(of) },
    ...{ env: slots.env, training: pieces },
    watcher: { begin: () => undefined, left: () => undefined, note },
    refuseAccuracy: options.direction === undefined && of.direction === 'minimize',
    onFirstReading: (reads) => note(`reads ${reads}`),
  });
}

/** Whether another version has made the suggestions so far. */
function versionNotes({ found }: WorkerStudy): readonly string[] {
  const { configured } = found.state;
  const before = configured?.program;
  return before === undefined || before === programName()
    ? []
    : [`the study was last asked by ${before}, this worker is ${programName()}: suggestions may differ`];
}

async function sayEnd(
  { name, json }: CompletedOptions,
  { of, training }: Pick<Parts, 'of' | 'training'>,
  { finished, stopped, signal, failures }: WorkerEnd,
): Promise<void> {
  const study = of.shared.worker();
  if (stopped === 'trials')
    await noteUnlessPaused(
      of.shared.record,
      training ? `the budget of ${plan(of).replace(/,.*/, '')} is spent` : 'all trials are done',
    );
  // A worker that drains while the server is gone ends all the same.
  const best = await study.best().catch((error: unknown) => {
    if (stopped !== 'drain' && stopped !== 'stop') throw error;
    return undefined;
  });
  if (failures !== undefined) note(`stopped: ${failures}`);
  if (json)
    process.stdout.write(`${JSON.stringify({ study: name, finished, stopped, best: best ?? null })}\n`);
  else {
    note(`${finished} trials ended here`);
    if (best) process.stdout.write(`best value ${trialInFull(best)}\n`);
  }
  if (stopped === 'trials' || stopped === 'exhausted') await sayCheckpoint(study, training?.pieces, note);
  if (failures !== undefined) process.exitCode = 1;
  // Work is left: what starts workers starts another one.
  else if ((stopped === 'stop' || stopped === 'drain') && signal)
    process.exitCode = exitCodeOf({ why: 'signal', signal });
}
