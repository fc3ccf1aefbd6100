/**
 * NSGA-II as a function of the history (Deb et al. 2002, "A Fast and Elitist Multiobjective Genetic Algorithm"): parents
 * are the best of all finished trials by front and crowding; children by simulated binary crossover and polynomial
 * mutation, by exchange and redraw on categories. Outcome constraints by constrained domination.
 */
import {
  type Column,
  everyFeature,
  InvalidArgumentError,
  type Params,
  type Rng,
  rankedTrials,
  type SampleRequest,
  type Sampler,
} from '@foothold/core';
import { positiveWhole } from './positive-whole.ts';
import { proposals } from './propose.ts';

export interface Nsga2Options {
  /** Parents; random trials come first until there are as many; 24. */
  readonly population?: number;
  /** Chance that a coordinate of a child is mutated, in [0, 1]; 1/d. */
  readonly mutation?: number;
}

const crossoverIndex = 15;
const mutationIndex = 20;

/** For several objectives and many cheap evaluations; one objective works too. Failed trials are no parents. Throws InvalidArgumentError. */
export function nsga2(options: Nsga2Options = {}): Sampler {
  const { population = 24 } = options;
  positiveWhole('population', population);
  if (options.mutation !== undefined && !(options.mutation >= 0 && options.mutation <= 1))
    throw new InvalidArgumentError('mutation', options.mutation, 'a number in [0, 1]');
  return {
    name: 'nsga2',
    options: { population, ...(options.mutation !== undefined && { mutation: options.mutation }) },
    supports: everyFeature.filter((feature) => feature !== 'cost'),
    sample<P extends Params>(request: SampleRequest<P>) {
      const { columns } = request.space;
      const parents = rankedTrials(request.trials, request)
        .slice(0, population)
        .map(({ trial }) => request.space.encode(trial.params));
      const mutation = options.mutation ?? 1 / Math.max(1, columns.length);
      return proposals(request, (i, attempt) => {
        const rng = request.rng.fork(`child ${i} ${attempt}`);
        if (parents.length < population) return Float64Array.from(columns, () => rng.next());
        const child = crossed(columns, [tournament(parents, rng), tournament(parents, rng)], rng);
        columns.forEach((column, j) => {
          if (rng.next() < mutation) child[j] = mutated(column, child[j]!, rng);
        });
        return child;
      });
    },
  };
}

/** The better of two parents; they are sorted. */
function tournament(parents: readonly Float64Array[], rng: Rng): Float64Array {
  const i = Math.floor(rng.next() * parents.length);
  const k = Math.floor(rng.next() * parents.length);
  return parents[Math.min(i, k)]!;
}

function crossed(
  columns: readonly Column[],
  [a, b]: readonly [Float64Array, Float64Array],
  rng: Rng,
): Float64Array {
  return Float64Array.from(columns, (column, j) => {
    const u = rng.next();
    const first = rng.next() < 0.5;
    const [p, q] = first ? [a[j]!, b[j]!] : [b[j]!, a[j]!];
    if (column.kind === 'categorical') return p;
    const spread =
      u <= 0.5 ? (2 * u) ** (1 / (crossoverIndex + 1)) : (2 * (1 - u)) ** (-1 / (crossoverIndex + 1));
    return clipped(0.5 * ((1 + spread) * p + (1 - spread) * q));
  });
}

function mutated(column: Column, value: number, rng: Rng): number {
  const u = rng.next();
  if (column.kind === 'categorical') return u;
  const shift =
    u < 0.5 ? (2 * u) ** (1 / (mutationIndex + 1)) - 1 : 1 - (2 * (1 - u)) ** (1 / (mutationIndex + 1));
  // Integers move by a level at least.
  const reach =
    column.kind === 'ordinal' ? Math.sign(shift) * Math.max(Math.abs(shift), 1 / column.levels) : shift;
  return clipped(value + reach);
}

function clipped(v: number): number {
  return Math.min(Math.max(v, 0), 1);
}
