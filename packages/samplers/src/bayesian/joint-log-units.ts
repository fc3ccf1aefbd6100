/** Joint utilities that are no logarithms, in log units. */
import {
  type Dataset,
  type JointBelief,
  type JointUtility,
  largestOf,
  type Posterior,
  smallestOf,
} from '@foothold/core';
import { jointScore } from './joint-score.ts';
import { logSoftplus } from './log-softplus.ts';

/** Candidates of one joint belief: its covariance is quadratic in them. */
const batch = 24;
/**
 * Share of the range of the observed values that the unit is at least. Beside pending points observed ones may gain nothing: what counts is then
 * the ratio of gains, and this only keeps the unit from zero (decisions/2026-11-30-acquisitions.md).
 */
const minShare = 1e-6;

/** The utility in log units as `JointUtility.logScale` says, or by the observed points where there is none. */
export async function jointInLogUnits(
  utility: JointUtility,
  belief: { readonly posterior: Posterior; readonly data: Dataset },
): Promise<JointUtility> {
  const { derivatives, logScale } = utility;
  const { floor, unit } = logScale ?? (await observedScale(utility, belief));
  const convert = logScale ? (t: number) => logOf(t, unit) : logSoftplus;
  const converted = (value: number) => convert((value - floor) / unit);
  return {
    ...utility,
    value: (joint, at) => converted(utility.value(joint, at)).value,
    ...(derivatives && {
      derivatives(joint: JointBelief, at: Float64Array) {
        const { dMean, dCovariance, dInputs, ...inner } = derivatives(joint, at);
        const { value, slope } = converted(inner.value);
        const scaled = (gradient: Float64Array) => gradient.map((g) => (slope * g) / unit);
        return {
          value,
          dMean: scaled(dMean),
          dCovariance: { ...dCovariance, data: scaled(dCovariance.data) },
          ...(dInputs && { dInputs: scaled(dInputs) }),
        };
      },
    }),
  };
}

/** log(unit) + asinh(t/2) and its derivative in t: the logarithm of unit·t where t is large, and as slow below zero. */
function logOf(t: number, unit: number): ReturnType<typeof logSoftplus> {
  return { value: Math.log(unit) + Math.asinh(t / 2), slope: 1 / Math.hypot(t, 2) };
}

/** The smallest utility of an observed point, and their range: as of utilities of marginals. */
async function observedScale(
  utility: JointUtility,
  { posterior, data }: { readonly posterior: Posterior; readonly data: Dataset },
): Promise<{ readonly floor: number; readonly unit: number }> {
  const { value } = await jointScore(posterior, utility, { x: data.x, wanted: false, columns: [], batch });
  const floor = smallestOf(value);
  const least = minShare * (largestOf(data.y) - smallestOf(data.y));
  const unit = Math.max(largestOf(value) - floor, least);
  return { floor, unit: unit > 0 && unit < Infinity ? unit : 1 };
}
