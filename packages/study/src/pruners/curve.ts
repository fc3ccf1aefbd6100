import type { Direction, Trial } from '@foothold/core';

/** Reports of a trial in the order of their steps, the value signed so that larger is better. */
export function curveOf(trial: Trial, direction: Direction): readonly { step: number; value: number }[] {
  const sign = direction === 'maximize' ? 1 : -1;
  return trial.reports
    .map(({ step, value }) => ({ step, value: sign * value }))
    .sort((a, b) => a.step - b.step);
}
