import type {
  Acquisition,
  Awaitable,
  Goal,
  Json,
  LinearAlgebra,
  Params,
  SampleRequest,
  Sampler,
  SearchSpace,
  Why,
} from '@foothold/core';
import { nsga2 } from '@foothold/samplers';
import { type ModelSamplers, modelSamplers } from './model-samplers.ts';
import { checkTransfer } from './transfer-methods.ts';
import type { TransferOptions } from './transfer-source.ts';

export interface AutoSamplerOptions extends TransferOptions {
  /** Compute backend, or what opens it at the first model; float64 WebAssembly unless told. */
  readonly linalg?: LinearAlgebra | (() => Awaitable<LinearAlgebra>) | undefined;
  /** Log expected improvement unless told. */
  readonly acquisition?: Acquisition | undefined;
  /** Trials before the first model; chosen by the number of parameters unless told. */
  readonly initialTrials?: number | undefined;
  /** Where the model looks: chosen unless told. */
  readonly reach?: 'whole-space' | 'trust-region' | undefined;
}

/** From so many columns or trials on, one model of the whole space says little: the search goes on in a box that moves. */
const manyColumns = 20;
const longHistory = 1000;
/** Trials from which on, with several objectives, evaluations are so cheap that a population is the better choice. */
const manyTrials = 2000;

/**
 * The default sampler. It chooses by the problem at each ask, from the whole history, so that nothing is lost in a
 * change, and says which and why in `why.sampler` and `why.because`:
 *
 * - a Gaussian process with log expected improvement, on the fastest backend that runs everywhere;
 * - with earlier studies in `transfer`, the `method` of carrying them over: by default a mixture of what they say and of
 *   models that do not listen to them, weighed by the new evidence. `why.transfer` names the sources, their weights and
 *   the gate, `why.unused` what of them could not be used;
 * - the same model in a trust region with more than 20 columns or 1,000 trials;
 * - NSGA-II where several objectives have more than 2,000 trials behind them.
 *
 * Throws InvalidArgumentError for a method that does not exist, with the names of those that do, and for weights or features
 * of sources that are not what they should be.
 */
export function autoSampler(options: AutoSamplerOptions = {}): Sampler {
  checkTransfer(options);
  const population = nsga2();
  const opened = new WeakMap<object, Map<Goal['direction'], Promise<ModelSamplers>>>();
  const modelsOf = (space: SearchSpace, direction: Goal['direction']): Promise<ModelSamplers> => {
    const byDirection = opened.get(space) ?? new Map<Goal['direction'], Promise<ModelSamplers>>();
    opened.set(space, byDirection);
    const made = byDirection.get(direction) ?? modelSamplers(space, direction, options);
    byDirection.set(direction, made);
    return made;
  };
  return {
    name: 'auto',
    supports: [
      'conditional',
      'input-constraints',
      'fixed',
      'outcome-constraints',
      'several-objectives',
      'cost',
      'known-noise',
      'continuous',
    ],
    async sample<P extends Params>(request: SampleRequest<P>) {
      if ((request.objectives?.length ?? 0) > 1 && request.trials.length > manyTrials)
        return explained(population, request, {
          because: `several objectives and more than ${manyTrials} trials`,
        });
      const models = await modelsOf(request.space as unknown as SearchSpace, request.direction);
      const { reach, because } = reachOf(request, models.sources.length, options.reach);
      const sampler = reach === 'trust-region' ? models.trustRegion : models.wholeSpace;
      return explained(sampler, request, { because, ...models.notes });
    },
  };
}

function reachOf<P extends Params>(
  { space, trials }: SampleRequest<P>,
  sources: number,
  told: AutoSamplerOptions['reach'],
): { readonly reach: 'whole-space' | 'trust-region'; readonly because: string } {
  if (told) return { reach: told, because: 'asked for' };
  if (trials.length > longHistory)
    return { reach: 'trust-region', because: `more than ${longHistory} trials` };
  if (sources > 0)
    return {
      reach: 'whole-space',
      because: `${sources} earlier ${sources === 1 ? 'study' : 'studies'} to start from`,
    };
  if (space.columns.length > manyColumns)
    return { reach: 'trust-region', because: `more than ${manyColumns} columns` };
  return { reach: 'whole-space', because: 'few and costly evaluations' };
}

async function explained<P extends Params>(
  sampler: Sampler,
  request: SampleRequest<P>,
  notes: Why & { readonly because: string },
) {
  const proposals = await sampler.sample(request);
  return proposals.map((proposal) => ({
    ...proposal,
    why: {
      sampler: sampler.name ?? 'unnamed',
      ...notes,
      ...proposal.why,
      ...transferOf(proposal.why, notes),
    },
  }));
}

/** `why.transfer` of every suggestion in one form, whoever made it; nothing without sources. */
function transferOf(why: Why | undefined, notes: Why): Why {
  if (!notes['transfer']) return {};
  const model = why?.['model'];
  const ofModel = isObject(model) ? model['transfer'] : undefined;
  const told = ofModel ?? why?.['transfer'];
  if (!isObject(told)) return {};
  const { method, sources, gate } = told;
  return { transfer: { method: method!, sources: sources!, gate: gate! } };
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
