import type { Proposal } from './sampler.ts';
import type { Params, Trial } from './trial.ts';

/** Proposals that were just made, as running trials numbered after the others. */
export function runningTrials<P extends Params>(
  made: readonly Proposal<P>[],
  trials: readonly Trial<P>[],
): readonly Trial<P>[] {
  const first = 1 + trials.reduce((top, t) => Math.max(top, t.number), -1);
  return made.map(({ params }, i) => ({ number: first + i, params, reports: [], state: 'running' }));
}
