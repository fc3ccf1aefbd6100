/** Two beliefs that have nothing to do with each other, each for its own rows. */
import { type Dataset, type Matrix, matrix, type Posterior, type Why } from '@foothold/core';
import { rowsOf } from '../inference/dense.ts';

interface Parts {
  readonly rest: Posterior;
  readonly last: Posterior;
  /** True for the rows of which `last` knows. */
  readonly isLast: (x: Matrix) => readonly boolean[];
}

/** `last` for the rows of the last scale, `rest` for the others; no covariance between them. */
export function independentPosteriors(parts: Parts, data: Dataset, why: Why): Posterior {
  const { rest, last, isLast } = parts;
  const latent = (posterior: Posterior) => posterior.latent?.posterior ?? posterior;
  const inner =
    rest.latent && last.latent
      ? {
          latent: {
            posterior: independentMoments({ rest: latent(rest), last: latent(last), isLast }),
            data: mergedValues(data, isLast(data.x), [rest.latent.data.y, last.latent.data.y]),
          },
        }
      : {};
  return { ...independentMoments(parts), ...inner, why };
}

/** The rows with these values: those of the last scale from the second list, the others' from the first, which has all. */
function mergedValues(
  { x }: Dataset,
  isLast: readonly boolean[],
  [all, own]: readonly [Float64Array, Float64Array],
): Dataset {
  let next = 0;
  return { x, y: Float64Array.from(isLast, (mine, i) => (mine ? own[next++]! : all[i]!)) };
}

function independentMoments({ rest, last, isLast }: Parts): Posterior {
  /** Indices of each part's rows. */
  const split = (x: Matrix) => {
    const mine = isLast(x);
    const of = (wanted: boolean) => Int32Array.from([...mine.keys()].filter((i) => mine[i] === wanted));
    return [
      { posterior: rest, at: of(false) },
      { posterior: last, at: of(true) },
    ].filter(({ at }) => at.length > 0);
  };
  return {
    ...(last.noise !== undefined && { noise: last.noise }),
    async marginals(x) {
      const mean = new Float64Array(x.rows);
      const variance = new Float64Array(x.rows);
      for (const { posterior, at } of split(x)) {
        const own = await posterior.marginals(rowsOf(x, at));
        at.forEach((i, k) => {
          mean[i] = own.mean[k]!;
          variance[i] = own.variance[k]!;
        });
      }
      return { mean, variance };
    },
    ...(rest.joint &&
      last.joint && {
        async joint(x: Matrix) {
          const mean = new Float64Array(x.rows);
          const covariance = matrix(x.rows, x.rows);
          for (const { posterior, at } of split(x)) {
            const own = await posterior.joint!(rowsOf(x, at));
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
