import type { Params, Study, Trial } from '@foothold/core';

/** The trial of this number, as it stands in the log; undefined where there is none, or it is deleted. */
export async function trialOf<P extends Params>(
  study: Study<P>,
  number: number,
): Promise<Trial<P> | undefined> {
  if (study.trial) return study.trial(number);
  return (await study.trials()).find((trial) => trial.number === number);
}
