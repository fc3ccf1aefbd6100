import type { Params, StudyEvent, Trial } from '@foothold/core';
import type { LocalStudy } from './local-study.ts';
import { replay } from './replay.ts';
import { agrees } from './suggestion.ts';

/**
 * Enqueues the parameters unless they wait in the queue or have a trial already, so that the same call may be repeated
 * when a run is resumed; returns that trial. Throws OutOfSpaceError.
 */
export async function enqueueOnce<P extends Params>(
  study: Pick<LocalStudy<P>, 'enqueue' | 'log'>,
  params: P,
): Promise<Trial<P> | undefined> {
  const events: readonly StudyEvent[] = await study.log();
  const { trials, queue } = replay<P>(events);
  const has = (other: P) => agrees(other, params);
  const trial = trials.find((t) => has(t.params));
  if (trial === undefined && !queue.some(has)) await study.enqueue(params);
  return trial;
}
