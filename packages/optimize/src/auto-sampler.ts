import {
  type Acquisition,
  type Awaitable,
  everyFeature,
  type Goal,
  InvalidArgumentError,
  type LinearAlgebra,
  type Params,
  type SampleRequest,
  type Sampler,
  type SearchSpace,
} from '@foothold/core';
import { autoSamplerOptions } from './auto-sampler-options.ts';
import { checkTransfer } from './check-transfer.ts';
import { loadedOnce } from './loaded-once.ts';
import { type ModelSamplers, modelSamplers } from './model-samplers.ts';
import type { TransferOptions } from './transfer-options.ts';

export interface AutoSamplerOptions extends TransferOptions {
  /** Compute backend, or what opens it at the first model. Default: float64 WebAssembly. */
  readonly linalg?: LinearAlgebra | (() => Awaitable<LinearAlgebra>) | undefined;
  /** What the search maximizes. Default: log expected improvement. */
  readonly acquisition?: Acquisition | undefined;
  /** Trials before the first model. Default: chosen by the number of parameters. */
  readonly initialTrials?: number | undefined;
  /** Where the model looks for the next point. Default: chosen by the number of columns and trials. */
  readonly searchScope?: 'whole-space' | 'trust-region' | undefined;
}

const searchScopes = ['whole-space', 'trust-region'] as const;

/** With more columns or trials than these, a model of the whole space predicts badly: the search goes on in a trust region. */
const maxColumns = 20;
const maxTrials = 1000;
/**
 * The Gaussian process takes so many rows whole (`rows` of `gaussianProcess`); of a longer history it leaves some out, by the values of one objective
 * alone, so that it would lose parts of the front. With several objectives a population goes on from there.
 */
const maxFrontTrials = 1200;

/**
 * The default sampler. It chooses by the problem at each ask, from the whole history, so that nothing is lost in a
 * change, and says which and why in `why.sampler` and `why.reason`:
 *
 * - a Gaussian process with log expected improvement, on the fastest backend that runs everywhere;
 * - with earlier studies in `transfer`, the `method` of carrying them over: by default a mixture of models with and without
 *   them, weighted by the evidence of the new trials. `why.transfer` names the sources, their weights and
 *   the gate, `why.unused` what of them could not be used;
 * - the same model in a trust region with more than 20 columns or, of one objective, 1,000 trials;
 * - for two to six objectives a model each with log expected hypervolume improvement, with earlier studies each with its own sources, and NSGA-II
 *   from 1,200 trials on; with more than 20 columns half of the suggestions, drawn at random. A trust region, an `acquisition` of your own
 *   and more objectives take a random scalarization of them.
 *
 * Throws InvalidArgumentError for a method that does not exist, with the names of those that do, for a `searchScope` that does not, and for weights or features
 * of sources that are not what they should be.
 */
export function autoSampler(options: AutoSamplerOptions = {}): Sampler {
  checkTransfer(options);
  const { searchScope: scope } = options;
  if (scope !== undefined && !searchScopes.includes(scope))
    throw new InvalidArgumentError('searchScope', scope, `one of ${searchScopes.join(', ')}`);
  const opened = new WeakMap<object, Map<string, () => Promise<ModelSamplers>>>();
  const modelsOf = (space: SearchSpace, goal: Pick<Goal, 'direction' | 'objectives'>) => {
    const { direction, objectives } = goal;
    const byGoal = opened.get(space) ?? new Map<string, () => Promise<ModelSamplers>>();
    opened.set(space, byGoal);
    const key = JSON.stringify([direction, objectives]);
    const made =
      byGoal.get(key) ?? loadedOnce(() => modelSamplers(space, { direction, objectives }, options));
    byGoal.set(key, made);
    return made();
  };
  return {
    name: 'auto',
    options: autoSamplerOptions(options),
    supports: everyFeature,
    async sample<P extends Params>(request: SampleRequest<P>) {
      if ((request.objectives?.length ?? 0) > 1 && request.trials.length > maxFrontTrials)
        return explained((await import('./large-problems.ts')).nsga2(), request, {
          notes: { reason: `several objectives and more than ${maxFrontTrials} trials` },
        });
      const models = await modelsOf(request.space as SearchSpace, request);
      const { searchScope, reason } = scopeOf(request, models, options.searchScope);
      const sampler = searchScope === 'trust-region' ? await models.trustRegion() : models.wholeSpace;
      return explained(sampler, request, {
        notes: { reason, ...models.notes },
        transferOf: models.transferOf,
      });
    },
  };
}

function scopeOf<P extends Params>(
  { space, trials, objectives, rng }: SampleRequest<P>,
  { sources: { length: sources }, hasModelEach }: Pick<ModelSamplers, 'sources' | 'hasModelEach'>,
  given: AutoSamplerOptions['searchScope'],
): { readonly searchScope: 'whole-space' | 'trust-region'; readonly reason: string } {
  if (given) return { searchScope: given, reason: 'asked for' };
  if (trials.length > maxTrials && (objectives?.length ?? 0) < 2)
    return { searchScope: 'trust-region', reason: `more than ${maxTrials} trials` };
  if (sources > 0)
    return {
      searchScope: 'whole-space',
      reason: `${sources} earlier ${sources === 1 ? 'study' : 'studies'} to start from`,
    };
  // Each is better on some problems, and drawn at random they are nearly as good as the better one (decisions/2026-11-30-several-objectives.md).
  if (space.columns.length > maxColumns && hasModelEach)
    return rng.fork('search scope').next() < 0.5
      ? {
          searchScope: 'whole-space',
          reason: `more than ${maxColumns} columns: one of two, drawn at random, the other is a trust region`,
        }
      : {
          searchScope: 'trust-region',
          reason: `more than ${maxColumns} columns: one of two, drawn at random, the other is the whole space`,
        };
  if (space.columns.length > maxColumns)
    return { searchScope: 'trust-region', reason: `more than ${maxColumns} columns` };
  return { searchScope: 'whole-space', reason: 'few and costly evaluations' };
}

async function explained<P extends Params>(
  sampler: Sampler,
  request: SampleRequest<P>,
  { notes, transferOf }: Pick<ModelSamplers, 'notes'> & Partial<Pick<ModelSamplers, 'transferOf'>>,
) {
  const proposals = await sampler.sample(request);
  return proposals.map((proposal) => ({
    ...proposal,
    why: {
      sampler: sampler.name ?? 'unnamed',
      ...notes,
      ...proposal.why,
      ...transferOf?.(proposal.why),
    },
  }));
}
