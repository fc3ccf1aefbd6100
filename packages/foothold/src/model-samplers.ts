import { logExpectedImprovement } from '@foothold/acquisitions';
import type {
  Acquisition,
  Direction,
  LinearAlgebra,
  Sampler,
  SearchSpace,
  Surrogate,
  Trial,
  Why,
} from '@foothold/core';
import {
  autoTransfer,
  gaussianProcess,
  type TransferSource as ModelSource,
  sourceOn,
  warmStart,
} from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { bayesian, trustRegion } from '@foothold/samplers';
import type { PastTrial } from '@foothold/study';
import type { TransferSource } from './transfer-source.ts';

export interface ModelOptions {
  readonly linalg?: LinearAlgebra | undefined;
  readonly acquisition?: Acquisition | undefined;
  readonly initialTrials?: number | undefined;
  readonly transfer?: readonly TransferSource[] | undefined;
}

/** The model-based samplers for one space. */
export interface ModelSamplers {
  readonly wholeSpace: Sampler;
  readonly trustRegion: Sampler;
  /** Earlier studies that take part. */
  readonly sources: readonly string[];
  /** What of them could not be used, by source; JSON for `why`. */
  readonly notes: Why;
}

/** Opens them: a Gaussian process on the default backend, with what earlier studies say where there are some. */
export async function modelSamplers(
  space: SearchSpace,
  direction: Direction,
  options: ModelOptions,
): Promise<ModelSamplers> {
  const { columns } = space;
  const linalg = options.linalg ?? (await wasm());
  const acquisition = options.acquisition ?? logExpectedImprovement();
  const mapped = (options.transfer ?? []).map((source, i) =>
    sourceOn(space, {
      name: source.name ?? `source ${i + 1}`,
      trials: source.trials.flatMap(asTrial),
      direction: source.direction ?? direction,
      metaFeatures: source.metaFeatures,
    }),
  );
  const sources = mapped.map(({ source }) => source).filter(({ data }) => data.y.length > 0);
  const plain = () => gaussianProcess({ columns, linalg });
  const search = (make: typeof bayesian, surrogate: Surrogate, first: number | undefined): Sampler =>
    make({ surrogate, acquisition, initialTrials: options.initialTrials ?? first });
  const started = (sampler: Sampler, from: readonly ModelSource[]): Sampler =>
    warmStart(from, { columns, linalg, sampler, otherwise: search(bayesian, plain(), undefined) });
  const unused = mapped.filter(({ unused: notes }) => notes.length > 0);
  return {
    wholeSpace:
      sources.length === 0
        ? search(bayesian, plain(), undefined)
        : started(search(bayesian, autoTransfer(sources, { plain: plain(), columns, linalg }), 1), sources),
    trustRegion: search(trustRegion, plain(), undefined),
    sources: sources.map(({ name }) => name),
    notes:
      unused.length > 0
        ? { unused: Object.fromEntries(unused.map(({ source, unused: notes }) => [source.name, notes])) }
        : {},
  };
}

/** A finished past trial; its number and reports play no part in a source. */
function asTrial(past: PastTrial): readonly Trial[] {
  return past.state === 'running'
    ? []
    : [{ number: 0, reports: [], ...past, state: past.state ?? 'complete' } as Trial];
}
