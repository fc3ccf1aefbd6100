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
import { logSoftplus } from './log-units.ts';

/** Candidates of one joint belief: its covariance is quadratic in them. */
const batch = 24;
/**
 * Share of the range of the observed values that the unit is at least. Beside pending points observed ones may gain nothing: what counts is then
 * the ratio of gains, and this only keeps the unit from zero (decisions/2026-11-30-acquisitions.md).
 */
const leastShare = 1e-6;

/** The utility u as log softplus((u − floor)/unit), by the observed points, or with log(unit) added by the utility's own `logScale`. */
export async function jointInLogUnits(
  utility: JointUtility,
  belief: { readonly posterior: Posterior; readonly data: Dataset },
): Promise<JointUtility> {
  const { derivatives } = utility;
  const { floor, unit } = utility.logScale ?? (await observedScale(utility, belief));
  const shift = utility.logScale ? Math.log(unit) : 0;
  return {
    ...utility,
    value: (joint, at) => shift + logSoftplus((utility.value(joint, at) - floor) / unit).value,
    ...(derivatives && {
      derivatives(joint: JointBelief, at: Float64Array) {
        const { dMean, dCovariance, dInputs, ...inner } = derivatives(joint, at);
        const { value, slope } = logSoftplus((inner.value - floor) / unit);
        const scaled = (gradient: Float64Array) => gradient.map((g) => (slope * g) / unit);
        return {
          value: shift + value,
          dMean: scaled(dMean),
          dCovariance: { ...dCovariance, data: scaled(dCovariance.data) },
          ...(dInputs && { dInputs: scaled(dInputs) }),
        };
      },
    }),
  };
}

/** The smallest utility of an observed point, and their range: as of utilities of marginals. */
async function observedScale(
  utility: JointUtility,
  { posterior, data }: { readonly posterior: Posterior; readonly data: Dataset },
): Promise<{ readonly floor: number; readonly unit: number }> {
  const { value } = await jointScore(posterior, utility, { x: data.x, wanted: false, columns: [], batch });
  const floor = smallestOf(value);
  const least = leastShare * (largestOf(data.y) - smallestOf(data.y));
  const unit = Math.max(largestOf(value) - floor, least);
  return { floor, unit: unit > 0 && unit < Infinity ? unit : 1 };
}
