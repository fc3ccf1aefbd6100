import {
  datasetOf,
  type Params,
  type Proposal,
  type SampleRequest,
  type Sampler,
  type Trial,
} from '@foothold/core';
import { transferStates } from '@foothold/samplers';

/**
 * The sampler `informed`, whose model has sources; from `from` rows of the new study on, which may be known at the first ask only, every second ask is `plain`'s: each finds
 * what the other's model does not see, and a misleading source costs a few evaluations.
 *
 * All proposals of an ask have one model. Whose turn it was stands in `samplerState.turn` of the plain sampler's
 * proposals, and in their `why`.
 */
export function alternateWithPlain(
  informed: Sampler,
  plain: Sampler,
  from: number | (() => Promise<number>),
): Sampler {
  return {
    ...informed,
    async sample<P extends Params>(request: SampleRequest<P>) {
      const rows = typeof from === 'number' ? from : await from();
      if (!isPlainTurn(request, rows)) return informed.sample(request);
      const proposals = await plain.sample(request);
      return proposals.map(
        ({ why, samplerState, ...rest }): Proposal<P> => ({
          ...rest,
          why: { ...why, turn: 'plain' },
          samplerState: { ...samplerState, turn: 'plain' },
        }),
      );
    },
  };
}

function isPlainTurn<P extends Params>(
  { space, trials, direction }: SampleRequest<P>,
  from: number,
): boolean {
  const rows = datasetOf(space, trials, direction).y.length;
  if (rows < from) return false;
  const last = lastTurn(trials);
  return last === undefined ? rows % 2 === 0 : last === 'sources';
}

/** Whose turn the last ask with a model was. Trials in batches come in steps of any size, so that their number does not tell. */
function lastTurn(trials: readonly Trial[]): 'plain' | 'sources' | undefined {
  for (let i = trials.length - 1; i >= 0; i--) {
    const trial = trials[i]!;
    if (trial.samplerState?.['turn'] === 'plain') return 'plain';
    const transfers = transferStates(trial);
    // Logs from before 2026-11-29 have both turns in the state of the model. Of several objectives each draws its own.
    if (transfers.length > 0) return transfers.every(({ turn }) => turn === 'plain') ? 'plain' : 'sources';
  }
  return undefined;
}
