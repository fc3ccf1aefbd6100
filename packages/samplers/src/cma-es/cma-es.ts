/**
 * CMA-ES as a function of the history: generations are blocks of λ of the trials that it proposed, in order of their
 * numbers, and each request folds over them (see cma-es/run.ts and cma-es/distribution.ts for sources and notation).
 */
import {
  InvalidArgumentError,
  minimizedValues,
  OptimizationError,
  type Params,
  type Proposal,
  type Rng,
  rankedTrials,
  type SampleRequest,
  type Sampler,
  type SearchSpace,
  type Trial,
  UnsupportedError,
  violationOf,
} from '@foothold/core';
import { standardNormal } from '@foothold/numerics';
import { designSeed } from '../bayesian/initial-design.ts';
import { feasibleCandidates } from '../feasible-candidates.ts';
import { positiveWhole } from '../positive-whole.ts';
import { type Distribution, drawn } from './distribution.ts';
import { advanced, type Evaluated, type Run, runFrom } from './run.ts';
import { warmStartOf } from './warm-start.ts';

export interface CmaEsOptions {
  /** Step size at a cold start, in units of the parameters' ranges, in (0, 1]; 0.3. */
  readonly sigma?: number;
  /** λ before the first restart, 2 at least; 4 + ⌊3 ln d⌋. */
  readonly population?: number;
  /** Trials of a similar problem with the same parameters: ten or more shape the first distribution. */
  readonly warmStart?: readonly Trial[];
}

/** Fewer earlier trials than this do not tell where to begin. */
const minEarlier = 10;
/** Draws of one point while it lies outside the box. */
const redraws = 10;
/** Draws of one proposal while constraints forbid it. */
const tries = 32;

/**
 * For many evaluations of numeric parameters that interact, no gradient needed. It begins at the middle of the space, or
 * where earlier trials were best: those in `warmStart`, and those of the study (loaded, or by another sampler) from
 * before its first own one. When it has converged it begins elsewhere with twice the population.
 *
 * Points outside the box are drawn again, then reflected; integers keep a chance to change (see cma-es/margin.ts);
 * failed and pruned trials rank last, trials that break outcome constraints by how much. With more trials in parallel
 * than λ some are drawn from an older distribution, which costs speed, not correctness. A sampler object remembers the
 * generations that it has folded over; a fresh one proposes the same. Its trials are known by their `samplerState`.
 * With it a study keeps each generation and what was drawn.
 *
 * Throws InvalidArgumentError; `check` and `sample` throw UnsupportedError for categorical parameters, which have no order that a
 * Gaussian could follow: use tpe or bayesian.
 */
export function cmaEs(options: CmaEsOptions = {}): Sampler {
  const { sigma = 0.3, population } = options;
  if (population !== undefined && positiveWhole('population', population) < 2)
    throw new InvalidArgumentError('population', population, 'a whole number from 2');
  if (!(sigma > 0 && sigma <= 1)) throw new InvalidArgumentError('sigma', sigma, 'above 0, at most 1');
  if (options.warmStart !== undefined && !Array.isArray(options.warmStart))
    throw new InvalidArgumentError('warmStart', options.warmStart, 'a list of trials');
  let memory: Memory | undefined;
  return {
    name: 'cma-es',
    options: {
      sigma,
      ...(population !== undefined && { population }),
      ...(options.warmStart && { warmStart: options.warmStart.length }),
    },
    supports: ['conditional', 'input-constraints', 'fixed', 'outcome-constraints', 'continuous'],
    check: ({ space }) => refuseCategories(space),
    sample<P extends Params>(request: SampleRequest<P>): readonly Proposal<P>[] {
      const { space, count, rng } = request;
      refuseCategories(space);
      const seed = designSeed(request);
      memory = replayed(request, { ...options, sigma, seed }, memory);
      const { run } = memory;
      // A small step puts a whole generation within the distance that counts as near a running trial.
      const open = feasibleCandidates(request, { avoidPending: false });
      return Array.from({ length: count }, (_, k) => {
        let point: Float64Array | undefined;
        let genotype: Float64Array | undefined;
        for (let attempt = 0; !point && attempt < tries; attempt++) {
          genotype = insideDraw(run.distribution, space, rng.fork(`cma ${k} ${attempt}`));
          point = open.repair(genotype);
        }
        const isOwn = point !== undefined;
        point ??= open.any(rng.fork(`any ${k}`));
        open.take(point);
        // What was drawn, where it is not what is evaluated: integers, given and inactive parameters.
        const differs = isOwn && point.some((u, j) => Math.abs(u - genotype![j]!) > 1e-9);
        const generation = isOwn ? run.generation : -1;
        return {
          params: space.decode(point),
          why: {
            sampler: 'cma-es',
            generation,
            restarts: run.restarts,
            stepSize: run.distribution.sigma,
            ...(!isOwn && { fallback: 'random point: no draw may be evaluated' }),
          },
          samplerState: {
            sampler: 'cma-es',
            generation,
            design: seed,
            ...(differs && { drawn: Array.from(genotype!) }),
          },
        };
      });
    },
  };
}

