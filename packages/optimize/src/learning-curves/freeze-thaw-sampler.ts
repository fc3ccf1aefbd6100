import { logExpectedImprovement } from '@foothold/acquisitions';
import {
  type Awaitable,
  type LinearAlgebra,
  type Params,
  positionOf,
  type SampleRequest,
  type Sampler,
  type SearchSpace,
} from '@foothold/core';
import { learningCurves } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { freezeThaw } from '@foothold/samplers';
import { autoSampler } from '../auto-sampler.ts';
import { loadedOnce } from '../loaded-once.ts';

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
 * expected improvement for new configurations, and the default sampler for every second training to the end, with the values before the end as
 * earlier studies.
 *
 * Throws as `freezeThaw` does.
 */
export function freezeThawSampler(options: FreezeThawSamplerOptions): Sampler {
  const { fidelity, linalg: given = wasm, ...rest } = options;
  const opened = new WeakMap<object, () => Promise<Sampler>>();
  const open = async (space: SearchSpace): Promise<Sampler> => {
    const linalg = typeof given === 'function' ? await given() : given;
    const { columns } = space;
    const fidelityColumn = columns.findIndex(({ name }) => name === fidelity.name);
    // Without the column the sampler names what is missing.
    const column = columns[fidelityColumn];
    const surrogate =
      column?.kind === 'ordinal' && columns.length > 1
        ? learningCurves({ columns, fidelityColumn, linalg, resources: resourcesOf(space, fidelityColumn) })
        : { fit: () => Promise.reject(new Error('no column of the fidelity')) };
    return freezeThaw({
      surrogate,
      acquisition: logExpectedImprovement(),
      fidelity,
      targetSampler: autoSampler({ linalg }),
      transferSampler: (earlier, direction) =>
        autoSampler({
          linalg,
          transfer: earlier.map(({ step, trials }) => ({
            ...{ name: `${fidelity.name} ${step}`, trials, direction },
          })),
        }),
      ...rest,
    });
  };
  const openOnce = (space: SearchSpace) => {
    const made = opened.get(space) ?? loadedOnce(() => open(space));
    opened.set(space, made);
    return made();
  };
  return {
    name: 'freeze-thaw',
    options: {
      ...{ fidelity: fidelity.name, max: fidelity.max, continues: options.continues ?? true },
      ...(options.initialConfigurations !== undefined && {
        initialConfigurations: options.initialConfigurations,
      }),
    },
    supports: ['conditional', 'input-constraints', 'fixed', 'known-noise', 'continuous'],
    sample: async <P extends Params>(request: SampleRequest<P>) =>
      (await openOnce(request.space as unknown as SearchSpace)).sample(request),
  };
}

/** The fidelity at each level, a share of the largest. */
function resourcesOf(space: SearchSpace, fidelityColumn: number): number[] {
  const { columns } = space;
  const column = columns[fidelityColumn]!;
  const levels = column.kind === 'continuous' ? 0 : column.levels;
  const point = Float64Array.from(columns, (c) => positionOf(c, c.kind === 'continuous' ? 0.5 : 0));
  const values = Array.from({ length: levels }, (_, level) => {
    point[fidelityColumn] = positionOf(column, level);
    return Number(space.decode(point)[column.name]);
  });
  return values.map((value) => value / values.at(-1)!);
}
