import type { Direction, Goal, SpaceDescription, Trial } from '@foothold/core';
import type { StudyState } from '@foothold/study';

/** What a model is made of: a part of a study's state that can be posted to a worker. */
export interface ModelInput {
  readonly space: SpaceDescription;
  readonly goal: Goal;
  readonly edits?: StudyState['edits'];
  readonly trials: readonly Trial[];
  /** The figure that is modelled: `value` or the name of a metric, and what is wanted of it. */
  readonly metric: string;
  readonly direction: Direction;
  readonly seed: number;
}
