import { logExpectedImprovement } from '@foothold/acquisitions';
import {
  type Acquisition,
  type Awaitable,
  type Direction,
  type LinearAlgebra,
  type Sampler,
  type SearchSpace,
  type Trial,
  transferWhy,
  type Why,
} from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { bayesian, trustRegion } from '@foothold/samplers';
import { mapStudyToSpace } from '@foothold/space';
import type { PastTrial } from '@foothold/study';
import type { TransferMethod } from './transfer-methods.ts';
import { namedSources, type TransferOptions } from './transfer-options.ts';

export interface ModelOptions extends TransferOptions {
  readonly linalg?: LinearAlgebra | (() => Awaitable<LinearAlgebra>) | undefined;
  readonly acquisition?: Acquisition | undefined;
  readonly initialTrials?: number | undefined;
}

/** The model-based samplers for one space. */
export interface ModelSamplers {
  readonly wholeSpace: Sampler;
  readonly trustRegion: Sampler;
  readonly method: TransferMethod;
  /** Earlier studies that take part. */
  readonly sources: readonly string[];
  /** That they had no part, and what of them could not be used, for `why`. */
  readonly notes: Why;
}

/** Opens them: a Gaussian process on the default backend, with earlier studies where there are some. */
export async function modelSamplers(
  space: SearchSpace,
  direction: Direction,
  options: ModelOptions,
): Promise<ModelSamplers> {
  const { columns } = space;
  const { initialTrials, metaFeatures, gated, method = 'auto' } = options;
  const given = options.linalg ?? wasm;
  const linalg = typeof given === 'function' ? await given() : given;
  const acquisition = options.acquisition ?? logExpectedImprovement();
  const mapped = (await namedSources(options.transfer ?? [], direction)).map((given) => {
    const { task: source, warnings: unused } = mapStudyToSpace(space, {
      ...given,
      trials: given.trials.flatMap(asTrial),
    });
    return { source, unused: [...(given.unused ?? []), ...unused] };
  });
  const sources = mapped
    .map(({ source }) => source)
    .filter(({ data, weight }) => data.y.length > 0 && weight !== 0);
  const plain = gaussianProcess({ columns, linalg });
  const alone = (make: typeof bayesian): Sampler => make({ surrogate: plain, acquisition, initialTrials });
  const otherwise = alone(bayesian);
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
  };
  const unused = mapped.filter(({ unused: notes }) => notes.length > 0);
  // The code of the methods is loaded by those who need it: bundles of plain studies do without.
  const { transferSampler } =
    sources.length > 0 ? await import('./transfer-methods/transfer-sampler.ts') : {};
  return {
    wholeSpace: transferSampler?.(method, setting) ?? otherwise,
    trustRegion: alone(trustRegion),
    method,
    sources: sources.map(({ name }) => name),
    notes: {
      // The default, which a suggestion of the sources replaces: the plain model made it.
      ...(sources.length > 0 && {
        ...transferWhy(method, { names: sources.map(({ name }) => name), weights: sources.map(() => 0) }),
      }),
      ...(unused.length > 0 && {
        unused: Object.fromEntries(unused.map(({ source, unused: notes }) => [source.name, notes])),
      }),
    },
  };
}

/** A past trial as a source has it; its reports play no part. */
function asTrial(past: PastTrial): readonly Trial[] {
  return [{ number: 0, reports: [], ...past, state: past.state ?? 'complete' } as Trial];
}
