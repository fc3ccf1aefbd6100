import type { Params, Trial } from '@foothold/core';
import type { StudyEdit } from './study-edits.ts';

type EditValues = Pick<StudyEdit, 'trials' | 'values'>;

/** The trials for a study of another space to learn from: with what edits say of the parameters that they lack. */
export function pastTrials(trials: readonly Trial[], edits: readonly EditValues[] = []): readonly Trial[] {
  if (edits.length === 0) return trials;
  return trials.map((trial) => ({ ...trial, params: withEditValues(trial, edits) }));
}

/**
 * The trial's parameters, with what the first edit after it says of those that it lacks. One that was loaded after an edit may be
 * the late outcome of a trial from before.
 */
export function withEditValues(trial: Trial, edits: readonly EditValues[]): Params {
  const params: Record<string, Params[string]> = { ...trial.params };
  for (const { trials, values } of edits)
    if (trial.number < trials || trial.loaded)
      for (const [name, value] of Object.entries(values))
        if (!Object.hasOwn(params, name)) params[name] = value;
  return params;
}
