import { logExpectedImprovement } from '@foothold/acquisitions';
import type {
  Acquisition,
  Direction,
  LinearAlgebra,
  Params,
  SampleRequest,
  Sampler,
  SearchSpace,
  Why,
} from '@foothold/core';
import { autoTransfer, gaussianProcess, warmStart } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { bayesian, nsga2 } from '@foothold/samplers';
import { sourceOn } from './source-on.ts';
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

/** A sampler for one space, and why it was chosen. */
interface Choice {
  readonly sampler: Sampler;
  readonly because: string;
  readonly notes?: Why;
}

/**
 * The default sampler. It chooses by the problem at each ask, from the whole history, so that nothing is lost in a
 * change, and says which and why in `why.sampler` and `why.because`:
 *
 * - a Gaussian process with log expected improvement, on the fastest backend that runs everywhere;
 * - with earlier studies in `transfer`, a mixture of what they say and of a model that does not listen to them, weighed by
 *   the new evidence; what of them could not be used is listed in `why.unused`;
 * - NSGA-II where several objectives have more than 2,000 trials behind them.
 */
export function autoSampler(options: AutoSamplerOptions = {}): Sampler {
  const models = new WeakMap<object, Promise<Choice>>();
  const population: Choice = {
    sampler: nsga2(),
    because: `several objectives and more than ${manyTrials} trials`,
  };
  const modelOf = (space: SearchSpace, direction: Direction): Promise<Choice> => {
    let made = models.get(space);
    if (!made) {
      made = model(space, direction, options);
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
      const { sampler, because, notes } = many
        ? population
        : await modelOf(request.space as unknown as SearchSpace, request.direction);
      const proposals = await sampler.sample(request);
      return proposals.map(({ params, why }) => ({
        params,
        why: { sampler: sampler.name ?? 'unnamed', because, ...notes, ...why },
      }));
    },
  };
}

async function model(space: SearchSpace, direction: Direction, options: AutoSamplerOptions): Promise<Choice> {
  const { columns } = space;
  const linalg = options.linalg ?? (await wasm());
  const plain = gaussianProcess({ columns, linalg });
  const acquisition = options.acquisition ?? logExpectedImprovement();
  const mapped = (options.transfer ?? []).map((source, i) =>
    sourceOn(space, source, { direction, name: source.name ?? `source ${i + 1}` }),
  );
  const sources = mapped.map(({ source }) => source).filter(({ data }) => data.y.length > 0);
  if (sources.length === 0)
    return {
      sampler: bayesian({ surrogate: plain, acquisition, initialTrials: options.initialTrials }),
      because: 'few and costly evaluations',
    };
  const surrogate = autoTransfer(sources, { plain, columns, linalg });
  const unused = Object.fromEntries(
    mapped.flatMap(({ source, unused: notes }) => (notes.length > 0 ? [[source.name, notes]] : [])),
  );
  return {
    sampler: warmStart(sources, {
      columns,
      linalg,
      sampler: bayesian({ surrogate, acquisition, initialTrials: options.initialTrials ?? 1 }),
    }),
    because: `${sources.length} earlier ${sources.length === 1 ? 'study' : 'studies'} to start from`,
    ...(Object.keys(unused).length > 0 ? { notes: { unused } } : {}),
  };
}
