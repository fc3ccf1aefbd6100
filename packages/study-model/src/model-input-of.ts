import { InvalidArgumentError, objectivesOf, UnsupportedError } from '@foothold/core';
import type { StudyState } from '@foothold/study';
import type { ModelInput } from './model-input.ts';

/**
 * What the model of a figure is made of, from a study's state; `metric` is the name of an objective, by default the first one.
 *
 * Throws InvalidArgumentError for a figure that is no objective, UnsupportedError for a log that does not describe its space.
 */
export function modelInputOf(state: StudyState, metric?: string): ModelInput {
  const { space, created, goal = created?.goal, edits, trials } = state;
  if (!space || !goal || !created)
    throw new UnsupportedError('a study whose log does not describe its space', 'the model of a study');
  const objectives = objectivesOf(goal);
  const objective =
    metric === undefined ? objectives[0] : objectives.find((candidate) => candidate.metric === metric);
  if (!objective)
    throw new InvalidArgumentError('metric', metric, objectives.map((known) => known.metric).join(', '));
  return {
    ...{ space, goal, trials, ...objective, seed: created.seed },
    ...(edits && { edits }),
  };
}
