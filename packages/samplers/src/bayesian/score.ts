/** The score that a search maximizes: an acquisition's utility plus log terms for constraints and cost. */
import {
  type Column,
  type JointUtility,
  type Matrix,
  matrix,
  type Posterior,
  type Score,
  type Utility,
} from '@foothold/core';

/** Every point is as good as any other. */
export const constantUtility: Utility = ({ mean }) => ({
  value: new Float64Array(mean.length),
  dMean: new Float64Array(mean.length),
  dVariance: new Float64Array(mean.length),
});

/** A utility with the posterior that it looks at. */
export interface ScoredUtility {
  readonly posterior: Posterior;
  readonly utility: Utility | JointUtility;
  /** True where utilities are logarithms: how they are averaged over a mixture depends on it. Default: false. */
  readonly isLog?: boolean | undefined;
}

/** A part of the sum: a utility with its posterior, or a score of its own. */
export type ScorePart = ScoredUtility | Score;

/**
 * The sum of the utilities, with its gradient where every part has one. A utility of marginals is averaged over the components of a
 * mixture. The gradient of a joint utility whose derivatives are not
 * stated, or whose posterior has none, is a central difference in the continuous ones of `columns`. A joint belief takes
 * `batch` points at a time, 24 by default.
 */
export function scoreOf(
  parts: readonly ScorePart[],
  columns: readonly Column[],
  { batch = 24 }: { readonly batch?: number } = {},
): Score {
  return async (x, { gradient: wanted = true } = {}) => {
    const value = new Float64Array(x.rows);
    let gradient: Matrix | undefined = wanted ? matrix(x.rows, x.columns) : undefined;
    for (const scored of parts) {
      const part = await partScore(scored, { x, wanted, columns, batch });
      add(value, part.value);
      if (!gradient) continue;
      if (part.gradient) add(gradient.data, part.gradient);
      else gradient = undefined;
    }
    return gradient ? { value, gradient } : { value };
  };
}

async function partScore(
  part: ScorePart,
  problem: {
    readonly x: Matrix;
    readonly wanted: boolean;
    readonly columns: readonly Column[];
    readonly batch: number;
  },
): Promise<{ readonly value: Float64Array; readonly gradient?: Float64Array }> {
  if (typeof part === 'function') {
    const { value, gradient } = await part(problem.x, { gradient: problem.wanted });
    return gradient ? { value, gradient: gradient.data } : { value };
  }
  const { posterior, utility, isLog = false } = part;
  if (typeof utility === 'function') return marginalScore(posterior, utility, { ...problem, isLog });
  return (await import('./joint-score.ts')).jointScore(posterior, utility, problem);
}

async function marginalScore(
  posterior: Posterior,
  utility: Utility,
  { x, wanted, isLog }: { readonly x: Matrix; readonly wanted: boolean; readonly isLog: boolean },
): Promise<{ readonly value: Float64Array; readonly gradient?: Float64Array }> {
  const marginals = await posterior.marginals(x);
  if (marginals.components)
    return (await import('./averaged-utility.ts')).averagedScore(utility, marginals.components(), {
      ...{ x, isLog, gradient: wanted },
    });
  const { value, dMean, dVariance, dInputs } = utility(marginals, x, { gradient: wanted });
  const own = wanted ? await marginals.gradient?.(dMean, dVariance) : undefined;
  if (!own) return { value };
  const gradient = Float64Array.from(own.data);
  if (dInputs) add(gradient, dInputs.data);
  return { value, gradient };
}

function add(to: Float64Array, more: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += more[i]!;
}
