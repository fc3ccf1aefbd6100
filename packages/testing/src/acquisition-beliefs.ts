/** The beliefs that `describeAcquisition` looks at. */
import {
  type AcquisitionBelief,
  type Dataset,
  type Matrix,
  matrix,
  matrixOf,
  type Posterior,
  seeded,
} from '@foothold/core';
import { linearPosterior } from './linear-posterior.ts';
import { randomMatrix } from './matrices.ts';

/** This many points in the unit square. */
export const points = (n: number, seed = n): Matrix => {
  const x = randomMatrix(n, 2, { rng: seeded(seed) });
  return matrix(
    n,
    2,
    x.data.map((u) => (u + 1) / 2),
  );
};

/** A belief after n observations of a wave, with two pending points. */
export function beliefAfter(
  n: number,
  y: (i: number, wave: number) => number = (_, wave) => wave,
): AcquisitionBelief {
  const x = points(n);
  const wave = (i: number) => Math.sin(4 * x.data[2 * i]!) + x.data[2 * i + 1]!;
  const data: Dataset = { x, y: Float64Array.from({ length: n }, (_, i) => y(i, wave(i))) };
  const pending = matrixOf([
    [0.25, 0.5],
    [0.75, 0.4],
  ]);
  const columns = ['a', 'b'].map((name) => ({ kind: 'continuous' as const, name }));
  return { posterior: linearPosterior(data), data, rng: seeded(1), pending, domain: { columns } };
}

/** The same belief, the second coordinate being a fidelity: what counts are values at 0.75, where half of the points are. */
export function overFidelities({ data, posterior: _, ...rest }: AcquisitionBelief): AcquisitionBelief {
  const x = toTarget(data.x);
  for (let i = 0; i < x.rows; i += 2) x.data[2 * i + 1] = 0.25;
  const rows = { ...data, x };
  return { ...rest, posterior: linearPosterior(rows), data: rows, projectToTargetFidelity: toTarget };
}

/** The points at the target fidelity. */
export function toTarget(x: Matrix): Matrix {
  return matrix(
    x.rows,
    2,
    x.data.map((u, k) => (k % 2 === 1 ? 0.75 : u)),
  );
}

/** The same belief about a·y + b, a > 0. */
export function inOtherUnits(
  { posterior, data, ...rest }: AcquisitionBelief,
  a: number,
  b: number,
): AcquisitionBelief {
  const moved: Posterior = {
    ...(posterior.noise !== undefined && { noise: a * a * posterior.noise }),
    async marginals(x) {
      const { mean, variance } = await posterior.marginals(x);
      return { mean: mean.map((u) => a * u + b), variance: variance.map((u) => a * a * u) };
    },
    async joint(x) {
      const { mean, covariance } = await posterior.joint!(x);
      return {
        mean: mean.map((u) => a * u + b),
        covariance: { ...covariance, data: covariance.data.map((u) => a * a * u) },
      };
    },
  };
  return { ...rest, posterior: moved, data: { ...data, y: data.y.map((u) => a * u + b) } };
}
