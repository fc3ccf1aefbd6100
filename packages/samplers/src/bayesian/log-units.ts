/** Utilities that are no logarithms, in units to which log-probabilities and −log cost may be added. */
import type { Dataset, JointUtility, Posterior, Utility } from '@foothold/core';
import { logSoftplus } from './log-softplus.ts';

/**
 * The utility u as log softplus((u − floor)/unit): log of the gain over `floor` where u is above it, and a straight line below.
 * Monotone in u, and the same for a·u + b with a > 0. Floor and unit are the smallest utility of the observed points and their
 * range, or those that a joint utility states.
 */
export async function inLogUnits(
  utility: Utility | JointUtility,
  { posterior, data }: { readonly posterior: Posterior; readonly data: Dataset },
): Promise<Utility | JointUtility> {
  if (typeof utility !== 'function')
    return (await import('./joint-log-units.ts')).jointInLogUnits(utility, { posterior, data });
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
