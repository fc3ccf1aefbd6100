/** Configurations that another sampler chooses, from the trainings that reached the target fidelity alone. */
import {
  type Params,
  type ProgramState,
  type Proposal,
  type SampleRequest,
  type Sampler,
  SpaceExhaustedError,
  type Trial,
  type Why,
} from '@foothold/core';
import { innerStates } from '../inner-states.ts';
import { isState } from '../is-state.ts';
import { whyOfTargetSampler } from '../multi-fidelity/target-sampler-why.ts';
import { keyOf } from './configurations.ts';
import type { TrainingState } from './training-state.ts';

export interface ChosenTraining<P extends Params> {
  /** With the fidelity to train to. */
  readonly params: P;
  readonly why: Why;
  readonly samplerState: ProgramState;
}

/** So many trainings to the end for each configuration of the target sampler. It goes straight to its end. */
const endsPerTurn = 2;

/** Each of the two samplers finds what the other's model does not see. */
export function isTargetSamplersTurn<P extends Params>(
  { trials }: SampleRequest<P>,
  { configurations, column }: TrainingState,
): boolean {
  const last = column.levels - 1;
  const ends = configurations.filter((c) => Math.max(c.reached, c.running) === last).length;
  return endsPerTurn * trials.filter(isOwn).length < ends;
}

/**
 * The sampler's proposal at the target fidelity; `why` and `samplerState` have its own under `targetSampler`, and `why` says no more of what it
 * replaces. What was chosen stays where it has none that can begin.
 */
export async function proposedByTargetSampler<P extends Params>(
  request: SampleRequest<P>,
  state: TrainingState,
  { chosen, sampler }: { readonly chosen: ChosenTraining<P>; readonly sampler: Sampler },
): Promise<ChosenTraining<P>> {
  const { column, name } = state;
  const max = column.valueAt(column.levels - 1);
  const proposal = await firstProposal(sampler, {
    ...request,
    trials: ownTrials(request.trials, name, max),
    fixed: { ...request.fixed, [name]: max } as Partial<P>,
    rng: request.rng.fork('target'),
    replayed: innerStates(request.replayed, ({ targetSampler }) => targetSampler),
    count: 1,
  });
  if (!proposal || isRunning(proposal.params, request.trials as readonly Trial[], name)) return chosen;
  const { why, samplerState = {} } = proposal;
  return {
    params: proposal.params,
    why: whyOfTargetSampler(chosen.why, why),
    samplerState: { ...chosen.samplerState, targetSampler: samplerState },
  };
}

/**
 * Whether the values before the end are carried over to the next choice: not to the first one, which shows where curves mislead, and to every
 * second one where the model of curves is not used and they are the only choices.
 */
export function isTransferTurn<P extends Params>(
  { trials }: SampleRequest<P>,
  { isUninformed }: { readonly isUninformed: boolean },
): boolean {
  const own = trials.filter(isOwn).length;
  return isUninformed ? own % 2 === 1 : own > 0;
}

function isOwn({ samplerState }: Pick<Trial, 'samplerState'>): boolean {
  return isState(samplerState?.['targetSampler']);
}

/** Undefined where no point is left, or the sampler has none. */
async function firstProposal<P extends Params>(
  sampler: Sampler,
  request: SampleRequest<P>,
): Promise<Proposal<P> | undefined> {
  try {
    return (await sampler.sample(request))[0];
  } catch (error) {
    if (error instanceof SpaceExhaustedError) return undefined;
    throw error;
  }
}

function isRunning(params: Params, trials: readonly Trial[], name: string): boolean {
  const key = keyOf(params, name);
  return trials.some((trial) => trial.state === 'running' && keyOf(trial.params, name) === key);
}

/**
 * The trials at the target fidelity as that sampler knows them, each with its own state or none. What runs counts as running to the target:
 * it is no choice now.
 */
function ownTrials<P extends Params>(
  trials: readonly Trial<P>[],
  name: string,
  max: Params[string],
): Trial<P>[] {
  return trials.flatMap((trial) => {
    const { samplerState, why: _, ...rest } = trial;
    if (trial.params[name] !== max)
      return trial.state === 'running'
        ? [{ ...rest, reports: [], params: { ...trial.params, [name]: max } } as Trial<P>]
        : [];
    const state = samplerState?.['targetSampler'];
    return [{ ...rest, ...(isState(state) && { samplerState: state }) } as Trial<P>];
  });
}
