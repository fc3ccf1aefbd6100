import {
  type Acquisition,
  type Params,
  type ProgramState,
  type Proposal,
  type SampleRequest,
  type Sampler,
  SpaceExhaustedError,
  type Surrogate,
  type Trial,
  type Why,
} from '@foothold/core';
import { defaultPoint, designPoint, designSeed, initialDesignSize } from '../bayesian/initial-design.ts';
import { modelSamplerState, warmStartedFit } from '../bayesian/warm-started-fit.ts';
import { describedSampler } from '../described-sampler.ts';
import { innerStates } from '../inner-states.ts';
import { positiveWhole } from '../positive-whole.ts';
import { beliefOf, conditionedBelief, type FidelityBelief } from './fidelity-belief.ts';
import {
  affordable,
  type CostBudget,
  candidatesAt,
  type FidelityColumn,
  fidelityColumnOf,
} from './fidelity-column.ts';
import { fidelityOutliersWhy } from './fidelity-data.ts';
import { bestPerCost } from './fidelity-proposal.ts';
import { whyOfTargetSampler } from './target-sampler-why.ts';

export interface MultiFidelitySamplerOptions {
  /** Over all columns of the space, the fidelity too, with a joint belief; such as `multiFidelity`. */
  readonly surrogate: Surrogate;
  /** What an evaluation is worth, its cost aside; such as `logMultiFidelityKnowledgeGradient`. */
  readonly acquisition: Acquisition;
  /** Name of the ordinal column whose levels are the fidelities, the cheapest first. The last one is the target. */
  readonly fidelity: string;
  readonly costBudget: (trials: readonly Trial[]) => CostBudget;
  /** Proposes every second trial at the target fidelity, which is `fixed` in its request. Default: none. */
  readonly targetSampler?: Sampler | undefined;
  /** Trials at the cheapest fidelity before the first model, past ones included. Default: 2 + half the columns, 5 to 10. */
  readonly initialTrials?: number | undefined;
}

/**
 * Decides where the next evaluation gains most for its cost: which parameters, and at which fidelity. Each candidate is
 * scored at each fidelity by the acquisition less log cost. A utility that is no logarithm becomes one first, as in `bayesian`.
 *
 * A cheaper fidelity is taken only while enough is left for an evaluation at the target. `why.fidelities` has the gain per
 * cost of each fidelity's best candidate.
 *
 * Throws InvalidArgumentError where the space has no such ordinal column, UnsupportedError where the acquisition needs a joint
 * belief and the surrogate has none, SpaceExhaustedError as every sampler, and at once InvalidArgumentError for `initialTrials` that is no whole number
 * from 1.
 */
export function multiFidelitySampler(options: MultiFidelitySamplerOptions): Sampler {
  const { acquisition } = options;
  const fit = warmStartedFit(options.surrogate);
  if (options.initialTrials !== undefined) positiveWhole('initialTrials', options.initialTrials);
  return {
    name: 'multi-fidelity',
    options: {
      fidelity: options.fidelity,
      ...(options.initialTrials !== undefined && { initialTrials: options.initialTrials }),
      ...(options.targetSampler && { targetSampler: describedSampler(options.targetSampler) }),
    },
    supports: ['conditional', 'input-constraints', 'fixed', 'known-noise', 'continuous'],
    async sample<P extends Params>(request: SampleRequest<P>) {
      const column = fidelityColumnOf(request, options.fidelity);
      const { space, count } = request;
      const size = options.initialTrials ?? initialDesignSize(space.columns.length - 1);
      let trials = [...request.trials];
      const proposals: Proposal<P>[] = [];
      const outliers = fidelityOutliersWhy(request, { name: options.fidelity, ...column });
      let belief: FidelityBelief | undefined;
      for (let k = 0; k < count; k++) {
        const costBudget = options.costBudget(trials as unknown as readonly Trial[]);
        const allowed = column.fixed === undefined ? affordable(costBudget) : [column.fixed];
        const now = { ...request, trials, rng: request.rng.fork(`proposal ${k}`) };
        const counts = countsAt(now, column);
        let chosen =
          counts[0]! < size && allowed.includes(0)
            ? await initialPointAt(now, column, { index: counts[0]!, size })
            : undefined;
        if (!chosen) {
          belief ??= await beliefOf(now, column, { fit: (data) => fit(request, data), acquisition });
          chosen = belief
            ? {
                ...(await bestPerCost(now, belief, { acquisition, column, costBudget, allowed })),
                ...stateOf(belief),
              }
            : randomPointAt(now, column, allowed.at(-1)!);
          const last = column.levels - 1;
          // Every second time: each finds what the other's model does not see.
          if (options.targetSampler && column.levelOf(chosen.point) === last && counts[last]! % 2 === 1)
            chosen = await proposeWithTargetSampler(now, column, { chosen, sampler: options.targetSampler });
          if (belief && k + 1 < count) belief = await conditionedBelief(belief, [chosen.point], acquisition);
        }
        const { point, why, samplerState } = chosen;
        const params = space.decode(point);
        proposals.push({ params, why: { ...why, ...outliers }, ...(samplerState && { samplerState }) });
        trials = [...trials, { number: trials.length, params, reports: [], state: 'running' }];
      }
      return proposals;
    },
  };
}

