import type { Params } from '@foothold/core';
import { type ObjectiveFunction, studyRecord } from '@foothold/study';
import {
  failuresOf,
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
import { commandNotes, commandObjective } from './command-objective.ts';
import { type Draining, draining } from './draining.ts';
import { heldNotes } from './ended-run.ts';
import { failureLimit } from './failure-limit.ts';
import { moduleObjective, requireModule } from './module-objective.ts';
import { noteUnlessPaused, pausedStudy } from './paused-study.ts';
import { exitCodeOf } from './stoppable.ts';
import {
  type CompletedLine,
  type WorkerStudy,
  type WorkerStudyOptions,
  workerStudy,
} from './worker-study.ts';

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
  if (options.deadLetters) return printDead(options);
  // What is wrong with the line is said before the study and its queue are made.
  if (options.module !== undefined) requireModule(options.module);
  const of = await workerStudy(options);
  const line: CompletedOptions = { ...options, ...of.line };
  const slots = await slotsOfStudy(line, of);
  const objective = await objectiveOf(line, of, slots);
  const queue = await queueOf(line);
  try {
    await withQueue(line, { of, slots, objective, queue });
  } finally {
    await queue.close();
  }
}

async function withQueue(
  options: CompletedOptions,
  { of, slots, objective, queue }: Omit<Parts, 'options' | 'signals'>,
): Promise<void> {
  const study = of.shared.worker();
  await study.trials(); // what the stored study has against this line is thrown here
  await of.found.remember();
  if (options.resourcesPerTrial !== undefined)
    await of.shared.record.note({ attributes: { [resourcesAttribute]: options.resourcesPerTrial } });
  note(`study ${options.name} of ${of.trials} trials in ${options.storage}; ${slots.count} at a time here`);
  for (const line of [...of.found.notes, ...versionNotes(of), ...heldNotes(await study.held())]) note(line);
  if (options.run !== undefined)
    for (const line of commandNotes({ ...options, run: options.run, names: namesOf(of) })) note(line);
  const end = await draining((signals) => evaluated({ options, of, queue, slots, objective, signals }), {
    timeout: options.drainTimeout,
    onDrain: (isStop) =>
      note(`no trial begins any more; what runs ${isStop ? 'is given back' : 'ends first'}`),
  });
  await sayEnd(options, of, end);
}

interface Parts {
  readonly options: CompletedOptions;
  readonly of: WorkerStudy;
  readonly queue: TrialQueue;
  readonly slots: Slots;
  readonly objective: ObjectiveFunction<Params>;
  readonly signals: Draining & { drainNow(): void };
}

interface WorkerEnd extends WorkerResult {
  readonly signal: NodeJS.Signals | undefined;
  readonly failures: string | undefined;
}

async function evaluated({ options, of, queue, slots, objective, signals }: Parts): Promise<WorkerEnd> {
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
    drain: signals.drain,
    stop: signals.stop,
    onTrial: (trial) => {
      process.stderr.write(trialLine(trial, { progress: `${++finished} here`, best: undefined }));
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
  of: WorkerStudy,
  slots: Slots,
): Promise<ObjectiveFunction<Params>> {
  const { run, module } = options;
  if (module !== undefined) {
    Object.assign(process.env, slots.env(0));
    return moduleObjective(module);
  }
  return commandObjective({
    ...{ ...options, run: run!, objectives: of.objectives, names: namesOf(of) },
    env: slots.env,
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

/** The trials that have failed, of the study's log: it keeps them as long as the study. */
async function printDead({ storage, name, json }: WorkerCommandOptions): Promise<void> {
  const { created, trials } = await studyRecord(studiesIn(storage), name).state();
  if (!created) throw new UsageError(`there is no study ${name} in ${storage}`);
  const dead = trials.flatMap((trial) =>
    trial.state === 'failed' && !trial.loaded
      ? [{ study: name, trial: trial.number, reason: trial.reason, tries: failuresOf(trial.attributes) }]
      : [],
  );
  if (json) process.stdout.write(`${JSON.stringify(dead)}\n`);
  else
    for (const { trial, tries, reason } of dead) {
      // Without a count no worker has told it: its workers were lost, or another command has.
      const after = tries === 0 ? '' : ` after ${tries} ${tries === 1 ? 'try' : 'tries'}`;
      process.stdout.write(`trial ${trial}${after}: ${printable(reason)}\n`);
    }
}

async function sayEnd(
  { name, json }: CompletedOptions,
  { shared }: WorkerStudy,
  { finished, stopped, signal, failures }: WorkerEnd,
): Promise<void> {
  const study = shared.worker();
  if (stopped === 'trials') await noteUnlessPaused(shared.record, 'all trials are done');
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
  if (failures !== undefined) process.exitCode = 1;
  // Work is left: what starts workers starts another one.
  else if ((stopped === 'stop' || stopped === 'drain') && signal)
    process.exitCode = exitCodeOf({ why: 'signal', signal });
}
