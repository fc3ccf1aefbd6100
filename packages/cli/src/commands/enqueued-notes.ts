import type { Params } from '@foothold/core';
import { enqueueOnce, type LocalStudy } from '@foothold/study';
import { paramsText } from '../trial-text.ts';
import { UsageError } from '../usage-error.ts';

/** Enqueues what has no trial yet, and says what has. Throws UsageError where no trial is left for it. */
export async function enqueuedNotes(
  study: LocalStudy,
  enqueued: readonly Params[],
  total: number,
): Promise<readonly string[]> {
  const notes: string[] = [];
  let queued = 0;
  const before = (await study.trials()).filter(({ loaded }) => !loaded).length;
  for (const params of enqueued) {
    const wait = before + queued >= total;
    const known = (await study.trials()).find((trial) => isOf(trial.params, params));
    if (known) {
      notes.push(
        `--enqueue ${paramsText(params, String)}: trial ${known.number} has these parameters already`,
      );
      continue;
    }
    if (wait)
      throw new UsageError(
        `--enqueue ${paramsText(params, String)}: all ${total} trials are taken; --trials ${before + enqueued.length} evaluates it`,
      );
    await enqueueOnce(study, params);
    queued++;
  }
  return notes;
}

function isOf(trial: Params, params: Params): boolean {
  return Object.entries(params).every(([name, value]) => Object.hasOwn(trial, name) && trial[name] === value);
}
