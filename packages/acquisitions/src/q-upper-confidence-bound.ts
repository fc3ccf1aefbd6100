/**
 * Upper confidence bound of several evaluations together (Wilson, Moriconi, Hutter, Deisenroth 2017, "The reparameterization trick
 * for acquisition functions", where one point has the usual bound; in BoTorch `qUpperConfidenceBound`).
 *
 * q     the pending points and the candidate, which comes last
 * e_i   draws of the q values without their means, L·z_i with L·Lᵀ the joint covariance
 * c     coefficient
 * value (1/N)·Σ_i max_j (μ_j + c·√(π/2)·|e_ij|), which is μ + c·σ of one point, since E|e| = σ·√(2/π)
 */
import {
  type Acquisition,
  InvalidArgumentError,
  type JointBelief,
  type JointDerivatives,
  matrix,
  UnsupportedError,
} from '@foothold/core';
import { backpropRoot, drawOf, fixedNormals, lowerRoot, sampleCount } from './fixed-draws.ts';

const sqrtHalfPi = Math.sqrt(Math.PI / 2);

export interface QUpperConfidenceBoundOptions {
  /** Default: Vizier's 1.8. */
  readonly coefficient?: number | undefined;
  /** Draws of the joint belief, N; a power of two spreads best. Default: 512. */
  readonly samples?: number | undefined;
}

/**
 * An optimistic value of the candidate together with the points that still run, in the units of Dataset.y.
 *
 * `prepare` throws UnsupportedError for a posterior without `joint`. Throws InvalidArgumentError for a negative coefficient and for
 * `samples` that is no whole number from 1 to 65,536.
 */
export function qUpperConfidenceBound(options: QUpperConfidenceBoundOptions = {}): Acquisition {
  const { coefficient = 1.8 } = options;
  const samples = sampleCount(options.samples);
  if (!(coefficient >= 0)) throw new InvalidArgumentError('coefficient', coefficient, 'a number from 0');
  return {
    name: 'qUpperConfidenceBound',
    handlesPending: true,
    async prepare({ posterior, data, rng, pending = matrix(0, data.x.columns) }) {
      if (!posterior.joint) throw new UnsupportedError('a joint belief over points', 'the surrogate');
      const normals = fixedNormals(pending.rows + 1, samples, rng);
      const bound = (joint: JointBelief) => boundOf(joint, normals, coefficient * sqrtHalfPi);
      return {
        beside: pending,
        movable: pending.rows,
        value: (joint) => bound(joint).value,
        derivatives: bound,
      };
    },
  };
}

function boundOf({ mean, covariance }: JointBelief, normals: Float64Array, factor: number): JointDerivatives {
  const q = mean.length;
  const samples = normals.length / q;
  const root = lowerRoot(covariance.data, q);
  const dMean = new Float64Array(q);
  const dRoot = new Float64Array(q * q);
  let sum = 0;
  for (let i = 0; i < samples; i++) {
    let [best, at, sign] = [-Infinity, 0, 1];
    for (let j = 0; j < q; j++) {
      const draw = drawOf(root, normals, { q, i, j });
      const bound = mean[j]! + factor * Math.abs(draw);
      if (bound > best) [best, at, sign] = [bound, j, Math.sign(draw)];
    }
    sum += best;
    dMean[at]! += 1 / samples;
    for (let k = 0; k <= at; k++) dRoot[at * q + k]! += (factor * sign * normals[i * q + k]!) / samples;
  }
  return { value: sum / samples, dMean, dCovariance: matrix(q, q, backpropRoot(root, dRoot, q)) };
}