interface Chosen {
  readonly point: Float64Array;
  readonly why: Why;
  readonly samplerState?: ProgramState;
}

const stateOf = ({ fitted }: FidelityBelief) => ({ samplerState: modelSamplerState(fitted) });

/** Number of trials at each fidelity. */
function countsAt<P extends Params>({ space, trials }: SampleRequest<P>, column: FidelityColumn): number[] {
  const counts = new Array<number>(column.levels).fill(0);
  for (const { params } of trials) counts[column.levelOf(space.encode(params))]! += 1;
  return counts;
}

/** A point of the design at the cheapest fidelity; undefined where all points of that fidelity are taken. */
async function initialPointAt<P extends Params>(
  request: SampleRequest<P>,
  column: FidelityColumn,
  { index, size }: { readonly index: number; readonly size: number },
): Promise<Chosen | undefined> {
  const seed = designSeed(request);
  const wanted =
    (index === 0 ? defaultPoint(request.space) : undefined) ??
    (await designPoint(request.space.columns, { index, size, seed }));
  wanted[column.index] = column.position(0);
  const point = candidatesAt(request, column, 0).repair(wanted);
  const samplerState = { design: seed };
  if (point) return { point, why: { stage: 'initial' }, samplerState };
  try {
    return { ...randomPointAt(request, column, 0), samplerState };
  } catch (error) {
    if (error instanceof SpaceExhaustedError) return undefined;
    throw error;
  }
}

function randomPointAt<P extends Params>(
  request: SampleRequest<P>,
  column: FidelityColumn,
  level: number,
): Chosen {
  const point = candidatesAt(request, column, level).any(request.rng.fork('any'));
  return { point, why: { stage: 'initial' } };
}

/** The target sampler's proposal; `why` and `samplerState` keep what led to that fidelity, and have its own under `targetSampler`. */
async function proposeWithTargetSampler<P extends Params>(
  request: SampleRequest<P>,
  column: FidelityColumn,
  { chosen, sampler }: { readonly chosen: Chosen; readonly sampler: Sampler },
): Promise<Chosen> {
  const name = request.space.columns[column.index]!.name;
  const fixed = { ...request.fixed, [name]: column.valueAt(column.levels - 1) } as Partial<P>;
  const rng = request.rng.fork('last');
  const replayed = innerStates(request.replayed, ({ targetSampler }) => targetSampler);
  const [proposal] = await sampler.sample({ ...request, fixed, rng, replayed, count: 1 });
  if (!proposal) return chosen;
  const { why, samplerState } = proposal;
  return {
    point: request.space.encode(proposal.params),
    why: whyOfTargetSampler(chosen.why, why),
    samplerState: { ...chosen.samplerState, ...(samplerState && { targetSampler: samplerState }) },
  };
}
