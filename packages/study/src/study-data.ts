import type { Attributes, Goal, Params, SpaceDescription, Trial } from '@foothold/core';
import type { StudyState } from './replay.ts';

/** A whole study as values: what a file of another program holds, and what is exported. */
export interface StudyData {
  /** Absent where JSON cannot hold it. */
  readonly space?: SpaceDescription | undefined;
  readonly goal: Goal;
  readonly seed: number;
  /** How trials are evaluated: the command, the metric. */
  readonly facts?: Attributes | undefined;
  readonly attributes?: Attributes | undefined;
  readonly note?: string | undefined;
  /** In order of their numbers, from 0. */
  readonly trials: readonly Trial[];
  /** Parameters that wait to be asked, of a whole trial or some. */
  readonly queue: readonly Params[];
}
