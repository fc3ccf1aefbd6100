import type { Params, StudyEvent, Trial } from '@foothold/core';
import type { LocalStudy } from './local-study.ts';
import { replay } from './replay.ts';
import { agrees } from './suggestion.ts';

/**
 * The trial that has these parameters already; undefined where there is none, and they are then enqueued, all or some, unless
 * they wait in the queue. So the same call may be repeated when a run is resumed. Throws as `enqueue` and `log` do: OutOfSpaceError,
 * UnsupportedError, StorageError.
 */
export async function enqueueOnce<P extends Params>(
  study: Pick<LocalStudy<P>, 'enqueue' | 'log'>,
  params: Partial<P>,
): Promise<Trial<P> | undefined> {
  const events: readonly StudyEvent[] = await study.log();
  const { trials, queue } = replay<P>(events);
  const trial = trials.find((t) => agrees(t.params, params));
  if (trial === undefined && !queue.some((entry) => agrees(entry as P, params))) await study.enqueue(params);
  return trial;
}
