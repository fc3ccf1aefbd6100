/** Utilities that are no logarithms, in units to which log-probabilities and −log cost may be added. */
import type { Dataset, JointBelief, JointUtility, Posterior, Utility } from '@foothold/core';

/**
 * The utility u as log softplus((u − floor)/unit): log of the gain over `floor` where u is above it, and a straight line below.
 * Monotone in u, and the same for a·u + b with a > 0. Floor and unit are the smallest utility of the observed points and their
 * range.
 */
export async function inLogUnits(
  utility: Utility | JointUtility,
  { posterior, data }: { readonly posterior: Posterior; readonly data: Dataset },
): Promise<Utility | JointUtility> {
  if (typeof utility !== 'function') return jointInLogUnits(utility);
  const { value: seen } = utility(await posterior.marginals(data.x), data.x, { gradient: false });
  const floor = seen.reduce((a, b) => Math.min(a, b), Infinity);
  const range = seen.reduce((a, b) => Math.max(a, b), -Infinity) - floor;
  const unit = range > 0 && range < Infinity ? range : 1;
  return (marginals, x, options) => {
    const inner = utility(marginals, x, options);
    const { value, dMean, dVariance, dInputs } = inner;
    const converted = Array.from(value, (u) => logSoftplus((u - floor) / unit));
    const scaled = (gradient: Float64Array, width: number) =>
      gradient.map((g, i) => (g * converted[Math.floor(i / width)]!.slope) / unit);
    return {
      value: Float64Array.from(converted, (c) => c.value),
      dMean: scaled(dMean, 1),
      dVariance: scaled(dVariance, 1),
      ...(dInputs && { dInputs: { ...dInputs, data: scaled(dInputs.data, x.columns) } }),
    };
  };
}

/** Nothing is known of a joint utility at the observed points without their joint beliefs: its own units, from 0. */
function jointInLogUnits(utility: JointUtility): JointUtility {
  const { derivatives } = utility;
  return {
    ...utility,
    value: (belief, at) => logSoftplus(utility.value(belief, at)).value,
    ...(derivatives && {
      derivatives(belief: JointBelief, at: Float64Array) {
        const { dMean, dCovariance, dInputs, ...inner } = derivatives(belief, at);
        const { value, slope } = logSoftplus(inner.value);
        const scaled = (gradient: Float64Array) => gradient.map((g) => slope * g);
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

/** log log(1 + eᵗ) and its derivative in t. */
export function logSoftplus(t: number): { readonly value: number; readonly slope: number } {
  if (t < -30) return { value: t, slope: 1 };
  const softplus = t > 30 ? t : Math.log1p(Math.exp(t));
  return { value: Math.log(softplus), slope: 1 / ((1 + Math.exp(-t)) * softplus) };
}
