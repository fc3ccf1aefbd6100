import type { Awaitable, CompleteTrial, Goal, Params, Trial } from '@foothold/core';

/** Says when further trials are not worth it. */
export interface StopRule<P extends Params = Params> {
  /** Why no further trial is to begin; undefined to go on. */
  check(progress: StudyProgress<P>): Awaitable<StopReason | undefined>;
}

/** Why a run ends. */
export interface StopReason {
  /** A name for programs, that of the rule. */
  readonly name: StopName | (string & Record<never, never>);
  /** A clause for people, such as `the best value, 0.1, has reached the target, 0.2`. */
  readonly text: string;
}

/** Names of the rules here. */
type StopName = 'trials' | 'time' | 'cost' | 'target' | 'no-improvement' | 'regret-bound';

/** What has come of a study so far, earlier runs included. Only `trials` takes longer in a longer study. */
export interface StudyProgress<P extends Params = Params> {
  readonly goal: Goal;
  /** Trials that have ended, in whatever way. */
  readonly ended: number;
  /** The best complete trial that keeps the outcome constraints; with several objectives by the first of them. */
  readonly best: CompleteTrial<P> | undefined;
  /** Ended trials whose number is larger than that of the best one. */
  readonly sinceBest: number;
  /** Sum of the goal's cost metric over complete trials, loaded ones left out; 0 where the goal has no cost. */
  readonly cost: number;
  /** All trials, running ones too: a copy. */
  trials(): Promise<readonly Trial<P>[]>;
}
