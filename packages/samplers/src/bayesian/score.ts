import { type Matrix, matrix, type Posterior, type Score, type Utility } from '@foothold/core';

/** Every point is as good as any other. */
export const constantUtility: Utility = ({ mean }) => ({
  value: new Float64Array(mean.length),
  dMean: new Float64Array(mean.length),
  dVariance: new Float64Array(mean.length),
});

/** The sum of the utilities, each over its own belief, with its gradient where every belief has one. */
export function scoreOf(
  parts: readonly { readonly posterior: Posterior; readonly utility: Utility }[],
): Score {
  return async (x, { gradient: wanted = true } = {}) => {
    const value = new Float64Array(x.rows);
    let gradient: Matrix | undefined = wanted ? matrix(x.rows, x.columns) : undefined;
    for (const { posterior, utility } of parts) {
      const marginals = await posterior.marginals(x);
      const part = utility(marginals, x, { gradient: wanted });
      add(value, part.value);
      if (!gradient) continue;
      const own = await marginals.gradient?.(part.dMean, part.dVariance);
      if (own) {
        add(gradient.data, own.data);
        if (part.dInputs) add(gradient.data, part.dInputs.data);
      } else gradient = undefined;
    }
    return gradient ? { value, gradient } : { value };
  };
}

function add(to: Float64Array, more: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = to[i]! + more[i]!;
}
