import type { Params, Trial } from '@foothold/core';
import type { LocalStudy } from '../local-study.ts';
import { agrees } from './suggestion.ts';

/**
 * The trial that has these parameters already; undefined where there is none, and they are then enqueued, all or some, unless
 * they wait in the queue. So the same call may be repeated when a run is resumed. Throws as `enqueue` and `log` do: OutOfSpaceError,
 * UnsupportedError, StorageError.
 */
export async function enqueueOnce<P extends Params>(
  study: Pick<LocalStudy<P>, 'enqueue' | 'trials' | 'waiting'>,
  params: Partial<P>,
): Promise<Trial<P> | undefined> {
  const trial = (await study.trials()).find((t) => agrees(t.params, params));
  if (trial) return trial;
  const queue = await study.waiting();
  if (!queue.some((entry) => agrees(entry as P, params))) await study.enqueue(params);
  return trial;
}
