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

/** So many trainings to the end for each configuration that the target sampler begins. */
const endsPerTurn = Number(process.env['CT_TURN'] ?? 2);

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
 * The sampler's proposal, trained to the first step where there is room for one and curves are of use, else to its end. `why`
 * and `samplerState` have its own under `targetSampler`. What it began that is not at its end counts as running for it.
 */
export async function proposedByTargetSampler<P extends Params>(
  request: SampleRequest<P>,
  state: TrainingState,
  {
    chosen,
    sampler,
    isUninformed,
  }: { readonly chosen: ChosenTraining<P>; readonly sampler: Sampler; readonly isUninformed: boolean },
): Promise<ChosenTraining<P>> {
  const { column, name, steps, costOf, allowance } = state;
  const max = column.valueAt(column.levels - 1);
  const [proposal] = await sampler.sample({
    ...request,
    trials: ownTrials(request.trials, name, max),
    fixed: { ...request.fixed, [name]: max } as Partial<P>,
    rng: request.rng.fork('target'),
    replayed: innerStates(request.replayed, ({ targetSampler }) => targetSampler),
    count: 1,
  });
  if (!proposal) return chosen;
  const { why, samplerState = {} } = proposal;
  const first = steps[0]!;
  const hasRoom = process.env['CT_STEP'] === '1' && !isUninformed && costOf(-1, first) <= allowance;
  return {
    params: hasRoom ? { ...proposal.params, [name]: column.valueAt(first) } : proposal.params,
    why: { ...chosen.why, ...(why && { targetSampler: why }) },
    samplerState: { ...chosen.samplerState, targetSampler: samplerState },
  };
}

function isOwn({ samplerState }: Pick<Trial, 'samplerState'>): boolean {
  return isState(samplerState?.['targetSampler']);
}

/** The trials as that sampler knows them, each with its own state or none: those at the target fidelity, and what it began. */
function ownTrials<P extends Params>(trials: readonly Trial<P>[], name: string, max: Params[string]): Trial<P>[] {
  const own = (trial: Trial<P>): Trial<P> => {
    const { samplerState, why: _, ...rest } = trial;
    const state = samplerState?.['targetSampler'];
    return { ...rest, ...(isState(state) && { samplerState: state }) } as Trial<P>;
  };
  const textOf = (params: P) => JSON.stringify(Object.entries({ ...params, [name]: max }).sort());
  const ended = new Set(trials.filter(({ params }) => params[name] === max).map(({ params }) => textOf(params)));
  return trials.flatMap((trial): Trial<P>[] => {
    const { number, params } = trial;
    if (params[name] === max) return [own(trial)];
    if (!isOwn(trial) || ended.has(textOf(params))) return [];
    const { samplerState } = own(trial);
    const running = { number, params: { ...params, [name]: max }, reports: [], state: 'running' } as const;
    return [{ ...running, ...(samplerState && { samplerState }) }];
  });
}
