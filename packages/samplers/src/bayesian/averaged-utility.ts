/**
 * The integrated acquisition: a utility averaged over the normals of a mixture (Snoek, Larochelle, Adams 2012, "Practical Bayesian
 * Optimization of Machine Learning Algorithms", §3.2, there over hyperparameters).
 *
 * u  utility of a point under one normal, w its weight; average Σ w·u, of logarithms log Σ w·eᵘ
 */
import { type Matrix, type MixtureMarginals, matrix, type Utility } from '@foothold/core';

/** The average at m points and its partial derivatives in the normals' means and variances, K×m. */
export interface AveragedUtility {
  readonly value: Float64Array;
  readonly dMean: Matrix;
  readonly dVariance: Matrix;
  /** ∂value/∂x at fixed means and variances, m×d, where the formula looks at the points themselves. */
  readonly dInputs?: Matrix;
}

/** Averages over the normals; with `isLog` utilities are logarithms, and so is the average. Normals of weight 0 do not count. */
export function averagedUtility(
  utility: Utility,
  { weights, mean, variance }: MixtureMarginals,
  { x, isLog, gradient = true }: { readonly x: Matrix; readonly isLog: boolean; readonly gradient?: boolean },
): AveragedUtility {
  const m = x.rows;
  const counted = [...weights.keys()].filter((k) => weights[k]! > 0);
  const parts = counted.map((k) =>
    utility(
      { mean: mean.data.subarray(k * m, (k + 1) * m), variance: variance.data.subarray(k * m, (k + 1) * m) },
      x,
      { gradient },
    ),
  );
  const value = new Float64Array(m);
  const dMean = matrix(mean.rows, m);
  const dVariance = matrix(mean.rows, m);
  const hasInputs = gradient && parts.some(({ dInputs }) => dInputs);
  const dInputs = hasInputs ? matrix(m, x.columns) : undefined;
  for (let i = 0; i < m; i++) {
    const largest = isLog ? parts.reduce((a, part) => Math.max(a, part.value[i]!), -Infinity) : 0;
    const shares = parts.map((part, q) => {
      const w = weights[counted[q]!]!;
      return isLog ? (part.value[i]! === largest ? w : w * Math.exp(part.value[i]! - largest)) : w;
    });
    const total = shares.reduce((a, b) => a + b, 0);
    value[i] = isLog
      ? largest + Math.log(total)
      : parts.reduce((sum, part, q) => sum + shares[q]! * part.value[i]!, 0);
    if (!gradient) continue;
    parts.forEach((part, q) => {
      // Of a logarithm: the share of this normal in the sum.
      const share = isLog ? shares[q]! / total : shares[q]!;
      const at = counted[q]! * m + i;
      dMean.data[at] = share * part.dMean[i]!;
      dVariance.data[at] = share * part.dVariance[i]!;
      if (!dInputs || !part.dInputs) return;
      for (let j = i * x.columns; j < (i + 1) * x.columns; j++)
        dInputs.data[j]! += share * part.dInputs.data[j]!;
    });
  }
  return { value, dMean, dVariance, ...(dInputs && { dInputs }) };
}

/** The average with its gradient, m·d, where one is asked for and the mixture has it. */
export async function averagedScore(
  utility: Utility,
  mixture: MixtureMarginals,
  options: Parameters<typeof averagedUtility>[2],
): Promise<{ readonly value: Float64Array; readonly gradient?: Float64Array }> {
  const { value, dMean, dVariance, dInputs } = averagedUtility(utility, mixture, options);
  const own = options.gradient ? await mixture.gradient?.(dMean, dVariance) : undefined;
  if (!own) return { value };
  return { value, gradient: own.data.map((g, i) => g + (dInputs?.data[i] ?? 0)) };
}
