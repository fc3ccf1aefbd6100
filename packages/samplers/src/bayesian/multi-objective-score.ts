/** The values of utilities of several objectives at many candidates, and their gradients. */
import {
  type Matrix,
  type MultiObjectiveJointUtility,
  type MultiObjectiveUtility,
  matrix,
  type Posterior,
  type Score,
} from '@foothold/core';
import { addDerivatives, beliefOf, jointBeliefs, rowsFrom } from './joint-score.ts';

interface Scored {
  readonly value: Float64Array;
  /** m·d numbers, in order of the candidates; absent where a posterior has no gradient. */
  readonly gradient?: Float64Array;
}

interface Problem {
  readonly x: Matrix;
  readonly wanted: boolean;
}

/** Candidates of one joint belief: its covariance is quadratic in them. */
const batch = 24;

/** The utility of each candidate, with its gradient where every posterior has one: the sum of the pullbacks of all objectives. */
export function multiObjectiveScore(
  posteriors: readonly Posterior[],
  utility: MultiObjectiveUtility | MultiObjectiveJointUtility,
): Score {
  return async (x, { gradient: wanted = true } = {}) => {
    const { value, gradient } =
      typeof utility === 'function'
        ? await marginalScore(posteriors, utility, { x, wanted })
        : await jointScore(posteriors, utility, { x, wanted });
    return gradient ? { value, gradient: matrix(x.rows, x.columns, gradient) } : { value };
  };
}

async function marginalScore(
  posteriors: readonly Posterior[],
  utility: MultiObjectiveUtility,
  { x, wanted }: Problem,
): Promise<Scored> {
  const marginals = await Promise.all(posteriors.map(async (posterior) => posterior.marginals(x)));
  const { value, dMean, dVariance } = utility(marginals, { gradient: wanted });
  if (!wanted || marginals.some((belief) => !belief.gradient)) return { value };
  const gradient = matrix(x.rows, x.columns).data;
  for (const [j, belief] of marginals.entries()) {
    const { data } = await belief.gradient!(dMean[j]!, dVariance[j]!);
    for (let i = 0; i < data.length; i++) gradient[i]! += data[i]!;
  }
  return { value, gradient };
}

async function jointScore(
  posteriors: readonly Posterior[],
  utility: MultiObjectiveJointUtility,
  { x, wanted }: Problem,
): Promise<Scored> {
  const value = new Float64Array(x.rows);
  let gradient: Float64Array | undefined = wanted ? new Float64Array(x.rows * x.columns) : undefined;
  for (let from = 0; from < x.rows; from += batch) {
    const part = await batchScore(posteriors, utility, { x: rowsFrom(x, from, batch), wanted });
    value.set(part.value, from);
    if (part.gradient) gradient?.set(part.gradient, from * x.columns);
    else gradient = undefined;
  }
  return gradient ? { value, gradient } : { value };
}

/** Candidates that share a joint belief of each objective. */
async function batchScore(
  posteriors: readonly Posterior[],
  utility: MultiObjectiveJointUtility,
  { x, wanted }: Problem,
): Promise<Scored> {
  const all = await Promise.all(posteriors.map((posterior) => jointBeliefs(posterior, utility, x)));
  const beliefsAt = (c: number) => all.map(({ whole, rows }) => beliefOf(whole, rows[c]!));
  const candidates = Array.from({ length: x.rows }, (_, c) => c);
  if (!wanted || all.some(({ whole }) => !whole.gradient))
    return { value: Float64Array.from(candidates, (c) => utility.value(beliefsAt(c))) };
  const told = candidates.map((c) => utility.derivatives(beliefsAt(c)));
  const gradient = new Float64Array(x.rows * x.columns);
  for (const [j, { whole, rows }] of all.entries()) {
    const size = whole.mean.length;
    const sums = { dMean: new Float64Array(size), dCovariance: matrix(size, size) };
    for (const c of candidates) addDerivatives(sums, told[c]![j]!, rows[c]!);
    const { data, columns: d } = await whole.gradient!(sums.dMean, sums.dCovariance);
    for (const c of candidates) {
      const row = rows[c]!.at(-1)!;
      for (let i = 0; i < d; i++) gradient[c * d + i]! += data[row * d + i]!;
    }
  }
  return { value: Float64Array.from(told, (each) => each[0]!.value), gradient };
}
