/** Configurations that another sampler chooses, from the trainings that reached the target fidelity alone. */
import type { Params, ProgramState, SampleRequest, Sampler, Trial, Why } from '@foothold/core';
import { innerStates, isState } from '../inner-states.ts';
import type { TrainingState } from './training-state.ts';

export interface ChosenTraining<P extends Params> {
  /** With the fidelity to train to. */
  readonly params: P;
  readonly why: Why;
  readonly samplerState: ProgramState;
}

/** Every second training to the end: each sampler finds what the other's model does not see. */
export function isTargetSamplersTurn({ configurations, column }: TrainingState, turn = 2): boolean {
  const last = column.levels - 1;
  return configurations.filter((c) => Math.max(c.reached, c.running) === last).length % turn === turn - 1;
}

/** The sampler's proposal at the target fidelity; `why` and `samplerState` have its own under `targetSampler`. */
export async function proposedByTargetSampler<P extends Params>(
  request: SampleRequest<P>,
  { column, name }: TrainingState,
  { chosen, sampler }: { readonly chosen: ChosenTraining<P>; readonly sampler: Sampler },
): Promise<ChosenTraining<P>> {
  const last = column.levels - 1;
  const trials = request.trials.filter(({ params }) => column.levelOf(request.space.encode(params)) === last);
  const fixed = { ...request.fixed, [name]: column.valueAt(last) } as Partial<P>;
  const [proposal] = await sampler.sample({
    ...request,
    trials: trials.map(ownTrial),
    fixed,
    rng: request.rng.fork('target'),
    replayed: innerStates(request.replayed, ({ targetSampler }) => targetSampler),
    count: 1,
  });
  if (!proposal) return chosen;
  const { why, samplerState } = proposal;
  return {
    params: proposal.params,
    why: { ...chosen.why, ...(why && { targetSampler: why }) },
    samplerState: { ...chosen.samplerState, ...(samplerState && { targetSampler: samplerState }) },
  };
}

/** The trial as that sampler knows it: with its own state, or none. */
function ownTrial<P extends Params>(trial: Trial<P>): Trial<P> {
  const { samplerState, why: _, ...rest } = trial;
  const state = samplerState?.['targetSampler'];
  return { ...rest, ...(isState(state) && { samplerState: state }) } as Trial<P>;
}
