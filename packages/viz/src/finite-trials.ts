import type { Direction, Trial } from '@foothold/core';
import { isDrawable } from './number-scale.ts';

export type CompleteTrial = Trial & { readonly state: 'complete' };

/** The complete trials whose value an axis can show. */
export function finiteTrials(trials: readonly Trial[]): readonly CompleteTrial[] {
  return trials.filter((t): t is CompleteTrial => t.state === 'complete' && isDrawable(t.value));
}

/** The trial of the best value, the first one of equals; undefined when there is none. */
export function bestTrial(trials: readonly CompleteTrial[], direction: Direction): CompleteTrial | undefined {
  const sign = direction === 'minimize' ? 1 : -1;
  return trials.reduce<CompleteTrial | undefined>(
    (best, t) => (best === undefined || sign * t.value < sign * best.value ? t : best),
    undefined,
  );
}
