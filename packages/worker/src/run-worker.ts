import { OutOfSpaceError, SpaceExhaustedError, StorageError, TrialLimitError } from '@foothold/core';
import { evaluate } from '@foothold/study';
import { type ClaimedTrial, claimed } from './claimed-trial.ts';
import { givenBack, refuseUnready } from './given-back.ts';
import { jobAhead } from './job-ahead.ts';
import { patiently } from './patiently.ts';
import { pause } from './pause.ts';
import { retriedTrial } from './retried-trial.ts';
import type { TrialJob } from './trial-job.ts';
import { workLeft } from './work-left.ts';
import type { WorkerOptions, WorkerResult } from './worker-options.ts';
import type { Outages, WorkerRun } from './worker-run.ts';

/** Milliseconds between two looks of a worker that has nothing to do. */
const idle = 500;

/**
 * Takes jobs and evaluates the trials that the study gives out, until all its trials have ended, `drain` aborts (what runs ends
 * first) or `stop` does (what runs is given back).
 *
 * A worker that drains waits for no server, but for what has to be told of trials that ran.
 *
 * The study's log decides everything: a job that is lost, sent twice or done twice changes no result. A trial whose objective fails is
 * tried again after a back-off, at any worker, `failures` times; then it has failed. Rejects with what the study and
 * the queue throw (StorageError where trying again is of no use, UnsupportedError, InfeasibleSpaceError), after what runs has ended.
 */
export async function runWorker(options: WorkerOptions): Promise<WorkerResult> {
  const { study: shared, lease, queue, heartbeat, concurrency, stop, clock, onNote } = options;
  const drain = AbortSignal.any([options.drain, stop]);
  const outages: Outages = { answered: clock(), since: undefined, back: undefined };
  const onWait = (error: StorageError, isFirst: boolean) => {
    outages.since ??= outages.answered;
    outages.back = undefined;
    if (isFirst) onNote(`waiting: ${error.message}`);
  };
  const answered = async <T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    const answer = await patiently(call, { pause, signal, onWait });
    outages.answered = clock();
    outages.back ??= outages.answered;
    return answer;
  };
  const run: WorkerRun = {
    options,
    study: shared.worker(lease),
    running: new Map(),
    ...{ evaluating: new Set(), outages, wake: new AbortController() },
    ending: new Set(),
    ahead: jobAhead({ options }, () => openJob(run)),
    free: Array.from({ length: concurrency }, (_, slot) => concurrency - 1 - slot),
    drain,
    failed: [],
    finished: 0,
    end: undefined,
    isPaused: false,
    endedAtExhaustion: undefined,
    keep: (call) => answered(call, stop),
    next: (call) => answered(call, drain),
  };
  drain.addEventListener('abort', () => run.wake.abort(), { once: true });
  const beats = setInterval(
    () => void queue.beat([...run.running.keys(), ...run.ahead.held()]).catch(() => undefined),
    (heartbeat * 1000) / 3,
  );
  try {
    while (!run.end && !run.drain.aborted && run.failed.length === 0) await step(run);
  } catch (error) {
    if (!isOfEnd(run, error)) run.failed.push({ error });
  }
  await Promise.all(run.running.values());
  await Promise.all(run.ending);
  await run.ahead.end();
  clearInterval(beats);
  if (run.failed.length > 0) throw run.failed[0]!.error;
  return { finished: run.finished, stopped: run.end ?? (stop.aborted ? 'stop' : 'drain') };
}

/** Begins a trial, or waits until there may be one. */
async function step(run: WorkerRun): Promise<void> {
  const { queue, isPaused, onNote } = run.options;
  if (run.free.length === 0) {
    run.ahead.begin();
    return change(run);
  }
  // Side by side: what waits between two trials is time without work.
  const [isNow, job] = await Promise.all([run.next(isPaused), nextJob(run)]);
  if (isNow !== run.isPaused) onNote(isNow ? 'paused: what runs goes on' : 'goes on');
  run.isPaused = isNow;
  if (isNow) {
    if (job) await run.next(() => queue.complete(job.id));
    return change(run, idle);
  }
  if (job) return begin(run, job);
  const { isDone, open } = await run.next(() => workLeft(run));
  if (isDone) {
    run.end = 'trials';
    return;
  }
  const next = open > 0 ? await run.next(() => filledJob(run, open)) : undefined;
  if (next) return begin(run, next);
  await change(run, idle);
}

/** The job that was taken ahead, or else one of the queue. */
async function nextJob(run: WorkerRun): Promise<TrialJob | undefined> {
  return (await run.ahead.take()) ?? run.next(run.options.queue.take);
}

