import type { Params, Study, Trial } from '@foothold/core';

/** The trial of this number, as it stands in the log; undefined where there is none. */
export async function trialOf<P extends Params>(
  study: Study<P>,
  number: number,
): Promise<Trial<P> | undefined> {
  return study.trial ? study.trial(number) : (await study.trials())[number];
}
