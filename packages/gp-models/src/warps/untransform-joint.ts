import type { JointBelief, Matrix } from '@foothold/core';
import { nodes, weights } from './gauss-hermite.ts';
import { jointThroughTransform } from './joint-through-transform.ts';

/** What is read of an OutcomeTransform. */
interface Untransform {
  inverse(u: number): { readonly y: number; readonly slope: number };
  readonly unit?: number | undefined;
}

/** The joint belief about y, given that about its transformed values u: scaled where the transform is linear. */
export function untransformJoint(joint: JointBelief, transform: Untransform): JointBelief {
  const { unit } = transform;
  if (unit === undefined)
    return jointThroughTransform(joint, { nodes, weights, inverse: (u) => transform.inverse(u) });
  const scaled = (a: Matrix): Matrix => ({ ...a, data: a.data.map((u) => u * unit * unit) });
  const { gradient } = joint;
  return {
    mean: joint.mean.map((u) => transform.inverse(u).y),
    covariance: scaled(joint.covariance),
    ...(gradient && {
      gradient: (dMean: Float64Array, dCovariance: Matrix) =>
        gradient(
          dMean.map((u) => u * unit),
          scaled(dCovariance),
        ),
    }),
  };
}
