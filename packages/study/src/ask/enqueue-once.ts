import { hasValues, type Params, type Trial } from '@foothold/core';
import type { LocalStudy } from '../local-study.ts';
import { trainedAsFar } from '../training/training-pieces.ts';

/**
 * The trial that has these parameters already; undefined where there is none, and they are then enqueued, all or some, unless
 * they wait in the queue. So the same call may be repeated when a run is resumed. Throws as `enqueue` and `log` do: OutOfSpaceError,
 * UnsupportedError, StorageError.
 *
 * A piece of training is not enqueued either where a trial has trained its configuration so far, or trains it, or where one that
 * waits will: no such piece could begin.
 */
export async function enqueueOnce<P extends Params>(
  study: Pick<LocalStudy<P>, 'enqueue' | 'trials' | 'waiting'> & Partial<Pick<LocalStudy<P>, 'goal'>>,
  params: Partial<P>,
): Promise<Trial<P> | undefined> {
  const trials = await study.trials();
  const fidelity = study.goal?.fidelity;
  const asFar = <T extends { readonly params: Partial<P> }>(among: readonly T[]) =>
    fidelity && trainedAsFar(among as readonly (T & { params: Params })[], params as Params, fidelity);
  const trial =
    trials.find((t) => hasValues(t.params, params)) ??
    asFar(trials.filter(({ state, loaded }) => !loaded && (state === 'complete' || state === 'running')));
  if (trial) return trial;
  const queue = await study.waiting();
  const isWaiting =
    queue.some((entry) => hasValues(entry as P, params)) ||
    asFar(queue.map((entry) => ({ params: entry as Partial<P> }))) !== undefined;
  if (!isWaiting) await study.enqueue(params);
  return undefined;
}
