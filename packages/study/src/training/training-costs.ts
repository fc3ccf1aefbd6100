import type { Params, TrainingFidelity, Trial } from '@foothold/core';
import { canonical } from '../log/canonical.ts';

/**
 * What each trial costs, a piece of training: the part of the fidelity that it trains, in its units, whatever became of it; 0 for loaded
 * ones. In the order of the trials, which are all of a study in order of their numbers.
 */
export function trainingCosts(
  trials: readonly Trial[],
  { name, continues = true }: TrainingFidelity,
): readonly number[] {
  const reached = new Map<string, number>();
  return trials.map(({ params, state, loaded }) => {
    if (loaded) return 0;
    const to = Number(params[name]);
    if (!continues) return to;
    const { [name]: _, ...configuration } = params as Params;
    const text = canonical(configuration);
    const from = reached.get(text) ?? 0;
    if (state === 'complete') reached.set(text, Math.max(from, to));
    return Math.max(to - from, 0);
  });
}
