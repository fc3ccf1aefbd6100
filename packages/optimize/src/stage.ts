import type { Goal, Params, Trial } from '@foothold/core';
import { bestTrial, type CompleteTrial } from '@foothold/study';

/** A stage's evaluations in order, in the parameters' own units, and the best of them. */
export interface Stage<P extends Params> {
  readonly trials: readonly Trial<P>[];
  /** Parameters and values of the complete trials, in order. */
  readonly x: readonly P[];
  readonly y: readonly number[];
  readonly best: CompleteTrial<P> | undefined;
}

/** The stage of these trials. */
export function stageOf<P extends Params>(trials: readonly Trial<P>[], goal: Goal): Stage<P> {
  const complete = trials.filter((t) => t.state === 'complete');
  return {
    trials,
    x: complete.map((t) => t.params),
    y: complete.map((t) => t.value),
    best: bestTrial(trials, goal),
  };
}
