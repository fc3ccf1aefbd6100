import {
  InvalidArgumentError,
  type Params,
  type Proposal,
  runningTrials,
  type SampleRequest,
  type Sampler,
  type Trial,
} from '@foothold/core';
import { describedSampler } from './described-sampler.ts';
import { innerStates } from './inner-states.ts';
import { isState } from './is-state.ts';
import { checkAll, commonFeatures } from './sequence.ts';

/**
 * Samplers in turn, one trial each: what one overlooks another may find, and a misleading one costs its share of the trials.
 * Whose turn it is stands in `samplerState`; loaded and enqueued trials do not count. Each sampler sees all trials, and of
 * `samplerState` its own. It supports what all of them do, and refuses what one refuses. Throws InvalidArgumentError for less
 * than two samplers.
 */
export function alternate(...samplers: readonly Sampler[]): Sampler {
  if (samplers.length < 2)
    throw new InvalidArgumentError('samplers', samplers.length, 'two samplers or more');
  return {
    name: `alternation of ${samplers.map(({ name }) => name ?? 'unnamed').join(', ')}`,
    options: { samplers: samplers.map(describedSampler) },
    supports: commonFeatures(samplers),
    check: (problem) => checkAll(samplers, problem),
    async sample<P extends Params>(request: SampleRequest<P>) {
      const made: Proposal<P>[] = [];
      const first = nextTurn(request.trials, samplers.length);
      for (let k = 0; k < request.count; k++) {
        const turn = (first + k) % samplers.length;
        const all = [...request.trials, ...runningTrials(made, request.trials)];
        const trials = all.map((trial) => ownTrial(trial, turn));
        const rng = request.rng.fork(`turn ${k}`);
        const replayed = innerStates(request.replayed, (outer) =>
          outer.turn === turn ? outer.state : undefined,
        );
        const [proposal] = await samplers[turn]!.sample({ ...request, trials, replayed, count: 1, rng });
        if (!proposal) break;
        const { samplerState } = proposal;
        made.push({ ...proposal, samplerState: { turn, ...(samplerState && { state: samplerState }) } });
      }
      return made;
    },
  };
}

/** The sampler after the one that proposed last; the first before any proposal. */
function nextTurn(trials: readonly Trial[], count: number): number {
  for (let i = trials.length - 1; i >= 0; i--) {
    const turn = trials[i]!.samplerState?.turn;
    if (typeof turn === 'number' && turn >= 0) return (turn + 1) % count;
  }
  return 0;
}

/** The trial as one sampler sees it: with the state that it gave itself, or none. */
function ownTrial<P extends Params>(trial: Trial<P>, turn: number): Trial<P> {
  const { samplerState, ...rest } = trial;
  if (samplerState === undefined) return trial;
  const { turn: whose, state } = samplerState;
  return (whose === turn && isState(state) ? { ...rest, samplerState: state } : rest) as Trial<P>;
}
