/** Predictions of each observation by a model that has not seen it. */
import { type Dataset, type FitContext, type Surrogate, selectRows } from '@foothold/core';

export interface HeldOut {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * One fit a fold, every `folds`-th row held out; with `folds` ≥ n that is leave-one-out. Variances are of noise-free
 * values. Needs two rows.
 */
export async function heldOut(
  surrogate: Surrogate,
  { data, context, folds }: { readonly data: Dataset; readonly context: FitContext; readonly folds: number },
): Promise<HeldOut> {
  const n = data.y.length;
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  const count = Math.min(folds, n);
  for (let fold = 0; fold < count; fold++) {
    const inside: number[] = [];
    const outside: number[] = [];
    for (let i = 0; i < n; i++) (i % count === fold ? outside : inside).push(i);
    const posterior = await surrogate.fit(selectRows(data, inside), {
      ...context,
      rng: context.rng.fork(`fold ${fold}`),
      previous: undefined,
      previousState: undefined,
    });
    const at = await posterior.marginals(selectRows(data, outside).x);
    outside.forEach((i, k) => {
      mean[i] = at.mean[k]!;
      variance[i] = at.variance[k]!;
    });
  }
  return { mean, variance };
}
