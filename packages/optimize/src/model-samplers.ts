import { logExpectedImprovement } from '@foothold/acquisitions';
import type { Acquisition, Awaitable, Goal, LinearAlgebra, Sampler, SearchSpace, Why } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { bayesian, maxModelledObjectives } from '@foothold/samplers';
import type { TransferMethod } from './transfer-methods.ts';
import type { TransferOptions } from './transfer-options.ts';

export interface ModelOptions extends TransferOptions {
  readonly linalg?: LinearAlgebra | (() => Awaitable<LinearAlgebra>) | undefined;
  readonly acquisition?: Acquisition | undefined;
  readonly initialTrials?: number | undefined;
}

/** The model-based samplers for one space. */
export interface ModelSamplers {
  readonly wholeSpace: Sampler;
  readonly trustRegion: () => Promise<Sampler>;
  /** Whether `wholeSpace` models each of several objectives, and does not scalarize them. */
  readonly hasModelEach: boolean;
  readonly method: TransferMethod;
  /** Earlier studies that take part. */
  readonly sources: readonly string[];
  /** That they had no part, and what of them could not be used, for `why`. */
  readonly notes: Why;
  /** Their part in a suggestion, given its `why`; undefined without earlier studies. */
  readonly transferOf: ((why: Why | undefined) => Why) | undefined;
}

/** Opens them: a Gaussian process on the default backend, with earlier studies where there are some. */
export async function modelSamplers(
  space: SearchSpace,
  { direction, objectives = [] }: Pick<Goal, 'direction' | 'objectives'>,
  options: ModelOptions,
): Promise<ModelSamplers> {
  const { columns } = space;
  const { initialTrials, metaFeatures, gated, method = 'auto' } = options;
  const given = options.linalg ?? wasm;
  const linalg = typeof given === 'function' ? await given() : given;
  const acquisition = options.acquisition ?? logExpectedImprovement();
  const { transfer = [] } = options;
  // The code of earlier studies is loaded by those who have some: bundles of plain studies do without.
  const { usableSources } = transfer.length > 0 ? await import('./usable-sources.ts') : {};
  const isModelled =
    !options.acquisition && objectives.length > 1 && objectives.length <= maxModelledObjectives;
  const usable = await usableSources?.(
    space,
    { direction, objectives: isModelled ? objectives : [] },
    transfer,
  );
  const { sources = [], unused = {} } = usable ?? {};
  const plain = gaussianProcess({ columns, linalg });
  const model = { surrogate: plain, acquisition, initialTrials };
  const otherwise = bayesian({ ...model, ...(!options.acquisition && { multiObjective: hypervolume }) });
  const setting = {
    sources,
    columns,
    linalg,
    metaFeatures,
    acquisition,
    initialTrials,
    gated,
    plain,
    otherwise,
    several: usable?.several && { ...usable.several, multiObjective: hypervolume },
  };
  const names = sources.map(({ name }) => name);
  const { transferSampler, transferOf, withoutPart } =
    sources.length > 0 ? await import('./transfer-methods/transfer-sampler.ts') : {};
  return {
    wholeSpace: transferSampler?.(method, setting) ?? otherwise,
    trustRegion: async () => ({
      ...bayesian({ ...model, searchRegion: (await import('./large-problems.ts')).trustRegionBox }),
      name: 'trust-region',
    }),
    hasModelEach: isModelled,
    method,
    sources: names,
    transferOf,
    notes: {
      // The default, which a suggestion of the sources replaces: the plain model made it.
      ...withoutPart?.(method, names),
      ...(Object.keys(unused).length > 0 && { unused }),
    },
  };
}

/** Of several objectives, unless an acquisition is given: bundles of studies with one do without its code. */
async function hypervolume() {
  return (await import('./several-objectives.ts')).hypervolumeModel();
}
