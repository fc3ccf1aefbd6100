import { existsSync } from 'node:fs';
import type { Direction, Trial } from '@foothold/core';
import { bestTrial, replay } from '@foothold/study';
import { studiesIn } from '../studies-in.ts';

/** What earlier runs left of a study in this folder: how many trials have ended, and the best of them. */
export async function earlierRun(
  folder: string,
  name: string,
  direction: Direction,
): Promise<{ readonly done: number; readonly best: Trial | undefined }> {
  const events = existsSync(folder) ? await studiesIn(folder).read(name, 0) : [];
  const trials = replay(events).trials as readonly Trial[];
  const done = trials.filter(({ state }) => state !== 'running').length;
  return { done, best: bestTrial(trials, { direction }) };
}
