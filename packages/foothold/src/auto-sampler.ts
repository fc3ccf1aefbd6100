import { logExpectedImprovement } from '@foothold/acquisitions';
import type { Acquisition, LinearAlgebra, Params, SampleRequest, Sampler, SearchSpace } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { bayesian, nsga2 } from '@foothold/samplers';
import type { TransferSource } from './transfer-source.ts';

export interface AutoSamplerOptions {
  /** Compute backend; float64 WebAssembly unless told. */
  readonly linalg?: LinearAlgebra | undefined;
  readonly acquisition?: Acquisition | undefined;
  /** Trials before the first model; chosen by the number of parameters unless told. */
  readonly initialTrials?: number | undefined;
  /** Earlier studies to start from. */
  readonly transfer?: readonly TransferSource[] | undefined;
}

/** Finished trials from which on, with several objectives, evaluations are so cheap that a population is the better choice. */
const manyTrials = 2000;

/**
 * The default sampler. It chooses by the problem at each ask, from the whole history, so that nothing is lost in a
 * change, and says which and why in `why.sampler` and `why.because`:
 *
 * - a Gaussian process with log expected improvement, on the fastest backend that runs everywhere;
 * - NSGA-II where several objectives have more than 2,000 trials behind them.
 */
export function autoSampler(options: AutoSamplerOptions = {}): Sampler {
  const models = new WeakMap<object, Promise<Sampler>>();
  const population = nsga2();
  const modelOf = (space: SearchSpace): Promise<Sampler> => {
    let made = models.get(space);
    if (!made) {
      made = openModel(space, options);
      models.set(space, made);
    }
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
      const many = (request.objectives?.length ?? 0) > 1 && request.trials.length > manyTrials;
      const choice = many
        ? { sampler: population, because: `several objectives and more than ${manyTrials} trials` }
        : {
            sampler: await modelOf(request.space as unknown as SearchSpace),
            because: 'few and costly evaluations',
          };
      const proposals = await choice.sampler.sample(request);
      return proposals.map(({ params, why }) => ({
        params,
        why: { sampler: choice.sampler.name ?? 'unnamed', because: choice.because, ...why },
      }));
    },
  };
}

async function openModel(space: SearchSpace, options: AutoSamplerOptions): Promise<Sampler> {
  return bayesian({
    surrogate: gaussianProcess({ columns: space.columns, linalg: options.linalg ?? (await wasm()) }),
    acquisition: options.acquisition ?? logExpectedImprovement(),
    initialTrials: options.initialTrials,
  });
}
