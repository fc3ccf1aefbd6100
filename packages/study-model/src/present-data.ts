import { figureOf, type SearchSpace } from '@foothold/core';
import { spaceOf } from '@foothold/space';
import { presentTrials } from '@foothold/study';
import type { ModelInput } from './model-input.ts';

/** The trials as they stand in the present space, with the modelled figure as their value. */
export function presentData({ space: description, edits, trials, metric }: ModelInput) {
  const own = spaceOf(description) as SearchSpace;
  const present = presentTrials(edits ? { edits } : {}, own);
  const seen = present ? trials.flatMap((trial) => present.seen(trial) ?? []) : trials;
  return {
    space: present?.space ?? own,
    trials: seen.map((trial) =>
      trial.state === 'complete' ? { ...trial, value: figureOf(trial, metric) } : trial,
    ),
  };
}
