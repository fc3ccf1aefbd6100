import {
  type Awaitable,
  InvalidArgumentError,
  type Params,
  SpaceExhaustedError,
  type Study,
  type Trial,
  TrialLimitError,
} from '@foothold/core';
import { awaitOthers } from './await-others.ts';
import { evaluate, type ObjectiveFunction } from './evaluate.ts';
import type { StopRule } from './stopping/stop-rule.ts';

export interface OptimizeOptions<P extends Params = Params> {
  /** Evaluations in all, those of earlier runs included: the same call resumes a stopped run. Loaded trials do not count. */
  readonly trials?: number | undefined;
  /** Evaluations of this call alone. */
  readonly newTrials?: number | undefined;
  /** Trials at a time in this process; 1 when absent. */
  readonly concurrency?: number | undefined;
  /** Milliseconds after which no trial is begun, and running ones get their signal. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each trial of this call, as it stands in the log. */
  readonly onTrial?: ((trial: Trial<P>) => Awaitable<void>) | undefined;
  /** `record` (when absent): an objective's exception is a failed trial. `throw`: it also ends the optimization. */
  readonly failures?: 'record' | 'throw' | undefined;
  /** Asked before each trial. */
  readonly stop?: StopRule<P> | undefined;
}

export interface OptimizeResult {
  /** Trials that this call finished. */
  readonly finished: number;
  readonly stopped: 'trials' | 'timeout' | 'signal' | 'exhausted' | 'rule';
}

/**
 * Asks, evaluates and tells until the trials are done, the time is over, the signal aborts, the stop rule says so or a
 * finite space is exhausted.
 *
 * An objective that throws, or returns something that is not finite, makes a failed trial that names the reason; after
 * an abort its trial is given back instead, and a later run does it again. Rejects with what the study throws
 * (StorageError, UnsupportedError, …), with `failures: 'throw'` also with the objective's error, and only after all
 * running trials have ended.
 */
export async function optimize<P extends Params>(
  study: Study<P>,
  objective: ObjectiveFunction<P>,
  options: OptimizeOptions<P>,
): Promise<OptimizeResult> {
  const { trials, newTrials = Infinity, concurrency = 1, timeout, signal, failures = 'record' } = options;
  const count = (name: string, value: number | undefined, from: number) => {
    if (value !== undefined && value !== Infinity && !(Number.isSafeInteger(value) && value >= from))
      throw new InvalidArgumentError(name, value, `a whole number from ${from}`);
  };
  count('trials', trials, 0);
  count('newTrials', options.newTrials, 0);
  count('concurrency', concurrency, 1);
  if (timeout !== undefined && !(timeout >= 0))
    throw new InvalidArgumentError('timeout', timeout, 'milliseconds from 0');
  const limits = [trials, options.newTrials, timeout, signal, options.stop];
  if (limits.every((limit) => limit === undefined))
    throw new InvalidArgumentError('options', {}, 'one of trials, newTrials, timeout, signal, stop');

  const stop = new AbortController();
  let stopped: OptimizeResult['stopped'] = 'trials';
  let ended = false;
  const end = (why: OptimizeResult['stopped'], reason?: unknown) => {
    if (!ended) stopped = why;
    ended = true;
    if (why === 'timeout' || why === 'signal') stop.abort(reason);
  };
  const onAbort = () => end('signal', signal?.reason);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  const timer = timeout === undefined ? undefined : timeoutSignal(timeout, () => end('timeout'));

  let begun = 0;
  let finished = 0;
  const running = new Set<number>();
  const failed: { error: unknown }[] = [];
  const fail = (error: unknown) => {
    failed.push({ error });
    ended = true;
  };
  /** The next trial, or undefined when there is to be none. One worker at a time. */
  const next = async (): Promise<Trial<P> | undefined> => {
    if (ended || begun >= newTrials) return undefined;
    if (trials !== undefined && (await askedBefore(study, running)) >= trials) return undefined;
    if (options.stop && (await options.stop.done(await study.trials()))) {
      end('rule');
      return undefined;
    }
    if (ended) return undefined;
    try {
      const trial = await study.ask({ signal: stop.signal, trials });
      begun++;
      running.add(trial.number);
      return trial;
    } catch (error) {
      if (error instanceof SpaceExhaustedError) {
        end('exhausted');
        return undefined;
      }
      if (error instanceof TrialLimitError || stop.signal.aborted) return undefined;
      throw error;
    }
  };
  let turn: Promise<unknown> = Promise.resolve();
  const nextInTurn = () => {
    const mine = turn.then(next);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const worker = async (slot: number): Promise<void> => {
    try {
      for (let trial = await nextInTurn(); trial; trial = await nextInTurn()) {
        const ending = await evaluate(study, trial, { objective, slot, signal: stop.signal });
        running.delete(trial.number);
        if (ending === 'interrupted') {
          await release(study, trial.number);
          continue;
        }
        finished++;
        const { outcome, error } = ending;
        if (failures === 'throw' && outcome.state === 'failed') fail(error ?? new Error(outcome.reason));
        if (options.onTrial) await options.onTrial((await study.trials())[trial.number]!);
      }
    } catch (error) {
      fail(error);
    }
  };
  try {
    const all = () =>
      Promise.all(Array.from({ length: Math.min(concurrency, newTrials) }, (_, slot) => worker(slot)));
    await all();
    // What a worker of another machine left behind is evaluated here once its lease has run out.
    while (trials !== undefined && !ended && (await awaitOthers(study, stop.signal))) await all();
  } finally {
    timer?.clear();
    signal?.removeEventListener('abort', onAbort);
  }
  if (failed.length > 0) throw failed[0]!.error;
  return { finished, stopped };
}

/** Number of trials that count toward `trials`: those asked for that have ended or that a worker holds. */
async function askedBefore<P extends Params>(study: Study<P>, mine: ReadonlySet<number>): Promise<number> {
  const abandoned = (await study.abandoned?.()) ?? [];
  const waiting = new Set(abandoned.filter((number) => !mine.has(number)));
  return (await study.trials()).filter((trial) => !trial.loaded && !waiting.has(trial.number)).length;
}

/** Gives an interrupted trial back where the study can take it; a trial that somebody else has taken stays with them. */
async function release<P extends Params>(study: Study<P>, number: number): Promise<void> {
  await study.release?.(number).catch(() => undefined);
}

function timeoutSignal(ms: number, call: () => void): { clear(): void } {
  const timer = setTimeout(call, Math.min(ms, 2 ** 31 - 1));
  return { clear: () => clearTimeout(timer) };
}
