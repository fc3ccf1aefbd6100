/**
 * Covariance matrix adaptation (Hansen 2016, "The CMA Evolution Strategy: A Tutorial", with the Cholesky factor in place
 * of the symmetric root), restarted with twice the population when it has converged (IPOP, Auger & Hansen 2005), warm
 * from earlier evaluations (Nomura et al. 2021). Not a running process: each request replays the finished trials.
 *
 * m, σ, C   mean, step size and covariance, all in the unit cube
 * λ, μ, w   population, parents and their weights
 * pσ, pc    evolution paths; A is C's lower Cholesky factor
 */
import {
  datasetOf,
  InvalidArgumentError,
  type Params,
  rowOf,
  type SampleRequest,
  type Sampler,
  seeded,
  UnsupportedError,
} from '@foothold/core';
import { standardNormal } from '@foothold/numerics';
import { type CmaState, choleskyOf, cmaStart, cmaUpdate } from './cma-es-state.ts';
import { positiveWhole, proposals } from './propose.ts';

export interface CmaEsOptions {
  /** λ before the first restart; 4 + ⌊3 ln d⌋. */
  readonly population?: number;
  /** σ at a cold start, in the unit cube; 0.25. */
  readonly step?: number;
  /** Chooses where restarts begin. */
  readonly seed?: number | string;
}

/** Share of a warm start's trials that shapes the first distribution (Nomura et al. 2021, γ). */
const warmShare = 0.1;
const minimumWarm = 10;

/**
 * For many evaluations of continuous parameters that interact. Integers keep a step of a third of a level at least.
 * Loaded trials (ten or more) give the first mean and covariance. `sample` throws UnsupportedError for categorical
 * parameters. Throws InvalidArgumentError.
 */
export function cmaEs(options: CmaEsOptions = {}): Sampler {
  const { step = 0.25, seed = 0 } = options;
  if (options.population !== undefined) positiveWhole('population', options.population);
  if (!(step > 0 && step <= 1)) throw new InvalidArgumentError('step', step, 'above 0, at most 1');
  return {
    name: 'cma-es',
    supports: ['input-constraints', 'fixed', 'known-noise', 'continuous'],
    sample<P extends Params>(request: SampleRequest<P>) {
      const { columns } = request.space;
      const category = columns.find((c) => c.kind === 'categorical');
      if (category)
        throw new UnsupportedError(
          `the categorical parameter ${category.name}`,
          'cma-es',
          'choose tpe or bayesian',
        );
      const state = replayed(request, { ...options, step, seed });
      const a = choleskyOf(state.c, columns.length);
      const floor = Float64Array.from(columns, (c) => (c.kind === 'ordinal' ? 1 / (3 * c.levels) : 0));
      return proposals(
        request,
        (i, attempt) => {
          const rng = request.rng.fork(`cma ${i} ${attempt}`);
          const z = columns.map(() => standardNormal(rng));
          return Float64Array.from(columns, (_, j) => {
            let y = 0;
            let variance = 0;
            for (let k = 0; k <= j; k++) {
              y += a[j * columns.length + k]! * z[k]!;
              variance += a[j * columns.length + k]! ** 2;
            }
            // Integers must be able to change: their deviation is stretched to the floor.
            const deviation = state.sigma * Math.sqrt(variance);
            const stretch = Math.max(1, floor[j]! / Math.max(deviation, 1e-300));
            return Math.min(Math.max(state.mean[j]! + state.sigma * y * stretch, 0), 1);
          });
        },
        { sampler: 'cma-es', step: state.sigma, population: state.population, restarts: state.restarts },
      );
    },
  };
}

function replayed<P extends Params>(
  request: SampleRequest<P>,
  options: CmaEsOptions & { readonly step: number; readonly seed: number | string },
): CmaState {
  const { space, direction } = request;
  const d = space.columns.length;
  const done = request.trials.filter((t) => t.state === 'complete' || t.state === 'failed');
  const { x, y } = datasetOf(space, done, direction);
  const rows = done.map((trial, i) => ({ point: rowOf(x, i), y: y[i]!, loaded: trial.loaded === true }));
  const better = (p: { readonly y: number }, q: { readonly y: number }) => q.y - p.y;
  const population = options.population ?? 4 + Math.floor(3 * Math.log(Math.max(d, 1)));

  const earlier = rows.filter((r) => r.loaded).sort(better);
  let state = cmaStart({ mean: new Float64Array(d).fill(0.5), sigma: options.step, population, restarts: 0 });
  if (earlier.length >= minimumWarm)
    state = warm(
      state,
      earlier.slice(0, Math.max(3, Math.ceil(warmShare * earlier.length))).map((r) => r.point),
    );

  let generation: (typeof rows)[number][] = [];
  for (const row of rows) {
    if (row.loaded) continue;
    generation.push(row);
    if (generation.length < state.population) continue;
    generation.sort(better);
    const flat = generation[0]!.y - generation.at(-1)!.y <= 1e-12 * Math.abs(generation[0]!.y);
    state = cmaUpdate(
      state,
      generation.map((r) => r.point),
    );
    generation = [];
    if (!flat && state.sigma * Math.sqrt(largestVariance(state)) > 1e-7) continue;
    const rng = seeded(options.seed).fork(`restart ${state.restarts}`);
    state = cmaStart({
      mean: Float64Array.from({ length: d }, () => rng.next()),
      sigma: options.step,
      population: 2 * state.population,
      restarts: state.restarts + 1,
    });
  }
  return state;
}

/** Mean and covariance of promising points; a tenth of the cold step is added so that none of it is singular. */
function warm(cold: CmaState, points: readonly Float64Array[]): CmaState {
  const d = cold.mean.length;
  const n = points.length;
  const mean = Float64Array.from({ length: d }, (_, j) => points.reduce((s, p) => s + p[j]!, 0) / n);
  const c = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++)
      c[i * d + j] =
        points.reduce((s, p) => s + (p[i]! - mean[i]!) * (p[j]! - mean[j]!), 0) / n +
        (i === j ? (0.1 * cold.sigma) ** 2 : 0);
  let trace = 0;
  for (let i = 0; i < d; i++) trace += c[i * d + i]!;
  const variance = trace / Math.max(d, 1);
  return { ...cold, mean, sigma: Math.sqrt(variance), c: c.map((v) => v / variance) };
}

function largestVariance(state: CmaState): number {
  let top = 0;
  for (let i = 0; i < state.mean.length; i++) top = Math.max(top, state.c[i * state.mean.length + i]!);
  return top;
}
