import {
  type Acquisition,
  type Direction,
  type Params,
  type Proposal,
  type SampleRequest,
  type Sampler,
  SpaceExhaustedError,
  type Surrogate,
} from '@foothold/core';
import { defaultPoint, designPoint, designSeed, initialDesignSize } from '../bayesian/initial-design.ts';
import { modelSamplerState, warmStartedFit } from '../bayesian/warm-started-fit.ts';
import { describedSampler } from '../described-sampler.ts';
import { fidelityOutliersWhy } from '../multi-fidelity/fidelity-data.ts';
import { positiveWhole } from '../positive-whole.ts';
import { bestTraining } from './best-training.ts';
import { curveBelief } from './curve-belief.ts';
import { type EarlierStep, earlierSteps } from './earlier-steps.ts';
import { candidatesBeside, startable } from './new-configurations.ts';
import {
  type ChosenTraining,
  isTargetSamplersTurn,
  isTransferTurn,
  proposedByTargetSampler,
} from './target-turn.ts';
import { type TrainingState, trainingState } from './training-state.ts';

export interface FreezeThawOptions {
  /** Over all columns of the space, the fidelity too, with a joint belief; such as `learningCurves`. */
  readonly surrogate: Surrogate;
  /** What a new configuration is worth at the target fidelity; such as `logExpectedImprovement`. */
  readonly acquisition: Acquisition;
  readonly fidelity: {
    /** Of the ordinal column whose levels are the amounts of training, such as epochs, the smallest first. */
    readonly name: string;
    /** The largest amount, at which values count. */
    readonly max: number;
  };
  /** Whether a trial goes on from what an earlier trial of its configuration has trained. Default: true. */
  readonly continues?: boolean | undefined;
  /** Chooses some of the configurations that are trained to the end, from those that were. Default: none. */
  readonly targetSampler?: Sampler | undefined;
  /**
   * A sampler that chooses instead of `targetSampler` from its second configuration on, where curves are evidence, and elsewhere every second one:
   * from the values before the end too, as earlier studies, at the steps where their order is not rather the opposite of that of the ends. Recorded with
   * the function's name. Default: `targetSampler`.
   */
  readonly transferSampler?: ((earlier: readonly EarlierStep[], direction: Direction) => Sampler) | undefined;
  /** Configurations before the first model. Default: 2 + half the columns, 5 to 10. */
  readonly initialConfigurations?: number | undefined;
}

/**
 * Decides at each ask which paused configuration to train on, or which new one to begin, and until when (after Swersky, Snoek,
 * Adams 2014, "Freeze-Thaw Bayesian Optimization"). Every trial is a piece of training: its parameters are the configuration
 * and the fidelity to train it to. Trials of one configuration belong together; reports are values of its curve.
 *
 * Each paused configuration and the best new one are rated at every further step by what the step gains at the target fidelity
 * per unit of the resource. What is not trained to the end may spend a bounded share, so that misleading curves cost a part of
 * the budget, and never the answer. Without `continues` a trial costs all that it trains.
 *
 * Throws InvalidArgumentError where the space has no such ordinal column with the largest value `max`, SpaceExhaustedError as
 * every sampler, and at once InvalidArgumentError for `initialConfigurations` that is no whole number from 1.
 */
export function freezeThaw(options: FreezeThawOptions): Sampler {
  const fit = warmStartedFit(options.surrogate);
  const { fidelity, continues = true, initialConfigurations } = options;
  if (initialConfigurations !== undefined) positiveWhole('initialConfigurations', initialConfigurations);
  return {
    name: 'freeze-thaw',
    options: {
      fidelity: fidelity.name,
      max: fidelity.max,
      continues,
      ...(initialConfigurations !== undefined && { initialConfigurations }),
      ...(options.targetSampler && { targetSampler: describedSampler(options.targetSampler) }),
      ...(options.transferSampler && {
        transferSampler: { name: options.transferSampler.name || 'unnamed' },
      }),
    },
    supports: ['conditional', 'input-constraints', 'fixed', 'known-noise', 'continuous'],
    async sample<P extends Params>(request: SampleRequest<P>) {
      const proposals: Proposal<P>[] = [];
      let now = request;
      for (let k = 0; k < request.count; k++) {
        now = { ...now, rng: request.rng.fork(`proposal ${k}`) };
        const state = trainingState(now, { name: fidelity.name, max: fidelity.max, continues });
        const size = initialConfigurations ?? initialDesignSize(request.space.columns.length - 1);
        const isInitial = state.configurations.length < size && state.column.fixed === undefined;
        const { params, why, samplerState } =
          (isInitial && (await initialTraining(now, state, size))) ||
          (await nextTraining(now, state, { ...options, fit }));
        proposals.push({ params, why, samplerState });
        const number = (now.trials.at(-1)?.number ?? -1) + 1;
        now = {
          ...now,
          trials: [...now.trials, { number, params, reports: [], state: 'running', samplerState }],
        };
      }
      return proposals;
    },
  };
}

/** A configuration of the design, trained to the first step; undefined where all are begun. */
async function initialTraining<P extends Params>(
  request: SampleRequest<P>,
  state: TrainingState,
  size: number,
): Promise<ChosenTraining<P> | undefined> {
  const { column, steps, configurations } = state;
  const seed = designSeed(request);
  const index = configurations.length;
  const wanted =
    (index === 0 ? defaultPoint(request.space) : undefined) ??
    (await designPoint(request.space.columns, { index, size, seed }));
  wanted[column.index] = column.position(steps[0]!);
  const feasible = candidatesBeside(request, state, { level: steps[0]!, taken: () => true });
  try {
    const point = feasible.repair(wanted) ?? feasible.any(request.rng.fork('any'));
    return { params: request.space.decode(point), why: { stage: 'initial' }, samplerState: { design: seed } };
  } catch (error) {
    if (error instanceof SpaceExhaustedError) return undefined;
    throw error;
  }
}

async function nextTraining<P extends Params>(
  request: SampleRequest<P>,
  state: TrainingState,
  options: FreezeThawOptions & { readonly fit: ReturnType<typeof warmStartedFit> },
): Promise<ChosenTraining<P>> {
  const { column } = state;
  const belief = await curveBelief(request, state, (data) => options.fit(request, data));
  if (!belief) {
    const level = column.fixed ?? state.steps[0]!;
    const point = startable(request, state, level).any(request.rng.fork('any'));
    return { params: request.space.decode(point), why: { stage: 'initial' }, samplerState: {} };
  }
  const { params, why, isUninformed } = await bestTraining(request, state, {
    belief,
    acquisition: options.acquisition,
  });
  const samplerState = modelSamplerState(belief.fitted);
  const chosen = {
    params,
    why: {
      stage: 'model',
      ...why,
      ...fidelityOutliersWhy(request, { name: options.fidelity.name, ...column }),
    },
    samplerState,
  };
  const { targetSampler } = options;
  if (!targetSampler || column.fixed !== undefined) return chosen;
  if (!isUninformed && !isTargetSamplersTurn(request, state)) return chosen;
  const { transferSampler } = options;
  const isTransfer = transferSampler && isTransferTurn(request, { isUninformed });
  const earlier = isTransfer ? earlierSteps(request, state) : [];
  const sampler = earlier.length > 0 ? transferSampler!(earlier, request.direction) : targetSampler;
  return proposedByTargetSampler(request, state, { chosen, sampler });
}
