import {
  type Awaitable,
  InvalidArgumentError,
  type Params,
  SpaceExhaustedError,
  type Study,
  type Trial,
  TrialLimitError,
} from '@foothold/core';
import { awaitOthers } from '../leases/await-others.ts';
import { oneByOne } from '../log/one-by-one.ts';
import { stopCheck } from '../stopping/stop-check.ts';
import type { StopReason, StopRule } from '../stopping/stop-rule.ts';
import { evaluate, type ObjectiveFunction } from './evaluate.ts';
import { trialOf } from './trial-of.ts';

export interface OptimizeOptions<P extends Params = Params> {
  /** Evaluations in all, those of earlier runs included: the same call resumes a stopped run. Loaded trials do not count. */
  readonly trials?: number | undefined;
  /** Evaluations of this call alone. */
  readonly newTrials?: number | undefined;
  /** Trials at a time in this process. Default: 1. */
  readonly concurrency?: number | undefined;
  /** Milliseconds after which no trial is begun, and running ones get their signal. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Called after each trial of this call, as it stands in the log, and once for each that this process gave up: one whose workers
   * were lost more often than `retries` allows is failed, with this as its `reason`.
   */
  readonly onTrial?: ((trial: Trial<P>) => Awaitable<void>) | undefined;
  /** `record`: an objective's exception is a failed trial. `throw`: it also ends the optimization. Default: `record`. */
  readonly failures?: 'record' | 'throw' | undefined;
  /** Asked before each trial; `anyOf` combines several. */
  readonly stop?: StopRule<P> | undefined;
}

export interface OptimizeResult {
  /** Trials that this call finished. */
  readonly finished: number;
  /** Why no more were begun; the name of a stop rule's reason where one was met. */
  readonly stopped: 'trials' | 'timeout' | 'signal' | 'exhausted' | StopReason['name'];
  /** The same in words, a clause such as `all 50 trials are done`. */
  readonly reason: string;
}

/**
 * How many trials were finished and why no more were begun. Asks, evaluates and tells until the trials are done, the time is
 * over, the signal aborts, the stop rule is met or a finite space is exhausted.
 *
 * An objective that throws, or returns something that is not finite, makes a failed trial that names the reason; after
 * an abort its trial is given back instead, and a later run does it again. Throws InvalidArgumentError for options that are no
 * whole numbers, or where nothing says when to stop. Rejects with what the study throws (StorageError, UnsupportedError,
 * InfeasibleSpaceError, OutOfSpaceError), with `failures: 'throw'` also with the objective's error, and only after all
 * running trials have ended.
 */
export async function optimize<P extends Params>(
  study: Study<P>,
  objective: ObjectiveFunction<P>,
  options: OptimizeOptions<P>,
): Promise<OptimizeResult> {
  refuseOptions(options);
  const run: Run<P> = {
    study,
    objective,
    options,
    ending: endingOf(options),
    check: options.stop && stopCheck(study, options.stop),
    pieces: 0,
    endedPieces: 0,
    begun: 0,
    finished: 0,
    failed: [],
  };
  const { trials, newTrials = Infinity, concurrency = 1 } = options;
  const { ending, failed } = run;
  const inTurn = oneByOne();
  const next = () => inTurn(() => nextAndGivenUp(run));
  const workers = Math.min(concurrency, newTrials);
  const all = () => Promise.all(Array.from({ length: workers }, (_, slot) => work(run, { next, slot })));
  const known = new Set<number>();
  try {
    await all();
    // What a worker of another machine left behind is evaluated here once its lease has run out.
    while (trials !== undefined && !ending.ended() && (await awaitOthers(study, ending.signal, known)))
      await all();
  } finally {
    ending.clear();
  }
  if (failed.length > 0) throw failed[0]!.error;
  return { finished: run.finished, ...ending.why() };
}

interface Run<P extends Params> {
  readonly study: Study<P>;
  readonly objective: ObjectiveFunction<P>;
  readonly options: OptimizeOptions<P>;
  readonly ending: Ending;
  readonly check: (() => Promise<StopReason | undefined>) | undefined;
  /** Pieces of training that run now. */
  pieces: number;
  /** Pieces of training that have ended. */
  endedPieces: number;
  begun: number;
  finished: number;
  /** What the study or, with `failures: 'throw'`, the objective threw. */
  readonly failed: { readonly error: unknown }[];
}

function refuseOptions<P extends Params>(options: OptimizeOptions<P>): void {
  const { trials, newTrials, concurrency, timeout, signal, stop } = options;
  const count = (name: string, value: number | undefined, from: number) => {
    if (value !== undefined && value !== Infinity && !(Number.isSafeInteger(value) && value >= from))
      throw new InvalidArgumentError(name, value, `a whole number from ${from}`);
  };
  count('trials', trials, 0);
  count('newTrials', newTrials, 0);
  count('concurrency', concurrency, 1);
  if (timeout !== undefined && !(timeout >= 0))
    throw new InvalidArgumentError('timeout', timeout, 'milliseconds from 0');
  const limits = [trials, newTrials, timeout, signal, stop];
  if (limits.every((limit) => limit === undefined))
    throw new InvalidArgumentError('options', {}, 'one of trials, newTrials, timeout, signal, stop');
}

