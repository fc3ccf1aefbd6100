/**
 * Stopping by a bound on what is left to gain (Makarova et al. 2022, "Automatic Termination for Hyperparameter
 * Optimization", §4).
 *
 * t      observations
 * d      columns of the space
 * β      2 ln(d t² π² / 6δ) / 5
 * bound  max over the space of mean + √β·standard deviation, minus max over the observed points of mean − √β·standard deviation
 */
import {
  type Dataset,
  datasetOf,
  InvalidArgumentError,
  type Matrix,
  matrixOf,
  type Params,
  type Posterior,
  rowOf,
  type SearchSpace,
  type Surrogate,
  seeded,
} from '@foothold/core';
import { isInCube } from '../edits/outside-of.ts';
import type { StopRule } from './stop-rule.ts';

/** Observations below which no bound is asked for, points of the space that stand for the whole of it. */
const [fewest, candidates] = [5, 512];

/**
 * A rule that stops when the best point anywhere can, by the model, hardly be better than the best observed one: when the bound
 * falls below `threshold`, in the units of the objective (its noise's standard deviation, or what does not matter).
 *
 * The maximum over the space is taken over random points and the neighbourhood of the observed ones, so it is a lower
 * estimate. `delta` (0.1) is the risk that the bound does not hold. `seed` (0) chooses the points.
 *
 * Throws InvalidArgumentError for a threshold that is not above 0 and a delta outside (0, 1). `done` rejects with what the
 * surrogate's `fit` throws.
 */
export function regretBound<P extends Params>(options: {
  readonly space: SearchSpace<P>;
  readonly surrogate: Surrogate;
  readonly threshold: number;
  readonly delta?: number;
  readonly seed?: number;
}): StopRule<P> {
  const { space, surrogate, threshold, delta = 0.1, seed = 0 } = options;
  if (!(threshold > 0)) throw new InvalidArgumentError('threshold', threshold, 'a number above 0');
  if (!(delta > 0 && delta < 1)) throw new InvalidArgumentError('delta', delta, 'a number between 0 and 1');
  return {
    async check({ goal, ended, trials }) {
      if (ended < fewest) return undefined;
      // Of an edited study those that its present space takes.
      const inside = (await trials()).filter(({ params }) => isInCube(space, params));
      const data = datasetOf(space, inside, goal.direction);
      if (data.y.length < fewest) return undefined;
      const rng = seeded(seed).fork(data.y.length);
      const posterior = await surrogate.fit(data, { rng: rng.fork('fit') });
      const beta =
        (2 * Math.log((space.columns.length * data.y.length ** 2 * Math.PI ** 2) / (6 * delta))) / 5;
      const width = Math.sqrt(beta);
      const upper = await bestEdge(posterior, pointsOf(space, data, rng), width);
      const lower = await bestEdge(posterior, data.x, -width);
      const bound = Math.max(upper - lower, 0);
      if (bound >= threshold) return undefined;
      const left = `by the model at most ${Number(bound.toPrecision(3))} is left to gain`;
      return { name: 'regret-bound', text: `${left}, less than ${threshold}` };
    },
  };
}

/** Largest mean + width · standard deviation at these points. */
async function bestEdge(posterior: Posterior, points: Matrix, width: number): Promise<number> {
  const { mean, variance } = await posterior.marginals(points);
  return mean.reduce((best, m, i) => Math.max(best, m + width * Math.sqrt(variance[i]!)), -Infinity);
}

/** The observed points, one beside each, and random ones, on the grid of the space. */
function pointsOf<P extends Params>(space: SearchSpace<P>, { x }: Dataset, rng: { next(): number }): Matrix {
  const d = space.columns.length;
  const observed = Array.from({ length: x.rows }, (_, i) => rowOf(x, i));
  const beside = observed.map((point) => point.map((u) => u + 0.1 * (rng.next() - 0.5)));
  const anywhere = Array.from({ length: candidates }, () =>
    Float64Array.from({ length: d }, () => rng.next()),
  );
  const onGrid = [...beside, ...anywhere].map((point) => space.encode(space.decode(point)));
  return matrixOf([...observed, ...onGrid], d);
}