function refuseCategories({ columns }: Pick<SearchSpace, 'columns'>): void {
  const category = columns.find(({ kind }) => kind === 'categorical');
  if (category)
    throw new UnsupportedError(
      `the categorical parameter ${category.name}`,
      'cma-es',
      'its levels have no order; choose tpe or bayesian (on the command line and in requests: gp)',
    );
}

interface Memory {
  readonly space: SearchSpace<never>;
  readonly goal: string;
  /** Trials of the closed generations. */
  readonly consumed: readonly Trial[];
  readonly run: Run;
}

/** The run after all closed generations, from where `memory` ends if that is the beginning of this history. */
function replayed<P extends Params>(
  request: SampleRequest<P>,
  options: CmaEsOptions & { readonly sigma: number; readonly seed: number },
  memory: Memory | undefined,
): Memory {
  const { space, trials } = request;
  const { columns } = space;
  const own = trials.filter(({ samplerState, loaded }) => !loaded && samplerState?.sampler === 'cma-es');
  const first = own[0]?.number ?? Infinity;
  const before = trials.filter((t) => t.number < first && t.state !== 'running');
  const { direction, objectives, constraints } = request;
  const goal = JSON.stringify([direction, objectives, constraints, options.seed, before.length]);
  let consumed: Trial[] = [];
  let run: Run;
  if (memory && memory.space === space && memory.goal === goal && begins(own, memory.consumed)) {
    consumed = [...memory.consumed];
    run = memory.run;
  } else {
    const population = options.population ?? 4 + Math.floor(3 * Math.log(columns.length));
    const points = earlierPoints(request, [...(options.warmStart ?? []), ...before]);
    const cold = { mean: new Float64Array(columns.length).fill(0.5), sigma: options.sigma, population };
    const start = points.length >= minEarlier ? warmStartOf(points, population) : cold;
    run = runFrom(start, columns, options.sigma);
  }
  for (;;) {
    const block = own.slice(consumed.length, consumed.length + run.distribution.population);
    if (block.length < run.distribution.population || block.some(({ state }) => state === 'running')) break;
    const members = block.map((trial) => evaluated(request, trial));
    run = advanced(run, members, { columns, seed: options.seed });
    for (const trial of block) consumed.push(trial);
  }
  return { space: space as unknown as SearchSpace<never>, goal, consumed, run };
}

/** Points of these trials, best first; what is not of this space is left out. */
function earlierPoints<P extends Params>(
  request: SampleRequest<P>,
  earlier: readonly Trial[],
): readonly Float64Array[] {
  const known = earlier.filter(({ params }) => {
    try {
      request.space.encode(params as P);
      return true;
    } catch (error) {
      if (error instanceof OptimizationError) return false;
      throw error;
    }
  });
  return rankedTrials(known, request).map(({ trial }) => request.space.encode(trial.params as P));
}

function evaluated<P extends Params>(request: SampleRequest<P>, trial: Trial<P>): Evaluated {
  const isComplete = trial.state === 'complete';
  const value = isComplete ? minimizedValues(request, trial)[0]! : Number.NaN;
  const { generation, drawn: genotype } = trial.samplerState ?? {};
  const isValid = Array.isArray(genotype) && genotype.length === request.space.columns.length;
  return {
    point: isValid ? Float64Array.from(genotype as number[]) : request.space.encode(trial.params),
    generation: typeof generation === 'number' ? generation : -1,
    value: Number.isFinite(value) ? value : Infinity,
    violation: isComplete && Number.isFinite(value) ? violationOf(request, trial) : Infinity,
  };
}

/** A draw whose real coordinates lie in [0, 1]; what still lies outside after some draws is reflected. */
function insideDraw(of: Distribution, { columns }: Pick<SearchSpace, 'columns'>, rng: Rng): Float64Array {
  let point = new Float64Array(0);
  for (let attempt = 0; attempt <= redraws; attempt++) {
    point = Float64Array.from(
      drawn(
        of,
        Float64Array.from(columns, () => standardNormal(rng)),
      ),
    );
    if (columns.every(({ kind }, j) => kind !== 'continuous' || (point[j]! >= 0 && point[j]! <= 1))) break;
  }
  return point.map((u, j) => (columns[j]!.kind === 'continuous' ? reflected(u) : u));
}

/** Folded at 0 and 1 as often as needed. */
function reflected(u: number): number {
  const turn = Math.abs(u) % 2;
  return turn > 1 ? 2 - turn : turn;
}

function begins(trials: readonly Trial[], start: readonly Trial[]): boolean {
  return start.length <= trials.length && start.every((t, i) => isSame(t, trials[i]!));
}

function isSame(a: Trial, b: Trial): boolean {
  if (a === b) return true;
  if (a.number !== b.number || a.state !== b.state) return false;
  return JSON.stringify(a) === JSON.stringify(b);
}
