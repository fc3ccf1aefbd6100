/** Two independent posteriors as one, each for its own rows. */
import {
  type Dataset,
  type Matrix,
  matrix,
  type Posterior,
  selectMatrixRows,
  type Why,
} from '@foothold/core';

interface Parts {
  readonly others: Posterior;
  readonly target: Posterior;
  /** True for the rows that `target` predicts. */
  readonly isTarget: (x: Matrix) => readonly boolean[];
}

/** `target` for the rows of the target fidelity, `others` for all other rows; no covariance between them. */
export function independentPosteriors(parts: Parts, data: Dataset, why: Why): Posterior {
  const { others, target, isTarget } = parts;
  const latentOf = (posterior: Posterior) => posterior.latent?.posterior ?? posterior;
  const latent =
    others.latent && target.latent
      ? {
          latent: {
            posterior: independentMoments({ others: latentOf(others), target: latentOf(target), isTarget }),
            data: mergedValues(data, isTarget(data.x), [others.latent.data.y, target.latent.data.y]),
          },
        }
      : {};
  return { ...independentMoments(parts), ...latent, why };
}

/** The rows with these values: those of the target fidelity from the second list, the others' from the first, which has all. */
function mergedValues(
  { x }: Dataset,
  isTarget: readonly boolean[],
  [all, own]: readonly [Float64Array, Float64Array],
): Dataset {
  let next = 0;
  return { x, y: Float64Array.from(isTarget, (mine, i) => (mine ? own[next++]! : all[i]!)) };
}

function independentMoments({ others, target, isTarget }: Parts): Posterior {
  /** Indices of each part's rows. */
  const split = (x: Matrix) => {
    const mine = isTarget(x);
    const of = (wanted: boolean) => Int32Array.from([...mine.keys()].filter((i) => mine[i] === wanted));
    return [
      { posterior: others, at: of(false) },
      { posterior: target, at: of(true) },
    ].filter(({ at }) => at.length > 0);
  };
  return {
    ...(target.noise !== undefined && { noise: target.noise }),
    async marginals(x) {
      const mean = new Float64Array(x.rows);
      const variance = new Float64Array(x.rows);
      for (const { posterior, at } of split(x)) {
        const own = await posterior.marginals(selectMatrixRows(x, at));
        at.forEach((i, k) => {
          mean[i] = own.mean[k]!;
          variance[i] = own.variance[k]!;
        });
      }
      return { mean, variance };
    },
    ...(others.joint &&
      target.joint && {
        async joint(x: Matrix) {
          const mean = new Float64Array(x.rows);
          const covariance = matrix(x.rows, x.rows);
          for (const { posterior, at } of split(x)) {
            const own = await posterior.joint!(selectMatrixRows(x, at));
            at.forEach((i, k) => {
              mean[i] = own.mean[k]!;
              at.forEach((j, l) => {
                covariance.data[i * x.rows + j] = own.covariance.data[k * at.length + l]!;
              });
            });
          }
          return { mean, covariance };
        },
      }),
  };
}