/** A job of the queue; one that is sent for a trial that nobody has where the queue has none. */
async function openJob(run: WorkerRun): Promise<TrialJob | undefined> {
  const job = await run.options.queue.take();
  if (job) return job;
  const { open } = await workLeft(run);
  return open > 0 ? filledJob(run, open) : undefined;
}

async function filledJob({ options: { queue } }: WorkerRun, open: number): Promise<TrialJob | undefined> {
  await queue.fill(open);
  return queue.take();
}

/** Waits until a trial has ended here since the last wait, the worker is to end, or so many milliseconds are over. */
async function change(run: WorkerRun, ms = 2 ** 31 - 1): Promise<void> {
  // One signal for all that runs: a promise would keep what each wait beside it left.
  if (!run.drain.aborted) await pause(ms, run.wake.signal);
  run.wake = new AbortController();
}

function begin(run: WorkerRun, job: TrialJob): void {
  const slot = run.free.pop()!;
  const work = evaluated(run, job, slot)
    .catch((error: unknown) => {
      run.failed.push({ error });
    })
    .finally(() => {
      run.running.delete(job.id);
      run.free.push(slot);
      run.free.sort((a, b) => b - a);
      run.wake.abort();
    });
  run.running.set(job.id, work);
}

/** Evaluates the trial of the job. */
async function evaluated(run: WorkerRun, job: TrialJob, slot: number): Promise<void> {
  const { queue, objective, stop } = run.options;
  const found = await claimOf(run, job);
  if (run.drain.aborted) return givenBack(run, job, found);
  if (!found) return run.next(() => queue.complete(job.id)).catch(unlessOfEnd(run));
  await refuseUnready(run, job, found);
  const { trial } = found;
  const retried = retriedTrial(run, job, found);
  run.evaluating.add(trial.number);
  const ending = await evaluate(retried.study, trial, { objective, slot, signal: stop }).finally(() =>
    run.evaluating.delete(trial.number),
  );
  if (ending === 'interrupted') return givenBack(run, job, found);
  const outcome = retried.told();
  if (!outcome) return;
  run.finished++;
  afterwards(run, async () => {
    await run.keep(() => queue.complete(job.id));
    run.options.onTrial({ ...trial, ...outcome });
  });
}

/** Whether a call failed only because the worker is to end. */
function isOfEnd({ drain }: WorkerRun, error: unknown): boolean {
  if (!drain.aborted) return false;
  return error === drain.reason || (error instanceof StorageError && error.retry);
}

function unlessOfEnd(run: WorkerRun): (error: unknown) => undefined {
  return (error) => {
    if (!isOfEnd(run, error)) throw error;
    return undefined;
  };
}

/** Work that the slot of a trial does not wait for. */
function afterwards(run: WorkerRun, work: () => Promise<void>): void {
  const done = work()
    .catch((error: unknown) => {
      run.failed.push({ error });
    })
    .finally(() => run.ending.delete(done));
  run.ending.add(done);
}

/**
 * The trial of the job; undefined where there is none for it, or where it is one that runs here: its lease ran out while an objective kept
 * this process busy, and begins again. What the study throws completes the job: another is sent as long as
 * trials are left.
 */
async function claimOf(run: WorkerRun, job: TrialJob): Promise<ClaimedTrial | undefined> {
  const key = crypto.randomUUID();
  const { endedAtExhaustion } = run;
  try {
    const found = await run.next(() => claimed(run, job, key));
    return run.evaluating.has(found.trial.number) ? undefined : found;
  } catch (error) {
    if (error instanceof TrialLimitError) return undefined;
    if (error instanceof SpaceExhaustedError)
      return exhausted(run, endedAtExhaustion).catch(unlessOfEnd(run));
    if (error instanceof OutOfSpaceError) {
      run.options.onNote(`what was enqueued is left out: ${error.message}`);
      return undefined;
    }
    if (isOfEnd(run, error)) return undefined;
    await run.options.queue.complete(job.id).catch(() => undefined);
    throw error;
  }
}

/**
 * No point is left to ask for. What is pending may still fail here or be tried again, and a piece of training that ends may be followed by
 * another, so that the worker ends only where nothing runs and nothing has ended since `before`, of an earlier ask that found no point.
 */
async function exhausted(run: WorkerRun, before: number | undefined): Promise<undefined> {
  const all = await run.next(() => run.study.trials());
  const ended = all.filter(({ state }) => state !== 'running').length;
  run.endedAtExhaustion = ended;
  if (ended < all.length) await pause(idle, run.drain);
  else if (ended === before) run.end = 'exhausted';
}
