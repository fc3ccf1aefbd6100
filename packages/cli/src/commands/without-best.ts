import type { Trial } from '@foothold/core';

/** Why a study has no best trial, given its trials and those that may be the best: the ones at the fidelity that counts. */
export function withoutBest(trials: readonly Trial[], rivals: readonly Trial[]): string {
  const isComplete = ({ state }: Trial) => state === 'complete';
  if (!trials.some(isComplete)) return 'no trial completed';
  return rivals.some(isComplete)
    ? 'no complete trial keeps the limits'
    : 'no trial completed at the fidelity that counts';
}
