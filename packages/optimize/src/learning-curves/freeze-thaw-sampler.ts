import { logExpectedImprovement } from '@foothold/acquisitions';
import type { Awaitable, LinearAlgebra, Params, SampleRequest, Sampler, SearchSpace } from '@foothold/core';
import { learningCurves } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { freezeThaw } from '@foothold/samplers';
import { autoSampler } from '../auto-sampler.ts';

export interface FreezeThawSamplerOptions {
  readonly fidelity: {
    /** Parameter that holds the amount of training, such as epochs: whole numbers or an ordered list of numbers. */
    readonly name: string;
    /** Its largest value: what counts. */
    readonly max: number;
  };
  /** Whether a trial goes on from what an earlier trial of its configuration has trained. Default: true. */
  readonly continues?: boolean | undefined;
  readonly linalg?: LinearAlgebra | (() => Awaitable<LinearAlgebra>) | undefined;
  /** Configurations before the first model. Default: chosen by the number of parameters. */
  readonly initialConfigurations?: number | undefined;
}

/**
 * `freezeThaw` with its defaults: a Gaussian process of learning curves on the fastest backend that runs everywhere, log
 * expected improvement for new configurations, and the default sampler for every second training to the end.
 *
 * Throws as `freezeThaw` does.
 */
export function freezeThawSampler(options: FreezeThawSamplerOptions): Sampler {
  const { fidelity, linalg: given = wasm, ...rest } = options;
  const opened = new WeakMap<object, Promise<Sampler>>();
  const open = async (space: SearchSpace): Promise<Sampler> => {
    const linalg = typeof given === 'function' ? await given() : given;
    const { columns } = space;
    const fidelityColumn = columns.findIndex(({ name }) => name === fidelity.name);
    // Without the column the sampler names what is missing.
    const surrogate =
      columns[fidelityColumn]?.kind === 'ordinal' && columns.length > 1
        ? learningCurves({ columns, fidelityColumn, linalg })
        : { fit: () => Promise.reject(new Error('no column of the fidelity')) };
    return freezeThaw({
      surrogate,
      acquisition: logExpectedImprovement(),
      fidelity,
      targetSampler: autoSampler({ linalg }),
      ...rest,
    });
  };
  const openOnce = (space: SearchSpace) => {
    const made = opened.get(space) ?? open(space);
    opened.set(space, made);
    return made;
  };
  return {
    name: 'freeze-thaw',
    options: { fidelity: fidelity.name, max: fidelity.max, continues: options.continues ?? true },
    supports: ['conditional', 'input-constraints', 'fixed', 'known-noise', 'continuous'],
    sample: async <P extends Params>(request: SampleRequest<P>) =>
      (await openOnce(request.space as unknown as SearchSpace)).sample(request),
  };
}
