import { logExpectedImprovement } from '@foothold/acquisitions';
import type { Acquisition, Direction, LinearAlgebra, Sampler, SearchSpace, Trial, Why } from '@foothold/core';
import { autoTransfer, gaussianProcess, sourceOn, warmStart } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { bayesian, sourceFocus, trustRegion } from '@foothold/samplers';
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

/** So many sources are modelled as tasks of their own, and the search begins in the box of their best trials. */
const fewSources = 3;

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
  const initialTrials = options.initialTrials;
  const alone = (make: typeof bayesian): Sampler => make({ surrogate: plain(), acquisition, initialTrials });
  const informed = (): Sampler =>
    warmStart(sources, {
      columns,
      linalg,
      sampler: bayesian({
        surrogate: autoTransfer(sources, { plain: plain(), columns, linalg }),
        acquisition,
        initialTrials: initialTrials ?? 1,
        // Many sources say enough of where not to look; with few, a corner that none has seen looks promising.
        ...(sources.length <= fewSources && {
          focus: sourceFocus(
            sources.map(({ data }) => data),
            columns,
          ),
        }),
      }),
      otherwise: alone(bayesian),
    });
  const unused = mapped.filter(({ unused: notes }) => notes.length > 0);
  return {
    wholeSpace: sources.length === 0 ? alone(bayesian) : informed(),
    trustRegion: alone(trustRegion),
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
