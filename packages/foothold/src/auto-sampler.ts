import { logExpectedImprovement } from '@foothold/acquisitions';
import type { Acquisition, LinearAlgebra, Params, SampleRequest, Sampler, SearchSpace } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { bayesian } from '@foothold/samplers';
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

/** The default sampler: a Gaussian process with log expected improvement, on the fastest backend that runs everywhere. */
export function autoSampler(options: AutoSamplerOptions = {}): Sampler {
  const perSpace = new WeakMap<object, Promise<Sampler>>();
  const open = async (space: SearchSpace): Promise<Sampler> =>
    bayesian({
      surrogate: gaussianProcess({ columns: space.columns, linalg: options.linalg ?? (await wasm()) }),
      acquisition: options.acquisition ?? logExpectedImprovement(),
      initialTrials: options.initialTrials,
    });
  return {
    name: 'auto',
    supports: ['conditional', 'input-constraints', 'fixed', 'known-noise', 'continuous'],
    async sample<P extends Params>(request: SampleRequest<P>) {
      let sampler = perSpace.get(request.space);
      if (!sampler) {
        sampler = open(request.space as unknown as SearchSpace);
        perSpace.set(request.space, sampler);
      }
      return (await sampler).sample(request);
    },
  };
}