/** The next trial, once `onTrial` has had those that the study gave up when it was asked. */
async function nextAndGivenUp<P extends Params>(run: Run<P>): Promise<Trial<P> | undefined> {
  const { study, options } = run;
  const trial = await nextTrial(run);
  if (!options.onTrial || !study.givenUp) return trial;
  try {
    for (const ended of await study.givenUp()) await options.onTrial(ended);
  } catch (error) {
    if (trial) await study.release?.(trial.number);
    throw error;
  }
  return trial;
}

/** The next trial, or undefined when there is to be none. */
async function nextTrial<P extends Params>(run: Run<P>): Promise<Trial<P> | undefined> {
  const { study, ending, options } = run;
  const { trials, newTrials = Infinity, concurrency = 1 } = options;
  if (ending.ended() || run.begun >= newTrials) return undefined;
  const met = await run.check?.();
  if (met) {
    ending.end({ stopped: met.name, reason: met.text });
    return undefined;
  }
  if (ending.ended()) return undefined;
  // An objective that kept the process busy kept the others' leases from being renewed: they are renewed before the ask.
  if (study.renewEvery !== undefined && concurrency > 1) await new Promise((done) => setTimeout(done));
  const { endedPieces } = run;
  try {
    const trial = await study.ask({ signal: ending.signal, trials });
    run.begun++;
    if (trial.piece) run.pieces++;
    return trial;
  } catch (error) {
    if (error instanceof SpaceExhaustedError) {
      // What the others train now may go on when they are done, and leaves nothing for this worker.
      if (run.pieces > 0) return undefined;
      // The last of them may have ended after the study was looked at.
      if (run.endedPieces !== endedPieces) return await nextTrial(run);
      ending.end({ stopped: 'exhausted', reason: 'every point of the space has been tried' });
      return undefined;
    }
    if (error instanceof TrialLimitError || ending.signal.aborted) return undefined;
    throw error;
  }
}

/** Evaluates trials until there is no next one. */
async function work<P extends Params>(
  run: Run<P>,
  { next, slot }: { readonly next: () => Promise<Trial<P> | undefined>; readonly slot: number },
): Promise<void> {
  const { study, objective, ending, options } = run;
  const fail = (error: unknown) => {
    run.failed.push({ error });
    ending.end();
  };
  try {
    for (let trial = await next(); trial; trial = await next()) {
      const result = await evaluate(study, trial, { objective, slot, signal: ending.signal });
      if (trial.piece) {
        run.pieces--;
        run.endedPieces++;
      }
      if (result === 'interrupted') {
        // A trial that somebody else has taken stays with them.
        await study.release?.(trial.number).catch(() => undefined);
        continue;
      }
      run.finished++;
      const { outcome, error } = result;
      if (options.failures === 'throw' && outcome.state === 'failed')
        fail(error ?? new Error(outcome.reason));
      const told = options.onTrial && (await trialOf(study, trial.number));
      if (told) await options.onTrial!(told); // not of one that was deleted meanwhile
    }
  } catch (error) {
    fail(error);
  }
}

type Why = Pick<OptimizeResult, 'stopped' | 'reason'>;

/** Whether, and why, an optimization is to begin no more trials. */
interface Ending {
  /** Aborts after the timeout and when the user's signal aborts. */
  readonly signal: AbortSignal;
  ended(): boolean;
  why(): Why;
  /** The first reason counts; without one (an error is thrown) it stays as it was. `abort` is the signal's reason. */
  end(why?: Why, abort?: unknown): void;
  clear(): void;
}

function endingOf<P extends Params>({ signal, timeout, trials }: OptimizeOptions<P>): Ending {
  const stop = new AbortController();
  const all = trials === undefined ? 'all trials of this run are done' : `all ${trials} trials are done`;
  let first: Why = { stopped: 'trials', reason: all };
  let ended = false;
  const end: Ending['end'] = (why, abort) => {
    if (!ended && why) first = why;
    ended = true;
    if (why?.stopped === 'timeout' || why?.stopped === 'signal') stop.abort(abort);
  };
  const onAbort = () => end({ stopped: 'signal', reason: 'it was aborted' }, signal?.reason);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    timeout === undefined
      ? undefined
      : timeoutSignal(timeout, () =>
          end({ stopped: 'timeout', reason: `the time limit of ${timeout} ms is over` }),
        );
  return {
    signal: stop.signal,
    ended: () => ended,
    why: () => first,
    end,
    clear: () => {
      timer?.clear();
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

function timeoutSignal(ms: number, call: () => void): { clear(): void } {
  const timer = setTimeout(call, Math.min(ms, 2 ** 31 - 1));
  return { clear: () => clearTimeout(timer) };
}
