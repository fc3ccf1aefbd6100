import { type Matrix, matrix, type Posterior, seeded } from '@foothold/core';
import { gradientGap } from './gradient-gap.ts';
import { randomMatrix } from './matrices.ts';

/**
 * `gradientGap` of the pullback of a joint belief at `x`, for random derivatives in its mean and covariance; NaN where the posterior
 * states none.
 */
export async function jointGradientGap(posterior: Posterior, x: Matrix): Promise<number> {
  const { rows: m, columns } = x;
  const dMean = randomMatrix(m, 1, { rng: seeded('mean') }).data;
  const dCovariance = randomMatrix(m, m, { rng: seeded('covariance') });
  const pulled = await (await posterior.joint?.(x))?.gradient?.(dMean, dCovariance);
  if (!pulled) return Number.NaN;
  const sum = async (data: Float64Array) => {
    const { mean, covariance } = await posterior.joint!(matrix(m, columns, data));
    const first = mean.reduce((s, u, i) => s + dMean[i]! * u, 0);
    return covariance.data.reduce((s, c, k) => s + dCovariance.data[k]! * c, first);
  };
  return gradientGap(sum, x.data, pulled.data);
}
